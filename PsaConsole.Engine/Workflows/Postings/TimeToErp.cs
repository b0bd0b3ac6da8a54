using System.Globalization;
using PsaConsole.Engine.Connectors;
using PsaConsole.Engine.Finance;
using PsaConsole.Engine.Model;
using PsaConsole.Engine.Policies;

namespace PsaConsole.Engine.Workflows.Postings;

/// <summary>Approved time becomes cost and unbilled sales in the books (3-workflows 3e): priced at the work date, in an open period, within its limits.</summary>
public sealed class TimeToErp(ITimeBook times, PostingDesk desk) : PostingWorkflow<TimeEntry>(desk)
{
    public const string WorkflowName = "time-to-erp";

    /// <summary>How the key of the step begins that gives hours their rates.</summary>
    internal const string PriceStep = "price";

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
        yield return ForCycle(cycle, "place", StepKind.Check, "Project and person are known to the books", Desk.Books.SystemName, PlaceAsync);
        if (!cycle.Reprice)
        {
            yield return ForCycle(cycle, "rules", StepKind.Check, "Hours and approval may be posted", SourceSystem, CheckAsync);
        }

        yield return ForCycle(cycle, PriceStep, StepKind.Do, "The hours have their rates", null, PriceAsync);
        yield return ForCycle(cycle, "period", StepKind.Check, "The accounting period is open", Desk.Books.SystemName, DateAsync);
        yield return ForCycle(cycle, "funding", StepKind.Check, "The work fits its limits", Desk.Books.SystemName, FundAsync);
    }

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

    // 3 Price

    private async Task<StepOutcome<PostingState<TimeEntry>>> PriceAsync(StepCall call, PostingState<TimeEntry> state, PostingCycle<TimeEntry> cycle, CancellationToken cancellationToken)
    {
        var (entry, engagement) = (cycle.Source!, cycle.Engagement!);
        if (await Desk.Engagements.ReadTermsAsync(engagement, cancellationToken) is not { Project.Currency: { } currency } terms)
        {
            return Wait(state, Missing(call, "Terms", $"the terms of {engagement.Number} can't be read from its deal and its ERP project"));
        }

        var person = await PersonAsync(entry.Person!, cancellationToken);
        var question = Question(entry.Person, entry.Role, person);
        var (cost, costMissing) = PostingRates.Resolve(terms.CostRates, question, entry.WorkDate, currency, "cost", call.Run.Title);
        var (bill, billMissing) = terms.BilledByTime ? PostingRates.Resolve(terms.BillRates, question, entry.WorkDate, currency, "bill", call.Run.Title) : (null, null);

        // Work that is not charged needs no bill rate: its value is shown where there is one.
        billMissing = entry.BillableHours == 0m ? null : billMissing;
        if (cost is null || billMissing is not null)
        {
            return Wait(state, [.. new[] { costMissing, billMissing }.OfType<Finding>()]);
        }

        var pack = PackOf(engagement);
        var (rate, rateMissing) = await Desk.Exchange.RateAsync(pack, currency, entry.WorkDate, call.Run.Title, cancellationToken);
        if (rate is null)
        {
            return Wait(state, rateMissing!);
        }

        var lines = TimePricing.Lines(entry.Hours, entry.BillableHours, terms.BilledByTime, new Money(cost.Amount, currency), bill is null ? null : new Money(bill.Amount, currency), pack.Rounding);
        var priced = lines.Select(line => new PricedPosting(
            line, rate.Rate, rate.Date, FxRates.Convert(line.Amount, rate, pack.Currency, pack.Rounding), Words(line.Kind == PostingKind.Cost ? cost : bill!, question), rate.Source, Rule(line, terms))).ToList();
        return Done(With(state, cycle with { Priced = priced, Engagement = engagement with { CostCenter = terms.Project.CostCenter } })) with
        {
            // Everybody reads what a step says; rates stand with the posting, for those who may see them.
            Message = string.Join(", ", priced.Select(item => string.Create(CultureInfo.InvariantCulture, $"{item.Line.Kind} of {item.Line.Hours:0.##} h"))),
        };
    }

    /// <summary>Whose rate is looked for: a role that the entry names goes before the person's own.</summary>
    internal static RateQuestion Question(string? mail, string? role, Consultant? person) => new(mail, role ?? person?.JobProfile, person?.Level, person?.Country);

    private static string Words(PostingRate rate, RateQuestion question) => string.Create(CultureInfo.InvariantCulture, $"{rate.Amount:0.00##} {rate.Currency} an hour for {question}, from {rate.Source}");

    private static string Rule(PricedLine line, EngagementTerms terms) => line switch
    {
        { Kind: PostingKind.Cost } when !terms.BilledByTime => $"{terms.Project.BillingType} work is cost only",
        { Kind: PostingKind.Cost } => "every hour that was worked costs",
        { Chargeable: true } => "billable hours are sold and not invoiced yet",
        _ => "hours that are not billable are shown at their value, free of charge",
    };

    /// <summary>The role that was named with the hours of a posted line; null when there was none.</summary>
    internal static string? RoleIn(string values) => values.Split('|') is [_, _, _, { Length: > 0 } role, ..] ? role : null;

    private static string Values(TimeEntry entry) => string.Create(
        CultureInfo.InvariantCulture, $"{entry.ProjectId}|{entry.TaskId}|{entry.Person?.ToUpperInvariant()}|{entry.Role}|{entry.WorkDate:yyyy-MM-dd}|{entry.Hours:0.00}|{entry.BillableHours:0.00}");
}
