namespace PsaConsole.Engine.Connectors.NetSuite;

/// <summary>Section Connectors:netsuite. Url is the account's SuiteTalk address; sign-in is machine to machine with a certificate that the account knows.</summary>
public sealed class NetSuiteOptions : ConnectorOptions
{
    // Concurrency is per account and shared with everything else that calls it; the smallest accounts have five places.
    public NetSuiteOptions() => Concurrency = 3;

    /// <summary>Account id, such as 1234567_SB1.</summary>
    public string? Account { get; set; }

    public string? ClientId { get; set; }

    public string? CertificateId { get; set; }

    /// <summary>The RSA key of the certificate, PEM.</summary>
    public string? PrivateKeyPem { get; set; }

    protected override IEnumerable<(string Key, string? Value)> Credentials =>
        [(nameof(Account), Account), (nameof(ClientId), ClientId), (nameof(CertificateId), CertificateId), (nameof(PrivateKeyPem), PrivateKeyPem)];
}
