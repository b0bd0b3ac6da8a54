using System.Globalization;
using PsaConsole.Engine.Mapping;
using PsaConsole.Engine.Model;

namespace PsaConsole.Engine.Workflows;

/// <summary>The same for what the PSA plans inside a project: each phase, milestone and role with the entry of the deal that it comes from.</summary>
public static partial class ProjectOrigins
{
    /// <param name="sets">The versions of mapping sets with which the deal was read.</param>
    public static IReadOnlyList<ProjectOrigin> OfPlan(HandOff state, HandOffPart part, IReadOnlyList<MappingSet> sets)
    {
        var plan = OpportunityToProject.ProjectPlan(state, part);
        var rules = Rules(sets);
        return
        [
            .. plan.Phases.Select(phase => Entry($"Phase {phase.Name}", $"{Span(phase.Start, phase.End)}, {Hours(phase.PlannedHours)}", "phases", "as it is")),
            .. plan.Milestones.Select(entry => Entry($"Milestone {entry.Name}", $"{Amount(entry.Amount, plan.Currency)}, {(entry.DueOn is { } day ? $"due {Day(day)}" : $"at the end of {entry.Phase ?? "the project"}")}", "schedule", MilestoneRule(state, entry))),
            .. plan.Roles.Select((role, index) => Entry(
                $"Role {string.Join(" ", new[] { role.Level, role.Role }.OfType<string>())}",
                $"{Hours(role.Hours)}{(role.Location is { } place ? $" in {place}" : "")}, {Span(role.From, role.To)}",
                "roles",
                (state.Deal.Roles[index].From, state.Deal.Roles[index].To) is (not null, not null) ? "as it is" : "dates that it lacks are the deal's")),
        ];

        ProjectOrigin Entry(string field, string value, string path, string rule)
        {
            var deal = $"{state.CrmName}.opportunity.read";
            var list = rules.TryGetValue(deal, out var known) ? known.Rules.Find(item => item.Target == path) : null;
            var read = list?.Each is { } set && rules.TryGetValue(set, out var elements) ? $"mapping set {elements.Stamp.Set} version {elements.Stamp.Version}" : $"mapping set {deal}";
            return new ProjectOrigin(field, value, $"{state.CrmName} opportunity {state.OpportunityId}, {list?.Source ?? path}", $"{rule}; read with {read}", null);
        }
    }

    private static string MilestoneRule(HandOff state, ScheduleEntry planned) =>
        state.Deal.Schedule.FirstOrDefault(entry => entry.Name == planned.Name) is not { } sold || sold.Amount == planned.Amount
            ? "as it is"
            : $"the legal entity's share of {Amount(sold.Amount, state.Deal.Currency)}, largest remainder (PL08)";

    private static string Span(DateOnly? from, DateOnly? to) => $"{(from is { } first ? Day(first) : "open")} to {(to is { } last ? Day(last) : "open")}";

    private static string Day(DateOnly date) => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Hours(decimal hours) => string.Create(CultureInfo.InvariantCulture, $"{hours:0.##} h");

    private static string Amount(decimal amount, string currency) => string.Create(CultureInfo.InvariantCulture, $"{amount:#,##0.00} {currency}");
}
