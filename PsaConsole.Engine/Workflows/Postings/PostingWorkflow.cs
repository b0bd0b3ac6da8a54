using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;
using PsaConsole.Engine.Connectors;
using PsaConsole.Engine.Finance;
using PsaConsole.Engine.Mapping;
using PsaConsole.Engine.Model;
using PsaConsole.Engine.Policies;

namespace PsaConsole.Engine.Workflows.Postings;

/// <summary>
/// Brings the books to what the source says of one record (3-workflows 3e, 3f, 3j): what is posted and wrong is taken back exactly, what is approved is
/// checked, priced, posted line by line and read back, and the record is locked with its document numbers. Then the source is read once more: a record
/// that changed meanwhile goes through it again.
/// </summary>
public abstract class PostingWorkflow<TSource>(ILedger ledger, PostingBook book, EntityPacks packs, IOptions<EngineOptions> options, TimeProvider time) : Workflow<PostingState<TSource>>
    where TSource : class
{
    /// <summary>time-entry or expense: the kind of change, and part of every key.</summary>
    public abstract string SourceType { get; }

    /// <summary>The system that the source records are in.</summary>
    protected abstract string SourceSystem { get; }

    protected abstract ITarget<PostedMark> Marks { get; }

    public sealed override IReadOnlyDictionary<string, string> EditableFields { get; } = new Dictionary<string, string>();

    /// <summary>A new run's state.</summary>
    public PostingState<TSource> Begin(string sourceId, int revision) => new() { SourceId = sourceId, Cycles = [new PostingCycle<TSource> { Revision = revision }] };

    /// <summary>The source record as it is now; null when it was deleted.</summary>
    public abstract Task<TSource?> ReadSourceAsync(string id, CancellationToken cancellationToken);

    /// <summary>The values that lines are made of, while the record is approved; null otherwise. Equal values need no new line.</summary>
    public abstract string? ApprovedValues(TSource? source);

    /// <summary>The project in the PSA that the record belongs to.</summary>
    public abstract string ProjectOf(TSource source);

    protected abstract bool IsInvoiced(TSource source);

    protected abstract string Title(TSource source);

    /// <summary>The steps that check and price a new revision, in order; they fill in engagement, prices and period.</summary>
    protected abstract IEnumerable<Step> Preparation(PostingCycle<TSource> cycle);

    protected sealed override IEnumerable<Step> Steps(PostingState<TSource> state) => state.Cycles.SelectMany(StepsOf);

    protected sealed override void Describe(Run run, PostingState<TSource> state)
    {
        var cycle = state.Cycles[^1];
        run.Title = cycle.Source is { } source ? Title(source) : run.Title;
        run.ProjectNumber = cycle.Engagement?.Number ?? run.ProjectNumber;
        run.LegalEntity = cycle.Engagement?.LegalEntity ?? run.LegalEntity;
        if (cycle.Priced.Count > 0)
        {
            var charged = cycle.Priced.Where(priced => priced.Line is { Kind: PostingKind.Unbilled, Chargeable: true }).ToList();
            var counted = charged.Count > 0 ? charged : [.. cycle.Priced];
            run.Amount = counted.Sum(priced => priced.Line.Amount.Amount);
            run.Currency = counted[0].Line.Amount.Currency;
        }
    }

    private IEnumerable<Step> StepsOf(PostingCycle<TSource> cycle)
    {
        yield return ForCycle(cycle, "read", StepKind.Do, "The source record is read, and compared with the books", SourceSystem, ReadAsync);
        foreach (var step in cycle.Step is ChainStep.Post or ChainStep.ReverseAndPost ? Preparation(cycle) : [])
        {
            yield return step;
        }

        if (cycle.Step is ChainStep.Nothing or ChainStep.Cancel or ChainStep.Blocked)
        {
            yield break;
        }

        yield return ForCycle(cycle, "lines", StepKind.Do, "The lines are drawn up", ledger.SystemName, DrawUpAsync);
        foreach (var line in cycle.Lines)
        {
            var name = NameOf(line);
            var send = ForCycle(cycle, "send:" + name, StepKind.Do, Sentence(line), ledger.SystemName, (call, state, current, cancellationToken) => SendAsync(call, state, line.OperationKey, current, cancellationToken));
            yield return send;
            yield return ForCycle(cycle, "verify:" + name, StepKind.Verify, $"{Sentence(line)}, read back", ledger.SystemName, (call, state, current, cancellationToken) => VerifyAsync(state, current, line.OperationKey, cancellationToken)) with { Redoes = send.Key };
        }

        yield return ForCycle(cycle, "ack", StepKind.Do, "The record is locked with its document numbers", SourceSystem, MarkAsync);
        yield return ForCycle(cycle, "ack-verify", StepKind.Verify, "The lock is read back", SourceSystem, VerifyMarkAsync) with { Redoes = Key(cycle, "ack") };
        yield return ForCycle(cycle, "still", StepKind.Check, "The record is still as it was posted", SourceSystem, LookAgainAsync);
    }

    // Read and compare

    private async Task<StepOutcome<PostingState<TSource>>> ReadAsync(StepCall call, PostingState<TSource> state, PostingCycle<TSource> cycle, CancellationToken cancellationToken)
    {
        var (step, source) = await CompareAsync(state.SourceId, cancellationToken);
        var next = With(state, cycle with { Step = step, Source = source });
        return step switch
        {
            ChainStep.Blocked => Refused(next, Invoiced(call.Run.Title)),
            ChainStep.Nothing or ChainStep.Cancel => new StepOutcome<PostingState<TSource>>(StepResult.Ended, next) { Message = "The books say what the source says: there is nothing to post." },
            _ => Done(next),
        };
    }

    private async Task<(ChainStep Step, TSource? Source)> CompareAsync(string sourceId, CancellationToken cancellationToken)
    {
        var source = await ReadSourceAsync(sourceId, cancellationToken);
        var standing = await book.StandingAsync(SourceSystem, SourceType, sourceId, cancellationToken);
        var invoiced = standing.Any(row => row.InvoicedAt is not null) || (source is not null && IsInvoiced(source));
        return (RevisionChain.Next(new BookedState<string>(standing.FirstOrDefault()?.Values, null, invoiced), ApprovedValues(source)), source);
    }

    private static Finding Invoiced(string title) =>
        new("PL44", "TIM-406", title, $"{title} was changed or recalled, but it is on an invoice. Make a credit note first, then retry, or leave it as it is.") { Field = "Invoice", Expected = "not invoiced", Actual = "invoiced" };

    // Draw up

    private async Task<StepOutcome<PostingState<TSource>>> DrawUpAsync(StepCall call, PostingState<TSource> state, PostingCycle<TSource> cycle, CancellationToken cancellationToken)
    {
        var standing = await book.StandingAsync(SourceSystem, SourceType, state.SourceId, cancellationToken);
        var periods = await ledger.ReadPeriodsAsync(cancellationToken);
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

        var message = string.Join(", ", lines.Select(line => $"{line.Kind} {new Money(line.Amount, line.Currency)}"));
        return Done(With(state, cycle with { Lines = lines })) with { Message = message };
    }

    private IEnumerable<PostingLine> NewLines(PostingState<TSource> state, PostingCycle<TSource> cycle, PeriodDecision period)
    {
        var engagement = cycle.Engagement ?? throw new InvalidOperationException("The engagement of a posting was found and is not known any more.");
        return cycle.Priced.Select(priced => new PostingLine
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
            Values = ApprovedValues(cycle.Source)!,
            Why = new PostingReason { Rate = priced.RateWhy, Exchange = priced.ExchangeWhy, Period = period.Rule, Rule = priced.Rule },
        });
    }

    protected abstract DateOnly WorkDateOf(TSource source);

    protected abstract string? PersonOf(TSource source);

    /// <summary>Time or Expense, as the books' mapping sets know it.</summary>
    protected abstract string Class { get; }

    // Send and read back

    private async Task<StepOutcome<PostingState<TSource>>> SendAsync(StepCall call, PostingState<TSource> state, string operationKey, PostingCycle<TSource> cycle, CancellationToken cancellationToken)
    {
        var line = cycle.Lines.Single(item => item.OperationKey == operationKey);
        var row = await book.WriteDownAsync(line, SourceSystem, SourceType, state.SourceId, call.Run.Id, cancellationToken);
        try
        {
            var id = await ledger.Lines.EnsureAsync(row.OperationKey, Asked(row, line.ReversedVoucher), row.ErpId, call.InDoubt, cancellationToken);
            await book.AcceptAsync(row.OperationKey, id, cancellationToken);
            return Done(state) with { ExternalId = id };
        }
        catch (ConnectorException refused) when (refused.Class == ErrorClass.Business)
        {
            return Refused(state, new Finding("3e.6", "TIM-408", call.Run.Title, $"The books refuse {Sentence(line).ToLowerInvariant()}: {refused.Message}") { Exposure = new Money(Math.Abs(line.Amount), line.Currency) });
        }
    }

    private async Task<StepOutcome<PostingState<TSource>>> VerifyAsync(PostingState<TSource> state, PostingCycle<TSource> cycle, string operationKey, CancellationToken cancellationToken)
    {
        var line = cycle.Lines.Single(item => item.OperationKey == operationKey);
        var row = await book.OfAsync(operationKey, cancellationToken);
        var found = row.ErpId is null ? null : await ledger.Lines.ReadAsync(row.ErpId, cancellationToken);
        var fields = PostingContract.Compare(Asked(row, line.ReversedVoucher), found);
        var detail = TargetSteps.Sides(fields);
        var subject = $"{Sentence(line)} of {cycle.Engagement?.Number ?? line.EngagementNumber}";
        if (found is { Posted: true, Voucher: { } voucher } && fields.All(field => field.Expected == field.Actual))
        {
            await book.VerifyAsync(operationKey, voucher, cancellationToken);
            return Done(state) with { Message = $"{voucher}, {line.PeriodName}", Detail = detail };
        }

        var patience = TimeSpan.FromMinutes(options.Value.PostedWithinMinutes);
        if (found is not null && (row.AcceptedAt ?? row.CreatedAt) + patience > time.GetUtcNow() && fields.Where(field => field.Field is not ("Posted" or "Document number")).All(field => field.Expected == field.Actual))
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
        return found == wanted
            ? Done(state)
            : Refused(state, new Finding("3e.7", "TIM-408", call.Run.Title, $"{call.Run.Title} is posted, but {SourceSystem} does not keep its lock and document numbers. Retry.") { Field = "Document numbers", Expected = wanted.Vouchers, Actual = found?.Vouchers });
    }

    private async Task<PostedMark> MarkOfAsync(PostingState<TSource> state, CancellationToken cancellationToken)
    {
        var standing = await book.StandingAsync(SourceSystem, SourceType, state.SourceId, cancellationToken);
        return new PostedMark(state.SourceId, standing.Count > 0, standing.Count > 0 ? string.Join(", ", standing.Select(row => row.Voucher)) : "taken back");
    }

    private async Task<StepOutcome<PostingState<TSource>>> LookAgainAsync(StepCall call, PostingState<TSource> state, PostingCycle<TSource> cycle, CancellationToken cancellationToken)
    {
        var (step, _) = await CompareAsync(state.SourceId, cancellationToken);
        return step is ChainStep.Nothing or ChainStep.Cancel
            ? Done(state)
            : Done(state with { Cycles = [.. state.Cycles, new PostingCycle<TSource> { Revision = cycle.Revision + 1 }] }) with { Message = "The record changed while it was posted: it is corrected." };
    }

    // What steps are made of

    protected Step ForCycle(
        PostingCycle<TSource> cycle, string key, StepKind kind, string title, string? systemName,
        Func<StepCall, PostingState<TSource>, PostingCycle<TSource>, CancellationToken, Task<StepOutcome<PostingState<TSource>>>> act) =>
        Step(Key(cycle, key), kind, title, systemName, (call, state, cancellationToken) => act(call, state, state.Cycles.Single(item => item.Revision == cycle.Revision), cancellationToken));

    protected static PostingState<TSource> With(PostingState<TSource> state, PostingCycle<TSource> cycle) =>
        state with { Cycles = [.. state.Cycles.Select(item => item.Revision == cycle.Revision ? cycle : item)] };

    protected static StepOutcome<PostingState<TSource>> Done(PostingState<TSource> state) => new(StepResult.Done, state);

    protected static StepOutcome<PostingState<TSource>> Refused(PostingState<TSource> state, params IReadOnlyList<Finding> findings) => new(StepResult.Refused, state) { Findings = findings, Detail = Seen(findings) };

    /// <summary>Something that others are about to bring is missing: a case tells them, and the step looks again by itself.</summary>
    protected StepOutcome<PostingState<TSource>> Wait(PostingState<TSource> state, params IReadOnlyList<Finding> findings) =>
        new(StepResult.Waiting, state) { Findings = findings, Detail = Seen(findings), Rest = TimeSpan.FromSeconds(options.Value.DependencySeconds) };

    protected EntityPack PackOf(PostingEngagement engagement) => packs.Of(engagement.LegalEntity);

    /// <summary>Today in the legal entity's own zone.</summary>
    protected DateOnly Today(EntityPack pack) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(time.GetUtcNow(), TimeZoneInfo.FindSystemTimeZoneById(pack.TimeZone)).DateTime);

    private LedgerLine Asked(PostingRow row, string? reversedVoucher) => new()
    {
        Kind = row.Kind.ToString(),
        Chargeable = row.Chargeable,
        Class = Class,
        LegalEntity = row.LegalEntity,
        ProjectId = row.ErpProjectId,
        Person = row.Person,
        CostCenter = row.CostCenter,
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

    private static string Key(PostingCycle<TSource> cycle, string key) => $"{key}:r{cycle.Revision}";

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

    private static JsonNode? Seen(IEnumerable<Finding> findings) => System.Text.Json.JsonSerializer.SerializeToNode(new { findings }, MappingSets.Json);
}
