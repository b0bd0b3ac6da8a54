using System.Globalization;
using System.Text.Json.Nodes;
using PsaConsole.Engine.Connectors;
using PsaConsole.Engine.Finance;
using PsaConsole.Engine.Mapping;
using PsaConsole.Engine.Model;
using PsaConsole.Engine.Policies;

namespace PsaConsole.Engine.Workflows.Postings;

/// <summary>Approved expenses become cost, and unbilled sales where the client pays them, in the books (3-workflows 3f).</summary>
public sealed class ExpenseToErp(IExpenseBook expenses, MappingSets mappings, PostingDesk desk) : PostingWorkflow<Expense>(desk)
{
    public const string WorkflowName = "expense-to-erp";
    private const string Categories = "hub.expense-category";

    public override string Name => WorkflowName;

    public override string SourceType => "expense";

    protected override string SourceSystem => expenses.SystemName;

    protected override string Class => "Expense";

    protected override ITarget<PostedMark> Marks => expenses.Marks;

    public override Task<Expense?> ReadSourceAsync(string id, CancellationToken cancellationToken) => expenses.ReadAsync(id, cancellationToken);

    public override string? ApprovedValues(Expense? source) => source is { Approved: true } ? Values(source) : null;

    public override string ProjectOf(Expense source) => source.ProjectId;

    protected override bool IsInvoiced(Expense source) => source.Invoiced;

    protected override DateOnly WorkDateOf(Expense source) => source.Date;

    protected override string? PersonOf(Expense source) => source.Person;

    protected override string? ReceiptOf(Expense source) => source.Receipt;

    protected override string Title(Expense source) => ExpensePolicy.Subject(source);

    protected override IEnumerable<Step> Preparation(PostingCycle<Expense> cycle)
    {
        yield return ForCycle(cycle, "place", StepKind.Check, "Project and person are known to the books", Desk.Books.SystemName, PlaceAsync);
        yield return ForCycle(cycle, "category", StepKind.Check, "The category is one of the books'", null, SortAsync);
        yield return ForCycle(cycle, "receipt", StepKind.Check, "Receipt and approval are there", SourceSystem, CheckReceiptAsync);
        yield return ForCycle(cycle, "limits", StepKind.Check, "It is within its limits", SourceSystem, CheckLimitsAsync);
        yield return ForCycle(cycle, "price", StepKind.Do, "Cost, tax and charge are known", null, PriceAsync);
        yield return ForCycle(cycle, "period", StepKind.Check, "The accounting period is open", Desk.Books.SystemName, DateAsync);
        yield return ForCycle(cycle, "funding", StepKind.Check, "What is charged fits the contract's limits", Desk.Books.SystemName, FundAsync);
    }

    // 1 Rules

    private Task<StepOutcome<PostingState<Expense>>> SortAsync(StepCall call, PostingState<Expense> state, PostingCycle<Expense> cycle, CancellationToken cancellationToken)
    {
        var found = mappings.Map(Categories, new JsonObject { ["category"] = cycle.Source!.Category }).Record["category"]?.ToString();
        return Task.FromResult(found is not null
            ? Done(With(state, cycle with { Category = found })) with { Message = found }
            : Wait(state, new Finding("PL45", "EXP-503", call.Run.Title, $"{call.Run.Title} waits: the mapping set {Categories} has no category for {cycle.Source.Category}. It goes on by itself when it has one.") { Field = "Category", Expected = "a category of the books", Actual = cycle.Source.Category, Exposure = Paid(cycle.Source), Unmapped = new UnmappedValue(Categories, "category", cycle.Source.Category) }));
    }

    private async Task<StepOutcome<PostingState<Expense>>> CheckReceiptAsync(StepCall call, PostingState<Expense> state, PostingCycle<Expense> cycle, CancellationToken cancellationToken)
    {
        var (expense, pack) = (cycle.Source!, PackOf(cycle.Engagement!));
        var (worth, missing) = await Desk.Exchange.ValueAsync(pack, Paid(expense), expense.Date, call.Run.Title, cancellationToken);
        if (worth is not { } value)
        {
            return Wait(state, missing!);
        }

        var approver = expense.Approver is null ? null : await PersonAsync(expense.Approver, cancellationToken);
        Finding[] findings = [.. ExpensePolicy.Receipt(expense, value, pack.Expenses), .. ExpensePolicy.Approval(expense, approver, Today(pack))];
        return findings.Length == 0 ? Done(state) : Refused(state, findings);
    }

