using System.Globalization;
using System.Text.Json;
using PsaConsole.Sandbox.Core;

namespace PsaConsole.Sandbox.NetSuite.SuiteQl;

/// <summary>POST /services/rest/query/v1/suiteql.</summary>
internal sealed class SuiteQlApi(RecordStore store, TimeProvider clock, Func<string> root)
{
    public const string Path = "/services/rest/query/v1/suiteql";

    /// <exception cref="NetSuiteRefusal">The call is refused.</exception>
    public NetSuiteReply Answer(NetSuiteCall call)
    {
        if (!call.Headers["Prefer"].ToString().Contains("transient", StringComparison.OrdinalIgnoreCase))
        {
            throw NetSuiteRefusal.HeaderValue("The required request header 'Prefer' is missing or invalid. Use 'Prefer: transient'.", "Prefer");
        }

        if (call.Body is not { ValueKind: JsonValueKind.Object } body || !body.TryGetProperty("q", out var text) || text.ValueKind != JsonValueKind.String)
        {
            throw NetSuiteRefusal.Content("The request body must contain the query in the field q.", "q");
        }

        var paging = Paging.Of(call.Query);
        var (items, total) = new Query(store, clock).Run(text.GetString()!, Parameters(body), paging);
        return new NetSuiteReply(200, paging.Envelope(root() + Path, "", items, total), NetSuiteReply.Collection);
    }

    private static List<object?> Parameters(JsonElement body)
    {
        if (!body.TryGetProperty("params", out var parameters))
        {
            return [];
        }

        return parameters.ValueKind == JsonValueKind.Array ? [.. parameters.EnumerateArray().Select(Parameter)] : throw NetSuiteRefusal.Content("params must be an array.", "params");
    }

    private static object? Parameter(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.String => json.GetString(),
        JsonValueKind.Number => json.GetDecimal(),
        JsonValueKind.True => "T",
        JsonValueKind.False => "F",
        JsonValueKind.Null => null,
        _ => throw NetSuiteRefusal.Content(string.Create(CultureInfo.InvariantCulture, $"A parameter can't be a JSON {json.ValueKind}."), "params"),
    };
}
