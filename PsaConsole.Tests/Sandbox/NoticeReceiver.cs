using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace PsaConsole.Tests.Sandbox;

/// <summary>A server that takes Salesforce's outbound messages: it refuses the first few and acknowledges the rest.</summary>
internal sealed class NoticeReceiver : IAsyncDisposable
{
    private const string Ack = """
        <soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"><soapenv:Body>
        <notificationsResponse xmlns="http://soap.sforce.com/2005/09/outbound"><Ack>true</Ack></notificationsResponse></soapenv:Body></soapenv:Envelope>
        """;

    private readonly WebApplication _app;
    private readonly Channel<string> _received = Channel.CreateUnbounded<string>();
    private int _refusals;

    private NoticeReceiver(int refuseFirst)
    {
        _refusals = refuseFirst;
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        _app = builder.Build();
        _app.MapPost("/hook", TakeAsync);
    }

    public string Url => _app.Urls.Single() + "/hook";

    public static async Task<NoticeReceiver> StartAsync(int refuseFirst)
    {
        var receiver = new NoticeReceiver(refuseFirst);
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
        using var reader = new StreamReader(context.Request.Body);
        await _received.Writer.WriteAsync(await reader.ReadToEndAsync(context.RequestAborted), context.RequestAborted);
        if (Interlocked.Decrement(ref _refusals) >= 0)
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return;
        }

        context.Response.ContentType = "text/xml";
        await context.Response.WriteAsync(Ack, context.RequestAborted);
    }
}
