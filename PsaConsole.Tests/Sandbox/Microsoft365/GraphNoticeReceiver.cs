using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace PsaConsole.Tests.Sandbox.Microsoft365;

/// <summary>A server that answers Graph's validation and takes its notices.</summary>
internal sealed class GraphNoticeReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Channel<string> _received = Channel.CreateUnbounded<string>();

    private GraphNoticeReceiver()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        _app = builder.Build();
        _app.MapPost("/hook", TakeAsync);
        _app.MapPost("/hook/wrong", context => context.Response.WriteAsync("hello", context.RequestAborted));
    }

    public string Url => _app.Urls.Single() + "/hook";

    public static async Task<GraphNoticeReceiver> StartAsync()
    {
        var receiver = new GraphNoticeReceiver();
        await receiver._app.StartAsync(TestContext.Current.CancellationToken);
        return receiver;
    }

    public async Task<string> NextAsync()
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(20));
        return await _received.Reader.ReadAsync(patience.Token);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task TakeAsync(HttpContext context)
    {
        if (context.Request.Query.TryGetValue("validationToken", out var token))
        {
            context.Response.ContentType = "text/plain";
            await context.Response.WriteAsync(token.ToString(), context.RequestAborted);
            return;
        }

        using var reader = new StreamReader(context.Request.Body);
        await _received.Writer.WriteAsync(await reader.ReadToEndAsync(context.RequestAborted), context.RequestAborted);
        context.Response.StatusCode = StatusCodes.Status202Accepted;
    }
}
