namespace PsaConsole.Sandbox.Core;

/// <summary>The key pairs that the sandbox hands out by its index: files <c>Vendor/name.pem</c> beside the vendor's code.</summary>
internal static class SampleKey
{
    /// <summary>The PEM text of a private key, e.g. "Salesforce/sample-key.pem".</summary>
    public static string Read(string name)
    {
        using var stream = typeof(SampleKey).Assembly.GetManifestResourceStream(name) ?? throw new FileNotFoundException($"There is no key {name} in the assembly.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
