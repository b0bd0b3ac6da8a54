namespace PsaConsole.Engine.Connectors.NetSuite;

/// <summary>Section Connectors:netsuite. Url is the account's SuiteTalk address; the integration signs in by a certificate that was mapped to its user and role.</summary>
public sealed class NetSuiteOptions : ConnectorOptions
{
    // All integrations of an account share as few as five calls at once (vendor page 2.7), so this one leaves room for the others.
    public NetSuiteOptions() => Concurrency = 3;

    /// <summary>Client id of the integration record.</summary>
    public string? ClientId { get; set; }

    /// <summary>Certificate ID that the OAuth 2.0 client credentials set-up page shows.</summary>
    public string? CertificateId { get; set; }

    /// <summary>Private key of the certificate as PEM: RSA of 3,072 bits or more, or EC P-256.</summary>
    public string? PrivateKeyPem { get; set; }

    protected override IEnumerable<(string Key, string? Value)> Credentials =>
        [(nameof(ClientId), ClientId), (nameof(CertificateId), CertificateId), (nameof(PrivateKeyPem), PrivateKeyPem)];
}
