using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.WebUtilities;
using PsaConsole.Sandbox.Core;

namespace PsaConsole.Sandbox.Salesforce;

/// <summary>
/// Several calls in one: up to 25, of which 5 may be queries or collections; later ones may refer to results of earlier ones as <c>@{reference.id}</c>.
/// https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/resources_composite_composite.htm
/// </summary>
internal sealed partial class Composite(RecordStore store, Func<RestCall, RestReply> answer)
{
    private const int MostCalls = 25;
    private const int MostQueries = 5;

    public RestReply Answer(RestCall call)
    {
        var body = JsonNode.Parse(call.Object.GetRawText())!;
        var requests = body["compositeRequest"] as JsonArray ?? throw SalesforceRefusal.Call(400, "JSON_PARSER_ERROR", "compositeRequest is required");
        var queries = requests.Count(request => request?["url"]?.ToString() is { } url && (url.Contains("/query", StringComparison.Ordinal) || url.Contains("/composite/sobjects", StringComparison.Ordinal)));
        if (requests.Count > MostCalls || queries > MostQueries)
        {
            throw SalesforceRefusal.Call(400, "LIMIT_EXCEEDED", "Limit of 25 subrequests, of which 5 may be query or sObject Collections operations, exceeded.");
        }

        var allOrNone = body["allOrNone"]?.GetValueKind() == JsonValueKind.True;
        var results = new List<JsonObject>();
        try
        {
            if (allOrNone)
            {
                store.Transact(() => RunAll(call, requests, results, stopAtFailure: true));
            }
            else
            {
                RunAll(call, requests, results, stopAtFailure: false);
            }
        }
        catch (RolledBackException)
        {
            Halt(requests, results);
        }

        var answerBody = new JsonObject { ["compositeResponse"] = new JsonArray([.. results]) };
        return new RestReply(200, writer => answerBody.WriteTo(writer));
    }

    private bool RunAll(RestCall call, JsonArray requests, List<JsonObject> results, bool stopAtFailure)
    {
        var bodies = new Dictionary<string, JsonNode?>(StringComparer.Ordinal);
        foreach (var request in requests)
        {
            var reference = request?["referenceId"]?.ToString() ?? throw SalesforceRefusal.Call(400, "JSON_PARSER_ERROR", "referenceId is required");
            var result = RunOne(call, request, reference, bodies);
            results.Add(result);
            if (stopAtFailure && result["httpStatusCode"]!.GetValue<int>() >= 400)
            {
                throw new RolledBackException();
            }
        }

        return true;
    }

    private JsonObject RunOne(RestCall call, JsonNode request, string reference, Dictionary<string, JsonNode?> bodies)
    {
        RestReply reply;
        try
        {
            reply = answer(Part(call, request, bodies));
        }
        catch (SalesforceRefusal refusal)
        {
            reply = new RestReply(refusal.Status, writer => SalesforceJson.WriteErrors(writer, refusal));
        }

        var body = Render(reply);
        if (reply.Status < 400)
        {
            bodies[reference] = body?.DeepClone();
        }

        var headers = new JsonObject();
        if (reply.Location is { } location)
        {
            headers["Location"] = location;
        }

        return new JsonObject { ["body"] = body, ["httpHeaders"] = headers, ["httpStatusCode"] = reply.Status, ["referenceId"] = reference };
    }

    private static RestCall Part(RestCall call, JsonNode request, Dictionary<string, JsonNode?> bodies)
    {
        var url = Resolve(request["url"]?.ToString() ?? "", bodies);
        var match = DataPath().Match(url);
        if (!match.Success)
        {
            throw SalesforceRefusal.NotFound();
        }

        return call with
        {
            Method = (request["method"]?.ToString() ?? "GET").ToUpperInvariant(),
            Version = match.Groups[1].Value,
            Path = [.. match.Groups[2].Value.Split('/', StringSplitOptions.RemoveEmptyEntries).Select(Uri.UnescapeDataString)],
            Query = QueryHelpers.ParseQuery(match.Groups[3].Value),
            Body = request["body"] is { } body ? JsonSerializer.Deserialize<JsonElement>(Resolve(body.ToJsonString(), bodies)) : null,
        };
    }

    private static string Resolve(string text, Dictionary<string, JsonNode?> bodies) => Reference().Replace(text, found =>
    {
        var parts = found.Groups[1].Value.Split('.');
        if (!bodies.TryGetValue(parts[0], out var node))
        {
            throw SalesforceRefusal.Call(400, "PROCESSING_HALTED", $"Invalid reference specified. No value for {parts[0]} found in this composite request.");
        }

        foreach (var part in parts.Skip(1))
        {
            var step = Step().Match(part);
            node = node?[step.Groups[1].Value];
            node = step.Groups[2].Success ? node?[int.Parse(step.Groups[2].Value, System.Globalization.CultureInfo.InvariantCulture)] : node;
        }

        return node?.ToString() ?? throw SalesforceRefusal.Call(400, "PROCESSING_HALTED", $"Invalid reference specified. No value for {found.Groups[1].Value} found in {parts[0]}.");
    });

    private static JsonNode? Render(RestReply reply)
    {
        if (reply.Body is null)
        {
            return null;
        }

        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            reply.Body(writer);
        }

        stream.Position = 0;
        return JsonNode.Parse(stream);
    }

    /// <summary>After a roll-back every part but the failed one tells that it was undone.</summary>
    private static void Halt(JsonArray requests, List<JsonObject> results)
    {
        var failed = results.Count - 1;
        for (var index = 0; index < requests.Count; index++)
        {
            if (index == failed)
            {
                continue;
            }

            var halted = new JsonObject
            {
                ["body"] = new JsonArray(new JsonObject { ["errorCode"] = "PROCESSING_HALTED", ["message"] = "The transaction was rolled back since another operation in the same transaction failed." }),
                ["httpHeaders"] = new JsonObject(),
                ["httpStatusCode"] = 400,
                ["referenceId"] = requests[index]?["referenceId"]?.ToString(),
            };
            if (index < results.Count)
            {
                results[index] = halted;
            }
            else
            {
                results.Add(halted);
            }
        }
    }

    [GeneratedRegex(@"^/services/data/v(\d+\.\d)/([^?]*)(\?.*)?$")]
    private static partial Regex DataPath();

    [GeneratedRegex(@"@\{([A-Za-z0-9_.\[\]]+)\}")]
    private static partial Regex Reference();

    [GeneratedRegex(@"^([^\[]+)(?:\[(\d+)\])?$")]
    private static partial Regex Step();

    private sealed class RolledBackException : Exception;
}
