using System.Buffers.Text;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;

namespace PsaConsole.Engine.Connectors.NetSuite;

/// <summary>Calls of SuiteTalk REST: the signed assertion, records, SuiteQL over all its pages, errors.</summary>
public sealed class NetSuiteHttp : ConnectorHttp
{
    public const string System = "netsuite";
    private const string TokenPath = "/services/rest/auth/oauth2/v1/token";
    private const string Records = "/services/rest/record/v1/";
    private const int PageRows = 1000;

    private readonly NetSuiteOptions options;
    private readonly TimeProvider clock;

    public NetSuiteHttp(IOptions<NetSuiteOptions> options, IHttpClientFactory clients, ConnectorHealth health, TimeProvider clock)
        : base(System, options.Value, clients, health, clock)
    {
        this.options = options.Value;
        this.clock = clock;
    }

    /// <summary>The record with its sublists, or null when the account has none; the reference is an id or "eid:" and our key.</summary>
    public async Task<JsonObject?> FindAsync(string type, string reference, CancellationToken cancellationToken)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"{Records}{type}/{Escape(reference)}?expandSubResources=true", UriKind.Relative));
            return (await SendAsync(request, CallKind.Read, cancellationToken)).Object();
        }
        catch (ConnectorException missing) when (missing.VendorCode == "NONEXISTENT_ID")
        {
            return null;
        }
    }

    /// <summary>Creates the record under our key, or brings it to this state; answers its id.</summary>
    /// <param name="replace">Sublists whose lines are replaced rather than merged.</param>
    public async Task<string> UpsertAsync(string type, string key, JsonObject record, string replace, CancellationToken cancellationToken)
    {
        var answer = await WriteAsync(HttpMethod.Put, $"{type}/eid:{Escape(key)}{(replace.Length == 0 ? "" : $"?replace={replace}")}", record, cancellationToken);

        // A Location is promised for POST and PATCH only (vendor page 2.5).
        return answer.Location?.OriginalString.Split('/')[^1]
            ?? (await FindAsync(type, $"eid:{key}", cancellationToken))?["id"]?.ToString()
            ?? throw answer.NotAsPromised($"the {type} that it has just stored");
    }

    public Task UpdateAsync(string type, string id, JsonObject changes, CancellationToken cancellationToken) =>
        WriteAsync(HttpMethod.Patch, $"{type}/{Escape(id)}", changes, cancellationToken);

    /// <summary>Every row of a query. It must order by a unique key: pages repeat and lose rows otherwise.</summary>
    public async Task<List<JsonObject>> QueryAsync(string suiteQl, CancellationToken cancellationToken, params string[] parameters)
    {
        var rows = new List<JsonObject>();
        while (true)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri($"/services/rest/query/v1/suiteql?limit={PageRows}&offset={rows.Count}", UriKind.Relative))
            {
                Content = Wire.Json(new JsonObject { ["q"] = suiteQl, ["params"] = new JsonArray([.. parameters.Select(text => JsonValue.Create(text))]) }),
            };
            request.Headers.TryAddWithoutValidation("Prefer", "transient");
            var page = (await SendAsync(request, CallKind.Read, cancellationToken)).Object();
            var items = (page["items"] as JsonArray ?? []).OfType<JsonObject>().ToList();
            rows.AddRange(items);
            if (items.Count < PageRows)
            {
                return rows;
            }
        }
    }

    /// <summary>Without it a misspelt field is silently dropped (vendor page 2.5).</summary>
    protected override void Prepare(HttpRequestMessage request) => request.Headers.TryAddWithoutValidation("X-NetSuite-PropertyNameValidation", "Error");

    protected override async Task<IssuedToken> IssueAsync(CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(TokenPath, UriKind.Relative))
        {
            Content = new FormUrlEncodedContent(
            [
                new("grant_type", "client_credentials"),
                new("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
                new("client_assertion", Assertion()),
            ]),
        };
        var token = await RequestTokenAsync(request, cancellationToken);
        var lifetime = int.Parse(token["expires_in"]?.ToString() ?? "3600", CultureInfo.InvariantCulture);
        return new IssuedToken(
            token["access_token"]?.ToString() ?? throw new ConnectorException(System, ErrorClass.Contract, "netsuite answered the token request without an access_token."),
            clock.GetUtcNow().AddSeconds(lifetime),
            null);
    }

    protected override ConnectorException Classify(WireAnswer answer, CallKind kind)
    {
        var detail = (answer.TryJson()?["o:errorDetails"] as JsonArray)?.OfType<JsonObject>().FirstOrDefault();
        var code = detail?["o:errorCode"]?.ToString();
        var path = detail?["o:errorPath"]?.ToString();
        var message = path is null ? detail?["detail"]?.ToString() : $"{detail?["detail"]} ({path})";
        return (answer.Status, code) switch
        {
            // One answer for "too many at once" (429), and for what changed since it was read: both pass.
            ((int)HttpStatusCode.TooManyRequests, _) or (_, "CONCURRENCY_LIMIT_EXCEEDED" or "SSS_REQUEST_LIMIT_EXCEEDED" or "RCRD_HAS_BEEN_CHANGED") =>
                Problem(answer, ErrorClass.Transient, code, $"netsuite can't take {answer.Call} now: {message}"),
            (403, _) => Problem(answer, ErrorClass.Business, code, $"netsuite refused {answer.Call}: {message} Give the integration's role the permission."),
            ( >= 500, _) when kind == CallKind.Write => Problem(answer, ErrorClass.Ambiguous, code, $"netsuite failed at {answer.Call}, and may have done it: {message}"),
            _ => ByStatus(answer, kind, code, message),
        };
    }

    private async Task<WireAnswer> WriteAsync(HttpMethod method, string path, JsonObject record, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, new Uri(Records + path, UriKind.Relative)) { Content = Wire.Json(record) };
        return await SendAsync(request, CallKind.Write, cancellationToken);
    }

    /// <summary>A JWT signed with PS256; RS256 is refused (vendor page 2.1).</summary>
    private string Assertion()
    {
        var now = clock.GetUtcNow().ToUnixTimeSeconds();
        var header = new JsonObject { ["typ"] = "JWT", ["alg"] = "PS256", ["kid"] = options.CertificateId };
        var claims = new JsonObject
        {
            ["iss"] = options.ClientId,
            ["scope"] = new JsonArray("rest_webservices"),
            ["aud"] = new Uri(options.Url!, TokenPath).ToString(),
            ["iat"] = now,
            ["exp"] = now + 3000,
        };
        var signed = $"{Encode(header)}.{Encode(claims)}";
        using var key = RSA.Create();
        key.ImportFromPem(options.PrivateKeyPem);
        var signature = key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, RSASignaturePadding.Pss);
        return $"{signed}.{Base64Url.EncodeToString(signature)}";
    }

    private static string Encode(JsonObject part) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(part.ToJsonString()));

    private static string Escape(string reference) => Uri.EscapeDataString(reference).Replace("%3A", ":", StringComparison.Ordinal);
}
