namespace PsaConsole.Sandbox.Salesforce.Soql;

/// <summary>A parsed query.</summary>
internal sealed record SoqlQuery
{
    /// <summary>SELECT COUNT(): the answer is a number only.</summary>
    public bool CountsOnly { get; init; }

    /// <summary>The selected fields, each as its path: [Account, Name].</summary>
    public required IReadOnlyList<string[]> Fields { get; init; }

    /// <summary>Child sub-queries, whose <see cref="From"/> is the relationship's name.</summary>
    public required IReadOnlyList<SoqlQuery> Children { get; init; }

    public required string From { get; init; }

    public Condition? Where { get; init; }

    public IReadOnlyList<Ordering> OrderBy { get; init; } = [];

    public int? Limit { get; init; }

    public int Offset { get; init; }

    /// <summary>ALL ROWS: deleted records too.</summary>
    public bool AllRows { get; init; }
}

/// <param name="Path">The field.</param>
/// <param name="Descending">DESC.</param>
/// <param name="NullsLast">NULLS LAST; the default puts nulls first.</param>
internal sealed record Ordering(string[] Path, bool Descending, bool NullsLast);

internal abstract record Condition;

internal sealed record All(IReadOnlyList<Condition> Parts) : Condition;

internal sealed record Any(IReadOnlyList<Condition> Parts) : Condition;

internal sealed record Not(Condition Part) : Condition;

/// <param name="Path">The field.</param>
/// <param name="Operator">=, !=, &lt;, &lt;=, &gt;, &gt;=, like, in, not in.</param>
/// <param name="Values">One literal, or the list of an "in".</param>
/// <param name="SubQuery">The query of a semi-join, instead of values.</param>
internal sealed record Comparison(string[] Path, string Operator, IReadOnlyList<Literal> Values, SoqlQuery? SubQuery) : Condition;

/// <summary>A value as it is written in a query.</summary>
/// <param name="Kind">What was written.</param>
/// <param name="Text">The text without quotes, or the word.</param>
internal sealed record Literal(LiteralKind Kind, string Text);

internal enum LiteralKind
{
    Null,
    Text,
    Number,
    Flag,
    Date,
    Instant,
    DateWord,
}
