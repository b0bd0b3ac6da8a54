using System.Globalization;
using PsaConsole.Engine.Connectors;
using PsaConsole.Engine.Finance;
using PsaConsole.Engine.Model;
using PsaConsole.Engine.Policies;

namespace PsaConsole.Engine.Workflows.Postings;

/// <content>The lines: drawn up, sent, read back, and acknowledged in the source.</content>
public abstract partial class PostingWorkflow<TSource>
{
    // Draw up

    private async Task<StepOutcome<PostingState<TSource>>> DrawUpAsync(StepCall call, PostingState<TSource> state, PostingCycle<TSource> cycle, CancellationToken cancellationToken)
    {
        var standing = (await desk.Postings.StandingAsync(SourceSystem, SourceType, state.SourceId, cancellationToken)).Where(row => Touches(cycle, row.Kind, row.Chargeable)).ToList();
        var periods = await Books.ReadPeriodsAsync(cancellationToken);
        var lines = new List<PostingLine>();
        foreach (var original in standing)
        {
            if (AccountingPeriods.ForReversal(periods, original.AccountingDate) is not { } period)
            {
                return Wait(state, NoOpenPeriod(call.Run.Title));
            }

            lines.Add(PostingLine.Reverse(original, period, original.OperationKey + ":reversal"));
        }

        if (cycle.Step != ChainStep.Reverse)
        {
            // A person may have let a closed period pass: then the next open one it is.
            var period = lines.Count > 0 ? new PeriodDecision(lines[0].AccountingDate, periods.First(item => item.Id == lines[0].PeriodId), "the period of its correction")
                : cycle.Period ?? AccountingPeriods.Override(periods, WorkDateOf(cycle.Source!));
            if (period is null)
            {
                return Wait(state, NoOpenPeriod(call.Run.Title));
            }

            lines.AddRange(NewLines(state, cycle, period));
        }

        var message = string.Join(", ", lines.Select(line => line.Hours == 0m ? $"{line.Kind} {new Money(line.Amount, line.Currency)}" : string.Create(CultureInfo.InvariantCulture, $"{line.Kind} of {line.Hours:0.##} h")));
        return Done(With(state, cycle with { Lines = lines })) with { Message = message };
    }

    private IEnumerable<PostingLine> NewLines(PostingState<TSource> state, PostingCycle<TSource> cycle, PeriodDecision period)
    {
        var engagement = cycle.Engagement ?? throw new InvalidOperationException("The engagement of a posting was found and is not known any more.");
        return cycle.Priced.Where(priced => Touches(cycle, priced.Line.Kind, priced.Line.Chargeable)).Select(priced => new PostingLine
        {
            OperationKey = $"{SourceType}:{SourceSystem}:{state.SourceId}:r{cycle.Revision}:{Word(priced.Line.Kind, priced.Line.Chargeable)}:{engagement.LegalEntity}",
            Revision = cycle.Revision,
            Kind = priced.Line.Kind,
            Chargeable = priced.Line.Chargeable,
            Hours = priced.Line.Hours,
            Rate = priced.Line.Rate,
            Amount = priced.Line.Amount.Amount,
            Currency = priced.Line.Amount.Currency,
            FxRate = priced.FxRate,
            FxDate = priced.FxDate,
            AccountingAmount = priced.Accounting.Amount,
            AccountingCurrency = priced.Accounting.Currency,
            WorkDate = WorkDateOf(cycle.Source!),
            AccountingDate = period.AccountingDate,
            PeriodId = period.Period.Id,
            PeriodName = period.Period.Name,
            EngagementId = engagement.Id,
            EngagementNumber = engagement.Number,
            LegalEntity = engagement.LegalEntity,
            ErpProjectId = engagement.ErpProjectId!,
            Person = PersonOf(cycle.Source!),
            CostCenter = engagement.CostCenter,
            Category = cycle.Category,
            Receipt = ReceiptOf(cycle.Source!),
            Values = ApprovedValues(cycle.Source)!,
            Why = new PostingReason { Rate = priced.RateWhy, Exchange = priced.ExchangeWhy, Period = period.Rule, Rule = priced.Rule },
        });
    }

    /// <summary>Another rate concerns only what the client is charged.</summary>
    private static bool Touches(PostingCycle<TSource> cycle, PostingKind kind, bool chargeable) => !cycle.Reprice || (kind == PostingKind.Unbilled && chargeable);

