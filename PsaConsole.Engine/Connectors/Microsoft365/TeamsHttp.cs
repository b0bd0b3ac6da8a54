using Microsoft.Extensions.Options;

namespace PsaConsole.Engine.Connectors.Microsoft365;

/// <summary>
/// Posts to the Teams workflow's address. It has a circuit of its own, so that mail still goes when Teams does not.
/// https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/add-incoming-webhook
/// </summary>
public sealed class TeamsHttp : ConnectorHttp
{
    public const string System = "microsoft365-teams";

    private readonly Microsoft365Options options;

    public TeamsHttp(IOptions<Microsoft365Options> options, IHttpClientFactory clients, ConnectorHealth health, TimeProvider clock)
        : base(System, options.Value, clients, health, clock) => this.options = options.Value;

    protected override string ConfigurationName => GraphHttp.System;

    public async Task PostAsync(HttpContent card, CancellationToken cancellationToken)
    {
        RequireConfiguration();
        if (!Uri.TryCreate(options.TeamsWebhookUrl, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
        {
            throw new ConnectorException(System, ErrorClass.Business, "Connectors:microsoft365:TeamsWebhookUrl is not an http or https address. Copy it from the Teams workflow.");
        }

        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = card };
        await SendAnonymousAsync(request, CallKind.Write, cancellationToken);
    }

    protected override Task<IssuedToken> IssueAsync(CancellationToken cancellationToken) =>
        throw new InvalidOperationException("The Teams workflow has no sign-in: its address is the secret.");

    /// <summary>A refused or vanished address concerns the channel only, and must not stop what else the system does.</summary>
    protected override ConnectorException Classify(WireAnswer answer, CallKind kind) => answer.Status is 401 or 403 or 404 or 410
        ? Problem(answer, ErrorClass.Business, null, $"The Teams workflow refuses its address (status {answer.Status}). Its owner may be gone: copy the new address to Connectors:microsoft365:TeamsWebhookUrl.")
        : ByStatus(answer, kind, null, null);
}
