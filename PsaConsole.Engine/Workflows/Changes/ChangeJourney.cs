using System.Text.Json.Serialization;
using PsaConsole.Engine.Model;
using PsaConsole.Engine.Policies.Changes;

namespace PsaConsole.Engine.Workflows.Changes;

/// <summary>What one change of a handed-over deal knows while it runs: one group of fields of all its projects.</summary>
public sealed record ChangeJourney
{
    public required string OpportunityId { get; init; }

    /// <summary>The hand-off that set the projects up.</summary>
    public required Guid HandOffRunId { get; init; }

    /// <summary>Number of the deal's first project: what the change is named by.</summary>
    public required string Project { get; init; }

    /// <summary>1 for the first change of the deal after its hand-off.</summary>
    public required int Revision { get; init; }

    public required ChangeGroup Group { get; init; }

    /// <summary>When the deal was saved that began it: an older state shows nothing of it.</summary>
    public DateTimeOffset? SavedAt { get; init; }

    /// <summary>The deal as it was captured.</summary>
    public Opportunity? Deal { get; init; }

    public IReadOnlyList<ChangedPart> Parts { get; init; } = [];

    public ChangeImpact? Impact { get; init; }

    /// <summary>"yes": what somebody changed in a target meanwhile is written over (CHG-702).</summary>
    public string? Overwrite { get; init; }

    /// <summary>Every change, of every project.</summary>
    [JsonIgnore]
    public IEnumerable<FieldChange> Changes => Parts.SelectMany(part => part.Changes);

    /// <summary>The change that takes this one back.</summary>
    public ChangeJourney Reversed() => this with { Parts = [.. Parts.Select(part => part with { Before = part.Wanted, Wanted = part.Before })] };

    /// <summary>What people call it.</summary>
    [JsonIgnore]
    public string Title => $"Change {Revision} of {Project}: {string.Join(", ", Changes.Select(change => change.Field).Distinct())}";
}

/// <summary>What changes of one project.</summary>
public sealed record ChangedPart
{
    public required Guid EngagementId { get; init; }
    public required string Number { get; init; }
    public required string LegalEntity { get; init; }
    public required string PsaProjectId { get; init; }
    public required string ErpProjectId { get; init; }

    /// <summary>As it was propagated last.</summary>
    public required Engagement Before { get; init; }

    /// <summary>The same with this group's fields as they are to be.</summary>
    public required Engagement Wanted { get; init; }

    public required IReadOnlyList<FieldChange> Changes { get; init; }

    /// <summary>The targets as they were before anything was written: what comes back when the change is taken back.</summary>
    public Engagement? ErpImage { get; init; }

    /// <inheritdoc cref="ErpImage"/>
    public Engagement? PsaImage { get; init; }

    [JsonIgnore]
    public IReadOnlyList<string> Fields => [.. Changes.Where(change => !change.IsFrozen).Select(change => change.Field)];

    /// <summary>The fields that the ERP holds.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> ErpFields => [.. EngagementFields.All.Where(known => known.InErp && Fields.Contains(known.Label)).Select(known => known.Label)];

    /// <summary>The fields that the PSA holds.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> PsaFields => [.. EngagementFields.All.Where(known => known.InPsa && Fields.Contains(known.Label)).Select(known => known.Label)];
}

/// <summary>What a change would move, as it was when the change was looked at (3-workflows 3h step 3).</summary>
/// <param name="MarginBefore">Planned, in percent; null where a rate or a cost is missing.</param>
/// <param name="Unbilled">Posted for the client and not invoiced.</param>
/// <param name="Invoiced">On posted invoices.</param>
/// <param name="Billed">Entries of the schedules that are billed or about to be: frozen.</param>
/// <param name="Bookings">Bookings of people on the projects.</param>
/// <param name="BookingsBeyond">Those that reach beyond the new dates.</param>
public sealed record ChangeImpact(Money Value, Money NewValue, decimal? MarginBefore, decimal? MarginAfter, Money Unbilled, Money Invoiced, IReadOnlyList<string> Billed, int Bookings, int BookingsBeyond)
{
    /// <summary>What new bill rates do to hours that are posted, by the part's number; only parts whose rates change.</summary>
    public IReadOnlyDictionary<string, RepricedHours> Repriced { get; init; } = new Dictionary<string, RepricedHours>();
}

/// <summary>Hours that are posted and get another rate.</summary>
/// <param name="Since">The first day of work among them; null when there are none.</param>
/// <param name="Was">What the hours that are not invoiced stand at.</param>
/// <param name="Becomes">What they will stand at.</param>
/// <param name="Supplementary">What invoiced hours would come to more or less: nobody bills it by itself.</param>
public sealed record RepricedHours(DateOnly? Since, decimal Hours, Money Was, Money Becomes, Money Supplementary)
{
    public Money Net => Becomes - Was;

    public static RepricedHours Of(RetroRate retro) => new(retro.Since, retro.Lines.Sum(line => line.Posted.Hours), new Money(-retro.Reversed.Amount, retro.Reversed.Currency), retro.Reposted, retro.Supplementary);
}
