using System.Globalization;
using PsaConsole.Engine.Model;

namespace PsaConsole.Engine.Policies;

/// <summary>What must hold of a person before and after they are brought to the other systems (3-workflows 3c, RES-201 to RES-205).</summary>
public static class PersonPolicy
{
    /// <summary>Working days after the last one on which time of earlier days may still be entered (3-workflows 3i).</summary>
    public const int TailDays = 10;

    /// <summary>RES-201: a billable worker has a role. RES-202: legal entity and cost centre are known and active.</summary>
    public static IReadOnlyList<Finding> Mapped(Consultant person, string? role, string? costCenter, IReadOnlyList<LegalEntity> entities, IReadOnlyList<CostCenter> costCenters)
    {
        var findings = new List<Finding>();
        if (person.Billable && role is null)
        {
            findings.Add(Of("RES-201", person, "Job profile", null, person.JobProfile, $"{person.Name} is billable, but the job profile {person.JobProfile ?? "(none)"} has no billable role. Map it in person.role, or correct the worker in HR.") with { Unmapped = Unmapped("person.role", "role", person.JobProfile) });
        }

        if (entities.FirstOrDefault(entity => entity.Code == person.LegalEntity) is not { Active: true })
        {
            findings.Add(Of("RES-202", person, "Legal entity", null, person.LegalEntity, $"{person.Name} is employed by {person.LegalEntity ?? "nobody"}, which the ERP does not know as an active legal entity. Correct the worker in HR, or set the legal entity up."));
        }

        if (costCenters.FirstOrDefault(center => center.Code == costCenter) is not { Active: true })
        {
            findings.Add(Of("RES-202", person, "Cost centre", costCenter, person.CostCenter, $"The cost centre {person.CostCenter ?? "(none)"} of {person.Name} is {(costCenter is null ? "not mapped to a dimension" : $"no active dimension {costCenter} in the ERP")}. Map it in person.cost-center, or correct it in HR or ERP.") with { Unmapped = Unmapped("person.cost-center", "costCenter", person.CostCenter) });
        }

        return findings;
    }

    /// <summary>True when a change between the two alters what work costs or who bears it.</summary>
    public static bool ChangesCost(Consultant before, Consultant after) =>
        (before.LegalEntity, before.CostCenter, before.JobProfile, before.Level) != (after.LegalEntity, after.CostCenter, after.JobProfile, after.Level);

    /// <summary>RES-204: time worked since the change took effect is in the books under what held before.</summary>
    public static IReadOnlyList<Finding> Retroactive(Consultant person, DateOnly effectiveOn, IReadOnlyList<PostedTime> posted)
    {
        if (posted.Count == 0)
        {
            return [];
        }

        var hours = posted.Sum(entry => entry.Hours).ToString("0.##", CultureInfo.InvariantCulture);
        var (first, last) = (Day(posted.Min(entry => entry.WorkDate)), Day(posted.Max(entry => entry.WorkDate)));
        return
        [
            Of("RES-204", person, "Posted time", "0", hours, $"A change of {person.Name} holds from {Day(effectiveOn)}, but {hours} hours in {posted.Count} entries, worked from {first} to {last}, are posted as before. Decide whether they are costed again, or rescind the change in HR."),
        ];
    }

    /// <summary>RES-203: the ERP holds the person as they are to be.</summary>
    public static IReadOnlyList<Finding> InErp(Placement expected, Placement? actual) => Different("RES-203", "ERP", expected, actual,
    [
        ("Legal entity", expected.LegalEntity, actual?.LegalEntity),
        ("Cost centre", expected.CostCenter, actual?.CostCenter),
        ("E-mail", expected.Email, actual?.Email),
        ("Last working day", Day(expected.LastWorkingDay), Day(actual?.LastWorkingDay)),
        ("Time entry allowed", YesNo(expected.Billable), YesNo(actual?.Billable)),
        ("Active", YesNo(expected.Active), YesNo(actual?.Active)),
    ]);

    /// <summary>RES-205: the PSA holds the person as they are to be.</summary>
    public static IReadOnlyList<Finding> InPsa(Placement expected, Placement? actual) => Different("RES-205", "PSA", expected, actual,
    [
        ("E-mail", expected.Email, actual?.Email),
        ("Role", expected.Role, actual?.Role),
        ("Level", expected.Level, actual?.Level),
        ("Legal entity", expected.LegalEntity, actual?.LegalEntity),
        ("Weekly hours", Number(expected.WeeklyHours), Number(actual?.WeeklyHours)),
        ("Last working day", Day(expected.LastWorkingDay), Day(actual?.LastWorkingDay)),
        ("Active", YesNo(expected.Active), YesNo(actual?.Active)),
    ]);

    /// <summary>RES-205: notices and approvals reach an active person.</summary>
    public static IReadOnlyList<Finding> Identity(Consultant person, DirectoryUser? user) => user switch
    {
        { Enabled: true } => [],
        null => [Of("RES-205", person, "Account", person.Email, null, $"No account has the address {person.Email ?? "(none)"} of {person.Name}. Create it, or correct the address in HR.")],
        _ => [Of("RES-205", person, "Account", "enabled", "disabled", $"The account {user.Address} of {person.Name} is disabled. Enable it, or end the employment in HR.")],
    };

    /// <summary>The last day on which the person may still enter time: <see cref="TailDays"/> working days after the last one.</summary>
    public static DateOnly TailOf(DateOnly lastWorkingDay)
    {
        var day = lastWorkingDay;
        for (var left = TailDays; left > 0;)
        {
            day = day.AddDays(1);
            if (day.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday))
            {
                left--;
            }
        }

        return day;
    }

    public static PersonStanding StandingOn(DateOnly today, Consultant person) => person switch
    {
        { LastWorkingDay: { } last } when last < today => PersonStanding.Left,
        { HiredOn: { } first } when first > today => PersonStanding.Ahead,
        { LastWorkingDay: not null } => PersonStanding.Leaving,
        _ => PersonStanding.Active,
    };

    private static List<Finding> Different(string code, string system, Placement expected, Placement? actual, (string Field, string? Expected, string? Actual)[] fields)
    {
        var name = $"{expected.FirstName} {expected.LastName}";
        if (actual is null)
        {
            return [new Finding("3c", code, name, $"{name} ({expected.EmployeeId}) is missing in the {system}. Create the record there, then retry.") { Field = "Person", Expected = expected.EmployeeId }];
        }

        return
        [
            .. fields.Where(field => !string.Equals(field.Expected, field.Actual, StringComparison.OrdinalIgnoreCase)).Select(field =>
                new Finding("3c", code, name, $"{field.Field} of {name} in the {system} is {field.Actual ?? "missing"}, but must be {field.Expected ?? "empty"}. Correct it there, then retry.")
                {
                    Field = field.Field,
                    Expected = field.Expected,
                    Actual = field.Actual,
                }),
        ];
    }

    private static Finding Of(string code, Consultant person, string field, string? expected, string? actual, string message) =>
        new("3c", code, person.Name, message) { Field = field, Expected = expected, Actual = actual };

    private static UnmappedValue? Unmapped(string set, string field, string? value) => string.IsNullOrEmpty(value) ? null : new UnmappedValue(set, field, value);

    private static string? Day(DateOnly? date) => date?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string? Number(decimal? number) => number?.ToString("0.##", CultureInfo.InvariantCulture);

    private static string? YesNo(bool? flag) => flag is null ? null : flag.Value ? "yes" : "no";
}
