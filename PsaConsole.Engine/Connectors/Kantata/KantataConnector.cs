using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using PsaConsole.Engine.Mapping;
using PsaConsole.Engine.Model;

namespace PsaConsole.Engine.Connectors.Kantata;

/// <summary>Kantata OX as the system where projects are planned and staffed.</summary>
public sealed class KantataConnector : IPsa, IChangeSource
{
    private static readonly TimeSpan Overlap = TimeSpan.FromMinutes(2);

    private readonly KantataHttp http;
    private readonly KantataClients clients;
    private readonly KantataPeople people;
    private readonly TimeProvider clock;
    private readonly TimeSpan betweenDeliveries;

    public KantataConnector(KantataHttp http, MappingSets mappings, IOptions<KantataOptions> options, TimeProvider clock)
    {
        this.http = http;
        this.clock = clock;
        betweenDeliveries = TimeSpan.FromSeconds(options.Value.DeliverySeconds);
        var references = new KantataReferences(http);
        clients = new KantataClients(http, references, mappings);
        Projects = new KantataProjects(http, references, mappings);
        Plans = new KantataPlans(http, new KantataRoles(http, mappings), mappings);
        people = new KantataPeople(http, references, mappings);
    }

    public string SystemName => KantataHttp.System;

    public ITarget<Client> Clients => clients;

    public ITarget<Engagement> Projects { get; }

    public ITarget<ProjectPlan> Plans { get; }

    public ITarget<Placement> Consultants => people;

    public Task ProbeAsync(CancellationToken cancellationToken) => http.ProbeAsync(cancellationToken);

    public Task<IReadOnlyList<ClientMatch>> FindClientsAsync(Client client, CancellationToken cancellationToken) => clients.SearchAsync(client, cancellationToken);

    public Task<string?> FindPersonAsync(string address, CancellationToken cancellationToken) => people.FindByAddressAsync(address, cancellationToken);

    public async Task<IReadOnlyList<Commitment>> ReadBookingsAsync(DateRange dates, CancellationToken cancellationToken)
    {
        var range = $"{Day(dates.From)}:{Day(dates.To ?? dates.From.AddYears(1))}";
        // Allocations belong to resources, which belong to people.
        var booked = await http.ListWithAsync("workspace_allocations", $"type=hard&overlaps_with_date_range={range}", ["workspace_resource"], cancellationToken);
        var users = booked.Select(UserOf).OfType<string>().Distinct().ToList();
        var emails = new Dictionary<string, string?>(StringComparer.Ordinal);
        foreach (var some in users.Chunk(150))
        {
            foreach (var user in await http.ListAsync("users", $"only={string.Join(',', some)}", cancellationToken))
            {
                emails[user["id"]!.ToString()] = user["email_address"]?.ToString();
            }
        }

        return [.. booked.Select(allocation => ToCommitment(allocation, emails)).OfType<Commitment>()];
    }

    /// <summary>Projects changed since the newest one read, with an overlap; hard deletes are not seen here (vendor page 5.4).</summary>
    public async Task<ChangePage> ReadChangesAsync(string? cursor, CancellationToken cancellationToken)
    {
        var began = clock.GetUtcNow();
        var known = cursor?.Split(' ') ?? [];
        var since = Parse(known.ElementAtOrDefault(0)) ?? began;

        // What was entered or delivered before the first read is none of ours: the overlap must not reach behind it.
        var first = Parse(known.ElementAtOrDefault(1) ?? known.ElementAtOrDefault(0)) ?? began;
        var delivered = Parse(known.ElementAtOrDefault(2)) ?? since;
        var after = Uri.EscapeDataString(Instant(since - Overlap));
        var changed = await http.ListAsync("workspaces", $"updated_after={after}&include_archived=true&order=updated_at:asc", cancellationToken);
        var bookings = await KantataBookings.ReadChangesAsync(http, after, cancellationToken);
        var lines = Since(since, first);
        var time = await KantataTime.ReadChangesAsync(http, "time_entries", "time-entry", lines, cancellationToken);
        var expenses = await KantataTime.ReadChangesAsync(http, KantataExpenses.Resource, "expense", lines, cancellationToken);
        IEnumerable<Change> milestones = [];
        if (began - delivered >= betweenDeliveries)
        {
            milestones = await KantataMilestones.ReadChangesAsync(http, Since(delivered, first), cancellationToken);
            delivered = began;
        }

        return new ChangePage([.. changed.Select(ToChange), .. bookings, .. time, .. expenses, .. milestones], $"{Instant(began)} {Instant(first)} {Instant(delivered)}", More: false);
    }

    internal static void Register(IServiceCollection services, IConfiguration configuration)
    {
        services.AddConnectorHttp<KantataOptions>(configuration, KantataHttp.System);
        services.AddSingleton<KantataHttp>();
        services.AddSingleton<KantataConnector>();
        services.AddSingleton<IProjectChanges, KantataProjectChanges>();
        services.AddSingleton<IBookings, KantataBookings>();
        services.AddSingleton<ITimeBook, KantataTime>();
        services.AddSingleton<IExpenseBook, KantataExpenses>();
        services.AddSingleton<IMilestoneBook, KantataMilestones>();
        services.AddSingleton<IPsa>(provider => provider.GetRequiredService<KantataConnector>());
        services.AddSingleton<IConnector>(provider => provider.GetRequiredService<KantataConnector>());
        services.AddSingleton<IChangeSource>(provider => provider.GetRequiredService<KantataConnector>());
        services.AddSingleton<INoticeReader>(provider => new SignedNotices(KantataHttp.System, provider.GetRequiredService<IOptions<KantataOptions>>().Value, ["engagement", "assignment", "time-entry", "expense", "milestone"]));
    }

    private static string Since(DateTimeOffset read, DateTimeOffset first) => Uri.EscapeDataString(Instant(read - Overlap < first ? first : read - Overlap));

    private static DateTimeOffset? Parse(string? cursor) => cursor switch
    {
        null => null,
        _ when DateTimeOffset.TryParse(cursor, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var since) => since,
        _ => throw new ConnectorException(KantataHttp.System, ErrorClass.CursorLost, "The stored position in Kantata's changes can't be read. Everything of interest is read again."),
    };

    private static Change ToChange(JsonObject workspace)
    {
        var updated = workspace["updated_at"]!.ToString();
        return new Change("engagement", workspace["id"]!.ToString(), updated, DateTimeOffset.Parse(updated, CultureInfo.InvariantCulture), workspace);
    }

    private static string? UserOf(JsonObject allocation) => allocation["workspace_resource"]?["user_id"]?.ToString();

    private static Commitment? ToCommitment(JsonObject allocation, Dictionary<string, string?> emails)
    {
        return UserOf(allocation) is not { } user || emails.GetValueOrDefault(user) is not { } email
            ? null
            : new Commitment(
                email,
                new DateRange(Date(allocation["start_date"]!), Date(allocation["end_date"]!)),
                decimal.Round(allocation["minutes"]!.GetValue<decimal>() / 60m, 2, MidpointRounding.AwayFromZero));
    }

    private static DateOnly Date(JsonNode node) => DateOnly.ParseExact(node.ToString(), "yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Day(DateOnly date) => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Instant(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
