using System.Globalization;
using System.Text.RegularExpressions;

namespace PsaConsole.Sandbox.Core;

/// <summary>
/// A fault on demand. It hits the calls (or notices) of a system that match, a share of them, a number of times or until it is cleared.
/// Effects: latency:MS, status:CODE, throttle, drop, commit-then-drop, commit-then-status:CODE, hang, stale-read[:MS], omit:FIELD, expire-token, outage;
/// for notices duplicate-notice, lose-notice, reorder-notices.
/// </summary>
public sealed class Fault
{
    private static readonly string[] Plain =
        ["throttle", "drop", "commit-then-drop", "hang", "stale-read", "expire-token", "outage", "duplicate-notice", "lose-notice", "reorder-notices"];

    private static readonly string[] WithNumber = ["latency", "status", "commit-then-status", "stale-read"];

    private readonly Regex? _pattern;
    private int? _left;

    /// <exception cref="ArgumentException">The effect or the path pattern is not understood.</exception>
    public Fault(int id, FaultOrder order)
    {
        Id = id;
        Order = order;
        var parts = order.Effect.Split(':', 2);
        Effect = parts[0];
        Argument = parts.Length > 1 ? parts[1] : null;
        Number = int.TryParse(Argument, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
        var known = Argument is null ? Plain.Contains(Effect) : (WithNumber.Contains(Effect) && Number > 0) || (Effect == "omit" && Argument.Length > 0);
        if (!known)
        {
            throw new ArgumentException($"The effect '{order.Effect}' is not known. Write latency:MS, status:CODE, commit-then-status:CODE, stale-read[:MS], omit:FIELD, {string.Join(", ", Plain)}.");
        }

        // A path that starts with ^ is a regular expression over path and query; any other is the beginning of the path.
        _pattern = order.Path?.StartsWith('^') == true ? new Regex(order.Path, RegexOptions.None, TimeSpan.FromMilliseconds(100)) : null;
        _left = order.Count;
    }

    public int Id { get; }

    public FaultOrder Order { get; }

    public string Effect { get; }

    public string? Argument { get; }

    public int Number { get; }

    /// <summary>How often it hit so far.</summary>
    public long Hits { get; private set; }

    /// <summary>How often it will still hit; null means until it is cleared.</summary>
    public int? Left => _left;

    public bool IsAboutNotices => Effect.EndsWith("-notice", StringComparison.Ordinal) || Effect == "reorder-notices";

    /// <summary>Whether it hits this call; counts when it does. Called under the list's lock.</summary>
    internal bool Take(string system, string method, string path, string query, Random random)
    {
        if ((Order.System is { } wanted && wanted != system)
            || (Order.Method is { } verb && !verb.Equals(method, StringComparison.OrdinalIgnoreCase))
            || (Order.Path is { } start && !(_pattern?.IsMatch(path + query) ?? path.StartsWith(start, StringComparison.OrdinalIgnoreCase)))
            || _left == 0
            || random.NextDouble() >= Order.Share)
        {
            return false;
        }

        _left--;
        Hits++;
        return true;
    }
}

/// <summary>What the control API is asked for. No system means every system; no count means until cleared.</summary>
public sealed record FaultOrder
{
    public string? System { get; init; }

    public string? Method { get; init; }

    public string? Path { get; init; }

    public required string Effect { get; init; }

    public double Share { get; init; } = 1.0;

    public int? Count { get; init; }
}
