using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace PsaConsole.Engine.Connectors.NetSuite;

/// <summary>The JWT that asks for an access token. RS256 is refused, so an RSA key signs with PS256. https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/section_162686838198.html</summary>
internal static class SignedAssertion
{
    // The longest that is allowed is an hour; a clock that is ahead must not make it longer.
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(50);

    /// <exception cref="ConnectorException">Auth: the key is not a private key as PEM.</exception>
    public static string Create(NetSuiteOptions options, string audience, DateTimeOffset now)
    {
        using var rsa = RSA.Create();
        using var curve = ECDsa.Create();
        var isRsa = TryImport(rsa, options.PrivateKeyPem!);
        if (!isRsa && !TryImport(curve, options.PrivateKeyPem!))
        {
            throw new ConnectorException(NetSuiteHttp.System, ErrorClass.Auth, "Connectors:netsuite:PrivateKeyPem is not a private key as PEM, RSA or EC. Set the key of the certificate that was uploaded to NetSuite.");
        }

        var header = new JsonObject { ["typ"] = "JWT", ["alg"] = isRsa ? "PS256" : "ES256", ["kid"] = options.CertificateId };
        var claims = new JsonObject
        {
            ["iss"] = options.ClientId,
            ["scope"] = new JsonArray("rest_webservices"),
            ["aud"] = audience,
            ["iat"] = now.ToUnixTimeSeconds(),
            ["exp"] = (now + Lifetime).ToUnixTimeSeconds(),
            ["jti"] = Guid.NewGuid().ToString("n"),
        };
        var signed = $"{Part(header)}.{Part(claims)}";
        var bytes = Encoding.ASCII.GetBytes(signed);
        var signature = isRsa ? rsa.SignData(bytes, HashAlgorithmName.SHA256, RSASignaturePadding.Pss) : curve.SignData(bytes, HashAlgorithmName.SHA256);
        return $"{signed}.{Base64Url.EncodeToString(signature)}";
    }

    private static bool TryImport(AsymmetricAlgorithm key, string pem)
    {
        try
        {
            key.ImportFromPem(pem);
            return true;
        }
        catch (Exception other) when (other is ArgumentException or CryptographicException)
        {
            // A key of the other kind, or none: the caller tells.
            return false;
        }
    }

    private static string Part(JsonObject part) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(part.ToJsonString()));
}
