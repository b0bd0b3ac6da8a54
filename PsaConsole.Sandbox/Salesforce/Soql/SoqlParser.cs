using System.Globalization;

namespace PsaConsole.Sandbox.Salesforce.Soql;

/// <summary>
/// Reads a query. As in Salesforce, AND and OR may not be mixed on one level without parentheses, and points in time stand without quotes.
/// https://developer.salesforce.com/docs/atlas.en-us.soql_sosl.meta/soql_sosl/sforce_api_calls_soql_select.htm
/// </summary>
internal sealed class SoqlParser
{
    private const int MostNesting = 64;

    private static readonly string[] DateWords =
    [
        "TODAY", "YESTERDAY", "TOMORROW", "THIS_WEEK", "LAST_WEEK", "NEXT_WEEK", "THIS_MONTH", "LAST_MONTH", "NEXT_MONTH", "THIS_QUARTER", "LAST_QUARTER",
        "THIS_YEAR", "LAST_YEAR", "NEXT_YEAR", "LAST_N_DAYS", "NEXT_N_DAYS",
    ];

    private readonly List<Token> _tokens;
    private int _at;
    private int _depth;

    private SoqlParser(string query) => _tokens = SoqlLexer.Read(query);

    /// <exception cref="SalesforceRefusal">MALFORMED_QUERY.</exception>
    public static SoqlQuery Parse(string query)
    {
        var parser = new SoqlParser(query);
        var parsed = parser.Query();
        return parser.Now.Kind == TokenKind.End ? parsed : throw parser.Unexpected();
    }

    private Token Now => _tokens[_at];

    private SoqlQuery Query()
    {
        Expect("SELECT");
        var (fields, children) = (new List<string[]>(), new List<SoqlQuery>());
        var counts = false;
        do
        {
            if (Take("("))
            {
                children.Add(Query());
                Expect(")");
            }
            else if (Now.Is("COUNT") && _tokens[_at + 1].Is("("))
            {
                _at += 2;
                Expect(")");
                counts = true;
            }
            else
            {
                fields.Add(Path());
            }
        }
        while (Take(","));

        if (counts && (fields.Count > 0 || children.Count > 0))
        {
            throw SalesforceRefusal.Query("MALFORMED_QUERY", "COUNT() must be the only item of the field list");
        }

        Expect("FROM");
        var from = Word();
        if (Now.Kind == TokenKind.Word && !IsClause())
        {
            throw SalesforceRefusal.Query("MALFORMED_QUERY", $"unexpected token: '{Now.Text}'");
        }

        return Tail(new SoqlQuery { From = from, Fields = fields, Children = children, CountsOnly = counts });
    }

    private SoqlQuery Tail(SoqlQuery query)
    {
        if (Take("WHERE"))
        {
            query = query with { Where = Condition() };
        }

        if (Take("ORDER"))
        {
            Expect("BY");
            var orderings = new List<Ordering>();
            do
            {
                orderings.Add(Ordering());
            }
            while (Take(","));
            query = query with { OrderBy = orderings };
        }

        if (Take("LIMIT"))
        {
            query = query with { Limit = Count() };
        }

        if (Take("OFFSET"))
        {
            query = query with { Offset = Count() is var offset && offset <= 2_000 ? offset : throw SalesforceRefusal.Query("NUMBER_OUTSIDE_VALID_RANGE", "Maximum SOQL offset allowed is 2000") };
        }

        if (Take("ALL"))
        {
            Expect("ROWS");
            query = query with { AllRows = true };
        }

        return query;
    }

    private bool IsClause() => Now.Is("WHERE") || Now.Is("ORDER") || Now.Is("LIMIT") || Now.Is("OFFSET") || Now.Is("ALL");

    private Ordering Ordering()
    {
        var path = Path();
        var descending = Take("DESC");
        _ = descending || Take("ASC");
        var last = false;
        if (Take("NULLS"))
        {
            last = Take("LAST");
            if (!last)
            {
                Expect("FIRST");
            }
        }

        return new Ordering(path, descending, last);
    }

