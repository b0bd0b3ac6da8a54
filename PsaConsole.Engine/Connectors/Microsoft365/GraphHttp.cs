using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;

namespace PsaConsole.Engine.Connectors.Microsoft365;

/// <summary>Calls of Microsoft Graph v1.0, signed in as the application.</summary>
public sealed class GraphHttp : ConnectorHttp
{
    public const string System = "microsoft365";

    private readonly Microsoft365Options options;
    private readonly TimeProvider clock;

    public GraphHttp(IOptions<Microsoft365Options> options, IHttpClientFactory clients, ConnectorHealth health, TimeProvider clock)
        : base(System, options.Value, clients, health, clock) => (this.options, this.clock) = (options.Value, clock);

    // https://learn.microsoft.com/graph/auth-v2-service
    protected override async Task<IssuedToken> IssueAsync(CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, options.TokenUrl)
        {
            Content = new FormUrlEncodedContent(new Dictionary<string, string>
            {
                ["client_id"] = options.ClientId!,
                ["client_secret"] = options.ClientSecret!,
                ["scope"] = options.Scope,
                ["grant_type"] = "client_credentials",
            }),
        };
        var token = await RequestTokenAsync(request, cancellationToken);
        return token["access_token"]?.ToString() is { Length: > 0 } value && int.TryParse(token["expires_in"]?.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            ? new IssuedToken(value, clock.GetUtcNow().AddSeconds(seconds), null)
            : throw new ConnectorException(System, ErrorClass.Contract, "microsoft365 answered the token request without access_token and expires_in.");
    }

    // https://learn.microsoft.com/graph/errors
    protected override ConnectorException Classify(WireAnswer answer, CallKind kind)
    {
        var error = (answer.TryJson() as JsonObject)?["error"] as JsonObject;
        var (code, message) = (error?["code"]?.ToString(), error?["message"]?.ToString());
        var told = message is null ? null : $"{message} ({code})";
        return answer.Status switch
        {
            // Consent or an access policy is missing for this call; the sign-in itself is good.
            403 => Problem(answer, ErrorClass.Business, code, $"microsoft365 does not allow {answer.Call}: {told ?? "status 403"}. Give the application its permission."),
            410 => Problem(answer, ErrorClass.CursorLost, code, $"microsoft365 forgot the position of {answer.Call}: {told ?? "status 410"}"),
            _ => ByStatus(answer, kind, code, told),
        };
    }
}
