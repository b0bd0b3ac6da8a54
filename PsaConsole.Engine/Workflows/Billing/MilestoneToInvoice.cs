using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using PsaConsole.Engine.Access;
using PsaConsole.Engine.Approvals;
using PsaConsole.Engine.Connectors;
using PsaConsole.Engine.Finance;
using PsaConsole.Engine.Model;
using PsaConsole.Engine.Policies;
using PsaConsole.Engine.Store;
using PsaConsole.Engine.Workflows.Postings;

namespace PsaConsole.Engine.Workflows.Billing;

/// <summary>
/// A milestone that is delivered and accepted is billed (3-workflows 3g): its entry in the ERP's schedule is made ready, the invoice is waited for with the
/// clock of PL61 running, read back, and its number kept in the PSA. The ERP alone makes invoices.
/// </summary>
public sealed class MilestoneToInvoice(
    IMilestoneBook milestones, IBilling billing, IErp erp, EngagementBook engagements, Exchange exchange, EntityPacks packs, IDbContextFactory<EngineDbContext> stores, IOptions<EngineOptions> options, TimeProvider time)
    : Workflow<BillingJourney>
{
    public const string WorkflowName = "milestone-to-invoice";
    private const string Mark = "milestone";

    public override string Name => WorkflowName;

    public override bool IsUrgent => true;

    public override IReadOnlyDictionary<string, string> EditableFields { get; } = new Dictionary<string, string>();

    /// <summary>The system that the milestones are in.</summary>
    public string SourceSystem => milestones.SystemName;

    protected override IEnumerable<Step> Steps(BillingJourney state)
    {
        yield return Step("read", StepKind.Do, "The milestone is delivered", milestones.SystemName, ReadAsync);
        yield return Step("acceptance", StepKind.Check, "The client has accepted", null, AcceptAsync);
        yield return Step("entry", StepKind.Check, "The ERP's schedule has it, equal and complete", billing.SystemName, FindEntryAsync);
        yield return Step("ready", StepKind.Do, "It may be invoiced", billing.SystemName, ReadyAsync) with { Undo = HoldAsync };
        yield return Step("ready-verify", StepKind.Verify, "That it may be invoiced is read back", billing.SystemName, VerifyReadyAsync) with { Redoes = "ready" };
        yield return Step("invoice", StepKind.Verify, "It is on a posted invoice", billing.SystemName, FindInvoiceAsync);
        yield return Step("ack", StepKind.Do, "The PSA keeps the invoice's number", milestones.SystemName, MarkAsync);
        yield return Step("ack-verify", StepKind.Verify, "The number is read back", milestones.SystemName, VerifyMarkAsync) with { Redoes = "ack" };
    }

    protected override void Describe(Run run, BillingJourney state)
    {
        if (state is { Milestone: { } milestone, Engagement: { } engagement })
        {
            run.Title = BillingPolicy.Subject(milestone, engagement.Number);
            run.ProjectNumber = engagement.Number;
            run.LegalEntity = engagement.LegalEntity;
            run.Practices = engagement.Practice is { } practice ? [practice] : [];
            run.Amount = milestone.Amount;
            run.Currency = milestone.Currency;
        }
    }

    /// <summary>The posted invoice line of the milestone, when it is on one.</summary>
    public async Task<InvoiceLine?> InvoicedAsync(BillingJourney state, CancellationToken cancellationToken) =>
        state is { Entry: { } entry, Engagement.ErpProjectId: { } project } ? (await LineAsync(state, entry, project, cancellationToken)).Line : null;

    // 1 Delivered

    private async Task<StepOutcome<BillingJourney>> ReadAsync(StepCall call, BillingJourney state, CancellationToken cancellationToken)
    {
        if (await milestones.ReadAsync(state.MilestoneId, cancellationToken) is not { } milestone)
        {
            return new(StepResult.Ended, state) { Message = "The milestone was deleted in the PSA: there is nothing to bill." };
        }

        var engagement = await engagements.FindAsync(milestone.ProjectId, cancellationToken);
        if (engagement?.ErpProjectId is null)
        {
            return Wait(state, new Finding("PL45", "BIL-601", call.Run.Title, $"{milestone.Name} waits: its project {engagement?.Number ?? milestone.ProjectId} is not verified and open in the ERP yet. It goes on by itself.") { Field = "Project", Expected = "open in the ERP", Exposure = new Money(milestone.Amount, milestone.Currency) });
        }

        var next = state with { Milestone = milestone, Engagement = engagement };
        return milestone.AchievedOn(Today(engagement)) is { } achieved
            ? new(StepResult.Done, next with { AchievedOn = achieved }) { Message = Day(achieved) }
            : milestone.AcceptanceRequired
                ? new(StepResult.Ended, next) { Message = "It is not delivered any more: there is nothing to bill." }
                : new(StepResult.Waiting, next) { Message = $"It is billed on {Day(milestone.DueOn)}.", Rest = Rest };
    }

    // 2 Accepted

    private async Task<StepOutcome<BillingJourney>> AcceptAsync(StepCall call, BillingJourney state, CancellationToken cancellationToken)
    {
        if (!state.Milestone!.AcceptanceRequired)
        {
            return new(StepResult.Done, state) { Message = "Nobody has to accept it: it is billed on its date." };
        }

        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        var found = await store.Acceptances.AsNoTracking().SingleOrDefaultAsync(item => item.SystemName == milestones.SystemName && item.MilestoneId == state.MilestoneId, cancellationToken);
        return found is null
            ? new(StepResult.Waiting, state) { Message = "It is delivered: record the client's acceptance under Billing.", Rest = Rest }
            : new(StepResult.Done, state with { Acceptance = new Acceptance(found.AcceptedBy, found.AcceptedOn, found.Document) }) { Message = $"{found.AcceptedBy}, {Day(found.AcceptedOn)}: {found.Document}" };
    }

    // 3 Entry, amounts, tax, and a second person above the tier

    private async Task<StepOutcome<BillingJourney>> FindEntryAsync(StepCall call, BillingJourney state, CancellationToken cancellationToken)
    {
        var (milestone, engagement) = (state.Milestone!, state.Engagement!);
        if (await erp.Projects.ReadAsync(engagement.ErpProjectId!, cancellationToken) is not { } project)
        {
            return Wait(state, new Finding("PL60", "BIL-601", call.Run.Title, $"{call.Run.Title} can't be billed: the ERP has no project {engagement.Number} any more.") { Field = "Project", Expected = engagement.Number });
        }

        if (project.BillingType != BillingType.FixedMilestone)
        {
            return new(StepResult.Ended, state) { Message = $"The ERP bills {engagement.Number} by its own schedule ({project.BillingType}): nobody has to make this ready." };
        }

        var schedule = await billing.ReadScheduleAsync(engagement.ErpProjectId!, cancellationToken);
        var entry = BillingPolicy.EntryOf(milestone, schedule);
        Finding[] findings = [.. BillingPolicy.Check(milestone, entry, schedule, project)];
        if (findings.Length > 0)
        {
            return Wait(state, findings);
        }

        var pack = packs.Of(engagement.LegalEntity);
        var (value, missing) = await exchange.ValueAsync(pack, new Money(milestone.Amount, milestone.Currency), Today(engagement), call.Run.Title, cancellationToken);
        return value is not { } worth
            ? Wait(state, missing!)
            : new(StepResult.Done, state with { Entry = entry }) { Message = new Money(milestone.Amount, milestone.Currency).ToString(), Asks = worth.Amount > SegregationOfDuties.BillingTier ? [Ask(state, project, worth, pack)] : [] };
    }

    private static ApprovalAsk Ask(BillingJourney state, Engagement project, Money worth, EntityPack pack)
    {
        var (milestone, engagement) = (state.Milestone!, state.Engagement!);
        return new ApprovalAsk
        {
            Kind = ApprovalKind.Billing,
            Key = "SoD-3",
            Subject = BillingPolicy.Subject(milestone, engagement.Number),
            Reason = $"{BillingPolicy.Subject(milestone, engagement.Number)} is {worth}: above {new Money(SegregationOfDuties.BillingTier, pack.Currency)} somebody else than who set the project up lets it be invoiced.",
            LegalEntity = engagement.LegalEntity,
            Impact = new Money(milestone.Amount, milestone.Currency),
            Changes = [new("Ready to invoice", "no", "yes"), new("Delivered", null, Day(state.AchievedOn)), new("Accepted by", null, state.Acceptance is { } accepted ? $"{accepted.By}, {Day(accepted.On)}" : "not needed"), new("Tax code", null, project.TaxCode)],
            Records = [$"Billing schedule of {engagement.Number} in the ERP"],
            Chain = ApprovalTier.Chain(ApprovalKind.Billing, worth, pack.ApprovalTiers),
            Requesters = project.ProjectManager is { Length: > 0 } manager ? [manager] : [],
            Fingerprint = ApprovalAsk.FingerprintOf(new { milestone.Amount, milestone.Currency, milestone.Name, state.AchievedOn, state.Acceptance, project.TaxCode }),
        };
    }

    // 4 Ready

    private async Task<StepOutcome<BillingJourney>> ReadyAsync(StepCall call, BillingJourney state, CancellationToken cancellationToken)
    {
        await billing.SetReadyAsync(state.Engagement!.ErpProjectId!, state.Entry!.Id, state.ReadyOn(), cancellationToken);
        return new(StepResult.Done, state) { ExternalId = state.Entry.Id };
    }

    /// <summary>It may not be invoiced any more; an invoice that was made meanwhile is a case of its own.</summary>
    private Task HoldAsync(string entryId, string written, CancellationToken cancellationToken) =>
        billing.SetReadyAsync(Read(written).Engagement!.ErpProjectId!, entryId, null, cancellationToken);

    private async Task<StepOutcome<BillingJourney>> VerifyReadyAsync(StepCall call, BillingJourney state, CancellationToken cancellationToken)
    {
        var held = (await billing.ReadScheduleAsync(state.Engagement!.ErpProjectId!, cancellationToken)).FirstOrDefault(entry => entry.Id == state.Entry!.Id);
        (string Field, string? Expected, string? Actual)[] fields =
        [
            ("Ready to invoice", "yes", held is { Ready: true } ? "yes" : "no"),
            ("Since", Day(state.ReadyOn()), Day(held?.ReadyOn)),
            ("Entry", state.Entry!.Name, held?.Name),
            ("Amount", Number(state.Milestone!.Amount), Number(held?.Amount)),
        ];
        return fields.All(field => field.Expected == field.Actual)
            ? new(StepResult.Done, state) { Detail = TargetSteps.Sides(fields) }
            : new(StepResult.Refused, state) { Findings = [new Finding("3g.4", "BIL-602", call.Run.Title, $"{call.Run.Title} is not in the ERP's schedule as it was made ready. Look at the entry there, then retry.") { Exposure = new Money(state.Milestone.Amount, state.Milestone.Currency) }], Detail = TargetSteps.Sides(fields) };
    }

    // 5, 6 Invoice, and the clock

    private async Task<StepOutcome<BillingJourney>> FindInvoiceAsync(StepCall call, BillingJourney state, CancellationToken cancellationToken)
    {
        var (line, isAmbiguous) = await LineAsync(state, state.Entry!, state.Engagement!.ErpProjectId!, cancellationToken);
        if (line is not null)
        {
            return new(StepResult.Done, state with { Invoice = line }) { Message = $"{line.Number} of {Day(line.Date)}" };
        }

        List<Finding> findings = [];
        if (isAmbiguous)
        {
            findings.Add(new Finding("3g.5", "BIL-606", call.Run.Title, $"Several invoices in the ERP have a line of {call.Run.Title}'s amount, and none says whose it is. Name the milestone in the line's text; it goes on by itself.") { Field = "Invoice", Expected = "one invoice" });
        }
        else if (Today(state.Engagement) > BillingPolicy.InvoiceBy(state.ReadyOn()))
        {
            findings.Add(BillingPolicy.Late(state.Milestone!, state.Engagement.Number, state.ReadyOn()));
        }

        return new(StepResult.Waiting, state) { Message = $"It waits for its invoice, due by {Day(BillingPolicy.InvoiceBy(state.ReadyOn()))}.", Findings = findings, Rest = Rest };
    }

    private async Task<(InvoiceLine? Line, bool IsAmbiguous)> LineAsync(BillingJourney state, BillingEntry entry, string project, CancellationToken cancellationToken) =>
        BillingPolicy.InvoiceOf(entry, state.ReadyOn(), await billing.ReadInvoicedLinesAsync(project, cancellationToken), await billing.ReadScheduleAsync(project, cancellationToken));

    private async Task<StepOutcome<BillingJourney>> MarkAsync(StepCall call, BillingJourney state, CancellationToken cancellationToken)
    {
        await milestones.Marks.WriteAsync(TargetSteps.KeyOf(Mark, call.Run.Id), Invoiced(state), state.MilestoneId, cancellationToken);
        return new(StepResult.Done, state) { ExternalId = state.MilestoneId, Message = state.Invoice!.Number };
    }

    private async Task<StepOutcome<BillingJourney>> VerifyMarkAsync(StepCall call, BillingJourney state, CancellationToken cancellationToken)
    {
        var found = await milestones.Marks.ReadAsync(state.MilestoneId, cancellationToken);
        if (call.InDoubt && found != Invoiced(state))
        {
            // What the PSA has lost is written once more, not only looked for again.
            await milestones.Marks.WriteAsync(TargetSteps.KeyOf(Mark, call.Run.Id), Invoiced(state), state.MilestoneId, cancellationToken);
            found = await milestones.Marks.ReadAsync(state.MilestoneId, cancellationToken);
        }

        return found == Invoiced(state)
            ? new(StepResult.Done, state)
            : new(StepResult.Refused, state) { Findings = [new Finding("3g.5", "BIL-606", call.Run.Title, $"{call.Run.Title} is invoiced, but {milestones.SystemName} does not keep the invoice's number. Retry.") { Field = "Invoice", Expected = state.Invoice!.Number, Actual = found?.Vouchers }] };
    }

    private static PostedMark Invoiced(BillingJourney state) => new(state.MilestoneId, Locked: true, state.Invoice!.Number);

    private TimeSpan Rest => TimeSpan.FromSeconds(options.Value.DependencySeconds);

    private StepOutcome<BillingJourney> Wait(BillingJourney state, params IReadOnlyList<Finding> findings) => new(StepResult.Waiting, state) { Findings = findings, Rest = Rest };

    /// <summary>Today in the legal entity's own zone.</summary>
    private DateOnly Today(PostingEngagement engagement) =>
        DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(time.GetUtcNow(), TimeZoneInfo.FindSystemTimeZoneById(packs.Of(engagement.LegalEntity).TimeZone)).DateTime);

    private static string? Day(DateOnly? date) => date?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string? Number(decimal? amount) => amount?.ToString("0.00##", CultureInfo.InvariantCulture);
}
