using System.Globalization;

namespace PsaConsole.Engine.Staffing;

/// <summary>Puts conflicts of the same cause and gravity that follow each other into one, with its first and last date (5-staffing 5.2).</summary>
internal static class Neighbours
{
    /// <param name="conflicts">By date.</param>
    public static IEnumerable<Conflict> Join(IEnumerable<Conflict> conflicts)
    {
        Conflict? open = null;
        foreach (var conflict in conflicts)
        {
            if (open is not null && Belongs(open, conflict))
            {
                open = open with
                {
                    To = conflict.To,
                    Hours = open.Hours + conflict.Hours,
                    Days = [.. open.Days, .. conflict.Days],
                    Involved = [.. open.Involved.Union(conflict.Involved).Order(StringComparer.Ordinal)],
                };
                continue;
            }

            if (open is not null)
            {
                yield return Told(open);
            }

            open = conflict;
        }

        if (open is not null)
        {
            yield return Told(open);
        }
    }

    /// <summary>A weekend in between does not part two days.</summary>
    private static bool Belongs(Conflict open, Conflict next)
    {
        var gap = next.From.DayNumber - open.To.DayNumber;
        return next.Kind == open.Kind && next.Severity == open.Severity && (gap == 1 || (gap <= 3 && next.From.DayOfWeek == DayOfWeek.Monday && open.To.DayOfWeek >= DayOfWeek.Friday))
            && next.Because.SequenceEqual(open.Because);
    }

    private static Conflict Told(Conflict conflict)
    {
        var dates = conflict.From == conflict.To
            ? string.Create(CultureInfo.InvariantCulture, $"on {conflict.From:yyyy-MM-dd}")
            : string.Create(CultureInfo.InvariantCulture, $"from {conflict.From:yyyy-MM-dd} to {conflict.To:yyyy-MM-dd}");
        return conflict with { Message = string.Create(CultureInfo.InvariantCulture, $"{conflict.Message} {dates}: {conflict.Hours:0.00} h too many.") };
    }
}
