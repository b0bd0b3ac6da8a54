using PsaConsole.Engine.Exceptions;
using PsaConsole.Engine.Exceptions.Groups;
using PsaConsole.Web.Components.Pages.Exceptions;

namespace PsaConsole.Web.Components.Pages.Groups;

/// <summary>Cases that somebody has selected.</summary>
/// <param name="Filter">The list they were selected from.</param>
/// <param name="Ids">Only these; null for all that match.</param>
/// <param name="Count">How many they are.</param>
/// <param name="CanGrow">Whether more of the list could be selected.</param>
public sealed record ChosenCases(CaseFilter Filter, IReadOnlyList<long>? Ids, int Count, bool CanGrow)
{
    public CaseSelection Selection => Filter.Selection with { Ids = Ids };

    /// <summary>How they were chosen, in words: "all open HND-008 with “Mueller”".</summary>
    public string InWords => string.Join(" ", new[]
    {
        Ids is null ? "all" : "single ones of all",
        Filter.State switch { CaseFilter.Mine => "open cases of mine", CaseFilter.Snoozed => "snoozed cases", _ => "open cases" },
        Filter.Code is { } code ? $"of kind {code}" : null,
        Filter.Search is { } search ? $"with “{search}”" : null,
        Filter.IsNarrowed ? "and further filters: " + string.Join(", ", Filter.Parts.Skip(3).Where(part => part.Value is not null).Select(part => $"{part.Name} {part.Value}")) : null,
    }.OfType<string>());
}

/// <summary>A group action with how its members came out.</summary>
/// <param name="StartedBy">Name of the person who started it.</param>
/// <param name="For">Name of whom the cases are given to; empty gives them back to their teams, null where none are given.</param>
public sealed record GroupLine(GroupAction Group, GroupCounts Counts, string StartedBy, string? For)
{
    public string Title => CaseOptions.TitleOf(Group.Action);

    /// <summary>Members that have their result.</summary>
    public int Settled => Counts.Total - Counts.Unsettled;
}

/// <summary>A member as the report shows it.</summary>
public sealed record GroupMemberRow(int Position, long CaseId, string Code, string Subject, MemberResult Result, string? Text, DateTimeOffset? SettledAt);
