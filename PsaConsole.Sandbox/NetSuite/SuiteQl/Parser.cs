using System.Globalization;

namespace PsaConsole.Sandbox.NetSuite.SuiteQl;

/// <summary>Reads a SELECT of the SuiteQL that integrations write: joins, conditions, grouping, ordering; ? takes the next of the given parameters.</summary>
internal sealed class Parser
{
    private static readonly string[] Ends = ["FROM", "WHERE", "GROUP", "HAVING", "ORDER", "JOIN", "INNER", "LEFT", "ON", "FETCH", "AND", "OR", "UNION", "WHEN", "THEN", "ELSE", "END"];
    private readonly List<Token> _tokens;
    private readonly IReadOnlyList<object?> _parameters;
    private int _at;
    private int _used;

    private Parser(string query, IReadOnlyList<object?> parameters)
    {
        _tokens = Lexer.Read(query);
        _parameters = parameters;
    }

    private Token Next => _tokens[_at];

    /// <exception cref="NetSuiteRefusal">The text is no query, or its parameters don't fit.</exception>
    public static SelectStatement Parse(string query, IReadOnlyList<object?> parameters)
    {
        var parser = new Parser(query, parameters);
        var statement = parser.Select();
        return parser.Next.Kind != TokenKind.End ? throw parser.Unexpected()
            : parser._used != parameters.Count ? throw NetSuiteRefusal.Query("The number of parameters does not match the number of placeholders.")
            : statement;
    }

    private SelectStatement Select()
    {
        Expect("SELECT");
        var distinct = Take("DISTINCT");
        var columns = List(SelectedColumn);
        Expect("FROM");
        var sources = Sources();
        var where = Take("WHERE") ? Or() : null;
        IReadOnlyList<Expression> grouping = [];
        if (Take("GROUP"))
        {
            Expect("BY");
            grouping = List(Or);
        }

        var having = Take("HAVING") ? Or() : null;
        IReadOnlyList<Ordering> order = [];
        if (Take("ORDER"))
        {
            Expect("BY");
            order = List(OneOrdering);
        }

        return new SelectStatement(distinct, columns, sources, where, grouping, having, order, First());
    }

    private int? First()
    {
        if (!Take("FETCH"))
        {
            return null;
        }

        if (!Take("FIRST"))
        {
            Expect("NEXT");
        }

        var count = int.Parse(Taken(TokenKind.Number), CultureInfo.InvariantCulture);
        if (!Take("ROWS"))
        {
            Expect("ROW");
        }

        Expect("ONLY");
        return count;
    }

    private Selected SelectedColumn()
    {
        if (Take("*"))
        {
            return new Selected(null, null);
        }

        if (Next.Kind == TokenKind.Word && _tokens[_at + 1].Is(".") && _tokens[_at + 2].Is("*"))
        {
            var alias = Next.Text;
            _at += 3;
            return new Selected(null, null, alias);
        }

        var expression = Or();
        var name = Take("AS") || (Next.Kind == TokenKind.Word && !IsEnd(Next)) ? Taken(TokenKind.Word) : null;
        return new Selected(expression, name);
    }

    private List<Source> Sources()
    {
        var sources = new List<Source> { OneSource(left: false, joined: false) };
        while (true)
        {
            if (Take(","))
            {
                sources.Add(OneSource(left: false, joined: false));
            }
            else if (Take("LEFT"))
            {
                Take("OUTER");
                Expect("JOIN");
                sources.Add(OneSource(left: true, joined: true));
            }
            else if (Take("INNER") || Next.Is("JOIN"))
            {
                Expect("JOIN");
                sources.Add(OneSource(left: false, joined: true));
            }
            else
            {
                return sources;
            }
        }
    }

    private Source OneSource(bool left, bool joined)
    {
        var table = Taken(TokenKind.Word);
        var alias = Take("AS") || (Next.Kind == TokenKind.Word && !IsEnd(Next)) ? Taken(TokenKind.Word) : table;
        Expression? on = null;
        if (joined)
        {
            Expect("ON");
            on = Or();
        }

        return new Source(table, alias, left, on);
    }

    private Ordering OneOrdering()
    {
        var expression = Or();
        var descending = Take("DESC");
        if (!descending)
        {
            Take("ASC");
        }

        bool? nullsFirst = null;
        if (Take("NULLS"))
        {
            nullsFirst = Take("FIRST");
            if (nullsFirst == false)
            {
                Expect("LAST");
            }
        }

        return new Ordering(expression, descending, nullsFirst);
    }

    private Expression Or()
    {
        var left = And();
        while (Take("OR"))
        {
            left = new Binary("OR", left, And());
        }

        return left;
    }

