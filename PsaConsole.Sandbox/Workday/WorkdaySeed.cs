using System.Globalization;
using System.Text.Json.Nodes;
using PsaConsole.Sandbox.Core;
using PsaConsole.Sandbox.Firm;

namespace PsaConsole.Sandbox.Workday;

/// <summary>Fills the tenant with the firm's people, some of their days off, and a few leaves of absence.</summary>
internal sealed class WorkdaySeed(HumanResources office, SampleFirm firm)
{
    private static readonly string[] Genders = ["Female", "Male", "Not Declared"];
    private static readonly string[] MaritalStatuses = ["Single", "Married", "Divorced", "Partnership"];
    private static readonly string[] Reasons = ["Illness", "Family bereavement", "Medical appointment", "Personal"];
    private static readonly string[] LeaveTypes = ["Parental Leave", "Medical Leave", "Sabbatical", "Military Leave"];

    public void Fill()
    {
        var random = new Random(firm.Seed + 11);
        foreach (var person in firm.Consultants)
        {
            var worker = office.Hire(Worker(person, random), Entered(person.HireDate.AddDays(-30)));
            if (person.TerminationDate is { } last)
            {
                office.Terminate(worker.Id, last, "Resignation: health reasons", Entered(firm.Today.AddDays(-1)));
            }

            Absences(worker, person, random);
        }
    }

    /// <summary>A new person's fields, the private ones too.</summary>
    public static Dictionary<string, object?> Worker(Consultant person, Random random) => new()
    {
        ["employeeId"] = person.Number,
        ["firstName"] = person.FirstName,
        ["lastName"] = person.LastName,
        ["email"] = person.Email,
        ["jobProfile"] = person.Role,
        ["level"] = person.Level,
        ["company"] = person.LegalEntity,
        ["costCenter"] = person.CostCenter,
        ["serviceLine"] = person.ServiceLine,
        ["country"] = person.Country,
        ["fte"] = person.Fte,
        ["weeklyHours"] = person.WeeklyHours,
        ["hireDate"] = person.HireDate,
        ["manager"] = person.Manager,
        ["remote"] = person.RemoteAllowed,
        ["billable"] = person.Billable,
        ["skills"] = new JsonArray([.. person.Skills.Select(skill => new JsonObject { ["Skill"] = skill.Name, ["Level"] = skill.Level.ToString(CultureInfo.InvariantCulture) })]),
        ["birthDate"] = person.HireDate.AddDays(-random.Next(23 * 365, 40 * 365)),
        ["gender"] = Genders[random.Next(Genders.Length)],
        ["maritalStatus"] = MaritalStatuses[random.Next(MaritalStatuses.Length)],
        ["nationalId"] = string.Create(CultureInfo.InvariantCulture, $"000-{random.Next(10, 99)}-{random.Next(1_000, 9_999)}"),
        ["homeAddress"] = string.Create(CultureInfo.InvariantCulture, $"{random.Next(1, 300)} Sample Street"),
        ["homePhone"] = string.Create(CultureInfo.InvariantCulture, $"+1 555 01{random.Next(10, 99)}"),
        ["homeEmail"] = $"{person.Number.ToLowerInvariant()}@home.example",
        ["salary"] = 40_000m + ((person.Level[1] - '0') * 12_345m),
    };

    private void Absences(Record worker, Consultant person, Random random)
    {
        var hours = Math.Round(person.WeeklyHours / 5m, 2, MidpointRounding.AwayFromZero);
        if (random.Next(100) < 35)
        {
            var first = Weekday(firm.Today.AddDays(random.Next(-20, 60)));
            for (var (day, left) = (first, random.Next(1, 8)); left > 0; day = Weekday(day.AddDays(1)), left--)
            {
                office.ApproveTimeOff(worker, day, hours, "Vacation", "", null, random.Next(100) < 90 ? "Approved" : "Submitted", Entered(firm.Today.AddDays(-random.Next(2, 30))));
            }
        }

        if (random.Next(100) < 12)
        {
            office.ApproveTimeOff(worker, Weekday(firm.Today.AddDays(-random.Next(1, 25))), random.Next(2) == 0 ? hours : Math.Round(hours / 2m, 2, MidpointRounding.AwayFromZero), "Sick Leave", Reasons[random.Next(Reasons.Length)], "Doctor's note handed in, please keep confidential.", "Approved", Entered(firm.Today.AddDays(-1)));
        }

        if (person.TerminationDate is null && random.Next(100) < 3)
        {
            var first = firm.Today.AddDays(random.Next(-40, 40));
            office.ApproveLeave(worker, first, first.AddDays(random.Next(30, 180)), LeaveTypes[random.Next(LeaveTypes.Length)], Reasons[random.Next(Reasons.Length)], Entered(firm.Today.AddDays(-random.Next(1, 20))));
        }
    }

    private static DateOnly Weekday(DateOnly day) => day.DayOfWeek switch
    {
        DayOfWeek.Saturday => day.AddDays(2),
        DayOfWeek.Sunday => day.AddDays(1),
        _ => day,
    };

    private static DateTimeOffset Entered(DateOnly day) => new(day.ToDateTime(new TimeOnly(9, 30)), TimeSpan.Zero);
}
