using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace PsaConsole.Engine.Staffing;

/// <summary>How days of leave count in a weekly average (PL30).</summary>
public enum AverageMethod
{
    /// <summary>They shorten the period: A / (C − E/D).</summary>
    Neutral,

    /// <summary>Work of as many days after the period replaces them: (A + B) / C.</summary>
    FollowingDays,
}

/// <summary>A limit on the hours of a week on average.</summary>
/// <param name="Weeks">Length of the reference period (C).</param>
/// <param name="Limit">Hours that may not be exceeded.</param>
/// <param name="WarnAt">Hours from which a warning is given; null for none.</param>
/// <param name="MayOptOut">Whether a person may opt out of it.</param>
public sealed record WeeklyAverage(int Weeks, decimal Limit, decimal? WarnAt, AverageMethod Method, bool MayOptOut)
{
    /// <summary>The average of a period, not rounded.</summary>
    /// <param name="hours">Hours of the period (A).</param>
    /// <param name="excludedDays">Working days of the period on leave (E).</param>
    /// <param name="daysPerWeek">Working days of a week (D).</param>
    /// <param name="followingHours">Hours of as many working days after the period (B).</param>
    public decimal Of(decimal hours, decimal excludedDays, int daysPerWeek, decimal followingHours)
    {
        if (Method == AverageMethod.FollowingDays)
        {
            return (hours + followingHours) / Weeks;
        }

        var weeks = Weeks - (daysPerWeek == 0 ? 0m : excludedDays / daysPerWeek);
        return weeks <= 0m ? 0m : hours / weeks;
    }
}

/// <summary>A limit on the hours of a working day on average, such as eight over 24 weeks of six working days.</summary>
public sealed record WorkdayAverage(int Weeks, int WorkdaysPerWeek, decimal Limit)
{
    public decimal Of(decimal hours, decimal excludedDays) => (Weeks * WorkdaysPerWeek) - excludedDays is > 0m and var days ? hours / days : 0m;
}

/// <summary>Hours a week above which work costs more (FLSA).</summary>
public sealed record OvertimePay(decimal WeeklyHours, decimal Multiplier)
{
    /// <summary>Hours of a week as they are paid.</summary>
    public decimal PaidHours(decimal hours) => hours + (Math.Max(0m, hours - WeeklyHours) * (Multiplier - 1m));
}

/// <summary>An example that the pack must reproduce, or it is not taken.</summary>
public sealed record LabourExample
{
    public required string Name { get; init; }

    /// <summary>Which limit: weekly, workday or daily.</summary>
    public required string Rule { get; init; }

    public required decimal Hours { get; init; }
    public decimal ExcludedDays { get; init; }
    public decimal FollowingHours { get; init; }
    public int DaysPerWeek { get; init; } = 5;

    /// <summary>Length of the period of the average meant, when the pack has several.</summary>
    public int? Weeks { get; init; }

    /// <summary>The average, rounded to two decimals.</summary>
    public decimal? Average { get; init; }

    /// <summary>ok, warning or breach.</summary>
    public required string Result { get; init; }
}

/// <summary>Working-time rules of one jurisdiction (PL30–PL33): data that an administrator edits, never code. Verify them with local advice.</summary>
public sealed record LabourPack
{
    public required string Code { get; init; }
    public required string Name { get; init; }

    /// <summary>ISO-3166 alpha-2 codes of the countries it holds in.</summary>
    public required IReadOnlyList<string> Countries { get; init; }

    /// <summary>Where the figures come from.</summary>
    public required string Source { get; init; }

    public IReadOnlyList<WeeklyAverage> Averages { get; init; } = [];
    public WorkdayAverage? WorkdayAverage { get; init; }

    /// <summary>Hours that one week may not exceed.</summary>
    public decimal? WeeklyMaximum { get; init; }

    /// <summary>Hours that one day may not exceed: what daily rest leaves, where no clock times are known (PL31).</summary>
    public decimal? DailyMaximum { get; init; }

    /// <summary>Hours between the end of one day and the start of the next (PL31).</summary>
    public decimal? DailyRest { get; init; }

    /// <summary>Whether one day in seven must be free (PL32).</summary>
    public bool WeeklyRest { get; init; }