    private async Task<StepOutcome<PostingState<Expense>>> CheckLimitsAsync(StepCall call, PostingState<Expense> state, PostingCycle<Expense> cycle, CancellationToken cancellationToken)
    {
        var (expense, pack) = (cycle.Source!, PackOf(cycle.Engagement!));
        var (worth, missing) = await Desk.Exchange.ValueAsync(pack, Paid(expense), expense.Date, call.Run.Title, cancellationToken);
        if (worth is not { } value)
        {
            return Wait(state, missing!);
        }

        var claimed = await expenses.ReadClaimedAsync(expense, cancellationToken);
        Finding[] findings = [.. ExpensePolicy.Limits(expense, cycle.Category!, value, claimed, pack.Expenses, Today(pack))];
        return findings.Length == 0 ? Done(state) : Refused(state, findings);
    }

    // 2, 3 Tax, exchange and charge

    private async Task<StepOutcome<PostingState<Expense>>> PriceAsync(StepCall call, PostingState<Expense> state, PostingCycle<Expense> cycle, CancellationToken cancellationToken)
    {
        var (expense, engagement, pack) = (cycle.Source!, cycle.Engagement!, PackOf(cycle.Engagement!));
        if (await Desk.Engagements.ReadTermsAsync(engagement, cancellationToken) is not { Project.Currency: { } currency } terms)
        {
            return Wait(state, Missing(call, "Terms", $"the terms of {engagement.Number} can't be read from its deal and its ERP project"));
        }

        var (amounts, why, unknown) = ExpensePricing.Split(expense, pack, call.Run.Title);
        var (paid, paidMissing) = await Desk.Exchange.RateAsync(pack, expense.Currency, expense.Date, call.Run.Title, cancellationToken);
        var (contract, contractMissing) = await Desk.Exchange.RateAsync(pack, currency, expense.Date, call.Run.Title, cancellationToken);
        if (amounts is null)
        {
            return Refused(state, unknown!);
        }

        if (paid is null || contract is null)
        {
            return Wait(state, (paidMissing ?? contractMissing)!);
        }

        List<PricedPosting> priced = [];
        if (pack.Expenses.Book == ExpenseBook.Psa)
        {
            priced.Add(Priced(PostingKind.Cost, amounts.Cost, paid, pack, $"{Paid(expense)}, {why}", "what was spent is a cost, less the tax that comes back"));
        }

        if (expense.Billable && terms.BilledByTime)
        {
            var charge = ExpensePricing.Charge(amounts.Cost, paid, currency, contract, pack);
            priced.Add(Priced(PostingKind.Unbilled, charge, contract, pack, string.Create(CultureInfo.InvariantCulture, $"{amounts.Cost} of cost and {pack.Expenses.MarkUpPercent:0.##} % mark-up"), "the client pays billable expenses"));
        }

        var next = With(state, cycle with { Priced = priced, Engagement = engagement with { CostCenter = terms.Project.CostCenter } });
        return priced.Count == 0
            ? new StepOutcome<PostingState<Expense>>(StepResult.Ended, next) { Message = $"The books of {pack.LegalEntity} have the cost from their own expense reports, and the client is not charged: there is nothing to post." }
            : Done(next) with { Message = string.Join(", ", priced.Select(item => $"{item.Line.Kind} {item.Line.Amount}")) };
    }

    private static PricedPosting Priced(PostingKind kind, Money amount, FxFound rate, EntityPack pack, string why, string rule) => new(
        new PricedLine(kind, Chargeable: true, Hours: 0m, amount.Amount, amount), rate.Rate, rate.Date, FxRates.Convert(amount, rate, pack.Currency, pack.Rounding), why, rate.Source, rule);

    private static Money Paid(Expense expense) => new(expense.Amount, expense.Currency);

    private static string Values(Expense expense) => string.Create(
        CultureInfo.InvariantCulture, $"{expense.ProjectId}|{expense.Person?.ToUpperInvariant()}|{expense.Date:yyyy-MM-dd}|{expense.Category}|{expense.Amount:0.00##}|{expense.Currency}|{expense.Taxable}|{expense.Tax:0.00##}|{expense.Billable}");
}
