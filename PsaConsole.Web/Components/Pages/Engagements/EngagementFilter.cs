using System.Globalization;
using PsaConsole.Engine.Workflows;

namespace PsaConsole.Web.Components.Pages.Engagements;

/// <summary>What the list of engagements shows, as its address says it.</summary>
/// <param name="State">One of <see cref="States"/>, or null for all.</param>
/// <param name="Search">Part of a name, client or number.</param>
/// <param name="After">The last row of the page before.</param>
public sealed record EngagementFilter(string? State, string? Search, EngagementPosition? After)
{
    public static EngagementFilter Everything { get; } = new(null, null, null);

    /// <summary>The states that people choose between, each with what it covers.</summary>
    public static IReadOnlyDictionary<string, RunStatus[]> States { get; } = new Dictionary<string, RunStatus[]>
    {
        ["stopped"] = [RunStatus.Parked, RunStatus.WaitingApproval],
        ["moving"] = [RunStatus.Running, RunStatus.Waiting, RunStatus.Compensating],
        ["verified"] = [RunStatus.Completed],
        ["undone"] = [RunStatus.Compensated],
    };

    public static EngagementFilter Of(string? state, string? search, string? after) => new(
        state is not null && States.ContainsKey(state) ? state : null,
        string.IsNullOrWhiteSpace(search) ? null : search.Trim()[..Math.Min(search.Trim().Length, 120)],
        EngagementPosition.Parse(after));
}

/// <summary>A place in the list, newest change first: rows after it are older.</summary>
public sealed record EngagementPosition(DateTimeOffset UpdatedAt, Guid Id)
{
    public override string ToString() => $"{UpdatedAt.UtcTicks.ToString(CultureInfo.InvariantCulture)}.{Id:N}";

    /// <summary>The place that an address names; null when it names none.</summary>
    public static EngagementPosition? Parse(string? text) =>
        text?.Split('.') is [var ticks, var id]
        && long.TryParse(ticks, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
        && value <= DateTimeOffset.MaxValue.Ticks
        && Guid.TryParseExact(id, "N", out var guid)
            ? new EngagementPosition(new DateTimeOffset(value, TimeSpan.Zero), guid)
            : null;
}
