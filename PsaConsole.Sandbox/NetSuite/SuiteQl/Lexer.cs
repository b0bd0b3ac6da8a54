using System.Text;

namespace PsaConsole.Sandbox.NetSuite.SuiteQl;

internal enum TokenKind
{
    Word,
    Text,
    Number,
    Symbol,
    End,
}

/// <summary>A word (name or keyword), quoted text, a number or a symbol.</summary>
internal readonly record struct Token(TokenKind Kind, string Text)
{
    public bool Is(string word) => Kind is TokenKind.Word or TokenKind.Symbol && Text.Equals(word, StringComparison.OrdinalIgnoreCase);
}

internal static class Lexer
{
    private static readonly string[] Symbols = ["<>", "!=", "<=", ">=", "||", "=", "<", ">", "(", ")", ",", ".", "+", "-", "*", "/", "?"];

    public static List<Token> Read(string query)
    {
        var tokens = new List<Token>();
        for (var at = 0; at < query.Length;)
        {
            var letter = query[at];
            if (char.IsWhiteSpace(letter))
            {
                at++;
            }
            else if (letter is '\'' or '"')
            {
                tokens.Add(new Token(letter == '"' ? TokenKind.Word : TokenKind.Text, Quoted(query, ref at)));
            }
            else if (char.IsAsciiLetter(letter) || letter == '_')
            {
                tokens.Add(new Token(TokenKind.Word, While(query, ref at, next => char.IsAsciiLetterOrDigit(next) || next is '_' or '$')));
            }
            else if (char.IsAsciiDigit(letter))
            {
                tokens.Add(new Token(TokenKind.Number, While(query, ref at, next => char.IsAsciiDigit(next) || next == '.')));
            }
            else
            {
                var start = at;
                var symbol = Symbols.FirstOrDefault(symbol => query.AsSpan(start).StartsWith(symbol, StringComparison.Ordinal)) ?? throw NetSuiteRefusal.Query($"Unexpected character '{letter}' at position {at}.");
                tokens.Add(new Token(TokenKind.Symbol, symbol));
                at += symbol.Length;
            }
        }

        tokens.Add(new Token(TokenKind.End, "<EOF>"));
        return tokens;
    }

    private static string While(string query, ref int at, Func<char, bool> belongs)
    {
        var start = at;
        while (at < query.Length && belongs(query[at]))
        {
            at++;
        }

        return query[start..at];
    }

    /// <summary>A quote within is written twice.</summary>
    private static string Quoted(string query, ref int at)
    {
        var (quote, text) = (query[at], new StringBuilder());
        for (at++; ; at++)
        {
            if (at >= query.Length)
            {
                throw NetSuiteRefusal.Query("A quoted text does not end.");
            }

            if (query[at] != quote)
            {
                text.Append(query[at]);
            }
            else if (at + 1 < query.Length && query[at + 1] == quote)
            {
                text.Append(query[at++]);
            }
            else
            {
                at++;
                return text.ToString();
            }
        }
    }
}
