using System.Globalization;
using System.Text.Json.Nodes;
using PsaConsole.Engine.Mapping;
using PsaConsole.Engine.Model;

namespace PsaConsole.Engine.Connectors.Kantata;

/// <summary>
/// Billing milestones with the story whose completion delivers them. https://developer.kantata.com/tag/Billing-Milestones
/// </summary>
public sealed class KantataMilestones(KantataHttp http, MappingSets mappings) : IMilestoneBook
{
    private const string Resource = "billing_milestones";
    private const string Completed = "completed";

    /// <summary>A date begins this much earlier than in Greenwich where it begins first.</summary>
    private static readonly TimeSpan EarliestZone = TimeSpan.FromHours(14);
    private static readonly string[] Associations = ["story", "workspace"];

    public string SystemName => KantataHttp.System;

    public ITarget<PostedMark> Marks { get; } = new KantataMarks(http, "BillingMilestone", "billing_milestone");

    public async Task<Milestone?> ReadAsync(string id, CancellationToken cancellationToken) =>
        (await http.ListWithAsync(Resource, $"only={Uri.EscapeDataString(id)}", Associations, cancellationToken)).FirstOrDefault() is { } milestone
            ? mappings.Read<Milestone>("kantata.billing-milestone.read", milestone)
            : null;

    /// <summary>
    /// Milestones that were changed since then, or whose story was; those that are billed on a date to come rest until then, in a lane of their own. What was
    /// planned only and never touched again says nothing yet.
    /// </summary>
    internal static async Task<IEnumerable<Change>> ReadChangesAsync(KantataHttp http, string since, CancellationToken cancellationToken)
    {
        var milestones = await http.ListWithAsync(Resource, $"updated_after={since}&order=updated_at:asc", Associations, cancellationToken);
        var changes = milestones.Where(item => IsDated(item) || item["story"]?["state"]?.ToString() == Completed || WasTouched(item)).Select(item => ToChange(item, item)).ToList();
        var stories = (await http.ListAsync("stories", $"updated_after={since}&order=updated_at:asc", cancellationToken))
            .Where(story => story["state"]?.ToString() == Completed || WasTouched(story))
            .ToDictionary(story => story["id"]!.ToString());
        foreach (var workspace in stories.Values.Select(story => story["workspace_id"]!.ToString()).Distinct())
        {
            var planned = await http.ListAsync(Resource, $"workspace_id={Uri.EscapeDataString(workspace)}&order=created_at:asc", cancellationToken);
            changes.AddRange(planned
                .Where(item => item["story_id"]?.ToString() is { } story && stories.ContainsKey(story))
                .Select(item => ToChange(item, stories[item["story_id"]!.ToString()])));
        }

        return changes;
    }

    private static Change ToChange(JsonObject milestone, JsonObject changed)
    {
        var (id, at) = (milestone["id"]!.ToString(), changed["updated_at"]!.ToString());
        var change = new Change("milestone", id, at, DateTimeOffset.Parse(at, CultureInfo.InvariantCulture), milestone);
        return IsDated(milestone) && milestone["date_to_invoice"]?.ToString() is { } day
            ? change with { LaneKey = $"milestone:{KantataHttp.System}:{id}:{day}", DueAt = new DateTimeOffset(DateOnly.ParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture), TimeOnly.MinValue, TimeSpan.Zero) - EarliestZone }
            : change;
    }

    private static bool IsDated(JsonObject milestone) => milestone["billing_type"]?.ToString() == "fixed_date";

    private static bool WasTouched(JsonObject record) => record["created_at"]?.ToString() != record["updated_at"]?.ToString();
}
