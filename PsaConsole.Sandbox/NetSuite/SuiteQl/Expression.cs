namespace PsaConsole.Sandbox.NetSuite.SuiteQl;

/// <summary>A piece of a query that has a value.</summary>
internal abstract record Expression;

internal sealed record Constant(object? Value) : Expression;

/// <summary>A column of a table, by its alias where one is given.</summary>
internal sealed record Column(string? Table, string Name) : Expression;

/// <summary>A function; COUNT(*) has <see cref="Star"/>.</summary>
internal sealed record Call(string Name, IReadOnlyList<Expression> Arguments, bool Star = false, bool Distinct = false) : Expression;

/// <summary>Arithmetic, comparison, AND, OR, || and LIKE.</summary>
internal sealed record Binary(string Operator, Expression Left, Expression Right) : Expression;

internal sealed record Not(Expression Inner) : Expression;

internal sealed record IsNull(Expression Inner) : Expression;

internal sealed record AnyOf(Expression Inner, IReadOnlyList<Expression> Choices) : Expression;

/// <summary>CASE WHEN … THEN … ELSE … END.</summary>
internal sealed record Choice(IReadOnlyList<(Expression When, Expression Then)> Branches, Expression? Otherwise) : Expression;

/// <summary>A column of the answer; null expression is a star.</summary>
internal sealed record Selected(Expression? Expression, string? Name, string? StarOf = null);

internal sealed record Source(string Table, string Alias, bool Left, Expression? On);

internal sealed record Ordering(Expression Expression, bool Descending, bool? NullsFirst);

internal sealed record SelectStatement(
    bool Distinct, IReadOnlyList<Selected> Columns, IReadOnlyList<Source> Sources, Expression? Where, IReadOnlyList<Expression> Grouping, Expression? Having, IReadOnlyList<Ordering> Order, int? First);