    // Send and read back

    private async Task<StepOutcome<PostingState<TSource>>> SendAsync(StepCall call, PostingState<TSource> state, string operationKey, PostingCycle<TSource> cycle, CancellationToken cancellationToken)
    {
        var line = cycle.Lines.Single(item => item.OperationKey == operationKey);
        var row = await desk.Postings.WriteDownAsync(line, SourceSystem, SourceType, state.SourceId, call.Run.Id, cancellationToken);
        var asked = Asked(row, line.ReversedVoucher);
        try
        {
            // Looked up even when nothing was sent as far as we know: a database that was restored has forgotten what the books have not.
            var known = row.ErpId ?? await Books.Lines.FindAsync(row.OperationKey, cancellationToken);
            if (known is not null && !call.InDoubt && await OthersAsync(asked, known, cancellationToken) is { Count: > 0 } others)
            {
                return Refused(state, Reused(call, line)) with { Detail = TargetSteps.Sides(others) };
            }

            var id = await Books.Lines.EnsureAsync(row.OperationKey, asked, known, call.InDoubt, cancellationToken);
            await desk.Postings.AcceptAsync(row.OperationKey, id, cancellationToken);
            return Done(state) with { ExternalId = id };
        }
        catch (ConnectorException refused) when (refused.Class == ErrorClass.Business)
        {
            return Refused(state, new Finding("3e.6", "TIM-408", call.Run.Title, $"The books refuse {Sentence(line).ToLowerInvariant()}: {refused.Message}") { Exposure = new Money(Math.Abs(line.Amount), line.Currency) });
        }
    }

    /// <summary>The values in which the books' document of this key differs from what is to be sent under it (R60); none when it is the same.</summary>
    private async Task<IReadOnlyList<(string Field, string? Expected, string? Actual)>> OthersAsync(LedgerLine asked, string known, CancellationToken cancellationToken) =>
        [.. PostingContract.Compare(asked, await Books.Lines.ReadAsync(known, cancellationToken)).Where(field => field.Field is not ("Posted" or "Document number") && field.Expected != field.Actual)];

    private static Finding Reused(StepCall call, PostingLine line) =>
        new("R60", "INT-906", call.Run.Title, $"{Sentence(line)}: the books have a document under the key {line.OperationKey} already, with other values. Nothing was sent. Find out where it comes from, and take it back there.") { Field = "Operation key", Actual = line.OperationKey, Exposure = new Money(Math.Abs(line.Amount), line.Currency) };

    private async Task<StepOutcome<PostingState<TSource>>> VerifyAsync(PostingState<TSource> state, PostingCycle<TSource> cycle, string operationKey, CancellationToken cancellationToken)
    {
        var line = cycle.Lines.Single(item => item.OperationKey == operationKey);
        var row = await desk.Postings.OfAsync(operationKey, cancellationToken);
        var found = row.ErpId is null ? null : await Books.Lines.ReadAsync(row.ErpId, cancellationToken);
        var fields = PostingContract.Compare(Asked(row, line.ReversedVoucher), found);
        var detail = TargetSteps.Sides(fields);
        var subject = $"{Sentence(line)} of {cycle.Engagement?.Number ?? line.EngagementNumber}";
        if (found is { Posted: true, Voucher: { } voucher } && fields.All(field => field.Expected == field.Actual))
        {
            await desk.Postings.VerifyAsync(operationKey, voucher, cancellationToken);
            return Done(state) with { Message = $"{voucher}, {line.PeriodName}", Detail = detail };
        }

        var patience = TimeSpan.FromMinutes(desk.Options.Value.PostedWithinMinutes);
        if (found is not null && (row.AcceptedAt ?? row.CreatedAt) + patience > desk.Time.GetUtcNow() && fields.Where(field => field.Field is not ("Posted" or "Document number")).All(field => field.Expected == field.Actual))
        {
            return new StepOutcome<PostingState<TSource>>(StepResult.Waiting, state) { Message = $"{subject} was taken in by the books and is not posted yet.", Rest = TimeSpan.FromMinutes(1), Detail = detail };
        }

        var finding = new Finding("3e.6", "TIM-408", subject, found is null ? $"{subject} is not in the books. Retry." : $"{subject} does not count in the books as it was sent. See the document there, correct it or approve it for posting, then retry.") { Exposure = new Money(Math.Abs(line.Amount), line.Currency) };
        return Refused(state, finding) with { Detail = detail };
    }

