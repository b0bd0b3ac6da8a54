using System.ComponentModel.DataAnnotations;

namespace PsaConsole.Engine.Connectors.Kantata;

/// <summary>Section Connectors:kantata. The access token acts as one user of the account, whose rights filter everything.</summary>
public sealed class KantataOptions : ConnectorOptions
{
    public string? AccessToken { get; set; }

    protected override IEnumerable<(string Key, string? Value)> Credentials => [(nameof(AccessToken), AccessToken)];

    /// <summary>Seconds between two looks at what was delivered. Plans are large and read anew for as long as the overlap lasts, and an invoice waits for days.</summary>
    [Range(1, 3600)]
    public int DeliverySeconds { get; init; } = 15;
}