    private Condition Condition()
    {
        if (++_depth > MostNesting)
        {
            throw SalesforceRefusal.Query("MALFORMED_QUERY", "the query is nested too deeply");
        }

        var parts = new List<Condition> { Term() };
        var word = Now.Is("AND") ? "AND" : "OR";
        while (Take(word))
        {
            parts.Add(Term());
        }

        if (Now.Is("AND") || Now.Is("OR"))
        {
            throw Unexpected();
        }

        _depth--;
        return parts.Count == 1 ? parts[0] : word == "AND" ? new All(parts) : new Any(parts);
    }

    private Condition Term()
    {
        if (Take("NOT"))
        {
            return new Not(Term());
        }

        if (Take("("))
        {
            var inner = Condition();
            Expect(")");
            return inner;
        }

        return Comparison();
    }

    private Comparison Comparison()
    {
        var path = Path();
        if (Take("NOT"))
        {
            Expect("IN");
            return Membership(path, "not in");
        }

        if (Take("IN"))
        {
            return Membership(path, "in");
        }

        var symbol = Take("LIKE") ? "like" : Now.Kind == TokenKind.Symbol && Now.Text is "=" or "!=" or "<>" or "<" or "<=" or ">" or ">=" ? _tokens[_at++].Text : throw Unexpected();
        return new Comparison(path, symbol == "<>" ? "!=" : symbol, [Literal()], null);
    }

    private Comparison Membership(string[] path, string word)
    {
        Expect("(");
        if (Now.Is("SELECT"))
        {
            var query = Query();
            Expect(")");
            return new Comparison(path, word, [], query);
        }

        var values = new List<Literal>();
        do
        {
            values.Add(Literal());
        }
        while (Take(","));
        Expect(")");
        return new Comparison(path, word, values, null);
    }

    private Literal Literal()
    {
        var token = _tokens[_at];
        _at += token.Kind == TokenKind.End ? throw Unexpected() : 1;
        return token.Kind switch
        {
            TokenKind.Text => new Literal(LiteralKind.Text, token.Text),
            TokenKind.Number when DateOnly.TryParseExact(token.Text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _) => new Literal(LiteralKind.Date, token.Text),
            TokenKind.Number when token.Text.Contains('T', StringComparison.Ordinal) && DateTimeOffset.TryParse(token.Text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out _) => new Literal(LiteralKind.Instant, token.Text),
            TokenKind.Number when decimal.TryParse(token.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out _) => new Literal(LiteralKind.Number, token.Text),
            TokenKind.Word when token.Is("null") => new Literal(LiteralKind.Null, "null"),
            TokenKind.Word when token.Is("true") || token.Is("false") => new Literal(LiteralKind.Flag, token.Text.ToLowerInvariant()),
            TokenKind.Word when DateWords.Contains(token.Text.Split(':')[0].ToUpperInvariant()) => new Literal(LiteralKind.DateWord, token.Text.ToUpperInvariant()),
            _ => throw SalesforceRefusal.Query("MALFORMED_QUERY", $"unexpected token: '{token.Text}'"),
        };
    }

    private int Count() => int.TryParse(_tokens[_at++].Text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw SalesforceRefusal.Query("MALFORMED_QUERY", "a whole number was expected");

    private string[] Path() => Word().Split('.');

    private string Word() => Now.Kind == TokenKind.Word ? _tokens[_at++].Text : throw Unexpected();

    private bool Take(string word)
    {
        if (!Now.Is(word))
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
            throw SalesforceRefusal.Query("MALFORMED_QUERY", $"unexpected token: '{Now.Text}' (expecting '{word.ToLowerInvariant()}')");
        }
    }

    private SalesforceRefusal Unexpected() => SalesforceRefusal.Query("MALFORMED_QUERY", $"unexpected token: '{Now.Text}'");
}
