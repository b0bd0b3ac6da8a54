namespace PsaConsole.Engine.Connectors.Workday;

/// <summary>Section Connectors:workday. The API client for integrations is bound to an integration system user and has a refresh token that does not expire.</summary>
public sealed class WorkdayOptions : ConnectorOptions
{
    public string? Tenant { get; set; }

    public string? ClientId { get; set; }

    public string? ClientSecret { get; set; }

    public string? RefreshToken { get; set; }

    /// <summary>Owner and name of the roster report, as a part of its address.</summary>
    public string RosterReport { get; set; } = "isu_psaconsole/Consultant_Roster";

    /// <summary>The report's prompt for one person's id.</summary>
    public string PersonPrompt { get; set; } = "Employee_ID";

    /// <summary>Version of the SOAP services.</summary>
    public string SoapVersion { get; set; } = "v45.2";

    protected override IEnumerable<(string Key, string? Value)> Credentials =>
        [(nameof(Tenant), Tenant), (nameof(ClientId), ClientId), (nameof(ClientSecret), ClientSecret), (nameof(RefreshToken), RefreshToken)];
}
