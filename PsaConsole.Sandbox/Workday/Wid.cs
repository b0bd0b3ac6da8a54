using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace PsaConsole.Sandbox.Workday;

/// <summary>Workday ids: 32 hexadecimal digits that say nothing. The same thing has the same one in every sandbox.</summary>
internal static class Wid
{
    public static string Of(string kind, string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{kind}/{key}")).AsSpan(0, 16));

    /// <summary>A reference of the REST API: {id, descriptor, href}.</summary>
    public static JsonObject Reference(string id, string descriptor, string href) => new() { ["id"] = id, ["descriptor"] = descriptor, ["href"] = href };

    /// <summary>A reference to a value that has no resource of its own.</summary>
    public static JsonObject Value(string kind, string name) => new() { ["id"] = Of(kind, name), ["descriptor"] = name };
}
