using PsaConsole.Engine.Model;

namespace PsaConsole.Web.Components.Pages.People;

/// <summary>What the list of people shows, as its address says it.</summary>
/// <param name="Standing">How they stand with the firm, or null for all.</param>
/// <param name="Search">Part of a name, an address or an employee number.</param>
/// <param name="After">The last row of the page before.</param>
public sealed record PersonFilter(PersonStanding? Standing, string? Search, PersonPosition? After)
{
    public static PersonFilter Of(string? standing, string? search, string? after) => new(
        Enum.TryParse<PersonStanding>(standing, ignoreCase: true, out var known) && Enum.IsDefined(known) ? known : null,
        string.IsNullOrWhiteSpace(search) ? null : search.Trim()[..Math.Min(search.Trim().Length, 120)],
        PersonPosition.Parse(after));
}

/// <summary>A place in the list, by name.</summary>
public sealed record PersonPosition(string Name, Guid Id)
{
    public override string ToString() => $"{Id:N}.{Name}";

    /// <summary>The place that an address names; null when it names none.</summary>
    public static PersonPosition? Parse(string? text) =>
        text?.Split('.', 2) is [var id, { Length: > 0 and <= 300 } name] && Guid.TryParseExact(id, "N", out var guid) ? new PersonPosition(name, guid) : null;
}
