using PsaConsole.Engine.Finance;
using PsaConsole.Engine.Model;
using PsaConsole.Engine.Policies;

namespace PsaConsole.Engine.Workflows.Postings;

/// <content>What every kind of posting is checked for before a line is drawn up: that the books know whose it is, an open period, and the contract's limits.</content>
public abstract partial class PostingWorkflow<TSource>
{
    // 2 Dependencies

    protected async Task<StepOutcome<PostingState<TSource>>> PlaceAsync(StepCall call, PostingState<TSource> state, PostingCycle<TSource> cycle, CancellationToken cancellationToken)
    {
        var source = cycle.Source!;
        var found = await desk.Engagements.FindAsync(ProjectOf(source), cancellationToken);
        List<Finding> missing = [];
        if (found?.ErpProjectId is null)
        {
            missing.Add(Missing(call, "Project", $"project {found?.Number ?? ProjectOf(source)} is not verified and open in the ERP yet"));
        }

        if (PersonOf(source) is not { } person)
        {
            missing.Add(Missing(call, "Person", "the PSA does not say whose it is"));
        }
        else
        {
            missing.AddRange(await PersonAsync(person, cancellationToken) is null ? [Missing(call, "Person in HR", $"HR has nobody with the address {person}")] : []);
            missing.AddRange(await Books.KnowsPersonAsync(person, cancellationToken) ? [] : [Missing(call, "Person in ERP", $"the ERP has no active employee with the address {person}")]);
        }

        return missing.Count == 0 ? Done(With(state, cycle with { Engagement = found })) : Wait(state, missing);
    }

    protected static Finding Missing(StepCall call, string field, string why) =>
        new("PL45", "TIM-401", call.Run.Title, $"{call.Run.Title} waits: {why}. It goes on by itself when that is there.") { Field = field, Expected = "known to the ERP" };

    protected async Task<Consultant?> PersonAsync(string email, CancellationToken cancellationToken) =>
        (await desk.Hr.ReadConsultantsAsync(cancellationToken)).FirstOrDefault(person => string.Equals(person.Email, email, StringComparison.OrdinalIgnoreCase));

    // 4 Period

    protected async Task<StepOutcome<PostingState<TSource>>> DateAsync(StepCall call, PostingState<TSource> state, PostingCycle<TSource> cycle, CancellationToken cancellationToken)
    {
        var periods = await Books.ReadPeriodsAsync(cancellationToken);
        var pack = PackOf(cycle.Engagement!);

        // What corrects a line that is taken back, or was, lands where that lands.
        var corrected = cycle.Step == ChainStep.ReverseAndPost
            ? (await desk.Postings.StandingAsync(SourceSystem, SourceType, state.SourceId, cancellationToken)).FirstOrDefault()
            : await desk.Postings.LastReversalAsync(SourceSystem, SourceType, state.SourceId, cancellationToken);
        if (corrected is not null && AccountingPeriods.ForReversal(periods, corrected.AccountingDate) is { } same)
        {
            return Done(With(state, cycle with { Period = same with { Rule = "the period of what it corrects" } }));
        }

        var worth = cycle.Priced.Select(priced => priced.Accounting).Max();
        var (decision, finding) = AccountingPeriods.Decide(periods, WorkDateOf(cycle.Source!), Today(pack), worth, pack.LatePostings, call.Run.Title);
        return decision is null ? Wait(state, finding!) : Done(With(state, cycle with { Period = decision })) with { Message = $"{decision.Period.Name}: {decision.Rule}" };
    }

    // 5 Limits

    protected async Task<StepOutcome<PostingState<TSource>>> FundAsync(StepCall call, PostingState<TSource> state, PostingCycle<TSource> cycle, CancellationToken cancellationToken)
    {
        var engagement = cycle.Engagement!;
        var charged = cycle.Priced.Where(priced => priced.Line is { Kind: PostingKind.Unbilled, Chargeable: true }).Select(priced => priced.Line.Amount).ToList();
        var terms = await desk.Engagements.ReadTermsAsync(engagement, cancellationToken);
        if (charged.Count == 0 || terms?.Project.NotToExceed is not { } limit)
        {
            return Done(state);
        }

        // What is taken back with this very correction makes room for it.
        var returned = (await desk.Postings.StandingAsync(SourceSystem, SourceType, state.SourceId, cancellationToken)).Where(row => row is { Kind: PostingKind.Unbilled, Chargeable: true }).Sum(row => row.Amount);
        var committed = await desk.Postings.CommittedAsync(engagement.Id, cancellationToken) - returned;
        var invoiced = await Books.ReadInvoicedAsync(engagement.ErpProjectId!, cancellationToken);
        Finding[] findings = [.. Funding.Check([new FundingLimit(FundingLevel.Contract, $"the contract of {engagement.Number}", limit, invoiced, committed)], charged.Aggregate((left, right) => left + right), call.Run.Title)];
        return findings.Length == 0 ? Done(state) : Wait(state, findings);
    }
}
