using PsaConsole.Engine.Model;

namespace PsaConsole.Engine.Staffing;

/// <summary>A conflict with what it means for the confirmation.</summary>
/// <param name="Overridden">A resource manager has taken it on, for a time and with a reason.</param>
public sealed record WeighedConflict(Conflict Conflict, ConfirmationOutcome Outcome, bool Overridden = false);

/// <summary>Whether an assignment may be confirmed, and what stands against it.</summary>
public sealed record ConfirmationDecision(ConfirmationOutcome Outcome, IReadOnlyList<WeighedConflict> Findings)
{
    public bool MayConfirm => Outcome <= ConfirmationOutcome.Warn;
}

/// <summary>
/// The staffing checks (5-staffing, PL20–PL33): pure, one person's window at a time, so that a change costs the check of the one person whom it is about.
/// </summary>
public static class StaffingCheck
{
    /// <summary>Every conflict of a person's window, by date; bench is asked for by itself.</summary>
    public static IReadOnlyList<Conflict> Find(PersonPlan plan, StaffingRules rules)
    {
        var found = new List<Conflict>();
        found.AddRange(OverAllocation.Find(plan, rules));
        found.AddRange(LeaveOverlap.Find(plan, rules));
        found.AddRange(SkillMatch.Find(plan, rules));
        found.AddRange(Eligibility.Permits(plan));
        found.AddRange(Eligibility.Presence(plan, rules));
        found.AddRange(EntityCheck.Find(plan, rules));
        found.AddRange(DoubleBooking.Find(plan, rules));
        found.AddRange(EmploymentCheck.Find(plan, rules));
        found.AddRange(RateCheck.Find(plan, rules));
        found.AddRange(LabourCheck.Find(plan, rules));
        found.Sort((one, other) => one.From != other.From ? one.From.CompareTo(other.From) : string.CompareOrdinal(one.Code, other.Code));
        return found;
    }

    /// <summary>Lays a person's window out and checks it.</summary>
    public static IReadOnlyList<Conflict> Find(StaffedPerson person, IEnumerable<Assignment> assignments, DateRange window, StaffingRules rules) =>
        Find(Planning.Of(person, assignments, window, rules.History), rules);

    /// <summary>
    /// What would stand against confirming one of the assignments: it counts as confirmed, together with everything that is, and each conflict it has a
    /// part in is weighed (5.12).
    /// </summary>
    public static ConfirmationDecision Decide(StaffedPerson person, IReadOnlyList<Assignment> assignments, string assignmentId, DateRange window, StaffingRules rules, OutcomeMatrix matrix)
    {
        var asConfirmed = assignments.Select(item => item.Id == assignmentId ? item with { Hard = true } : item).ToList();
        var findings = Find(person, asConfirmed, window, rules)
            .Where(conflict => conflict.Involved.Contains(assignmentId))
            .Select(conflict => new WeighedConflict(conflict, matrix.Of(conflict)))
            .OrderByDescending(item => item.Outcome)
            .ToList();
        return new ConfirmationDecision(findings.Count == 0 ? ConfirmationOutcome.Info : findings[0].Outcome, findings);
    }
}
