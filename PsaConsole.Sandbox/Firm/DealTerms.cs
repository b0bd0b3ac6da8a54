using System.Globalization;

namespace PsaConsole.Sandbox.Firm;

/// <summary>
/// Works out one deal's scope, price, phases and billing schedule, so that they agree with each other to the last cent.
/// With a second legal entity, that one delivers a work stream. Only people whom the firm has are asked for.
/// </summary>
internal sealed class DealTerms(
    Random random, IReadOnlyList<Consultant> people, string billingType, RateCard card, LegalEntity entity, LegalEntity? second, string serviceLine, DateOnly start, DateOnly end)
{
    public const string TimeAndMaterials = "Time and Materials";
    public const string Capped = "Capped Time and Materials";
    public const string Milestones = "Fixed Price - Milestones";
    public const string Installments = "Fixed Price - Installments";
    public const string PercentComplete = "Percent Complete";
    public const string Retainer = "Retainer";
    public const string NonBillable = "Non-Billable";

    public static readonly string[] BillingTypes = [TimeAndMaterials, Milestones, Capped, Retainer, Installments, PercentComplete, NonBillable];

    private static readonly string[] Team = ["Project Manager", "Senior Consultant", "Consultant", "Architect", "Analyst"];

    /// <summary>Who is needed, and what is sold: hours by role, or a price for each work stream.</summary>
    public (List<RequestedRole> Roles, List<DealLine> Lines) Scope()
    {
        var size = random.Next(2, Team.Length + 1);
        var weeks = (end.DayNumber - start.DayNumber + 1) / 7;
        var roles = new List<RequestedRole>();
        foreach (var role in Team.Take(size))
        {
            var country = second is not null && role == "Consultant" ? second.Country : entity.Country;
            var hours = weeks * (role == "Project Manager" ? 8m : 8m * random.Next(2, 5));
            if (Somebody(role, country) is { } person)
            {
                var skill = person.Skills[random.Next(person.Skills.Count)];
                var skills = role == "Project Manager" ? "" : string.Create(CultureInfo.InvariantCulture, $"{skill.Name}:{Math.Max(1, skill.Level - 1)}");
                roles.Add(new RequestedRole(role, person.Level, country, hours, start, end, skills));
            }
        }

        if (billingType == NonBillable)
        {
            return (roles, []);
        }

        var hourly = roles.Select(role => new DealLine(
            role.Country == entity.Country ? "Implementation" : "Remote delivery", role.Role, role.Level, role.Hours, Price(role), role.Country == entity.Country ? null : second?.Code)).ToList();
        if (second is not null && hourly.All(line => line.SellingEntity is null))
        {
            hourly[^1] = hourly[^1] with { SellingEntity = second.Code, WorkStream = "Remote delivery" };
        }

        return (roles, billingType is TimeAndMaterials or Capped ? hourly : ByWorkStream(hourly));
    }

    public List<Phase> Phases(decimal hours)
    {
        var days = end.DayNumber - start.DayNumber + 1;
        (string Name, int From, int To, decimal Share)[] plan = [("Discovery", 0, 25, 0.2m), ("Build", 25, 80, 0.6m), ("Launch", 80, 100, 0.2m)];
        return [.. plan.Select((phase, index) => new Phase(
            phase.Name, index + 1, start.AddDays(days * phase.From / 100), start.AddDays(days * phase.To / 100 - 1), Math.Round(hours * phase.Share, 0, MidpointRounding.AwayFromZero)))];
    }

    /// <summary>Entries for each legal entity's lines that add up to them: by phase for milestones, by month for installments and retainers.</summary>
    public List<ScheduleEntry> Schedule(IReadOnlyList<DealLine> lines, IReadOnlyList<Phase> phases)
    {
        var parts = lines.GroupBy(line => line.SellingEntity).Select(group => (Entity: group.Key, Amount: group.Sum(line => line.Total))).ToList();
        var entries = billingType switch
        {
            Milestones => parts.SelectMany(part => phases.Zip(Split(part.Amount, [3m, 4m, 3m]), (phase, amount) =>
                new ScheduleEntry($"{phase.Name} accepted", 0, phase.End, amount, phase.Name, true, part.Entity))),
            Installments or Retainer => parts.SelectMany(part => Months(part.Entity, part.Amount)),
            _ => [],
        };
        return [.. entries.OrderBy(entry => entry.Due).ThenBy(entry => entry.SellingEntity, StringComparer.Ordinal).Select((entry, index) => entry with { Sequence = index + 1 })];
    }

    private IEnumerable<ScheduleEntry> Months(string? sellingEntity, decimal amount)
    {
        var count = (end.Year - start.Year) * 12 + end.Month - start.Month + (end.Day >= start.Day ? 1 : 0);
        var shares = Split(amount, [.. Enumerable.Repeat(1m, Math.Max(1, count))]);
        var word = billingType == Retainer ? "Retainer" : "Installment";
        return shares.Select((share, index) => new ScheduleEntry(
            string.Create(CultureInfo.InvariantCulture, $"{word} {index + 1}"), 0, start.AddMonths(index), share, null, false, sellingEntity));
    }

    /// <summary>Somebody who could do it, of the service line if there is one such.</summary>
    private Consultant? Somebody(string role, string country)
    {
        var able = people.Where(person => person.Role == role && person.Country == country && person is { Billable: true, TerminationDate: null }).ToList();
        var specialists = able.Where(person => person.ServiceLine == serviceLine).ToList();
        return specialists.Count > 0 ? specialists[random.Next(specialists.Count)] : able.Count > 0 ? able[random.Next(able.Count)] : null;
    }

    private decimal Price(RequestedRole role)
        => card.Rates.First(rate => rate.Role == role.Role && rate.Level == role.Level && rate.Country == role.Country).Bill;

    private static List<DealLine> ByWorkStream(List<DealLine> hourly) =>
    [
        .. hourly.GroupBy(line => (line.WorkStream, line.SellingEntity))
            .Select(group => new DealLine(group.Key.WorkStream, null, null, 1m, Math.Ceiling(group.Sum(line => line.Total) / 1_000m) * 1_000m, group.Key.SellingEntity)),
    ];

    /// <summary>Splits by weights in whole minor units; what rounding leaves goes to the last part.</summary>
    private List<decimal> Split(decimal amount, IReadOnlyList<decimal> weights)
    {
        var digits = entity.Currency == "JPY" ? 0 : 2;
        var parts = weights.Select(weight => Math.Round(amount * weight / weights.Sum(), digits, MidpointRounding.ToZero)).ToList();
        parts[^1] += amount - parts.Sum();
        return parts;
    }
}
