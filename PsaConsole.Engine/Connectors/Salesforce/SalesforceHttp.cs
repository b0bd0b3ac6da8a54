using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;

namespace PsaConsole.Engine.Connectors.Salesforce;

/// <summary>Calls of the Salesforce REST API: sign-in, queries over all their pages, errors and the daily quota.</summary>
public sealed partial class SalesforceHttp : ConnectorHttp
{
    public const string System = "salesforce";

    // The daily allowance rolls over 24 hours, so some of it is back after an hour.
    private static readonly TimeSpan QuotaWait = TimeSpan.FromHours(1);

    private readonly SalesforceOptions options;
    private bool quotaIsUsedUp;

    public SalesforceHttp(IOptions<SalesforceOptions> options, IHttpClientFactory clients, ConnectorHealth health, TimeProvider clock)
        : base(System, options.Value, clients, health, clock) => this.options = options.Value;

    /// <summary>Path below the versioned root of the data API.</summary>
    public Uri Data(string path) => new($"/services/data/v{options.ApiVersion}/{path}", UriKind.Relative);

    /// <summary>Every record that a query finds, over all its pages.</summary>
    public async Task<List<JsonObject>> QueryAsync(string soql, CancellationToken cancellationToken)
    {
        try
        {
            return await PagesAsync(soql, cancellationToken);
        }
        catch (ConnectorException lost) when (lost.VendorCode == "INVALID_QUERY_LOCATOR")
        {
            // A locator belongs to the session that opened it, and the session was renewed between two pages.
            return await PagesAsync(soql, cancellationToken);
        }
    }

    /// <summary>All records of a result of which the first page is here, such as a sub-query's.</summary>
    public async Task<List<JsonObject>> AllAsync(JsonObject first, CancellationToken cancellationToken)
    {
        var records = new List<JsonObject>();
        for (var page = first; ; page = (await GetAsync(new Uri(page["nextRecordsUrl"]!.ToString(), UriKind.Relative), cancellationToken)).Object())
        {
            foreach (var record in (page["records"] as JsonArray ?? []).OfType<JsonObject>())
            {
                records.Add(record.DeepClone().AsObject());
            }

            if (page["nextRecordsUrl"] is null)
            {
                return records;
            }
        }
    }

    public async Task<WireAnswer> GetAsync(Uri address, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        return await SendAsync(request, CallKind.Read, cancellationToken);
    }

    // https://help.salesforce.com/s/articleView?id=sf.remoteaccess_oauth_client_credentials_flow.htm
    protected override async Task<IssuedToken> IssueAsync(CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("/services/oauth2/token", UriKind.Relative))
        {
            Content = new FormUrlEncodedContent(new Dictionary<string, string>
            {
                ["grant_type"] = "client_credentials",
                ["client_id"] = options.ClientId!,
                ["client_secret"] = options.ClientSecret!,
            }),
        };
        var token = await RequestTokenAsync(request, cancellationToken);

        // There is no expires_in: the org's session policy decides, and a refusal tells.
        return token["access_token"]?.ToString() is { Length: > 0 } value
            ? new IssuedToken(value, null, Uri.TryCreate(token["instance_url"]?.ToString(), UriKind.Absolute, out var instance) ? instance : null)
            : throw new ConnectorException(System, ErrorClass.Contract, "salesforce answered the token request without access_token.");
    }

    /// <summary>Two refusals with 401 are about the app's setup, and a new token would be refused the same way.</summary>
    protected override bool IsTokenRefusal(WireAnswer answer) => base.IsTokenRefusal(answer)
        && !answer.Text.Contains("not attached to Agent", StringComparison.Ordinal)
        && !answer.Text.Contains("not valid for use with the REST API", StringComparison.Ordinal);

    /// <summary>Our own writes come back in change events under this name.</summary>
    protected override void Prepare(HttpRequestMessage request) => request.Headers.TryAddWithoutValidation("Sforce-Call-Options", "client=PsaConsole");

    protected override void Observe(WireAnswer answer)
    {
        if (answer.Header("Sforce-Limit-Info") is { } info && Usage().Match(info) is { Success: true } match
            && long.TryParse(match.Groups[1].ValueSpan, out var used) && long.TryParse(match.Groups[2].ValueSpan, out var limit))
        {
            quotaIsUsedUp = used >= limit;
            RecordQuota(used, limit);
        }
    }

    protected override ConnectorException Classify(WireAnswer answer, CallKind kind)
    {
        var (code, message) = SalesforceErrors.Read(answer.TryJson());
        if (SalesforceErrors.ClassOf(code, message) is not { } errorClass)
        {
            return ByStatus(answer, kind, code, message is null ? null : $"{message} ({code})");
        }

        var problem = Problem(answer, errorClass, code, $"salesforce refused {answer.Call}: {message} ({code})");

        // One code for two limits: the daily quota (hours) and too many long calls at once (seconds); the usage header tells them apart.
        return code == "REQUEST_LIMIT_EXCEEDED" && quotaIsUsedUp ? Later(problem) : problem;
    }

    private static ConnectorException Later(ConnectorException problem) => new(problem.SystemName, problem.Class, $"{problem.Message} The org's daily allowance is used up.")
    {
        VendorCode = problem.VendorCode,
        Status = problem.Status,
        Call = problem.Call,
        Answer = problem.Answer,
        RetryAfter = QuotaWait,
        IsThrottled = true,
    };

    protected override bool IsThrottle(string? vendorCode) => vendorCode == "REQUEST_LIMIT_EXCEEDED";

    private async Task<List<JsonObject>> PagesAsync(string soql, CancellationToken cancellationToken)
    {
        var first = await GetAsync(Data("query?q=" + Uri.EscapeDataString(soql)), cancellationToken);
        return await AllAsync(first.Object(), cancellationToken);
    }

    [GeneratedRegex(@"api-usage=(\d+)/(\d+)")]
    private static partial Regex Usage();
}
