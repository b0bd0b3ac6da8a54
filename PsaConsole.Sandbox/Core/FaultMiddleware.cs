using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace PsaConsole.Sandbox.Core;

/// <summary>Stands before a vendor's routes: logs each call, and does to it what the faults in force ask for.</summary>
internal sealed class FaultMiddleware(Vendor vendor, CancellationToken stopping)
{
    private const int StaleMilliseconds = 5_000;
    private int _running;

    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var (world, request) = (vendor.World, context.Request);
        var (at, started) = (world.Clock.GetUtcNow(), Stopwatch.GetTimestamp());
        var aborted = false;
        try
        {
            aborted = !await AdmitAsync(context, next);
        }
        finally
        {
            var route = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "";
            world.Calls.Add(
                at, vendor.Name, request.Method, request.Path + request.QueryString, route, aborted ? 0 : context.Response.StatusCode,
                Stopwatch.GetElapsedTime(started).TotalMilliseconds, context.NotedKey(), context.NotedEffect());
        }
    }

    /// <summary>Refuses what the vendor has no place for; a call that a fault slows down keeps its place.</summary>
    private async Task<bool> AdmitAsync(HttpContext context, RequestDelegate next)
    {
        if (vendor.ConcurrentCalls is not { } places || !vendor.CountsTowardsConcurrency(context.Request))
        {
            return await HandleAsync(context, next);
        }

        try
        {
            if (Interlocked.Increment(ref _running) <= places)
            {
                return await HandleAsync(context, next);
            }

            await vendor.WriteThrottleAsync(context);
            return true;
        }
        finally
        {
            Interlocked.Decrement(ref _running);
        }
    }

    /// <summary>False when the connection was cut and the client got no answer.</summary>
    private async Task<bool> HandleAsync(HttpContext context, RequestDelegate next)
    {
        var request = context.Request;
        var faults = vendor.World.Faults.TakeForCall(vendor.Name, request.Method, request.Path, request.QueryString.Value ?? "");
        Fault? afterCommit = null;
        foreach (var fault in faults)
        {
            context.NoteEffect(fault.Order.Effect);
            switch (fault.Effect)
            {
                case "latency":
                    await Task.Delay(fault.Number, context.RequestAborted);
                    break;
                case "status":
                    await vendor.WriteErrorAsync(context, fault.Number);
                    return true;
                case "outage":
                    await vendor.WriteErrorAsync(context, StatusCodes.Status503ServiceUnavailable);
                    return true;
                case "throttle":
                    await vendor.WriteThrottleAsync(context);
                    return true;
                case "drop":
                    context.Abort();
                    return false;
                case "hang":
                    await HangAsync(context);
                    return false;
                case "expire-token":
                    vendor.ExpireTokens();
                    break;
                case "stale-read":
                    StaleView.Begin(vendor.World.Clock.GetUtcNow() - TimeSpan.FromMilliseconds(fault.Number > 0 ? fault.Number : StaleMilliseconds));
                    break;
                case "omit":
                    await OmitAsync(request, fault.Argument!);
                    break;
                case "commit-then-drop" or "commit-then-status":
                    afterCommit = fault;
                    break;
                default:
                    throw new InvalidOperationException($"The effect {fault.Effect} is not about calls.");
            }
        }

        if (afterCommit is null)
        {
            await next(context);
            return true;
        }

        await CommitInSilenceAsync(context, next);
        if (afterCommit.Effect == "commit-then-drop")
        {
            context.Abort();
            return false;
        }

        await vendor.WriteErrorAsync(context, afterCommit.Number);
        return true;
    }

    private static async Task CommitInSilenceAsync(HttpContext context, RequestDelegate next)
    {
        var body = context.Response.Body;
        using var unsent = new MemoryStream();
        context.Response.Body = unsent;
        try
        {
            await next(context);
        }
        finally
        {
            context.Response.Body = body;
        }

        context.Response.Clear();
    }

    private async Task HangAsync(HttpContext context)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        var ended = new TaskCompletionSource();
        await using var registration = either.Token.Register(ended.SetResult);
        await ended.Task;
        context.Abort();
    }

    private static async Task OmitAsync(HttpRequest request, string field)
    {
        if (request.ContentType?.Contains("json", StringComparison.OrdinalIgnoreCase) != true || request.ContentLength == 0)
        {
            return;
        }

        var body = await JsonNode.ParseAsync(request.Body, cancellationToken: request.HttpContext.RequestAborted);
        Remove(body, field.Split('.'));
        var bytes = JsonSerializer.SerializeToUtf8Bytes(body);
        request.Body = new MemoryStream(bytes);
        request.ContentLength = bytes.Length;
    }

    /// <summary>Removes a path of names wherever it begins, so that fields inside batches and composites are found too.</summary>
    private static void Remove(JsonNode? node, ReadOnlySpan<string> path)
    {
        if (node is JsonArray list)
        {
            foreach (var item in list)
            {
                Remove(item, path);
            }
        }

        if (node is not JsonObject fields)
        {
            return;
        }

        foreach (var name in fields.Select(pair => pair.Key).ToList())
        {
            if (!name.Equals(path[0], StringComparison.OrdinalIgnoreCase))
            {
                Remove(fields[name], path);
            }
            else if (path.Length == 1)
            {
                fields.Remove(name);
            }
            else
            {
                Remove(fields[name], path[1..]);
            }
        }
    }
}
