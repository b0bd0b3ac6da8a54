using PsaConsole.Engine.Access;

namespace PsaConsole.Engine.Exceptions;

/// <summary>Tags of a case and links to tickets about it: words and addresses, by which it is found again.</summary>
public sealed class CaseLabels(CaseDesk desk)
{
    private const int Most = 12;
    private const int Longest = 200;

    /// <summary>Gives the case these labels instead of those that it has.</summary>
    /// <param name="text">Tags and addresses, with blanks or commas between them; empty takes all away.</param>
    /// <exception cref="RefusedException">The person may not, or a label is too long or no address.</exception>
    public Task SetAsync(Actor actor, long caseId, int version, string text, CancellationToken cancellationToken)
    {
        var labels = Read(text);
        return desk.ChangeAsync(actor, caseId, version, "label", labels.Count == 0 ? "none" : string.Join(' ', labels), (_, about, _) =>
        {
            about.Labels = string.Join(' ', labels);
            return Task.CompletedTask;
        }, cancellationToken);
    }

    /// <summary>The labels of a case, in the order in which they were given.</summary>
    public static IReadOnlyList<string> Of(string labels) => labels.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>The address where a label is one; null for a tag.</summary>
    public static Uri? LinkOf(string label) =>
        Uri.TryCreate(label, UriKind.Absolute, out var address) && address.Scheme is "https" or "http" && address.Host.Length > 0 ? address : null;

    private static List<string> Read(string text)
    {
        var labels = text.Split([' ', ',', ';', '\t', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Distinct(StringComparer.OrdinalIgnoreCase).ToList();
        return labels switch
        {
            { Count: > Most } => throw new RefusedException($"A case has at most {Most} tags and links."),
            _ when labels.Find(label => label.Length > Longest) is { } longest => throw new RefusedException($"“{longest[..30]}…” is longer than {Longest} letters."),
            _ when labels.Find(label => label.Contains("://", StringComparison.Ordinal) && LinkOf(label) is null) is { } wrong => throw new RefusedException($"“{wrong}” is no address that a browser opens: begin with https://."),
            _ => labels,
        };
    }
}
