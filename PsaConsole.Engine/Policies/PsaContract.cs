using System.Globalization;
using PsaConsole.Engine.Model;

namespace PsaConsole.Engine.Policies;

/// <summary>What a PSA project must hold when it is read back (3-workflows 3a step 6): client, dates, currency, project manager, and its plan.</summary>
public static class PsaContract
{
    public static IReadOnlyList<Finding> Compare(Engagement expected, Engagement? actual, ProjectPlan wanted, ProjectPlan? found)
    {
        if (actual is null)
        {
            return [Different(expected, "Project", expected.Number, null)];
        }

        (string Field, string? Expected, string? Actual)[] fields =
        [
            ("Client", expected.ClientId, actual.ClientId),
            ("Project number", expected.Number, actual.Number),
            ("Start date", Date(expected.Start), Date(actual.Start)),
            ("End date", Date(expected.End), Date(actual.End)),
            ("Currency", expected.Currency, actual.Currency),
            ("Project manager", expected.ProjectManager, actual.ProjectManager),
            ("Phases", Count(wanted.Phases.Count), Count(found?.Phases.Count)),
            ("Milestones", Count(wanted.Milestones.Count), Count(found?.Milestones.Count)),
            ("Milestone amounts", Number(wanted.Milestones.Sum(entry => entry.Amount)), Number(found?.Milestones.Sum(entry => entry.Amount))),
            ("Roles", Roles(wanted.Roles), Roles(found?.Roles ?? [])),
        ];
        return [.. fields.Where(field => !string.Equals(field.Expected, field.Actual, StringComparison.OrdinalIgnoreCase)).Select(field => Different(expected, field.Field, field.Expected, field.Actual))];
    }

    private static Finding Different(Engagement project, string field, string? wanted, string? found) =>
        new("3a.6", "HND-007", project.Name, $"{field} of PSA project {project.Number} is {found ?? "missing"}, but must be {wanted ?? "empty"}. Correct it in PSA, then retry.")
        {
            Field = field,
            Expected = wanted,
            Actual = found,
        };

    private static string? Date(DateOnly? date) => date?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string? Count(int? count) => count?.ToString(CultureInfo.InvariantCulture);

    /// <summary>Each role with its hours and dates, so that a role without its plan is not taken for one with it.</summary>
    private static string? Roles(IReadOnlyList<RequestedRole> roles) => roles.Count == 0
        ? null
        : string.Join("; ", roles.Select(role => $"{role.Role} {Number(WholeMinutes(role.Hours))} h {Date(role.From)} to {Date(role.To)}").Order(StringComparer.Ordinal));

    /// <summary>Hours to the minute, as finely as a PSA plans.</summary>
    private static decimal WholeMinutes(decimal hours) => decimal.Round(hours * 60m, 0, MidpointRounding.AwayFromZero) / 60m;

    private static string? Number(decimal? number) => number?.ToString("0.00##", CultureInfo.InvariantCulture);
}
