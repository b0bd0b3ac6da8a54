using System.Globalization;

namespace PsaConsole.Sandbox.Firm;

/// <summary>Gives the deals that were won before the sync engine came a project number and a team.</summary>
internal static class ProjectGenerator
{
    public static List<Project> Generate(IReadOnlyList<Deal> won, IReadOnlyList<Consultant> people, Random random)
        => [.. won.Select((deal, index) => new Project(
            string.Create(CultureInfo.InvariantCulture, $"P-{deal.SellingEntity}-{index + 1:0000}"), deal, Team(deal, people, random)))];

    private static List<TeamMember> Team(Deal deal, IReadOnlyList<Consultant> people, Random random)
    {
        var team = new List<TeamMember>();
        foreach (var role in deal.Roles)
        {
            var candidates = people.Where(person =>
                person.Role == role.Role && person.Country == role.Country && person.Billable && person.TerminationDate is null && team.All(member => member.Consultant != person.Number)).ToList();
            if (candidates.Count == 0)
            {
                continue;
            }

            var weeks = Math.Max(1, (role.End.DayNumber - role.Start.DayNumber + 1) / 7);
            team.Add(new TeamMember(candidates[random.Next(candidates.Count)].Number, role.Role, role.Start, role.End, Math.Round(role.Hours / weeks, 0, MidpointRounding.AwayFromZero)));
        }

        return team;
    }
}
