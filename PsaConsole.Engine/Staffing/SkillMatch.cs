using System.Globalization;
using PsaConsole.Engine.Model;
using PsaConsole.Engine.Policies;

namespace PsaConsole.Engine.Staffing;

/// <summary>Skills, certificates and level against what an assignment asks for (PL23, STF-304); 5-staffing 5.4, example O7.</summary>
internal static class SkillMatch
{
    public static IEnumerable<Conflict> Find(PersonPlan plan, StaffingRules rules) =>
        plan.Planned.Where(item => Planning.End(item.Assignment) >= plan.Window.From).SelectMany(item => Find(plan.Person, item.Assignment, rules));

    /// <summary>Σ weight · min(1, level / required) / Σ weight, in percent.</summary>
    public static decimal ScorePercent(StaffedPerson person, Requirement requirement) => 100m * RoleCandidates.Score(
        [.. requirement.Skills.Select(skill => skill with { Mandatory = false })],
        [.. person.Skills.Select(skill => new SkillLevel(skill.Skill, skill.Level, false))]);

    public static IEnumerable<Conflict> Find(StaffedPerson person, Assignment assignment, StaffingRules rules)
    {
        var requirement = assignment.Requirement;
        foreach (var skill in requirement.Skills.Where(skill => skill.Mandatory && Held(person, skill.Skill) is var held && (held?.Level ?? 0) < skill.Level))
        {
            var held = Held(person, skill.Skill)?.Level ?? 0;
            var text = string.Create(CultureInfo.InvariantCulture, $"{assignment.Title} needs {skill.Skill} at level {skill.Level}; {person.Name} has {(held == 0 ? "none" : held.ToString(CultureInfo.InvariantCulture))}.");
            yield return About(assignment, ConflictKind.MandatorySkill, ConflictSeverity.High, text, held, skill.Level);
        }

        if (IsOutside(person.Level, requirement))
        {
            var wanted = string.Join(" to ", new[] { requirement.LowestLevel, requirement.HighestLevel }.OfType<string>().Distinct());
            yield return About(assignment, ConflictKind.LevelOutOfRange, ConflictSeverity.High, $"{assignment.Title} asks for level {wanted}; {person.Name} has {person.Level ?? "none"}.", null, null);
        }

        if (requirement.Skills.Count > 0 && ScorePercent(person, requirement) is var score && score < rules.LowestSkillPercent)
        {
            var text = string.Create(CultureInfo.InvariantCulture, $"{person.Name} meets {score:0.0} % of the skills that {assignment.Title} asks for; {rules.LowestSkillPercent:0.##} % are wanted.");
            yield return About(assignment, ConflictKind.LowSkillScore, ConflictSeverity.Medium, text, decimal.Round(score, 1, MidpointRounding.AwayFromZero), rules.LowestSkillPercent);
        }

        var end = Planning.End(assignment);
        foreach (var skill in requirement.Skills.Select(skill => Held(person, skill.Skill)).OfType<HeldSkill>().Where(skill => skill.CertifiedUntil < end))
        {
            var text = string.Create(CultureInfo.InvariantCulture, $"The certificate of {person.Name} for {skill.Skill} ends on {skill.CertifiedUntil:yyyy-MM-dd}, before {assignment.Title} does.");
            yield return About(assignment, ConflictKind.ExpiringCertificate, ConflictSeverity.Medium, text, null, null);
        }
    }

    private static HeldSkill? Held(StaffedPerson person, string name) =>
        person.Skills.Where(skill => string.Equals(skill.Skill, name, StringComparison.OrdinalIgnoreCase)).MaxBy(skill => skill.Level);

    private static bool IsOutside(string? level, Requirement requirement) =>
        (requirement.LowestLevel is { } lowest && string.CompareOrdinal(level ?? "", lowest) < 0) || (requirement.HighestLevel is { } highest && string.CompareOrdinal(level ?? "", highest) > 0);

    private static Conflict About(Assignment assignment, ConflictKind kind, ConflictSeverity severity, string text, decimal? measured, decimal? limit) =>
        new(kind, "STF-304", "PL23", severity, assignment.Dates.From, Planning.End(assignment), 0m, text)
        {
            Because = [assignment.Id],
            Involved = [assignment.Id],
            Measured = measured,
            Limit = limit,
        };
}
