using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using PsaConsole.Engine.Connectors;
using PsaConsole.Engine.Exceptions;
using PsaConsole.Engine.Inbox;
using PsaConsole.Engine.Policies;
using PsaConsole.Engine.Staffing;
using PsaConsole.Engine.Store;

namespace PsaConsole.Engine.Workflows;

/// <summary>What the re-check of a person knows while it runs.</summary>
public sealed record PersonRecheck
{
    /// <summary>HR's employee id.</summary>
    public required string PersonId { get; init; }

    /// <summary>HR's revision that made it run.</summary>
    public required string Why { get; init; }

    public string? PersonName { get; init; }
    public string? LegalEntity { get; init; }
}

/// <summary>
/// Something of a person changed in HR (3-workflows 3i): absence, hours, place, legal entity, role, employment. Facts are read anew, the window is checked
/// from today to the last booking, findings that vanished settle themselves, and what is free now is confirmed. Verified: no confirmed day breaks a rule
/// that blocks without an open case.
/// </summary>
public sealed class StaffingRecheck(StaffingDesk desk, IBookings bookings, IHr hr, IDbContextFactory<EngineDbContext> stores) : Workflow<PersonRecheck>
{
    public override string Name => "staffing-recheck";

    public override TimeSpan? Target { get; } = TimeSpan.FromMinutes(2);

    public override IReadOnlyDictionary<string, string> EditableFields { get; } = new Dictionary<string, string>();

    protected override IEnumerable<Step> Steps(PersonRecheck state)
    {
        yield return Step("facts", StepKind.Do, "HR's facts are read anew", hr.SystemName, RefreshAsync);
        yield return Step("check", StepKind.Check, "The person's whole window is checked", bookings.SystemName, CheckAsync);
        yield return Step("verify", StepKind.Verify, "Every confirmed day that breaks a rule has its case", bookings.SystemName, VerifyAsync) with { Redoes = "check" };
    }

    protected override void Describe(Run run, PersonRecheck state)
    {
        run.Title = state.PersonName ?? run.Title;
        run.LegalEntity = state.LegalEntity;
    }

    private async Task<StepOutcome<PersonRecheck>> RefreshAsync(StepCall call, PersonRecheck state, CancellationToken cancellationToken) =>
        await desk.FactsAsync(state.PersonId, TimeSpan.Zero, cancellationToken) is { } facts
            ? new(StepResult.Done, state with { PersonName = facts.Person.Name, LegalEntity = facts.Person.LegalEntity })
            : new(StepResult.Ended, state) { Message = "Nobody who can be staffed." };

    private async Task<StepOutcome<PersonRecheck>> CheckAsync(StepCall call, PersonRecheck state, CancellationToken cancellationToken)
    {
        var found = await desk.CheckAsync(state.PersonId, cancellationToken);
        await desk.KeepAsync(found, null, call.Run.Id, state.Why, cancellationToken);
        var text = string.Create(CultureInfo.InvariantCulture, $"{found.Bookings.Count} bookings to {found.Window.To:yyyy-MM-dd}: {found.Conflicts.Count(conflict => conflict.IsCase)} conflicts.");
        return new(StepResult.Done, state) { Message = text, Detail = new JsonObject { ["findings"] = JsonSerializer.SerializeToNode(found.Conflicts, StaffingJson.Options) } };
    }

    /// <summary>Checked once more from what the PSA holds now, against the cases that are open now.</summary>
    private async Task<StepOutcome<PersonRecheck>> VerifyAsync(StepCall call, PersonRecheck state, CancellationToken cancellationToken)
    {
        var found = await desk.CheckAsync(state.PersonId, cancellationToken);
        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        var key = StandingCases.KeyOf(state.PersonId);
        var open = await store.ExceptionCases.Where(item => item.BusinessKey == key && (item.Status == CaseStatus.Open || item.Status == CaseStatus.Retrying)).Select(item => item.Code).ToListAsync(cancellationToken);
        var overrides = Overrides.Of(await store.Assignments.AsNoTracking().Where(row => row.PersonId == state.PersonId).ToListAsync(cancellationToken), desk.Today);
        var confirmed = found.Bookings.Where(booking => booking.Hard).Select(booking => booking.Id).ToHashSet(StringComparer.Ordinal);
        var missing = found.Conflicts
            .Where(conflict => overrides.Weigh(conflict, desk.Matrix).Outcome >= ConfirmationOutcome.BlockUnlessOverridden && conflict.Involved.Any(confirmed.Contains) && !open.Contains(conflict.Code))
            .ToList();
        return missing.Count == 0
            ? new(StepResult.Done, state)
            : new(StepResult.Refused, state) { Findings = [.. missing.Select(conflict => new Finding(conflict.Policy, conflict.Code, found.Person.Name, conflict.Message))] };
    }
}

/// <summary>HR changed something of a person: their plan is checked again.</summary>
public sealed class PersonChanges(StaffingRecheck workflow, TimeProvider time) : ChangeHandler
{
    public override string SourceType => "person-changed";

    public override async Task<ChangeOutcome> HandleAsync(EngineDbContext store, InboxItem item, CancellationToken cancellationToken)
    {
        var key = $"recheck:{item.SourceId}:{item.Revision}";
        if (await store.Runs.AnyAsync(run => run.Workflow == workflow.Name && run.BusinessKey == key, cancellationToken))
        {
            return new ChangeOutcome(null, "It is checked already.");
        }

        var now = time.GetUtcNow();
        var run = new Run
        {
            Id = Guid.CreateVersion7(),
            Workflow = workflow.Name,
            BusinessKey = key,
            LaneKey = item.LaneKey,
            Title = $"Person {item.SourceId}",
            State = workflow.Write(new PersonRecheck { PersonId = item.SourceId, Why = item.Revision }),
            OccurredAt = item.OccurredAt,
            StartedAt = now,
            UpdatedAt = now,
        };
        store.Runs.Add(run);
        return new ChangeOutcome(run.Id, "The person's plan is checked again.");
    }
}
