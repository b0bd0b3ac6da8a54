using System.Text.Json;
using System.Text.Json.Nodes;
using PsaConsole.Sandbox.Core;

namespace PsaConsole.Sandbox.Microsoft365;

/// <summary>
/// Up to twenty calls in one, done in order; each answers for itself, also when it is throttled, while the whole is 200.
/// https://learn.microsoft.com/graph/json-batching
/// </summary>
internal sealed class GraphBatch(GraphApi api, World world)
{
    private const int Most = 20;

    public async Task<GraphReply> AnswerAsync(GraphCall batch, CancellationToken cancellationToken)
    {
        if (batch.Object()["requests"] is not JsonArray { Count: > 0 } parts)
        {
            throw GraphRefusal.Query("Invalid batch payload format.");
        }

        if (parts.Count > Most)
        {
            throw new GraphRefusal(400, "MaximumValueExceeded", $"Number of batch request steps exceeds the maximum value of {Most}.");
        }

        var ids = parts.Select(part => part?["id"]?.ToString() ?? throw GraphRefusal.Query("Invalid batch payload format: every request needs an id.")).ToList();
        if (ids.Distinct(StringComparer.Ordinal).Count() != ids.Count)
        {
            throw GraphRefusal.Query("Request Id must be unique in a batch.");
        }

        var failed = new HashSet<string>(StringComparer.Ordinal);
        var responses = new JsonArray();
        foreach (var (id, part) in ids.Zip(parts))
        {
            var response = await PartAsync(part!, failed, cancellationToken);
            response["id"] = id;
            if ((int)response["status"]! >= 400)
            {
                failed.Add(id);
            }

            responses.Add(response);
        }

        return new GraphReply(200, new JsonObject { ["responses"] = responses });
    }

    private async Task<JsonObject> PartAsync(JsonNode part, HashSet<string> failed, CancellationToken cancellationToken)
    {
        if ((part["dependsOn"] as JsonArray)?.Any(other => failed.Contains(other!.ToString())) == true)
        {
            return Response(Refused(new GraphRefusal(424, "FailedDependency", "Failed Dependency")));
        }

        try
        {
            var call = Call(part);
            return Response(await ReplyAsync(call, cancellationToken));
        }
        catch (GraphRefusal refusal)
        {
            return Response(Refused(refusal));
        }
    }

    private async Task<GraphReply> ReplyAsync(GraphCall call, CancellationToken cancellationToken)
    {
        foreach (var fault in world.Faults.TakeForCall("microsoft365", call.Method, $"/v1.0/{string.Join('/', call.Path)}", "").Where(fault => fault.Effect is "throttle" or "status" or "outage"))
        {
            var refusal = GraphRefusal.OfStatus(fault.Effect switch { "throttle" => 429, "outage" => 503, _ => fault.Number });
            return Refused(refusal) with { RetryAfter = refusal.Status == 429 ? Microsoft365Vendor.RetryAfterSeconds : null };
        }

        return await api.AnswerAsync(call, cancellationToken);
    }

    private static GraphCall Call(JsonNode part)
    {
        var (method, url) = (part["method"]?.ToString().ToUpperInvariant(), part["url"]?.ToString());
        if (method is null || url is null)
        {
            throw GraphRefusal.Query("Invalid batch payload format: every request needs a method and a url.");
        }

        var headers = part["headers"] as JsonObject;
        var body = part["body"] is { } sent ? JsonSerializer.SerializeToElement(sent) : (JsonElement?)null;
        if (body is not null && headers?.FirstOrDefault(header => header.Key.Equals("Content-Type", StringComparison.OrdinalIgnoreCase)).Value is null)
        {
            throw GraphRefusal.Query("Write request id : " + part["id"] + " does not contain Content-Type header or body.");
        }

        var mark = url.IndexOf('?', StringComparison.Ordinal);
        return GraphCall.Of(method, mark < 0 ? url : url[..mark], mark < 0 ? "" : url[mark..], name => headers?[name]?.ToString(), body);
    }

    private GraphReply Refused(GraphRefusal refusal)
    {
        var id = Guid.NewGuid().ToString();
        return new GraphReply(refusal.Status, refusal.ToBody(id, id, world.Clock.GetUtcNow())) { Location = refusal.Location };
    }

    private static JsonObject Response(GraphReply reply)
    {
        var headers = new JsonObject { ["Content-Type"] = "application/json" };
        if (reply.RetryAfter is { } seconds)
        {
            headers["Retry-After"] = seconds;
        }

        if (reply.Location is { } location)
        {
            headers["Location"] = location;
        }

        return new JsonObject { ["id"] = null, ["status"] = reply.Status, ["headers"] = headers, ["body"] = reply.Body };
    }
}