    /// <summary>No work on Sundays and whole holidays.</summary>
    public bool SundaysFree { get; init; }

    public OvertimePay? Overtime { get; init; }
    public IReadOnlyList<LabourExample> Examples { get; init; } = [];

    [JsonIgnore]
    public int LookBackWeeks => Math.Max(WorkdayAverage?.Weeks ?? 0, Averages.Count == 0 ? 0 : Averages.Max(average => average.Weeks));

    /// <summary>What is wrong with the pack; empty when it may be used.</summary>
    public IEnumerable<string> Problems()
    {
        if (Countries.Count == 0 || Countries.Any(country => country.Length != 2))
        {
            yield return $"{Code}: name its countries by two letters each.";
        }

        if (Averages.Any(average => average.Weeks is < 1 or > 104 || average.Limit <= 0m || average.WarnAt > average.Limit) || WorkdayAverage is { Weeks: < 1 } or { WorkdaysPerWeek: < 1 or > 7 } || DailyMaximum is <= 0m or > 24m)
        {
            yield return $"{Code}: a limit is out of range.";
        }

        foreach (var example in Examples.Where(example => Outcome(example) != (example.Average, example.Result)))
        {
            var (average, result) = Outcome(example);
            yield return string.Create(CultureInfo.InvariantCulture, $"{Code}: example {example.Name} gives {average} ({result}), not {example.Average} ({example.Result}).");
        }
    }

    private (decimal? Average, string Result) Outcome(LabourExample example)
    {
        (decimal? average, decimal limit, decimal? warnAt) = example.Rule switch
        {
            "weekly" when Averages.FirstOrDefault(item => example.Weeks is null || item.Weeks == example.Weeks) is { } weekly =>
                (weekly.Of(example.Hours, example.ExcludedDays, example.DaysPerWeek, example.FollowingHours), weekly.Limit, weekly.WarnAt),
            "workday" when WorkdayAverage is { } workday => (workday.Of(example.Hours, example.ExcludedDays), workday.Limit, (decimal?)null),
            "daily" when DailyMaximum is { } daily => (example.Hours, daily, null),
            _ => ((decimal?)null, 0m, (decimal?)null),
        };
        var result = average > limit ? "breach" : average >= warnAt ? "warning" : "ok";
        return (average is null || example.Average is null ? null : decimal.Round(average.Value, 2, MidpointRounding.AwayFromZero), average is null ? "no such rule" : result);
    }
}

/// <summary>The packs that are shipped, and those that an administrator gives.</summary>
public static class LabourPacks
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter() }, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow };

    /// <summary>EU, DE, FR, UK and US.</summary>
    public static IReadOnlyList<LabourPack> Shipped { get; } = Checked([.. StaffingData.Names("labour-").Select(name => Read(StaffingData.Text(name)))]);

    /// <exception cref="InvalidDataException">The pack can't be read, misses its own examples, or has a limit out of range.</exception>
    public static LabourPack Parse(string json) => Checked([Read(json)])[0];

    /// <summary>The pack of a country; null when there is none, and then working time is not checked.</summary>
    public static LabourPack? Of(IReadOnlyList<LabourPack> packs, string? country) => country is null ? null : packs.FirstOrDefault(pack => pack.Countries.Contains(country));

    private static LabourPack Read(string json)
    {
        try
        {
            return JsonSerializer.Deserialize<LabourPack>(json, Json) ?? throw new InvalidDataException("A pack of labour rules is empty.");
        }
        catch (JsonException unreadable)
        {
            throw new InvalidDataException($"A pack of labour rules can't be read: {unreadable.Message}", unreadable);
        }
    }

    private static IReadOnlyList<LabourPack> Checked(IReadOnlyList<LabourPack> packs)
    {
        var problems = packs.SelectMany(pack => pack.Problems())
            .Concat(packs.SelectMany(pack => pack.Countries).GroupBy(country => country).Where(group => group.Count() > 1).Select(group => $"{group.Key} is in several packs."))
            .ToList();
        return problems.Count == 0 ? packs : throw new InvalidDataException(string.Join(" ", problems));
    }
}
