using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;

namespace PsaConsole.Engine.Connectors.NetSuite;

/// <summary>Calls of SuiteTalk REST: the signed sign-in, records by id or external id, SuiteQL over all its pages, errors.</summary>
public sealed class NetSuiteHttp : ConnectorHttp
{
    public const string System = "netsuite";
    private const string TokenPath = "/services/rest/auth/oauth2/v1/token";
    private const string RecordPath = "/services/rest/record/v1";
    private const int PageSize = 1_000;

    // An account that is busy refuses sign-ins that it has just accepted (vendor page 2.6): credentials are bad only when that goes on.
    private static readonly TimeSpan BusyFor = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan BusyWait = TimeSpan.FromMinutes(1);

    private readonly NetSuiteOptions options;
    private readonly TimeProvider clock;
    private long refusedSince;

    public NetSuiteHttp(IOptions<NetSuiteOptions> options, IHttpClientFactory clients, ConnectorHealth health, TimeProvider clock)
        : base(System, options.Value, clients, health, clock)
    {
        this.options = options.Value;
        this.clock = clock;
    }

    /// <summary>The record with its sublists; null when there is none.</summary>
    /// <param name="key">Its id, or eid: with its external id.</param>
    public async Task<JsonObject?> FindAsync(string type, string key, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Address(type, key, "?expandSubResources=true"));
        try
        {
            return (await SendAsync(request, CallKind.Read, cancellationToken)).Object();
        }
        catch (ConnectorException absent) when (absent.VendorCode == NetSuiteErrors.NoSuchRecord)
        {
            return null;
        }
    }

    /// <summary>Id of the record with an external id, or null.</summary>
    public async Task<string?> FindIdAsync(string type, string externalId, CancellationToken cancellationToken) =>
        (await FindAsync(type, "eid:" + externalId, cancellationToken))?["id"]?.ToString();

    /// <summary>Creates the record with this external id, or changes it: sent twice, it is there once. Answers its id.</summary>
    /// <param name="replaced">Sublists of which all lines are replaced; lines of others would be added again.</param>
    public async Task<string> UpsertAsync(string type, string externalId, JsonObject record, string? replaced, CancellationToken cancellationToken)
    {
        var answer = await WriteAsync(HttpMethod.Put, Address(type, "eid:" + externalId, replaced is null ? "" : "?replace=" + replaced), record, cancellationToken);

        // The address of the record is documented for POST and PATCH only.
        return answer?.Location?.OriginalString.Split('/')[^1]
            ?? await FindIdAsync(type, externalId, cancellationToken)
            ?? throw new ConnectorException(System, ErrorClass.Ambiguous, $"netsuite accepted {type} {externalId} and does not show it. Look it up before it is sent again.");
    }

    public Task UpdateAsync(string type, string id, JsonObject changes, CancellationToken cancellationToken) => UpdateAsync(type, id, changes, replaced: null, cancellationToken);

    /// <param name="replaced">Sublist of which all lines are replaced; lines of others would be added.</param>
    public async Task UpdateAsync(string type, string id, JsonObject changes, string? replaced, CancellationToken cancellationToken) =>
        await WriteAsync(HttpMethod.Patch, Address(type, id, replaced is null ? "" : "?replace=" + replaced), changes, cancellationToken);

    /// <summary>Every row of a query over all its pages. A query of several pages needs an order by a unique key, or pages repeat and miss rows.</summary>
    public async Task<List<JsonObject>> QueryAsync(string query, IEnumerable<string> parameters, CancellationToken cancellationToken)
    {
        var rows = new List<JsonObject>();
        while (true)
        {
            var page = await PageAsync(query, parameters, PageSize, rows.Count, CallKind.Read, cancellationToken);
            var items = (page["items"] as JsonArray ?? []).OfType<JsonObject>().ToList();
            rows.AddRange(items);
            var hasMore = (bool?)page["hasMore"] ?? rows.Count < ((int?)page["totalResults"] ?? 0);
            if (!hasMore || items.Count < PageSize)
            {
                return rows;
            }
        }
    }

    /// <summary>The first row of a query, or null.</summary>
    public async Task<JsonObject?> FirstAsync(string query, IEnumerable<string> parameters, CallKind kind, CancellationToken cancellationToken) =>
        ((await PageAsync(query, parameters, 1, 0, kind, cancellationToken))["items"] as JsonArray)?.OfType<JsonObject>().FirstOrDefault();

    protected override async Task<IssuedToken> IssueAsync(CancellationToken cancellationToken)
    {
        RequireConfiguration();
        var now = clock.GetUtcNow();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(TokenPath, UriKind.Relative))
        {
            Content = new FormUrlEncodedContent(new Dictionary<string, string>
            {
                ["grant_type"] = "client_credentials",
                ["client_assertion_type"] = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
                ["client_assertion"] = SignedAssertion.Create(options, new Uri(options.Url!, TokenPath).ToString(), now),
            }),
        };
        var token = await RequestTokenAsync(request, cancellationToken);
        return new IssuedToken(
            token["access_token"]?.ToString() ?? throw new ConnectorException(System, ErrorClass.Contract, "netsuite answered the token request without access_token."),
            now.AddSeconds(int.TryParse(token["expires_in"]?.ToString(), out var seconds) ? seconds : 3_600),
            null);
    }

    /// <summary>Misspelt names of fields are errors, not ignored as they are unless asked.</summary>
    protected override void Prepare(HttpRequestMessage request) => request.Headers.TryAddWithoutValidation("X-NetSuite-PropertyNameValidation", "Error");

    protected override void Observe(WireAnswer answer)
    {
        if (answer.IsSuccess)
        {
            Interlocked.Exchange(ref refusedSince, 0);
        }
    }

    protected override bool IsThrottle(string? vendorCode) => NetSuiteErrors.IsThrottle(vendorCode);

    protected override ConnectorException Classify(WireAnswer answer, CallKind kind)
    {
        var (code, message) = NetSuiteErrors.Read(answer);
        if (answer.Status == 401)
        {
            return RefusedSignIn(answer, code, message);
        }

        return NetSuiteErrors.ClassOf(code, message, answer.Status, kind) is { } errorClass
            ? Problem(answer, errorClass, code, $"netsuite refused {answer.Call}: {message} ({code})")
            : ByStatus(answer, kind, code, message is null ? null : $"{message} ({code})");
    }

    /// <summary>Reached only with a token that NetSuite has just issued: so our credentials are good, or were moments ago.</summary>
    private ConnectorException RefusedSignIn(WireAnswer answer, string? code, string? message)
    {
        var now = clock.GetUtcNow();
        var since = Interlocked.CompareExchange(ref refusedSince, now.UtcTicks, 0);
        if (since != 0 && now.UtcTicks - since > BusyFor.Ticks)
        {
            return ByStatus(answer, CallKind.Read, code, $"{message} It has gone on for more than {BusyFor.TotalMinutes} minutes: see the Login Audit Trail.");
        }

        return new ConnectorException(System, ErrorClass.Transient, $"netsuite refused {answer.Call} with a token that it had just issued, as it does when too many calls run at once: {message}")
        {
            VendorCode = code,
            Status = answer.Status,
            RetryAfter = BusyWait,
            Call = answer.Call,
            Answer = answer.Shown,
        };
    }

    /// <summary>Null where the same write was accepted before.</summary>
    private async Task<WireAnswer?> WriteAsync(HttpMethod method, Uri address, JsonObject record, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, address) { Content = Wire.Json(record) };
        try
        {
            return await SendAsync(request, CallKind.Write, cancellationToken);
        }
        catch (ConnectorException done) when (done.VendorCode == NetSuiteErrors.AlreadyDone)
        {
            return null;
        }
    }

    private async Task<JsonObject> PageAsync(string query, IEnumerable<string> parameters, int limit, int offset, CallKind kind, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri($"/services/rest/query/v1/suiteql?limit={limit}&offset={offset}", UriKind.Relative))
        {
            Content = Wire.Json(new JsonObject { ["q"] = query, ["params"] = new JsonArray([.. parameters.Select(parameter => (JsonNode)parameter)]) }),
        };
        request.Headers.TryAddWithoutValidation("Prefer", "transient");
        return (await SendAsync(request, kind, cancellationToken)).Object();
    }

    private static Uri Address(string type, string key, string query) => new($"{RecordPath}/{type}/{(key.StartsWith("eid:", StringComparison.Ordinal) ? key : Uri.EscapeDataString(key))}{query}", UriKind.Relative);
}
