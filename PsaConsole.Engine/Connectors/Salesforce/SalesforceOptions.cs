namespace PsaConsole.Engine.Connectors.Salesforce;

/// <summary>Section Connectors:salesforce. Url is the org's My Domain address; the connected app uses the client-credentials grant with a run-as user.</summary>
public sealed class SalesforceOptions : ConnectorOptions
{
    public string? ClientId { get; set; }

    public string? ClientSecret { get; set; }

    /// <summary>Version of the REST API, such as 66.0.</summary>
    public string ApiVersion { get; set; } = "66.0";

    /// <summary>Id of the organisation, 15 or 18 characters: what outbound messages must bear to be taken.</summary>
    public string? OrganizationId { get; set; }

    protected override IEnumerable<(string Key, string? Value)> Credentials => [(nameof(ClientId), ClientId), (nameof(ClientSecret), ClientSecret)];
}
