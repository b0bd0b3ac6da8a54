using System.Globalization;
using System.Text.Json.Nodes;
using PsaConsole.Engine.Mapping;
using PsaConsole.Engine.Model;

namespace PsaConsole.Engine.Connectors.Kantata;

/// <summary>
/// Bookings are allocations of named resources: hard ones take capacity away, soft ones do not. Their minutes are a total over the dates.
/// https://developer.kantata.com/tag/Workspace-Allocations
/// </summary>
public sealed class KantataBookings(KantataHttp http, MappingSets mappings) : IBookings
{
    private const string Resource = "workspace_allocations";
    private const string Kind = "workspace_allocation";
    private static readonly string[] Associations = ["workspace", "workspace_resource"];

    public string SystemName => KantataHttp.System;

    public async Task<Booking?> ReadAsync(string id, CancellationToken cancellationToken) =>
        (await BookingsAsync($"only={Uri.EscapeDataString(id)}", cancellationToken)).SingleOrDefault();

    public async Task<IReadOnlyList<Booking>> ReadOfAsync(string address, DateRange dates, CancellationToken cancellationToken)
    {
        var users = await http.ListAsync("users", $"by_email_address={Uri.EscapeDataString(address)}", cancellationToken);
        return users.FirstOrDefault()?["id"]?.ToString() is { } user
            ? await BookingsAsync($"user_ids={user}&overlaps_with_date_range={Day(dates.From)}:{Day(dates.To ?? dates.From.AddYears(2))}", cancellationToken)
            : [];
    }

    public async Task<IReadOnlyList<Holiday>> ReadHolidaysAsync(CancellationToken cancellationToken) =>
        [.. (await http.ListAsync("holidays", "order=created_at:asc", cancellationToken)).Select(holiday => mappings.Read<Holiday>("kantata.holiday.read", holiday))];

    public Task WriteAsync(string id, BookingTerms terms, CancellationToken cancellationToken) =>
        http.UpdateAsync(Resource, Kind, id, mappings.Write("kantata.booking.write", terms), cancellationToken);

    public async Task<string> AddAsync(string likeId, BookingTerms terms, CancellationToken cancellationToken)
    {
        var like = await http.FindAsync(Resource, likeId, cancellationToken)
            ?? throw new ConnectorException(KantataHttp.System, ErrorClass.Business, $"kantata has no allocation {likeId} any more. Look at the person's bookings again.");
        var resource = like["workspace_resource_id"]!.ToString();
        var wire = mappings.Write("kantata.booking.write", terms);
        var present = await http.ListAsync(Resource, $"workspace_id={like["workspace_id"]}", cancellationToken);
        var equal = present.Find(item => item["workspace_resource_id"]?.ToString() == resource && item["start_date"]?.ToString() == wire["start_date"]?.ToString() && item["end_date"]?.ToString() == wire["end_date"]?.ToString());
        if (equal is not null)
        {
            return equal["id"]!.ToString();
        }

        wire["resource_id"] = resource;
        return (await http.CreateAsync(Resource, Kind, wire, cancellationToken))["id"]!.ToString();
    }

    /// <summary>Allocations changed since then; one that nobody is named for is nobody's work.</summary>
    internal static async Task<IEnumerable<Change>> ReadChangesAsync(KantataHttp http, string since, CancellationToken cancellationToken)
    {
        var changed = await http.ListWithAsync(Resource, $"updated_after={since}&order=updated_at:asc", ["workspace_resource"], cancellationToken);
        return changed.Where(allocation => UserOf(allocation) is not null).Select(allocation => new Change(
            "assignment",
            allocation["id"]!.ToString(),
            allocation["updated_at"]!.ToString(),
            DateTimeOffset.Parse(allocation["updated_at"]!.ToString(), CultureInfo.InvariantCulture),
            null));
    }

    private async Task<List<Booking>> BookingsAsync(string filter, CancellationToken cancellationToken)
    {
        var found = (await http.ListWithAsync(Resource, filter, Associations, cancellationToken)).Where(allocation => UserOf(allocation) is not null).ToList();
        if (found.Count == 0)
        {
            return [];
        }

        var roles = (await http.ListAsync("roles", "order=created_at:asc", cancellationToken)).ToDictionary(role => role["id"]!.ToString(), StringComparer.Ordinal);
        var fields = (await http.ListAsync("custom_fields", "subject_type=Workspace", cancellationToken)).ToDictionary(field => field["id"]!.ToString(), field => field["name"]!.ToString(), StringComparer.Ordinal);
        var users = (await http.ListAsync("users", $"only={string.Join(',', found.Select(UserOf).Distinct())}", cancellationToken)).ToDictionary(user => user["id"]!.ToString(), StringComparer.Ordinal);
        var custom = new Dictionary<string, JsonObject>(StringComparer.Ordinal);
        foreach (var workspace in found.Select(allocation => allocation["workspace_id"]!.ToString()).Distinct())
        {
            var values = await http.ListAsync("custom_field_values", $"subject_type=Workspace&with_subject_id={workspace}", cancellationToken);
            custom[workspace] = new JsonObject(values.Select(value => KeyValuePair.Create(fields.GetValueOrDefault(value["custom_field_id"]!.ToString(), ""), value["value"]?.DeepClone())).DistinctBy(pair => pair.Key));
        }

        return [.. found.Where(allocation => users.ContainsKey(UserOf(allocation)!)).Select(allocation => Read(allocation, users, roles, custom))];
    }

    /// <summary>Allocations belong to resources, which belong to people.</summary>
    private static string? UserOf(JsonObject allocation) => allocation["workspace_resource"]?["user_id"]?.ToString();

    private Booking Read(JsonObject allocation, Dictionary<string, JsonObject> users, Dictionary<string, JsonObject> roles, Dictionary<string, JsonObject> custom)
    {
        allocation["user"] = users[UserOf(allocation)!].DeepClone();
        allocation["custom"] = custom[allocation["workspace_id"]!.ToString()].DeepClone();
        allocation["client_id"] = (allocation["workspace"]?["workspace_group_ids"] as JsonArray)?.FirstOrDefault()?.DeepClone();
        if (allocation["workspace_resource"]?["role_id"]?.ToString() is { } role && roles.TryGetValue(role, out var known))
        {
            allocation["role"] = known.DeepClone();
        }

        return mappings.Read<Booking>("kantata.booking.read", allocation);
    }

    private static string Day(DateOnly date) => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
