using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using PsaConsole.Sandbox.Core;

namespace PsaConsole.Sandbox.NetSuite;

/// <summary>
/// Requests with <c>Prefer: respond-async</c>: answered 202 with a job's address; each task of a job is one request, its result the answer that request would have had.
/// The idempotency key is honoured here and nowhere else (vendor page 2.5).
/// </summary>
internal sealed class AsyncJobs(RecordStore store, TimeProvider clock, Func<string> root)
{
    public const string KeyHeader = "X-NetSuite-Idempotency-Key";
    private const string Root = "/services/rest/async/v1/job/";
    private const int LargestBatch = 100;

    public static bool IsAsked(IHeaderDictionary headers) => headers["Prefer"].ToString().Contains("respond-async", StringComparison.OrdinalIgnoreCase);

    /// <summary>Does the call as a job.</summary>
    /// <exception cref="NetSuiteRefusal">The key was used before, or the batch is too large.</exception>
    public NetSuiteReply Submit(NetSuiteCall call, Func<NetSuiteCall, NetSuiteReply> answer) => store.Transact(() =>
    {
        var key = call.Headers[KeyHeader].ToString();
        if (key.Length > 0 && store["asyncJob"].FirstBy("key", key) is { } earlier)
        {
            throw NetSuiteRefusal.KeyUsed(Root + earlier.Id);
        }

        var started = Now();
        var tasks = new JsonArray();
        foreach (var part in Parts(call))
        {
            var reply = Do(part, answer);
            tasks.Add(new JsonObject { ["status"] = reply.Status, ["location"] = reply.Location, ["contentType"] = reply.ContentType, ["body"] = reply.Body?.DeepClone(), ["startTime"] = started, ["endTime"] = Now() });
        }

        var job = store.Insert("asyncJob", new Dictionary<string, object?> { ["key"] = key.Length > 0 ? key : null, ["tasks"] = tasks });
        return new NetSuiteReply(StatusCodes.Status202Accepted) { Location = root() + Root + job.Id };
    });

    /// <summary>GET /services/rest/async/v1/job/{id}[/task[/{task}[/result]]].</summary>
    /// <exception cref="NetSuiteRefusal">There is no such job or task.</exception>
    public NetSuiteReply Read(IReadOnlyList<string> path)
    {
        var job = path.Count > 0 ? store["asyncJob"].Find(path[0]) : null;
        var tasks = (job ?? throw NetSuiteRefusal.NoRecord())["tasks"] as JsonArray ?? [];
        var address = $"{root()}{Root}{job.Id}";
        if (path.Count == 1)
        {
            return new NetSuiteReply(200, new JsonObject
            {
                ["links"] = RecordJson.Links(address),
                ["completed"] = true,
                ["id"] = job.Id,
                ["progress"] = "succeeded",
                ["task"] = new JsonObject { ["links"] = RecordJson.Links(address + "/task") },
            });
        }

        if (path is [_, "task"])
        {
            var items = tasks.Select((_, index) => (JsonNode)new JsonObject { ["links"] = RecordJson.Links(string.Create(CultureInfo.InvariantCulture, $"{address}/task/{index + 1}")) });
            return new NetSuiteReply(200, new JsonObject { ["links"] = RecordJson.Links(address + "/task"), ["count"] = tasks.Count, ["items"] = new JsonArray([.. items]) }, NetSuiteReply.Collection);
        }

        if (path is not [_, "task", var number, ..] || !int.TryParse(number, CultureInfo.InvariantCulture, out var place) || place < 1 || place > tasks.Count)
        {
            throw NetSuiteRefusal.NoRecord();
        }

        var task = tasks[place - 1]!.AsObject();
        return path switch
        {
            [_, _, _] => new NetSuiteReply(200, Task(task, $"{address}/task/{number}", number)),
            [_, _, _, "result"] => new NetSuiteReply((int)task["status"]!, task["body"]?.DeepClone(), (string)task["contentType"]!) { Location = (string?)task["location"] },
            _ => throw NetSuiteRefusal.OfStatus(StatusCodes.Status404NotFound),
        };
    }

    private static JsonObject Task(JsonObject task, string address, string id) => new()
    {
        ["links"] = new JsonArray(RecordJson.Link("related", address + "/result"), RecordJson.Link("self", address)),
        ["completed"] = true,
        ["id"] = id,
        ["progress"] = (int)task["status"]! < 400 ? "succeeded" : "failed",
        ["startTime"] = task["startTime"]!.DeepClone(),
        ["endTime"] = task["endTime"]!.DeepClone(),
    };

    private static NetSuiteReply Do(NetSuiteCall call, Func<NetSuiteCall, NetSuiteReply> answer)
    {
        try
        {
            return answer(call);
        }
        catch (NetSuiteRefusal refusal)
        {
            return NetSuiteReply.Of(refusal);
        }
    }

    /// <summary>A batch (a collection of at most 100 bodies, or ids in the query) is one request an item, in order.</summary>
    private static List<NetSuiteCall> Parts(NetSuiteCall call)
    {
        if (call.Path.Count != 1)
        {
            return [call];
        }

        List<NetSuiteCall> parts;
        if (call.Names("ids") is { } ids && call.Method is "GET" or "DELETE")
        {
            parts = [.. ids.Select(id => call with { Path = [call.Path[0], id] })];
        }
        else if (call.Headers.ContentType.ToString().Contains("type=collection", StringComparison.OrdinalIgnoreCase))
        {
            var items = call.Body is { ValueKind: JsonValueKind.Object } body && body.TryGetProperty("items", out var list) && list.ValueKind == JsonValueKind.Array
                ? list
                : throw NetSuiteRefusal.Content("A batch must have items.", "items");
            parts = [.. items.EnumerateArray().Select(item => call.Method == "POST" ? call with { Body = item } : call with { Body = item, Path = [call.Path[0], Key(item, call.Method)] })];
        }
        else
        {
            return [call];
        }

        return parts.Count <= LargestBatch ? parts : throw NetSuiteRefusal.Request($"A batch can have at most {LargestBatch} records.");
    }

    private static string Key(JsonElement item, string method)
    {
        if (method == "PATCH" && item.TryGetProperty("id", out var id))
        {
            return id.ToString();
        }

        return item.TryGetProperty("externalId", out var external) ? $"eid:{external}" : throw NetSuiteRefusal.Content("Each record of the batch must have an id or an externalId.");
    }

    private string Now() => clock.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
