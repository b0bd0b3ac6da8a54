using System.Net.Http.Json;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;

namespace PsaConsole.Engine.Connectors.Kantata;

/// <summary>Calls of the Kantata OX API v1: collection envelopes over all their pages, wrapped bodies, errors.</summary>
public sealed class KantataHttp : ConnectorHttp
{
    public const string System = "kantata";
    private const int PageSize = 200;
    private const int MostAtOnce = 100;

    private readonly KantataOptions options;

    public KantataHttp(IOptions<KantataOptions> options, IHttpClientFactory clients, ConnectorHealth health, TimeProvider clock)
        : base(System, options.Value, clients, health, clock) => this.options = options.Value;

    /// <summary>Every record that a list call finds, newest first unless the query orders them. The order of `results` counts; the dictionary beside it has none.</summary>
    /// <param name="query">Filters, without page and page size.</param>
    public async Task<List<JsonObject>> ListAsync(string resource, string query, CancellationToken cancellationToken)
    {
        var found = new List<JsonObject>();
        await foreach (var envelope in PagesAsync(resource, query, cancellationToken))
        {
            found.AddRange(Records(envelope, resource));
        }

        return found;
    }

    /// <summary>
    /// As <see cref="ListAsync"/>, with the records that each is associated with in a property of the association's name: one where the record points to
    /// it (role), a list where it holds ids (external_references).
    /// </summary>
    public async Task<List<JsonObject>> ListWithAsync(string resource, string query, string[] associations, CancellationToken cancellationToken)
    {
        var found = new List<JsonObject>();
        await foreach (var envelope in PagesAsync(resource, $"{query}&include={string.Join(',', associations)}", cancellationToken))
        {
            foreach (var record in Records(envelope, resource))
            {
                foreach (var name in associations)
                {
                    record[name] = record[$"{name}_id"] is { } id
                        ? envelope[Plural(name)]?[id.ToString()]?.DeepClone()
                        : new JsonArray([.. (record[$"{name[..^1]}_ids"] as JsonArray ?? []).Select(one => envelope[name]?[one!.ToString()]?.DeepClone())]);
                }

                found.Add(record);
            }
        }

        return found;
    }

    /// <summary>The cheapest call; also sent while the connector is paused.</summary>
    public Task ProbeAsync(CancellationToken cancellationToken) => PageAsync("roles", "limit=1", 1, CallKind.Probe, cancellationToken);

    /// <summary>The record, archived or not; null when it is not there. Asked for through the list, which answers what exists and never 404.</summary>
    public async Task<JsonObject?> FindAsync(string resource, string id, CancellationToken cancellationToken) =>
        (await ListAsync(resource, $"only={Uri.EscapeDataString(id)}&include_archived=true", cancellationToken)).FirstOrDefault();

    /// <summary>Creates a record; answers it.</summary>
    /// <param name="resource">The resource, or an action of it such as external_references/create_or_update.</param>
    public async Task<JsonObject> CreateAsync(string resource, string wrapper, JsonObject record, CancellationToken cancellationToken) =>
        Records(await WriteAsync(HttpMethod.Post, $"/api/v1/{resource}.json", wrapper, record, cancellationToken), resource.Split('/')[0]).First();

    /// <summary>Creates records in calls of a hundred, the most that one call may create; answers them in their order.</summary>
    public async Task<IReadOnlyList<JsonObject>> CreateAllAsync(string resource, IReadOnlyList<JsonObject> records, CancellationToken cancellationToken)
    {
        var created = new List<JsonObject>();
        foreach (var some in records.Chunk(MostAtOnce))
        {
            created.AddRange(Records(await WriteAsync(HttpMethod.Post, $"/api/v1/{resource}.json", resource, new JsonArray([.. some]), cancellationToken), resource));
        }

        return created;
    }

    public Task UpdateAsync(string resource, string wrapper, string id, JsonObject changes, CancellationToken cancellationToken) =>
        WriteAsync(HttpMethod.Put, $"/api/v1/{resource}/{Uri.EscapeDataString(id)}.json", wrapper, changes, cancellationToken);

    /// <summary>Deletes a record for good.</summary>
    public async Task DeleteAsync(string resource, string id, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Delete, new Uri($"/api/v1/{resource}/{Uri.EscapeDataString(id)}.json", UriKind.Relative));
        await SendAsync(request, CallKind.Write, cancellationToken);
    }

    /// <summary>An action of a record, such as deactivating a membership; repeatable.</summary>
    public async Task ActAsync(string resource, string id, string action, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, new Uri($"/api/v1/{resource}/{Uri.EscapeDataString(id)}/{action}.json", UriKind.Relative));
        await SendAsync(request, CallKind.Write, cancellationToken);
    }

    /// <summary>The records of an envelope in the order of its results.</summary>
    public static IEnumerable<JsonObject> Records(JsonObject envelope, string resource) =>
        from result in (envelope["results"] as JsonArray ?? []).OfType<JsonObject>()
        let record = envelope[resource]?[result["id"]!.ToString()] as JsonObject
        where record is not null
        select record.DeepClone().AsObject();

    /// <summary>The token does not expire: it lives until an administrator revokes it.</summary>
    protected override Task<IssuedToken> IssueAsync(CancellationToken cancellationToken) => Task.FromResult(new IssuedToken(options.AccessToken!, null, null));

    protected override ConnectorException Classify(WireAnswer answer, CallKind kind)
    {
        var error = (answer.TryJson()?["errors"] as JsonArray)?.OfType<JsonObject>().FirstOrDefault();
        var message = error?["message"]?.ToString();
        var field = error?["field"]?.ToString();
        var type = error?["type"]?.ToString();

        // 403 is a right that the token's user lacks on one record, not a refusal of the token.
        return answer.Status == 403
            ? Problem(answer, ErrorClass.Business, type, $"kantata refused {answer.Call}: {message}. Give the integration's user the right.")
            : ByStatus(answer, kind, type, message is null ? null : field is null ? message : $"{message} ({field})");
    }

    /// <summary>The collection in which an association's records come: stories for story.</summary>
    private static string Plural(string association) => association.EndsWith('y') ? $"{association[..^1]}ies" : $"{association}s";

    private async IAsyncEnumerable<JsonObject> PagesAsync(string resource, string query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var page = 1; ; page++)
        {
            var envelope = await PageAsync(resource, query, page, CallKind.Read, cancellationToken);
            yield return envelope;
            if (page >= ((int?)envelope["meta"]?["page_count"] ?? 1))
            {
                yield break;
            }
        }
    }

    private async Task<JsonObject> PageAsync(string resource, string query, int page, CallKind kind, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"/api/v1/{resource}.json?{query}&per_page={PageSize}&page={page}", UriKind.Relative));
        return (await SendAsync(request, kind, cancellationToken)).Object();
    }

    private async Task<JsonObject> WriteAsync(HttpMethod method, string address, string wrapper, JsonNode record, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, new Uri(address, UriKind.Relative)) { Content = JsonContent.Create(new JsonObject { [wrapper] = record.DeepClone() }) };
        return (await SendAsync(request, CallKind.Write, cancellationToken)).Object();
    }
}
