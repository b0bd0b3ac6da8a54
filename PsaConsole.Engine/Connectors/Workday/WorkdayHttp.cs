using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using System.Xml;
using System.Xml.Linq;
using Microsoft.Extensions.Options;

namespace PsaConsole.Engine.Connectors.Workday;

/// <summary>Calls of Workday: the refresh-token grant, REST and report answers, SOAP with its faults.</summary>
public sealed class WorkdayHttp : ConnectorHttp
{
    public const string System = "workday";

    private static readonly XNamespace Envelope = "http://schemas.xmlsoap.org/soap/envelope/";

    private readonly WorkdayOptions options;
    private readonly TimeProvider clock;

    public WorkdayHttp(IOptions<WorkdayOptions> options, IHttpClientFactory clients, ConnectorHealth health, TimeProvider clock)
        : base(System, options.Value, clients, health, clock)
    {
        this.options = options.Value;
        this.clock = clock;
    }

    /// <summary>GET of an address below the host, with the tenant filled in at {tenant}.</summary>
    public Task<JsonObject> GetAsync(string path, CancellationToken cancellationToken) => GetAsync(path, CallKind.Read, cancellationToken);

    public async Task<JsonObject> GetAsync(string path, CallKind kind, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Address(path));
        return (await SendAsync(request, kind, cancellationToken)).Object();
    }

    /// <summary>Posts the body of a request of a SOAP service that only reads; answers the body of the response.</summary>
    public async Task<XElement> ReadSoapAsync(string service, XElement body, CancellationToken cancellationToken)
    {
        var envelope = new XDocument(new XElement(Envelope + "Envelope", new XAttribute(XNamespace.Xmlns + "env", Envelope.NamespaceName), new XElement(Envelope + "Body", body)));
        using var request = new HttpRequestMessage(HttpMethod.Post, Address($"/ccx/service/{{tenant}}/{service}/{options.SoapVersion}"))
        {
            Content = new StringContent(envelope.ToString(SaveOptions.DisableFormatting), Encoding.UTF8, "text/xml"),
        };
        var answer = await SendAsync(request, CallKind.Read, cancellationToken);
        return Parse(answer)?.Descendants(Envelope + "Body").Elements().FirstOrDefault() ?? throw answer.NotAsPromised("a SOAP body");
    }

    /// <summary>What was answered is about people: no case and no page shows it.</summary>
    protected override bool AnswersArePrivate => true;

    protected override async Task<IssuedToken> IssueAsync(CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Address("/ccx/oauth2/{tenant}/token"))
        {
            Content = new FormUrlEncodedContent([new("grant_type", "refresh_token"), new("refresh_token", options.RefreshToken)]),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{options.ClientId}:{options.ClientSecret}")));
        var token = await RequestTokenAsync(request, cancellationToken);
        var lifetime = token["expires_in"]?.GetValue<int>();
        return new IssuedToken(
            token["access_token"]?.ToString() ?? throw new ConnectorException(System, ErrorClass.Contract, "workday answered the token request without an access_token."),
            lifetime is null ? null : clock.GetUtcNow().AddSeconds(lifetime.Value),
            null);
    }

    /// <summary>An ended token is 401, but a fault with HTTP 500 where SOAP is spoken.</summary>
    protected override bool IsTokenRefusal(WireAnswer answer) => base.IsTokenRefusal(answer) || IsSignInFault(Fault(answer));

    /// <summary>REST: {error, errors[].error}. SOAP: a fault with HTTP 500, whose detail tells a refusal (Validation) from what may pass (Processing).</summary>
    protected override ConnectorException Classify(WireAnswer answer, CallKind kind)
    {
        if (Fault(answer) is { } fault)
        {
            var errorClass = IsSignInFault(fault) ? ErrorClass.Auth
                : fault.Descendants().Any(element => element.Name.LocalName == "Validation_Fault") ? ErrorClass.Business
                : ErrorClass.Transient;
            var detail = fault.Descendants().FirstOrDefault(element => element.Name.LocalName is "Detail_Message" or "Message")?.Value ?? fault.Element("faultstring")?.Value;
            return Problem(answer, errorClass, fault.Element("faultcode")?.Value, $"workday refused {answer.Call}: {detail ?? "no detail"}");
        }

        var error = answer.TryJson() as JsonObject;
        var messages = (error?["errors"] as JsonArray ?? []).OfType<JsonObject>().Select(item => item["error"]?.ToString()).Prepend(error?["error"]?.ToString()).Where(text => text is not null);
        var text = string.Join(" ", messages) is { Length: > 0 } said ? said : null;

        // Domain security that the integration's user lacks for one resource: everything else goes on working.
        return answer.Status == 403
            ? Problem(answer, ErrorClass.Business, null, $"workday refused {answer.Call}: {text ?? "permission denied"}. Give the integration system user's group the domain, and activate pending security changes.")
            : ByStatus(answer, kind, null, text);
    }

    private static XElement? Fault(WireAnswer answer) => Parse(answer)?.Descendants(Envelope + "Fault").FirstOrDefault();

    private static bool IsSignInFault(XElement? fault) => fault?.Element("faultcode")?.Value.EndsWith("authenticationError", StringComparison.Ordinal) == true;

    private Uri Address(string path) => new(path.Replace("{tenant}", Uri.EscapeDataString(options.Tenant ?? ""), StringComparison.Ordinal), UriKind.Relative);

    /// <summary>The answer as XML without document types, which could name files or grow without end; null when it is not XML.</summary>
    private static XDocument? Parse(WireAnswer answer)
    {
        if (answer.IsEmpty || !answer.Text.TrimStart().StartsWith('<'))
        {
            return null;
        }

        try
        {
            using var reader = XmlReader.Create(new StringReader(answer.Text), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null });
            return XDocument.Load(reader);
        }
        catch (XmlException)
        {
            // An edge's HTML page, not Workday's own answer.
            return null;
        }
    }
}
