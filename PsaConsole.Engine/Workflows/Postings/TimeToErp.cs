using System.Globalization;
using Microsoft.Extensions.Options;
using PsaConsole.Engine.Connectors;
using PsaConsole.Engine.Finance;
using PsaConsole.Engine.Model;
using PsaConsole.Engine.Policies;

namespace PsaConsole.Engine.Workflows.Postings;

/// <summary>Approved time becomes cost and unbilled sales in the books (3-workflows 3e): priced at the work date, in an open period, within its limits.</summary>
public sealed class TimeToErp(
    ITimeBook times, IHr hr, ILedger ledger, EngagementBook engagements, PostingBook book, Exchange exchange, EntityPacks packs, IOptions<EngineOptions> options, TimeProvider time)
    : PostingWorkflow<TimeEntry>(ledger, book, packs, options, time)
{
    public const string WorkflowName = "time-to-erp";

    private readonly ILedger books = ledger;
    private readonly PostingBook postings = book;

    public override string Name => WorkflowName;

    public override string SourceType => "time-entry";

    protected override string SourceSystem => times.SystemName;

    protected override string Class => "Time";

    protected override ITarget<PostedMark> Marks => times.Marks;

    public override Task<TimeEntry?> ReadSourceAsync(string id, CancellationToken cancellationToken) => times.ReadAsync(id, cancellationToken);

    public override string? ApprovedValues(TimeEntry? source) => source is { Approved: true } ? Values(source) : null;

    public override string ProjectOf(TimeEntry source) => source.ProjectId;

    protected override bool IsInvoiced(TimeEntry source) => source.Invoiced;

    protected override DateOnly WorkDateOf(TimeEntry source) => source.WorkDate;

    protected override string? PersonOf(TimeEntry source) => source.Person;

    protected override string Title(TimeEntry source) => string.Create(CultureInfo.InvariantCulture, $"{source.Hours:0.##} h of {source.PersonName ?? source.Person ?? "nobody"} on {source.WorkDate:yyyy-MM-dd}");

    protected override IEnumerable<Step> Preparation(PostingCycle<TimeEntry> cycle)
    {
        yield return ForCycle(cycle, "place", StepKind.Check, "Project and person are known to the books", books.SystemName, PlaceAsync);
        yield return ForCycle(cycle, "rules", StepKind.Check, "Hours and approval may be posted", SourceSystem, CheckAsync);
        yield return ForCycle(cycle, "price", StepKind.Do, "The hours have their rates", null, PriceAsync);
        yield return ForCycle(cycle, "period", StepKind.Check, "The accounting period is open", books.SystemName, DateAsync);
        yield return ForCycle(cycle, "funding", StepKind.Check, "The work fits its limits", books.SystemName, FundAsync);
    }

    // 2 Dependencies

    private async Task<StepOutcome<PostingState<TimeEntry>>> PlaceAsync(StepCall call, PostingState<TimeEntry> state, PostingCycle<TimeEntry> cycle, CancellationToken cancellationToken)
    {
        var entry = cycle.Source!;
        var found = await engagements.FindAsync(entry.ProjectId, cancellationToken);
        List<Finding> missing = [];
        if (found?.ErpProjectId is null)
        {
            missing.Add(Missing(call, "Project", $"project {found?.Number ?? entry.ProjectId} is not verified and open in the ERP yet"));
        }

        if (entry.Person is not { } person)
        {
            missing.Add(Missing(call, "Person", "the PSA does not say who worked"));
        }
        else
        {
            missing.AddRange(await PersonAsync(person, cancellationToken) is null ? [Missing(call, "Person in HR", $"HR has nobody with the address {person}")] : []);
            missing.AddRange(await books.KnowsPersonAsync(person, cancellationToken) ? [] : [Missing(call, "Person in ERP", $"the ERP has no active employee with the address {person}")]);
        }

        return missing.Count == 0 ? Done(With(state, cycle with { Engagement = found })) : Wait(state, missing);
    }

    private static Finding Missing(StepCall call, string field, string why) =>
        new("PL45", "TIM-401", call.Run.Title, $"{call.Run.Title} waits: {why}. It goes on by itself when that is there.") { Field = field, Expected = "known to the ERP" };

    // 1 Rules

    private async Task<StepOutcome<PostingState<TimeEntry>>> CheckAsync(StepCall call, PostingState<TimeEntry> state, PostingCycle<TimeEntry> cycle, CancellationToken cancellationToken)
    {
        var entry = cycle.Source!;
        var day = await times.ReadDayAsync(entry, cancellationToken);
        var person = await PersonAsync(entry.Person!, cancellationToken);
        var approver = entry.Approver is null ? null : await PersonAsync(entry.Approver, cancellationToken);
        var today = Today(PackOf(cycle.Engagement!));
        Finding[] findings = [.. TimePolicy.Hours(entry, day, person, today), .. TimePolicy.Approval(entry, approver, today)];
        return findings.Length == 0 ? Done(state) with { Warnings = [.. TimePolicy.Twins(entry, day)] } : Refused(state, findings);
    }

    private async Task<Consultant?> PersonAsync(string email, CancellationToken cancellationToken) =>
        (await hr.ReadConsultantsAsync(cancellationToken)).FirstOrDefault(person => string.Equals(person.Email, email, StringComparison.OrdinalIgnoreCase));

    // 3 Price

    private async Task<StepOutcome<PostingState<TimeEntry>>> PriceAsync(StepCall call, PostingState<TimeEntry> state, PostingCycle<TimeEntry> cycle, CancellationToken cancellationToken)
    {
        var (entry, engagement) = (cycle.Source!, cycle.Engagement!);
        if (await engagements.ReadTermsAsync(engagement, cancellationToken) is not { Project.Currency: { } currency } terms)
        {
            return Wait(state, Missing(call, "Terms", $"the terms of {engagement.Number} can't be read from its deal and its ERP project"));
        }

        var person = await PersonAsync(entry.Person!, cancellationToken);
        var question = new RateQuestion(entry.Person, entry.Role ?? person?.JobProfile, person?.Level, person?.Country);
        var (cost, costMissing) = PostingRates.Resolve(terms.CostRates, question, entry.WorkDate, currency, "cost", call.Run.Title);
        var (bill, billMissing) = terms.BilledByTime ? PostingRates.Resolve(terms.BillRates, question, entry.WorkDate, currency, "bill", call.Run.Title) : (null, null);

        // Work that is not charged needs no bill rate: its value is shown where there is one.
        billMissing = entry.BillableHours == 0m ? null : billMissing;
        if (cost is null || billMissing is not null)
        {
            return Wait(state, [.. new[] { costMissing, billMissing }.OfType<Finding>()]);
        }

        var pack = PackOf(engagement);
        var (rate, rateMissing) = await exchange.RateAsync(pack, currency, entry.WorkDate, call.Run.Title, cancellationToken);
        if (rate is null)
        {
            return Wait(state, rateMissing!);
        }

        var lines = TimePricing.Lines(entry.Hours, entry.BillableHours, terms.BilledByTime, new Money(cost.Amount, currency), bill is null ? null : new Money(bill.Amount, currency), pack.Rounding);
        var priced = lines.Select(line => new PricedPosting(
            line, rate.Rate, rate.Date, FxRates.Convert(line.Amount, rate, pack.Currency, pack.Rounding), Words(line.Kind == PostingKind.Cost ? cost : bill!, question), rate.Source, Rule(line, terms))).ToList();
        return Done(With(state, cycle with { Priced = priced, Engagement = engagement with { CostCenter = terms.Project.CostCenter } })) with
        {
            Message = string.Join(", ", priced.Select(item => string.Create(CultureInfo.InvariantCulture, $"{item.Line.Kind} {item.Line.Hours:0.##} h × {item.Line.Rate:0.00##} = {item.Line.Amount}"))),
        };
    }

    private static string Words(PostingRate rate, RateQuestion question) => string.Create(CultureInfo.InvariantCulture, $"{rate.Amount:0.00##} {rate.Currency} an hour for {question}, from {rate.Source}");

    private static string Rule(PricedLine line, EngagementTerms terms) => line switch
    {
        { Kind: PostingKind.Cost } when !terms.BilledByTime => $"{terms.Project.BillingType} work is cost only",
        { Kind: PostingKind.Cost } => "every hour that was worked costs",
        { Chargeable: true } => "billable hours are sold and not invoiced yet",
        _ => "hours that are not billable are shown at their value, free of charge",
    };

    // 4 Period

    private async Task<StepOutcome<PostingState<TimeEntry>>> DateAsync(StepCall call, PostingState<TimeEntry> state, PostingCycle<TimeEntry> cycle, CancellationToken cancellationToken)
    {
        var periods = await books.ReadPeriodsAsync(cancellationToken);
        var pack = PackOf(cycle.Engagement!);

        // What corrects a line that is taken back, or was, lands where that lands.
        var corrected = cycle.Step == ChainStep.ReverseAndPost
            ? (await postings.StandingAsync(SourceSystem, SourceType, state.SourceId, cancellationToken)).FirstOrDefault()
            : await postings.LastReversalAsync(SourceSystem, SourceType, state.SourceId, cancellationToken);
        if (corrected is not null && AccountingPeriods.ForReversal(periods, corrected.AccountingDate) is { } same)
        {
            return Done(With(state, cycle with { Period = same with { Rule = "the period of what it corrects" } }));
        }

        var worth = cycle.Priced.Select(priced => priced.Accounting).Max();
        var (decision, finding) = AccountingPeriods.Decide(periods, cycle.Source!.WorkDate, Today(pack), worth, pack.LatePostings, call.Run.Title);
        return decision is null ? Wait(state, finding!) : Done(With(state, cycle with { Period = decision })) with { Message = $"{decision.Period.Name}: {decision.Rule}" };
    }

    // 5 Limits

    private async Task<StepOutcome<PostingState<TimeEntry>>> FundAsync(StepCall call, PostingState<TimeEntry> state, PostingCycle<TimeEntry> cycle, CancellationToken cancellationToken)
    {
        var engagement = cycle.Engagement!;
        var charged = cycle.Priced.Where(priced => priced.Line is { Kind: PostingKind.Unbilled, Chargeable: true }).Select(priced => priced.Line.Amount).ToList();
        var terms = await engagements.ReadTermsAsync(engagement, cancellationToken);
        if (charged.Count == 0 || terms?.Project.NotToExceed is not { } limit)
        {
            return Done(state);
        }

        // What is taken back with this very correction makes room for it.
        var returned = (await postings.StandingAsync(SourceSystem, SourceType, state.SourceId, cancellationToken)).Where(row => row is { Kind: PostingKind.Unbilled, Chargeable: true }).Sum(row => row.Amount);
        var committed = await postings.CommittedAsync(engagement.Id, cancellationToken) - returned;
        var invoiced = await books.ReadInvoicedAsync(engagement.ErpProjectId!, cancellationToken);
        Finding[] findings = [.. Funding.Check([new FundingLimit(FundingLevel.Contract, $"the contract of {engagement.Number}", limit, invoiced, committed)], charged.Aggregate((left, right) => left + right), call.Run.Title)];
        return findings.Length == 0 ? Done(state) : Wait(state, findings);
    }

    private static string Values(TimeEntry entry) => string.Create(
        CultureInfo.InvariantCulture, $"{entry.ProjectId}|{entry.TaskId}|{entry.Person?.ToUpperInvariant()}|{entry.Role}|{entry.WorkDate:yyyy-MM-dd}|{entry.Hours:0.00}|{entry.BillableHours:0.00}");
}
