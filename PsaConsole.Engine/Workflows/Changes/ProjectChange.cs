using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using PsaConsole.Engine.Access;
using PsaConsole.Engine.Approvals;
using PsaConsole.Engine.Connectors;
using PsaConsole.Engine.Finance;
using PsaConsole.Engine.Mapping;
using PsaConsole.Engine.Model;
using PsaConsole.Engine.Policies;
using PsaConsole.Engine.Policies.Changes;
using PsaConsole.Engine.Store;

namespace PsaConsole.Engine.Workflows.Changes;

/// <summary>
/// A deal that changes after its hand-off changes its projects (3-workflows 3h): what differs is captured against what was propagated last, its impact is shown, what
/// must be approved is, then target after target is brought to it in place and read back. Each group of fields is a run of its own, so that none waits for
/// another's decision.
/// </summary>
public sealed class ProjectChange(
    ICrm crm, IErp erp, IPsa psa, ChangeCapture capture, ChangePreview preview, ChangeTargets targets, RetroRates retro, PropagationBook book, Exchange exchange, EntityPacks packs,
    Announcer announcer, ChangedBookings bookings, IDbContextFactory<EngineDbContext> stores, IOptions<EngineOptions> options, TimeProvider time) : Workflow<ChangeJourney>
{
    public const string WorkflowName = "project-change";

    public override string Name => WorkflowName;

    public override TimeSpan? Target { get; } = TimeSpan.FromMinutes(30);

    public override Guid? ShownWith(string state) => Read(state).HandOffRunId;

    public override IReadOnlyDictionary<string, string> EditableFields { get; } = new Dictionary<string, string>
    {
        ["overwrite"] = "Write over what was changed in the target (yes)",
    };

    private DateOnly Today => DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);

    protected override IEnumerable<Step> Steps(ChangeJourney state)
    {
        yield return Step("capture", StepKind.Do, "What has changed is captured", crm.SystemName, CaptureAsync);
        yield return Step("impact", StepKind.Do, "What it would move is known", erp.SystemName, PreviewAsync);
        yield return Step("allowed", StepKind.Check, "It may be carried over", erp.SystemName, CheckAsync);
        yield return Step("approval", StepKind.Check, state.Group == ChangeGroup.Open ? "Nobody has to approve it" : "It is approved", null, ApproveAsync);

        // Finance's fields reach the books first, delivery's the plan.
        IConnector[] order = state.Group == ChangeGroup.Open ? [psa, erp] : [erp, psa];
        foreach (var part in state.Parts)
        {
            foreach (var target in order.Where(target => FieldsIn(target, part).Count > 0))
            {
                var words = target == erp ? "ERP" : "PSA";
                yield return ForPart(part, $"{words.ToLowerInvariant()}:{part.Number}", StepKind.Do, $"{words} project {part.Number} is changed", target, ChangeAsync) with { Undo = (_, written, cancellationToken) => UndoAsync(target, part.Number, written, cancellationToken) };
                yield return ForPart(part, $"{words.ToLowerInvariant()}-verify:{part.Number}", StepKind.Verify, $"{words} project {part.Number} is read back", target, VerifyAsync) with { Redoes = $"{words.ToLowerInvariant()}:{part.Number}" };
            }
        }

        yield return Step("crm", StepKind.Do, "CRM shows the change", crm.SystemName, NoteAsync);
        yield return Step("crm-verify", StepKind.Verify, "The note in CRM is read back", crm.SystemName, VerifyNoteAsync) with { Redoes = "crm" };
        yield return Step("keep", StepKind.Do, "The change is part of the engagement", null, KeepAsync) with { Undo = (_, written, cancellationToken) => ForgetAsync(written, cancellationToken) };
        if (state.Changes.Any(change => change.Field == EngagementFields.BillRates))
        {
            yield return Step("reprice", StepKind.Verify, "Posted hours stand at the new rates", erp.SystemName, RepriceAsync);
        }

        if (state.Changes.Any(change => change.Field is EngagementFields.Start or EngagementFields.End))
        {
            yield return Step("bookings", StepKind.Do, "The bookings of its people are checked again", psa.SystemName, RecheckAsync);
        }

        if (state.Changes.Any(change => change.Class != ChangeClass.Auto))
        {
            yield return Step("notice", StepKind.Do, "Its owner is told", announcer.SystemName, TellAsync);
        }
    }

    protected override void Describe(Run run, ChangeJourney state)
    {
        run.ProjectNumber = state.Project;
        if (state.Deal is { } deal)
        {
            run.Practices = deal.ServiceLine is { } practice ? [practice] : [];
        }

        if (state.Parts.Count > 0)
        {
            run.Title = state.Title.Length <= 300 ? state.Title : state.Title[..299] + "…";
            run.LegalEntity = string.Join(", ", state.Parts.Select(part => part.LegalEntity).Distinct());
            run.Currency = state.Parts[0].Before.Currency;
            run.Amount = state.Group == ChangeGroup.Contract ? Math.Abs(state.Parts.Sum(part => (part.Wanted.ContractValue ?? 0m) - (part.Before.ContractValue ?? 0m))) : null;
        }
    }

    // 1, 2 Capture and classify

    private async Task<StepOutcome<ChangeJourney>> CaptureAsync(StepCall call, ChangeJourney state, CancellationToken cancellationToken)
    {
        if (await BeforeAsync(call.Run, state, cancellationToken) is { } first)
        {
            return first;
        }

        return await ReadAsync(state, cancellationToken);
    }

    /// <summary>PL73: the hand-off goes first, and so does every earlier change of the same fields.</summary>
    private async Task<StepOutcome<ChangeJourney>?> BeforeAsync(Run run, ChangeJourney state, CancellationToken cancellationToken)
    {
        var handOff = await book.HandOffAsync(state.HandOffRunId, cancellationToken);
        if (handOff is null or { Status: RunStatus.Compensated or RunStatus.Compensating or RunStatus.Ended })
        {
            return Ended(state, "The deal was taken back: nothing is left that could be changed.");
        }

        if (handOff.Value.Status != RunStatus.Completed)
        {
            return Wait(state, "The hand-off goes first.");
        }

        var suffix = ":" + Word(state.Group);
        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        var earlier = await store.Runs.AsNoTracking()
            .Where(item => item.LaneKey == run.LaneKey && item.Workflow == WorkflowName && item.BusinessKey.EndsWith(suffix) && item.Id != run.Id && item.StartedAt < run.StartedAt)
            .Where(item => item.Status == RunStatus.Running || item.Status == RunStatus.Waiting || item.Status == RunStatus.WaitingApproval || item.Status == RunStatus.Parked || item.Status == RunStatus.Compensating)
            .OrderBy(item => item.StartedAt)
            .FirstOrDefaultAsync(cancellationToken);
        return earlier switch
        {
            null => null,
            { Status: RunStatus.Parked } => Wait(state, "An earlier change goes first.", new Finding("PL73", "CHG-702", run.Title, $"{earlier.Title} is not carried over yet and needs a person: {earlier.Message} Settle it first; this change then goes on by itself.") { Field = "Earlier change", Expected = "carried over", Actual = "needs a person" }),
            _ => Wait(state, $"{earlier.Title} goes first."),
        };
    }

    private async Task<StepOutcome<ChangeJourney>> ReadAsync(ChangeJourney state, CancellationToken cancellationToken)
    {
        var (_, handOff) = await book.HandOffAsync(state.HandOffRunId, cancellationToken) ?? throw new InvalidOperationException($"The hand-off of {state.Project} is gone.");
        if (await crm.ReadOpportunityAsync(state.OpportunityId, state.SavedAt, cancellationToken) is not { } deal || !DealPolicy.IsWon(deal))
        {
            return Ended(state, "The deal is not won any more.");
        }

        var parts = ChangeCapture.Of(state.Group, await capture.OfAsync(handOff, deal, cancellationToken));
        return parts.Count == 0
            ? Ended(state, "The deal says again what its projects say: nothing is to be carried over.")
            : Done(state with { Project = handOff.Parts[0].Number, Deal = deal, Parts = parts, Impact = null }) with { Message = string.Join("; ", parts.SelectMany(part => part.Changes).Select(change => $"{change.Field} ({change.Why})")) };
    }

    // 3 Impact

    private async Task<StepOutcome<ChangeJourney>> PreviewAsync(StepCall call, ChangeJourney state, CancellationToken cancellationToken)
    {
        if (call.InDoubt && await ReadAsync(state, cancellationToken) is var again)
        {
            return again.Result == StepResult.Done ? await PreviewAsync(again.State, cancellationToken) : again;
        }

        return await PreviewAsync(state, cancellationToken);
    }

    private async Task<StepOutcome<ChangeJourney>> PreviewAsync(ChangeJourney state, CancellationToken cancellationToken)
    {
        var (_, handOff) = await book.HandOffAsync(state.HandOffRunId, cancellationToken) ?? throw new InvalidOperationException($"The hand-off of {state.Project} is gone.");
        List<ChangedPart> imaged = [];
        foreach (var part in state.Parts)
        {
            imaged.Add(part with { ErpImage = await targets.Of(erp).ReadAsync(part.ErpProjectId, cancellationToken), PsaImage = await targets.Of(psa).ReadAsync(part.PsaProjectId, cancellationToken) });
        }

        var impact = await preview.OfAsync(state, handOff, cancellationToken);
        var moved = impact.NewValue - impact.Value;
        return Done(state with { Parts = imaged, Impact = impact }) with
        {
            Message = $"{(moved.Amount == 0m ? "The contract keeps its value" : $"The contract becomes worth {impact.NewValue}")}; {impact.Invoiced} invoiced, {impact.Unbilled} posted and not invoiced; {impact.BookingsBeyond} of {impact.Bookings} bookings reach beyond its dates.",
        };
    }

    // What is not allowed

    private async Task<StepOutcome<ChangeJourney>> CheckAsync(StepCall call, ChangeJourney state, CancellationToken cancellationToken)
    {
        if (call.InDoubt)
        {
            // Its cause is usually put right in the CRM, or in the target.
            var again = await ReadAsync(state, cancellationToken);
            if (again.Result != StepResult.Done)
            {
                return again;
            }

            state = (await PreviewAsync(again.State, cancellationToken)).State;
        }

        return await FindingsAsync(state, cancellationToken) is { Count: > 0 } findings
            ? new(StepResult.Refused, state) { Findings = findings, Detail = JsonSerializer.SerializeToNode(new { findings }, MappingSets.Json) }
            : Done(state);
    }

    private async Task<IReadOnlyList<Finding>> FindingsAsync(ChangeJourney state, CancellationToken cancellationToken)
    {
        var deal = state.Deal!;
        var exposure = state.Impact is { } impact ? (Money?)impact.Value : null;
        List<Finding> findings = [];
        if (state.Impact?.Repriced is { Count: > 0 } repriced)
        {
            var firstOpenDay = await capture.FirstOpenDayAsync(cancellationToken);
            findings.AddRange(repriced.SelectMany(part => RetroRate.TooEarly(part.Value.Since, firstOpenDay, $"{part.Key} {deal.Name}") is { } early ? new[] { early with { Exposure = part.Value.Was } } : []));
        }

        if (state.Changes.Any(change => change.IsFrozen))
        {
            var posted = false;
            foreach (var part in state.Parts)
            {
                posted |= await erp.HasPostingsAsync(part.ErpProjectId, cancellationToken);
            }

            findings.AddRange(ChangePolicy.Refused(state.Changes, posted, deal.Name, exposure));
        }

        foreach (var part in state.Parts)
        {
            findings.AddRange(Missing(part, deal));
            if (part.Fields.Any(field => field is EngagementFields.Milestones or EngagementFields.MilestoneDates or EngagementFields.ContractValue) && DealPolicy.NeedsSchedule(part.Before.BillingType))
            {
                var value = new Money(part.Wanted.ContractValue ?? 0m, part.Before.Currency!);
                findings.AddRange(ScheduleReplan.Plan($"{part.Number} {deal.Name}", value, await preview.BilledAsync(part, cancellationToken), part.Wanted.Schedule, remainderTo: null).Findings);
            }

            findings.AddRange(state.Overwrite == "yes" ? [] : Drifted(part, FieldsIn(erp, part), part.ErpImage, erp.SystemName));
            findings.AddRange(state.Overwrite == "yes" ? [] : Drifted(part, FieldsIn(psa, part), part.PsaImage, psa.SystemName));
        }

        return state.Changes.Any(change => change.Field == EngagementFields.ContractValue) ? [.. findings, .. DealPolicy.ValueTiesOut(deal, tolerancePercent: 0m)] : findings;
    }

    private static IEnumerable<Finding> Missing(ChangedPart part, Opportunity deal) =>
        part.Changes
            .Where(change => change.After is null && change.Field is EngagementFields.Name or EngagementFields.ProjectManager or EngagementFields.Start or EngagementFields.End or EngagementFields.RateCard or EngagementFields.InvoiceFrequency)
            .Select(change => new Finding("PL03", "HND-002", deal.Name, $"{change.Field} was taken away from {deal.Name}, and {part.Number} can't be without. Complete it in the CRM: the change goes on by itself.") { Field = change.Field, Expected = "a value" });

    /// <summary>CHG-702: somebody changed in the target what is to be changed, since it was propagated.</summary>
    private static IEnumerable<Finding> Drifted(ChangedPart part, IReadOnlyList<string> fields, Engagement? held, string systemName) =>
        from field in EngagementFields.All
        where held is not null && fields.Contains(field.Label)
        let actual = field.Value(held!)
        where actual != field.Value(part.Before) && actual != field.Value(part.Wanted)
        select new Finding("PL73", "CHG-702", $"{part.Number} {part.Before.Name}", $"{field.Label} of {part.Number} is {actual ?? "empty"} in {systemName}, where {field.Value(part.Before) ?? "nothing"} was carried over: somebody changed it there. Set it back, or edit and retry with \"yes\" to write {field.Value(part.Wanted) ?? "nothing"} over it.")
        {
            Field = field.Label,
            Expected = field.Value(part.Before),
            Actual = actual,
        };

    // 4 Approve

    private async Task<StepOutcome<ChangeJourney>> ApproveAsync(StepCall call, ChangeJourney state, CancellationToken cancellationToken)
    {
        if (call.InDoubt)
        {
            // Time has passed: what is decided, and what was decided, is about the deal as it is now.
            var again = await CheckAsync(call, state, cancellationToken);
            if (again.Result != StepResult.Done && !call.Run.HasAccepted(again.Findings, Today))
            {
                return again;
            }

            state = again.State;
        }

        if (state.Group == ChangeGroup.Open)
        {
            return Done(state);
        }

        var signed = (await book.HandOffAsync(state.HandOffRunId, cancellationToken))?.State.Read?.Contract?.SignedOn;
        List<ApprovalAsk> asks = [];
        foreach (var part in state.Parts)
        {
            var pack = packs.Of(part.LegalEntity);
            var (value, missing) = await exchange.ValueAsync(pack, ChangeApprovals.Moved(state, part), Today, part.Number, cancellationToken);
            if (value is not { } inBooks)
            {
                return new(StepResult.Refused, state) { Findings = [missing!] };
            }

            asks.Add(ChangeApprovals.Of(state, part, inBooks, pack, ChangeApprovals.Day(signed)));
        }

        return Done(state) with { Asks = asks, Message = string.Join(" ", asks.Select(ask => ask.Reason)) };
    }

    // 5, 6 Apply and verify

    private async Task<StepOutcome<ChangeJourney>> ChangeAsync(StepCall call, ChangeJourney state, IConnector target, ChangedPart part, CancellationToken cancellationToken)
    {
        var id = IdIn(target, part);
        try
        {
            await targets.BringAsync(target, id, await book.WantedAsync(state, part, cancellationToken), FieldsIn(target, part), cancellationToken);
            return Done(state) with { ExternalId = id, Message = string.Join(", ", FieldsIn(target, part)) };
        }
        catch (ConnectorException refused) when (refused.Class is ErrorClass.Business)
        {
            var finding = Partial(call.Run, part, $"{target.SystemName} refused the change: {refused.Message}");
            return new(StepResult.Refused, state) { Findings = [finding], Detail = JsonSerializer.SerializeToNode(new { refused.Call, refused.Status, refused.VendorCode, refused.Answer }, MappingSets.Json) };
        }
    }

    private async Task<StepOutcome<ChangeJourney>> VerifyAsync(StepCall call, ChangeJourney state, IConnector target, ChangedPart part, CancellationToken cancellationToken)
    {
        var wanted = await book.WantedAsync(state, part, cancellationToken);
        if (call.InDoubt)
        {
            // A partial change is finished, not only looked at again: what the target lost is written once more.
            await targets.BringAsync(target, IdIn(target, part), wanted, FieldsIn(target, part), cancellationToken);
        }

        var held = await targets.Of(target).ReadAsync(IdIn(target, part), cancellationToken);
        var fields = EngagementFields.All.Where(field => FieldsIn(target, part).Contains(field.Label)).Select(field => (field.Label, Expected: field.Value(wanted), Actual: held is null ? null : field.Value(held))).ToList();
        Finding[] findings =
        [
            .. fields.Where(field => field.Expected != field.Actual).Select(field => Partial(call.Run, part, $"{field.Label} of {part.Number} is {field.Actual ?? "empty"} in {target.SystemName}, but must be {field.Expected ?? "empty"}.") with { Field = field.Label, Expected = field.Expected, Actual = field.Actual }),
        ];
        JsonNode sides = TargetSteps.Sides(fields);
        return findings.Length == 0 ? Done(state) with { Detail = sides } : new(StepResult.Refused, state) { Findings = findings, Detail = sides };
    }

    /// <summary>CHG-704: some targets have the change, and some do not.</summary>
    private static Finding Partial(Run run, ChangedPart part, string what)
    {
        var verified = run.Steps.Where(step => step is { Kind: StepKind.Verify, Status: StepStatus.Done, SystemName: not null }).Select(step => step.SystemName).Distinct().ToList();
        return new Finding("3h.6", "CHG-704", $"{part.Number} {part.Before.Name}", $"{what} {(verified.Count == 0 ? "No system has the change yet." : $"The change is verified in {string.Join(", ", verified)} only.")} Remove the cause and retry, or take the change back.");
    }

    /// <summary>Writes what the target held before, and nothing beside the fields of this change.</summary>
    private async Task UndoAsync(IConnector target, string number, string written, CancellationToken cancellationToken)
    {
        var part = Read(written).Parts.Single(item => item.Number == number);
        var image = target == erp ? part.ErpImage : part.PsaImage;
        await targets.BringAsync(target, IdIn(target, part), image ?? part.Before, FieldsIn(target, part), cancellationToken);
    }

    private async Task<StepOutcome<ChangeJourney>> NoteAsync(StepCall call, ChangeJourney state, CancellationToken cancellationToken)
    {
        var id = await crm.HandOffs.EnsureAsync(call.OperationKey, await NoteOfAsync(state, cancellationToken), state.OpportunityId, call.InDoubt, cancellationToken);
        return Done(state) with { ExternalId = id };
    }

    private async Task<StepOutcome<ChangeJourney>> VerifyNoteAsync(StepCall call, ChangeJourney state, CancellationToken cancellationToken)
    {
        var (wanted, found) = (await NoteOfAsync(state, cancellationToken), await crm.HandOffs.ReadAsync(state.OpportunityId, cancellationToken));
        // Another group's note may have taken this one's place meanwhile.
        var isNote = found?.Message?.StartsWith("Change ", StringComparison.Ordinal) == true;
        (string Field, string? Expected, string? Actual)[] fields = [("Project number", wanted.ProjectNumber, found?.ProjectNumber), ("Hand-off status", wanted.Status, found?.Status), ("Note", wanted.Message, isNote ? wanted.Message : found?.Message)];
        return fields.All(field => field.Expected == field.Actual)
            ? Done(state) with { Detail = TargetSteps.Sides(fields) }
            : new(StepResult.Refused, state) { Findings = [Partial(call.Run, state.Parts[0], $"{crm.SystemName} does not show the change.")], Detail = TargetSteps.Sides(fields) };
    }

    private async Task<HandOffStatus> NoteOfAsync(ChangeJourney state, CancellationToken cancellationToken) =>
        OpportunityToProject.Status((await book.HandOffAsync(state.HandOffRunId, cancellationToken))!.Value.State) with { Message = $"{state.Title} is verified in PSA and ERP." };

    // 7 Keep, re-check, tell

    private async Task<StepOutcome<ChangeJourney>> KeepAsync(StepCall call, ChangeJourney state, CancellationToken cancellationToken)
    {
        await book.KeepAsync(state, cancellationToken);
        return Done(state) with { ExternalId = state.Project };
    }

    /// <summary>What was priced at the new rates is priced anew at those that hold again.</summary>
    private async Task ForgetAsync(string written, CancellationToken cancellationToken)
    {
        var state = Read(written);
        await book.TakeBackAsync(state, cancellationToken);
        foreach (var part in state.Reversed().Parts.Where(part => part.Fields.Contains(EngagementFields.BillRates)))
        {
            await retro.AskAsync(part, state.HandOffRunId, $"r{state.Revision}-back", cancellationToken);
        }
    }

    private async Task<StepOutcome<ChangeJourney>> RepriceAsync(StepCall call, ChangeJourney state, CancellationToken cancellationToken)
    {
        var left = 0;
        List<Finding> findings = [];
        foreach (var part in state.Parts.Where(part => part.Fields.Contains(EngagementFields.BillRates)))
        {
            var stand = await retro.AskAsync(part, call.Run.Id, $"r{state.Revision}", cancellationToken);
            left += stand.Left;
            findings.AddRange(stand.GivenUp.Count == 0 ? [] : [Partial(call.Run, part, $"{stand.GivenUp.Count} posted {(stand.GivenUp.Count == 1 ? "entry keeps" : "entries keep")} the old rate, since their posting at the new one was turned down ({string.Join(", ", stand.GivenUp.Take(10))}).") with { Field = EngagementFields.BillRates }]);
        }

        return findings.Count > 0 ? new(StepResult.Refused, state) { Findings = findings }
            : left == 0 ? Done(state)
            : Wait(state, $"{left} posted {(left == 1 ? "entry stands" : "entries stand")} at the old rate: taken back and posted anew, each by itself.");
    }

    private async Task<StepOutcome<ChangeJourney>> RecheckAsync(StepCall call, ChangeJourney state, CancellationToken cancellationToken) =>
        Done(state) with { Message = $"{await bookings.AskAsync(state, call.OperationKey, cancellationToken)} bookings" };

    private async Task<StepOutcome<ChangeJourney>> TellAsync(StepCall call, ChangeJourney state, CancellationToken cancellationToken)
    {
        var notice = new Notice
        {
            Title = state.Title,
            Text = $"{state.Deal!.Name}: verified in every system.",
            Facts = [.. state.Changes.Take(10).Select(change => KeyValuePair.Create($"{change.Project} {change.Field}", $"{Told(change.Field, change.Before)} → {Told(change.Field, change.After)}"))],
            Link = $"{options.Value.PublicUrl.TrimEnd('/')}/engagements/{call.Run.Id}",
        };
        var told = await announcer.TellAsync(call.OperationKey, notice, call.InDoubt, cancellationToken);
        return Done(state) with { ExternalId = told.Id, Message = told.Message, Warnings = told.Undelivered is { } finding ? [finding] : [] };
    }

    /// <summary>A notice reaches people who may not see rates.</summary>
    private static string Told(string field, string? value) => Sight.WithoutRates.Show(field, value) ?? "empty";

    // What every step is made of

    private Step ForPart(
        ChangedPart part, string key, StepKind kind, string title, IConnector target, Func<StepCall, ChangeJourney, IConnector, ChangedPart, CancellationToken, Task<StepOutcome<ChangeJourney>>> act) =>
        Step(key, kind, title, target.SystemName, (call, state, cancellationToken) => act(call, state, target, state.Parts.Single(item => item.EngagementId == part.EngagementId), cancellationToken));

    private IReadOnlyList<string> FieldsIn(IConnector target, ChangedPart part) => target == erp ? part.ErpFields : part.PsaFields;

    private string IdIn(IConnector target, ChangedPart part) => target == erp ? part.ErpProjectId : part.PsaProjectId;

    private StepOutcome<ChangeJourney> Wait(ChangeJourney state, string message, params IReadOnlyList<Finding> findings) =>
        new(StepResult.Waiting, state) { Message = message, Findings = findings, Rest = TimeSpan.FromSeconds(options.Value.DependencySeconds) };

    private static StepOutcome<ChangeJourney> Done(ChangeJourney state) => new(StepResult.Done, state);

    private static StepOutcome<ChangeJourney> Ended(ChangeJourney state, string message) => new(StepResult.Ended, state) { Message = message };

    /// <summary>The group in a run's key.</summary>
    internal static string Word(ChangeGroup group) => group.ToString().ToLowerInvariant();
}
