using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace PsaConsole.Tests.Connectors.Microsoft365;

/// <summary>Answers as Graph, its token endpoint and a Teams workflow do on the pages of the vendor, or as a test says.</summary>
public sealed class StandIn : IAsyncDisposable
{
    public const string WebhookPath = "/workflows/wf1/triggers/manual/paths/invoke";
    public const string MailPath = "/v1.0/users/ops@northwind.example/sendMail";
    private readonly WebApplication app;

    private StandIn(WebApplication app) => this.app = app;

    public ConcurrentQueue<(string Path, string? Authorization, JsonNode? Body)> Calls { get; } = [];

    /// <summary>Answers in place of the good one, by path.</summary>
    public ConcurrentDictionary<string, (int Status, string Body, string? RetryAfter)> Answers { get; } = [];

    public string Url => app.Urls.Single();

    public static async Task<StandIn> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var standIn = new StandIn(builder.Build());
        standIn.app.Run(standIn.AnswerAsync);
        await standIn.app.StartAsync(TestContext.Current.CancellationToken);
        return standIn;
    }

    public ServiceProvider Connect() => ConnectedEngine.Provide(new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
    {
        ["Connectors:microsoft365:Url"] = Url,
        ["Connectors:microsoft365:TenantId"] = "tenant-1",
        ["Connectors:microsoft365:ClientId"] = "client-1",
        ["Connectors:microsoft365:ClientSecret"] = "secret-1",
        ["Connectors:microsoft365:TeamsWebhookUrl"] = $"{Url}{WebhookPath}?api-version=2016-06-01&sig=hidden",
        ["Connectors:microsoft365:MailSender"] = "ops@northwind.example",
        ["Connectors:microsoft365:MailRecipients"] = "a@northwind.example; b@northwind.example",
    }).Build());

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!;
        if (path == "/tenant-1/oauth2/v2.0/token")
        {
            await context.Response.WriteAsJsonAsync(new { token_type = "Bearer", expires_in = 3599, access_token = "graph-token" }, context.RequestAborted);
            return;
        }

        Calls.Enqueue((path, context.Request.Headers.Authorization, context.Request.ContentLength > 0 ? await JsonNode.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted) : null));
        if (Answers.TryGetValue(path, out var answer))
        {
            context.Response.StatusCode = answer.Status;
            context.Response.Headers.RetryAfter = answer.RetryAfter;
            await context.Response.WriteAsync(answer.Body, context.RequestAborted);
            return;
        }

        context.Response.StatusCode = StatusCodes.Status202Accepted;
    }
}
