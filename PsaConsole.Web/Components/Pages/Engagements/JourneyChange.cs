using System.Globalization;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using PsaConsole.Engine.Access;
using PsaConsole.Engine.Approvals;
using PsaConsole.Engine.Mapping;
using PsaConsole.Engine.Policies.Changes;
using PsaConsole.Engine.Store;
using PsaConsole.Engine.Workflows;
using PsaConsole.Engine.Workflows.Changes;
using PsaConsole.Web.Components.Shared;

namespace PsaConsole.Web.Components.Pages.Engagements;

/// <summary>A change of a handed-over deal: its fields before and after, what it moves, where it stands.</summary>
public sealed record JourneyChange(Guid RunId, string Title, string Decided, string State, Tone Tone, string? Message, DateTimeOffset At, IReadOnlyList<ComparedField> Fields)
{
    private const int Most = 20;

    /// <summary>What it would move, or moved, in the words of people.</summary>
    public IReadOnlyList<(string Label, string Value)> Impact { get; init; } = [];

    /// <summary>The approval that it waits for.</summary>
    public long? ApprovalId { get; init; }

    /// <summary>The changes of a hand-off, the newest first; of a change itself only that.</summary>
    public static async Task<IReadOnlyList<JourneyChange>> OfAsync(EngineDbContext store, Run run, Sight sight, CancellationToken cancellationToken)
    {
        List<Run> runs = run.Workflow == ProjectChange.WorkflowName ? [run]
            : run.Workflow == EngagementQueries.HandOff ? await store.Runs.AsNoTracking()
                .Where(item => item.LaneKey == run.LaneKey && item.Workflow == ProjectChange.WorkflowName && item.StartedAt >= run.StartedAt)
                .OrderByDescending(item => item.StartedAt).ThenByDescending(item => item.Id)
                .Take(Most)
                .ToListAsync(cancellationToken)
            : [];
        var ids = runs.Select(item => item.Id).ToList();
        var waiting = (await store.Approvals.AsNoTracking().Where(item => ids.Contains(item.RunId) && item.Status == ApprovalStatus.Waiting).Select(item => new { item.RunId, item.Id }).ToListAsync(cancellationToken)).ToLookup(item => item.RunId, item => item.Id);
        return [.. runs.Select(item => (Run: item, State: JsonSerializer.Deserialize<ChangeJourney>(item.State, MappingSets.Json)!)).Where(item => item.State.Parts.Count > 0 || item.Run.IsLive).Select(item => Of(item.Run, item.State, waiting[item.Run.Id], sight))];
    }

    private static JourneyChange Of(Run run, ChangeJourney change, IEnumerable<long> approvals, Sight sight)
    {
        var (state, tone) = Standings.Of(run.Status);
        var (several, currency) = (change.Parts.Count > 1, change.Parts.Select(part => part.Before.Currency).FirstOrDefault());
        return new JourneyChange(
            run.Id, run.Title, Decision(change.Group), state, tone, run.Message, run.StartedAt,
            [.. change.Changes.Select(item => ComparedField.Of(several ? $"{item.Project} {item.Field}" : item.Field, item.Shown(item.Before, currency), item.Shown(item.After, currency), sight))])
        {
            Impact = change.Impact is { } impact ? [.. Lines(impact, sight)] : [],
            ApprovalId = approvals.Select(id => (long?)id).FirstOrDefault(),
        };
    }

    private static IEnumerable<(string, string)> Lines(ChangeImpact impact, Sight sight)
    {
        yield return ("Contract value", impact.NewValue == impact.Value ? $"stays {impact.Value}" : $"{impact.Value} → {impact.NewValue}");
        yield return ("Planned margin", impact.MarginBefore == impact.MarginAfter ? $"stays {Percent(impact.MarginBefore)}" : $"{Percent(impact.MarginBefore)} → {Percent(impact.MarginAfter)}");
        foreach (var (number, hours) in impact.Repriced)
        {
            var label = string.Create(CultureInfo.InvariantCulture, $"{hours.Hours:0.##} posted h of {number} at the new rate");
            yield return (label, $"{sight.Show(label, hours.Was.ToString())} → {sight.Show(label, hours.Becomes.ToString())}");
            if (hours.Supplementary.Amount != 0m)
            {
                yield return ("Hours on invoices at the new rate", $"{sight.Show(label, hours.Supplementary.ToString())} more or less, billed by nobody but finance");
            }
        }

        yield return ("Invoiced already", impact.Invoiced.ToString());
        yield return ("Posted, not invoiced", impact.Unbilled.ToString());
        yield return ("Frozen in the schedule", impact.Billed.Count == 0 ? "nothing" : string.Join(", ", impact.Billed));
        yield return ("Bookings beyond its dates", string.Create(CultureInfo.InvariantCulture, $"{impact.BookingsBeyond} of {impact.Bookings}"));
    }

    private static string Percent(decimal? share) => share is { } known ? known.ToString("0.0", CultureInfo.InvariantCulture) + " %" : "unknown";

    private static string Decision(ChangeGroup group) => group switch
    {
        ChangeGroup.Open => "Nobody has to approve it",
        ChangeGroup.Finance => "Finance approves it",
        ChangeGroup.Contract => "Finance approves it with the client's amendment",
        _ => throw new ArgumentOutOfRangeException(nameof(group), group, "A change has no such group."),
    };
}
