namespace PsaConsole.Engine.Connectors.Kantata;

/// <summary>Section Connectors:kantata. The access token acts as one user of the account, whose rights filter everything.</summary>
public sealed class KantataOptions : ConnectorOptions
{
    public string? AccessToken { get; set; }

    protected override IEnumerable<(string Key, string? Value)> Credentials => [(nameof(AccessToken), AccessToken)];
}
