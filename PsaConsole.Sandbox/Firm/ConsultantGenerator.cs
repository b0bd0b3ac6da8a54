using System.Globalization;
using System.Text;

namespace PsaConsole.Sandbox.Firm;

/// <summary>Employs people: a head for each legal entity, managers below, and a pyramid of levels.</summary>
internal static class ConsultantGenerator
{
    private static readonly (string Entity, double Share)[] Shares = [("US01", 0.40), ("GB01", 0.25), ("DE01", 0.25), ("JP01", 0.10)];
    private static readonly Dictionary<string, decimal> FullWeek = new() { ["US"] = 40m, ["GB"] = 37.5m, ["DE"] = 40m, ["JP"] = 40m };

    public static List<Consultant> Generate(int count, Random random, IReadOnlyList<LegalEntity> entities, DateOnly today)
    {
        var people = new List<Consultant>(count);
        var emails = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var heads = new Dictionary<string, string>();
        var managers = new Dictionary<string, List<string>>();
        for (var number = 1; number <= count; number++)
        {
            var code = EntityOf(number, random.NextDouble());
            var entity = entities.First(candidate => candidate.Code == code);
            var key = string.Create(CultureInfo.InvariantCulture, $"E{number:0000}");
            var isHead = !heads.ContainsKey(entity.Code);
            var team = managers.TryGetValue(entity.Code, out var known) ? known : managers[entity.Code] = [];
            var isManager = !isHead && (team.Count == 0 || number % 9 == 0);
            var person = Person(random, key, entity, today, emails, isHead, isManager);
            people.Add(person with { Manager = isHead ? null : isManager || team.Count == 0 ? heads[entity.Code] : team[random.Next(team.Count)] });
            if (isHead)
            {
                heads[entity.Code] = key;
            }
            else if (isManager)
            {
                team.Add(key);
            }
        }

        return people;
    }

    /// <summary>The first people found every legal entity with a head, a manager and two consultants; the rest come by share.</summary>
    private static string EntityOf(int number, double draw)
    {
        if (number <= Shares.Length * 4)
        {
            return Shares[(number - 1) % Shares.Length].Entity;
        }

        foreach (var (entity, share) in Shares)
        {
            draw -= share;
            if (draw < 0)
            {
                return entity;
            }
        }

        return Shares[^1].Entity;
    }

    private static Consultant Person(Random random, string key, LegalEntity entity, DateOnly today, HashSet<string> emails, bool isHead, bool isManager)
    {
        var (first, last) = (random.Pick(Names.First), random.Pick(Names.Last));
        var line = random.Pick(FirmGenerator.ServiceLines);
        var level = isHead ? 5 : isManager ? random.Next(4, 6) : Math.Min(5, 1 + (int)(random.NextDouble() * random.NextDouble() * 6));
        var role = isHead || isManager ? "Project Manager" : RoleOf(level, random.NextDouble());
        var fte = isHead ? 1m : random.Next(100) switch { < 86 => 1m, < 96 => 0.8m, _ => 0.5m };
        var isForeign = random.Next(100) < 4;
        return new Consultant
        {
            Number = key,
            FirstName = first,
            LastName = last,
            Email = Email(first, last, emails),
            LegalEntity = entity.Code,
            CostCenter = $"CC-{entity.Code}-{line.ToUpperInvariant()}",
            ServiceLine = line,
            Role = role,
            Level = string.Create(CultureInfo.InvariantCulture, $"L{level}"),
            Country = entity.Country,
            Fte = fte,
            WeeklyHours = FullWeek[entity.Country] * fte,
            HireDate = today.AddDays(-random.Next(isManager || isHead ? 900 : 60, 4_000)),
            TerminationDate = !isHead && !isManager && random.Next(100) < 2 ? today.AddDays(random.Next(10, 60)) : null,
            Skills = Skills(random, line, level),
            RemoteAllowed = random.Next(100) < 70,
            Billable = !isHead,
            WorkPermitUntil = isForeign ? today.AddDays(random.Next(30, 900)) : null,
        };
    }

    private static string RoleOf(int level, double draw) => level switch
    {
        1 => "Analyst",
        2 => draw < 0.3 ? "Analyst" : "Consultant",
        3 => draw < 0.4 ? "Consultant" : "Senior Consultant",
        4 => draw < 0.5 ? "Senior Consultant" : "Architect",
        _ => "Architect",
    };

    private static List<Skill> Skills(Random random, string line, int level)
    {
        var names = Names.SkillsOf[line];
        var start = random.Next(names.Length);
        var skills = Enumerable.Range(0, random.Next(2, 5)).Select(step => new Skill(names[(start + step) % names.Length], Math.Clamp(level + random.Next(-1, 2), 1, 5))).ToList();
        if (random.Next(100) < 25)
        {
            var extra = random.Pick(Names.SkillsOf[random.Pick(FirmGenerator.ServiceLines)]);
            if (skills.All(skill => skill.Name != extra))
            {
                skills.Add(new Skill(extra, random.Next(1, 4)));
            }
        }

        return skills;
    }

    private static string Email(string first, string last, HashSet<string> taken)
    {
        var local = new StringBuilder();
        foreach (var letter in $"{first}.{last}".ToLowerInvariant().Where(letter => char.IsAsciiLetter(letter) || letter == '.'))
        {
            local.Append(letter);
        }

        var address = $"{local}@northwind.example";
        for (var copy = 2; !taken.Add(address); copy++)
        {
            address = string.Create(CultureInfo.InvariantCulture, $"{local}{copy}@northwind.example");
        }

        return address;
    }
}
