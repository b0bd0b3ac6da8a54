using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace PsaConsole.Web.Store;

/// <summary>
/// The certificate that the key ring is encrypted with: <c>Keys:Certificate</c>, a PKCS#12 file or a PEM file with certificate and private key, and
/// <c>Keys:CertificatePassword</c>. Those that were used before stand in <c>Keys:Earlier:n:Certificate</c>, so that what they have encrypted can still be read.
/// </summary>
internal static class KeyCertificate
{
    private const string Section = "Keys";

    /// <summary>The certificate in use; null when none is configured.</summary>
    public static X509Certificate2? Read(IConfiguration configuration) => Load(configuration.GetSection(Section));

    /// <summary>Those that were used before.</summary>
    public static IEnumerable<X509Certificate2> ReadEarlier(IConfiguration configuration) =>
        configuration.GetSection(Section).GetSection("Earlier").GetChildren().Select(Load).OfType<X509Certificate2>();

    private static X509Certificate2? Load(IConfigurationSection section)
    {
        if (section["Certificate"] is not { Length: > 0 } file)
        {
            return null;
        }

        var password = section["CertificatePassword"];
        X509Certificate2 certificate;
        try
        {
            certificate = file.EndsWith(".pem", StringComparison.OrdinalIgnoreCase)
                ? password is { Length: > 0 } ? X509Certificate2.CreateFromEncryptedPemFile(file, password) : X509Certificate2.CreateFromPemFile(file)
                : X509CertificateLoader.LoadPkcs12FromFile(file, password);
        }
        catch (Exception problem) when (problem is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new StartRefusedException($"{section.Path}:Certificate names {file}, which can't be read: {problem.Message} Is {section.Path}:CertificatePassword right?");
        }

        using var key = certificate.GetRSAPrivateKey();
        return key is not null ? certificate : throw new StartRefusedException($"{file}, named by {section.Path}:Certificate, has no RSA private key: the key ring could not be read again.");
    }
}
