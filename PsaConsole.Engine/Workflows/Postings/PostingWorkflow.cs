using System.Text.Json.Nodes;
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
public abstract partial class PostingWorkflow<TSource>(PostingDesk desk) : Workflow<PostingState<TSource>>
    where TSource : class
{
    protected PostingDesk Desk => desk;

    private ILedger Books => desk.Books;

    /// <summary>time-entry or expense: the kind of change, and part of every key.</summary>
    public abstract string SourceType { get; }

    public sealed override bool IsUrgent => true;

    public sealed override TimeSpan? Target { get; } = TimeSpan.FromHours(4);

    /// <summary>The system that the source records are in.</summary>
    protected abstract string SourceSystem { get; }

    protected abstract ITarget<PostedMark> Marks { get; }

    public sealed override IReadOnlyDictionary<string, string> EditableFields { get; } = new Dictionary<string, string>();

    /// <summary>A new run's state.</summary>
    /// <param name="reprice">The record has not changed, its rate has.</param>
    public PostingState<TSource> Begin(string sourceId, int revision, bool reprice) => new() { SourceId = sourceId, Cycles = [new PostingCycle<TSource> { Revision = revision, Reprice = reprice }] };

    /// <summary>The source record as it is now; null when it was deleted.</summary>
    public abstract Task<TSource?> ReadSourceAsync(string id, CancellationToken cancellationToken);

    /// <summary>The values that lines are made of, while the record is approved; null otherwise. Equal values need no new line.</summary>
    public abstract string? ApprovedValues(TSource? source);

    /// <summary>The project in the PSA that the record belongs to.</summary>
    public abstract string ProjectOf(TSource source);

    protected abstract DateOnly WorkDateOf(TSource source);

    protected abstract string? PersonOf(TSource source);

    /// <summary>Time or Expense, as the books' mapping sets know it.</summary>
    protected abstract string Class { get; }

    /// <summary>Where the receipt is; null for what needs none.</summary>
    protected virtual string? ReceiptOf(TSource source) => null;

    protected abstract bool IsInvoiced(TSource source);

    protected abstract string Title(TSource source);

    /// <summary>The steps that check and price a new revision, in order; they fill in engagement, prices and period.</summary>
    protected abstract IEnumerable<Step> Preparation(PostingCycle<TSource> cycle);

    /// <summary>What was turned down is not posted; what stands in the books stays. A later revision of the record is looked at anew.</summary>
    public sealed override void Reject(Run run, string why, DateTimeOffset at) => run.End(why, at);

    protected sealed override IEnumerable<Step> Steps(PostingState<TSource> state) => state.Cycles.SelectMany(StepsOf);

    protected sealed override void Describe(Run run, PostingState<TSource> state)
    {
        var cycle = state.Cycles[^1];
        run.Title = cycle.Source is { } source ? Title(source) : run.Title;
        run.ProjectNumber = cycle.Engagement?.Number ?? run.ProjectNumber;
        run.LegalEntity = cycle.Engagement?.LegalEntity ?? run.LegalEntity;
        run.Practices = cycle.Engagement?.Practice is { } practice ? [practice] : run.Practices;
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
        yield return ForCycle(cycle, "read", StepKind.Check, "The source record is read, and compared with the books", SourceSystem, ReadAsync);
        foreach (var step in cycle.Step is ChainStep.Post or ChainStep.ReverseAndPost ? Preparation(cycle) : [])
        {
            yield return step;
        }

        if (cycle.Step is ChainStep.Nothing or ChainStep.Cancel or ChainStep.Blocked)
        {
            yield break;
        }

        yield return ForCycle(cycle, "lines", StepKind.Do, "The lines are drawn up", Books.SystemName, DrawUpAsync);
        foreach (var line in cycle.Lines)
        {
            var name = NameOf(line);
            var send = ForCycle(cycle, "send:" + name, StepKind.Do, Sentence(line), Books.SystemName, (call, state, current, cancellationToken) => SendAsync(call, state, line.OperationKey, current, cancellationToken));
            yield return send;
            yield return ForCycle(cycle, "verify:" + name, StepKind.Verify, $"{Sentence(line)}, read back", Books.SystemName, (call, state, current, cancellationToken) => VerifyAsync(state, current, line.OperationKey, cancellationToken)) with { Redoes = send.Key };
        }

        yield return ForCycle(cycle, "ack", StepKind.Do, "The record is locked with its document numbers", SourceSystem, MarkAsync);
        yield return ForCycle(cycle, "ack-verify", StepKind.Verify, "The lock is read back", SourceSystem, VerifyMarkAsync) with { Redoes = Key(cycle, "ack") };
        yield return ForCycle(cycle, "still", StepKind.Check, "The record is still as it was posted", SourceSystem, LookAgainAsync);
    }

    // Read and compare

    private async Task<StepOutcome<PostingState<TSource>>> ReadAsync(StepCall call, PostingState<TSource> state, PostingCycle<TSource> cycle, CancellationToken cancellationToken)
    {
        var (step, source) = await CompareAsync(state.SourceId, cancellationToken);
        if (cycle.Reprice && step == ChainStep.Nothing && source is not null)
        {
            if (!IsInvoiced(source))
            {
                return Done(With(state, cycle with { Step = ChainStep.ReverseAndPost, Source = source }));
            }

            // A line on an invoice never changes: what it would come to is finance's to bill.
            await desk.Postings.MarkInvoicedAsync(SourceSystem, SourceType, state.SourceId, cancellationToken);
        }

        // What has changed besides is posted as a whole, at its new rate.
        var next = With(state, cycle with { Step = step, Source = source, Reprice = false });
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
        var standing = await desk.Postings.StandingAsync(SourceSystem, SourceType, sourceId, cancellationToken);
        var invoiced = standing.Any(row => row.InvoicedAt is not null) || (source is not null && IsInvoiced(source));
        return (RevisionChain.Next(new BookedState<string>(standing.FirstOrDefault()?.Values, null, invoiced), ApprovedValues(source)), source);
    }

    private static Finding Invoiced(string title) =>
        new("PL44", "TIM-406", title, $"{title} was changed or recalled, but it is on an invoice. Make a credit note first, then retry, or leave it as it is.") { Field = "Invoice", Expected = "not invoiced", Actual = "invoiced" };

    private async Task<StepOutcome<PostingState<TSource>>> LookAgainAsync(StepCall call, PostingState<TSource> state, PostingCycle<TSource> cycle, CancellationToken cancellationToken)
    {
        var (step, _) = await CompareAsync(state.SourceId, cancellationToken);
        var reprice = state.RepriceNext && step == ChainStep.Nothing;
        return step is ChainStep.Nothing or ChainStep.Cancel && !reprice
            ? Done(state)
            : Done(state with { RepriceNext = false, Cycles = [.. state.Cycles, new PostingCycle<TSource> { Revision = cycle.Revision + 1, Reprice = reprice }] }) with { Message = $"The {(reprice ? "rate" : "record")} changed while it was posted: it is corrected." };
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
        new(StepResult.Waiting, state) { Findings = findings, Detail = Seen(findings), Rest = TimeSpan.FromSeconds(desk.Options.Value.DependencySeconds) };

    protected EntityPack PackOf(PostingEngagement engagement) => desk.Packs.Of(engagement.LegalEntity);

    /// <summary>Today in the legal entity's own zone.</summary>
    protected DateOnly Today(EntityPack pack) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(desk.Time.GetUtcNow(), TimeZoneInfo.FindSystemTimeZoneById(pack.TimeZone)).DateTime);

    private static string Key(PostingCycle<TSource> cycle, string key) => $"{key}:r{cycle.Revision}";

    private static JsonNode? Seen(IEnumerable<Finding> findings) => System.Text.Json.JsonSerializer.SerializeToNode(new { findings }, MappingSets.Json);
}
