using System.Globalization;
using PsaConsole.Engine.Model;

namespace PsaConsole.Engine.Policies;

/// <summary>
/// Step 7 of the hand-off: is there anybody for each role at its start? Employed over the role's dates, billable, skilled, senior enough, in the right
/// country or allowed to work remotely, with free hours in the first week (5-staffing 5.4, 5.5, 5.7). A shortage is a case and stops nothing (R4).
/// </summary>
public static class RoleCandidates
{
    /// <summary>Score from which a person is a candidate: 70 % (5.4).</summary>
    public const decimal LowestScore = 0.70m;

    private const int AskedAtOnce = 3;

    /// <summary>HND-005 for every role without a candidate.</summary>
    /// <param name="taken">Hard bookings and approved absences that overlap the roles' first weeks.</param>
    public static IEnumerable<Finding> Missing(Opportunity deal, IReadOnlyList<Consultant> people, IReadOnlyList<Commitment> taken) =>
        from fit in Fits(deal, people, taken)
        where fit.Free.Count == 0
        select NoCandidate(deal, fit.Role, fit.From, fit.Skilled, fit.Placed);

    /// <summary>
    /// The people whose absences decide next: for each role that has no free candidate yet whose absences are known, the first few who look free. Absences
    /// cost a call a person, and most roles have more candidates than anybody needs to ask for.
    /// </summary>
    /// <param name="taken">What is known so far: every hard booking, and the absences of those who were asked.</param>
    /// <param name="asked">Employee ids whose absences are among <paramref name="taken"/>.</param>
    /// <returns>Employee ids; none when every role has its answer.</returns>
    public static IReadOnlyCollection<string> ToAsk(Opportunity deal, IReadOnlyList<Consultant> people, IReadOnlyList<Commitment> taken, IReadOnlySet<string> asked) =>
    [
        .. Fits(deal, people, taken)
            .Where(fit => !fit.Free.Any(person => asked.Contains(person.EmployeeId)))
            .SelectMany(fit => fit.Free.Take(AskedAtOnce))
            .Select(person => person.EmployeeId)
            .Distinct(),
    ];

    private static IEnumerable<Fit> Fits(Opportunity deal, IReadOnlyList<Consultant> people, IReadOnlyList<Commitment> taken)
    {
        var takenBy = taken.ToLookup(commitment => commitment.Email, StringComparer.OrdinalIgnoreCase);
        foreach (var role in deal.Roles)
        {
            var from = role.From ?? deal.PlannedStart ?? DateOnly.MinValue;
            var employed = people.Where(person => person.Billable && IsEmployed(person, from, role.To ?? deal.PlannedEnd)).ToList();
            var skilled = employed.Where(person => IsSkilled(person, role)).ToList();
            var placed = skilled.Where(person => IsSeniorEnough(person, role) && (role.Location is null || person.Country == role.Location || person.RemoteAllowed)).ToList();
            yield return new Fit(role, from, skilled.Count, placed.Count, [.. placed.Where(person => FreeHours(person, takenBy[person.Email ?? ""], from) > 0)]);
        }
    }

    /// <summary>Σ weight · min(1, level / required) / Σ weight; a mandatory skill below its level gives 0 (5.4, example O7).</summary>
    public static decimal Score(IReadOnlyList<SkillLevel> required, IReadOnlyList<SkillLevel> held)
    {
        var (reached, whole) = (0m, 0m);
        foreach (var skill in required)
        {
            var level = LevelOf(held, skill.Skill);
            if (skill.Mandatory && level < skill.Level)
            {
                return 0m;
            }

            // A level of 0 asks for nothing, as does a weight of 0.
            if (skill.Level > 0 && skill.Weight > 0)
            {
                reached += skill.Weight * Math.Min(1m, (decimal)level / skill.Level);
                whole += skill.Weight;
            }
        }

        return whole == 0m ? 1m : reached / whole;
    }

    /// <summary>The highest level at which somebody holds a skill; 0 when they don't. Everybody is asked for every role: a plain loop, no tables.</summary>
    private static int LevelOf(IReadOnlyList<SkillLevel> held, string skill)
    {
        var highest = 0;
        foreach (var own in held)
        {
            highest = own.Level > highest && string.Equals(own.Skill, skill, StringComparison.OrdinalIgnoreCase) ? own.Level : highest;
        }

        return highest;
    }

    private static bool IsSkilled(Consultant person, RequestedRole role) => Score(role.Skills, person.Skills) >= LowestScore;

    private static bool IsEmployed(Consultant person, DateOnly from, DateOnly? to) =>
        person.HiredOn is { } hired && hired <= from && (person.LastWorkingDay is null || (to is not null && person.LastWorkingDay >= to));

    private static bool IsSeniorEnough(Consultant person, RequestedRole role) =>
        role.Level is null || string.CompareOrdinal(person.Level ?? "", role.Level) >= 0;

    /// <summary>Hours left in the seven days from <paramref name="from"/>: an hour figure of a commitment that reaches beyond them is spread over its days.</summary>
    private static decimal FreeHours(Consultant person, IEnumerable<Commitment> taken, DateOnly from)
    {
        var week = new DateRange(from, from.AddDays(6));
        return person.WeeklyHours - taken.Where(commitment => commitment.Dates.Overlaps(week)).Sum(commitment => Within(commitment, week));
    }

    private static decimal Within(Commitment commitment, DateRange week)
    {
        var last = commitment.Dates.To ?? week.To!.Value;
        var days = last.DayNumber - commitment.Dates.From.DayNumber + 1;
        var first = commitment.Dates.From > week.From ? commitment.Dates.From : week.From;
        var end = last < week.To!.Value ? last : week.To.Value;
        return days <= 0 ? 0m : commitment.Hours * (end.DayNumber - first.DayNumber + 1) / days;
    }

    private static Finding NoCandidate(Opportunity deal, RequestedRole role, DateOnly from, int skilled, int placed)
    {
        var name = string.Join(" ", new[] { role.Role, role.Level, role.Location }.Where(part => part is not null));
        var skills = string.Join(", ", role.Skills.Select(skill => $"{skill.Skill} {skill.Level}{(skill.Mandatory ? " (mandatory)" : "")}"));
        var why = (skilled, placed) switch
        {
            (0, _) => $"nobody employed then has {(skills.Length == 0 ? "this profile" : skills)}",
            (_, 0) => $"{skilled} have the skills, none has the level or may work there",
            _ => string.Create(CultureInfo.InvariantCulture, $"{placed} fit, none is free in the week of {from:yyyy-MM-dd}"),
        };
        return new Finding("PL20-PL33", "HND-005", deal.Name, $"No candidate for {name} on {deal.Name}: {why}. Change dates, skills or location, recruit, or subcontract.")
        {
            Field = name,
            Expected = "at least one candidate",
            Actual = why,
        };
    }

    /// <summary>How many have the skills of a role, how many of those may do it where it is, and who of them has hours left.</summary>
    private sealed record Fit(RequestedRole Role, DateOnly From, int Skilled, int Placed, IReadOnlyList<Consultant> Free);
}
