using PsaConsole.Engine.Finance;
using PsaConsole.Engine.Model;

namespace PsaConsole.Engine.Workflows.Postings;

/// <summary>What a posting run knows: the source record, and what was done for each of its revisions. A record that changes while it is posted gets another cycle.</summary>
public sealed record PostingState<TSource>
    where TSource : class
{
    public required string SourceId { get; init; }
    public IReadOnlyList<PostingCycle<TSource>> Cycles { get; init; } = [];

    /// <summary>Its rate was changed while it was on its way: once that is through, it is priced anew.</summary>
    public bool RepriceNext { get; init; }
}

/// <summary>One revision of a source record on its way to the books.</summary>
public sealed record PostingCycle<TSource>
    where TSource : class
{
    /// <summary>1 for the first; part of the operation keys.</summary>
    public required int Revision { get; init; }

    public ChainStep Step { get; init; }

    /// <summary>The record says what is posted; its rate has changed. Only what the client is charged is taken back and posted anew.</summary>
    public bool Reprice { get; init; }

    /// <summary>The record as it was read; null when it is gone.</summary>
    public TSource? Source { get; init; }

    public PostingEngagement? Engagement { get; init; }

    /// <summary>The books' category of an expense; null for time.</summary>
    public string? Category { get; init; }

    public IReadOnlyList<PricedPosting> Priced { get; init; } = [];
    public PeriodDecision? Period { get; init; }

    /// <summary>What is sent, in order: first what is taken back.</summary>
    public IReadOnlyList<PostingLine> Lines { get; init; } = [];
}

/// <summary>A priced line with its value in the books' currency.</summary>
public sealed record PricedPosting(PricedLine Line, decimal FxRate, DateOnly FxDate, Money Accounting, string RateWhy, string ExchangeWhy, string Rule);