    // Acknowledge

    private async Task<StepOutcome<PostingState<TSource>>> MarkAsync(StepCall call, PostingState<TSource> state, PostingCycle<TSource> cycle, CancellationToken cancellationToken)
    {
        if (await ReadSourceAsync(state.SourceId, cancellationToken) is null)
        {
            return Done(state) with { Message = "The record is deleted in the source: there is nothing to lock." };
        }

        var mark = await MarkOfAsync(state, cancellationToken);
        await Marks.WriteAsync(TargetSteps.KeyOf(SourceType, call.Run.Id), mark, state.SourceId, cancellationToken);
        return Done(state) with { ExternalId = state.SourceId, Message = mark.Vouchers };
    }

    private async Task<StepOutcome<PostingState<TSource>>> VerifyMarkAsync(StepCall call, PostingState<TSource> state, PostingCycle<TSource> cycle, CancellationToken cancellationToken)
    {
        if (await ReadSourceAsync(state.SourceId, cancellationToken) is null)
        {
            return Done(state);
        }

        var wanted = await MarkOfAsync(state, cancellationToken);
        var found = await Marks.ReadAsync(state.SourceId, cancellationToken);
        if (call.InDoubt && found != wanted)
        {
            // What the source has lost is written once more, not only looked for again.
            await Marks.WriteAsync(TargetSteps.KeyOf(SourceType, call.Run.Id), wanted, state.SourceId, cancellationToken);
            found = await Marks.ReadAsync(state.SourceId, cancellationToken);
        }

        return found == wanted
            ? Done(state)
            : Refused(state, new Finding("3e.7", "TIM-408", call.Run.Title, $"{call.Run.Title} is posted, but {SourceSystem} does not keep its lock and document numbers. Retry.") { Field = "Document numbers", Expected = wanted.Vouchers, Actual = found?.Vouchers });
    }

    private async Task<PostedMark> MarkOfAsync(PostingState<TSource> state, CancellationToken cancellationToken)
    {
        var standing = await desk.Postings.StandingAsync(SourceSystem, SourceType, state.SourceId, cancellationToken);
        return new PostedMark(state.SourceId, standing.Count > 0, standing.Count > 0 ? string.Join(", ", standing.Select(row => row.Voucher)) : "taken back");
    }

    private LedgerLine Asked(PostingRow row, string? reversedVoucher) => new()
    {
        Kind = row.Kind.ToString(),
        Chargeable = row.Chargeable,
        Class = Class,
        LegalEntity = row.LegalEntity,
        ProjectId = row.ErpProjectId,
        Person = row.Person,
        CostCenter = row.CostCenter,
        Category = row.Category,
        Receipt = row.Receipt,
        WorkDate = row.WorkDate,
        AccountingDate = row.AccountingDate,
        PeriodId = row.PeriodId,
        Hours = row.Hours,
        Amount = row.Amount,
        Currency = row.Currency,
        ExchangeRate = row.FxRate,
        Source = $"{row.SourceType} {row.SystemName} {row.SourceId} r{row.Revision}",
        ReversalOf = row.ReversalOf is null ? null : reversedVoucher,
        Memo = string.Create(CultureInfo.InvariantCulture, $"{row.EngagementNumber} {row.Kind} {row.WorkDate:yyyy-MM-dd}"),
    };

    private static Finding NoOpenPeriod(string title) => new("PL42", "TIM-402", title, $"{title} can't be posted: no accounting period is open from its date on. Open one in the ERP.") { Field = "Accounting period", Expected = "an open period" };

    private static string Word(PostingKind kind, bool chargeable) => (kind, chargeable) switch
    {
        (PostingKind.Cost, _) => "cost",
        (_, true) => "unbilled",
        _ => "unbilled-free",
    };

    private static string NameOf(PostingLine line) => line.ReversalOf is null ? Word(line.Kind, line.Chargeable) : $"{Word(line.Kind, line.Chargeable)}-of-r{line.Revision}-back";

    private static string Sentence(PostingLine line)
    {
        var what = Word(line.Kind, line.Chargeable) switch { "cost" => "Cost", "unbilled" => "Unbilled sales", _ => "Unbilled sales free of charge" };
        return line.ReversalOf is null ? $"{what} is posted" : $"{what} of revision {line.Revision} is taken back";
    }
}