    private Expression And()
    {
        var left = Negation();
        while (Take("AND"))
        {
            left = new Binary("AND", left, Negation());
        }

        return left;
    }

    private Expression Negation() => Take("NOT") ? new Not(Negation()) : Comparison();

    private Expression Comparison()
    {
        var left = Sum();
        if (Take("IS"))
        {
            var isNot = Take("NOT");
            Expect("NULL");
            return isNot ? new Not(new IsNull(left)) : new IsNull(left);
        }

        if (Take("NOT"))
        {
            return new Not(Membership(left) ?? throw Unexpected());
        }

        if (Membership(left) is { } membership)
        {
            return membership;
        }

        foreach (var symbol in (string[])["=", "<>", "!=", "<=", ">=", "<", ">"])
        {
            if (Take(symbol))
            {
                return new Binary(symbol == "!=" ? "<>" : symbol, left, Sum());
            }
        }

        return left;
    }

    private Expression? Membership(Expression left)
    {
        if (Take("IN"))
        {
            Expect("(");
            var choices = List(Sum);
            Expect(")");
            return new AnyOf(left, choices);
        }

        if (Take("BETWEEN"))
        {
            var low = Sum();
            Expect("AND");
            return new Binary("AND", new Binary(">=", left, low), new Binary("<=", left, Sum()));
        }

        return Take("LIKE") ? new Binary("LIKE", left, Sum()) : null;
    }

    private Expression Sum()
    {
        var left = Product();
        while (Next.Is("+") || Next.Is("-") || Next.Is("||"))
        {
            left = new Binary(Taken(TokenKind.Symbol), left, Product());
        }

        return left;
    }

    private Expression Product()
    {
        var left = Factor();
        while (Next.Is("*") || Next.Is("/"))
        {
            left = new Binary(Taken(TokenKind.Symbol), left, Factor());
        }

        return left;
    }

    private Expression Factor()
    {
        if (Take("("))
        {
            var inner = Or();
            Expect(")");
            return inner;
        }

        if (Take("-"))
        {
            return new Binary("-", new Constant(0m), Factor());
        }

        if (Take("?"))
        {
            return _used < _parameters.Count ? new Constant(_parameters[_used++]) : throw NetSuiteRefusal.Query("The number of parameters does not match the number of placeholders.");
        }

        return Next.Kind switch
        {
            TokenKind.Text => new Constant(Taken(TokenKind.Text)),
            TokenKind.Number => new Constant(decimal.Parse(Taken(TokenKind.Number), CultureInfo.InvariantCulture)),
            TokenKind.Word => Named(),
            _ => throw Unexpected(),
        };
    }

    private Expression Named()
    {
        if (IsEnd(Next))
        {
            throw Unexpected();
        }

        var name = Taken(TokenKind.Word);
        if (name.Equals("NULL", StringComparison.OrdinalIgnoreCase))
        {
            return new Constant(null);
        }

        if (name.Equals("CASE", StringComparison.OrdinalIgnoreCase))
        {
            return Case();
        }

        string? table = null;
        if (Take("."))
        {
            (table, name) = (name, Taken(TokenKind.Word));
        }

        if (!Take("("))
        {
            return new Column(table, name);
        }

        var function = (table is null ? name : $"{table}.{name}").ToUpperInvariant();
        if (Take("*"))
        {
            Expect(")");
            return new Call(function, [], Star: true);
        }

        var distinct = Take("DISTINCT");
        IReadOnlyList<Expression> arguments = Next.Is(")") ? [] : List(Or);
        Expect(")");
        return new Call(function, arguments, Distinct: distinct);
    }

    private Choice Case()
    {
        var branches = new List<(Expression, Expression)>();
        while (Take("WHEN"))
        {
            var when = Or();
            Expect("THEN");
            branches.Add((when, Or()));
        }

        var otherwise = Take("ELSE") ? Or() : null;
        Expect("END");
        return new Choice(branches, otherwise);
    }

    private List<T> List<T>(Func<T> one)
    {
        var items = new List<T> { one() };
        while (Take(","))
        {
            items.Add(one());
        }

        return items;
    }

    private static bool IsEnd(Token token) => Ends.Any(token.Is);

    private bool Take(string word)
    {
        if (!Next.Is(word))
        {
            return false;
        }

        _at++;
        return true;
    }

    private void Expect(string word)
    {
        if (!Take(word))
        {
            throw Unexpected();
        }
    }

    private string Taken(TokenKind kind) => Next.Kind == kind ? _tokens[_at++].Text : throw Unexpected();

    private NetSuiteRefusal Unexpected() => NetSuiteRefusal.Query($"Syntax error: unexpected '{Next.Text}'.");
}
