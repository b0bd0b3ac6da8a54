using PsaConsole.Engine.Model;

namespace PsaConsole.Engine.Policies.Changes;

/// <summary>A billing schedule that is planned anew around what is billed already (3-workflows 3h, example O-CH1).</summary>
/// <param name="Entries">Billed entries as they are, and the others as they are to be.</param>
/// <param name="Findings">CHG-703 where the plan touches what is billed, BIL-602 where it does not add up; none when it may be carried over.</param>
public sealed record ScheduleReplan(IReadOnlyList<ScheduleEntry> Entries, IReadOnlyList<Finding> Findings)
{
    /// <summary>Plans the part of the value that is not billed.</summary>
    /// <param name="billed">What is billed, or about to be: frozen.</param>
    /// <param name="proposed">The whole schedule as it is wanted, billed entries too.</param>
    /// <param name="remainderTo">Name of the entry that takes what the others leave; null when every amount is given.</param>
    public static ScheduleReplan Plan(string subject, Money value, IReadOnlyList<ScheduleEntry> billed, IReadOnlyList<ScheduleEntry> proposed, string? remainderTo)
    {
        var frozen = ScheduleChange.Kept(billed, proposed);
        var touched = billed.Where(entry => !frozen.Any(pair => ReferenceEquals(pair.Before, entry) && pair.After.Amount == entry.Amount && pair.After.DueOn == entry.DueOn)).ToList();
        if (touched.Count > 0)
        {
            return new(proposed, [.. touched.Select(entry => Billed(subject, value.Currency, entry, frozen.FirstOrDefault(pair => ReferenceEquals(pair.Before, entry)).After))]);
        }

        var done = billed.Sum(entry => entry.Amount);
        if (value.Amount < done)
        {
            return new(proposed, [BelowBilled(subject, value, new Money(done, value.Currency))]);
        }

        var entries = remainderTo is null ? proposed : WithRemainder(proposed, value, remainderTo);
        var total = new Money(entries.Sum(entry => entry.Amount), value.Currency);
        return new(entries, total == value ? [] : [Untied(subject, value, total)]);
    }

    /// <summary>One entry as several of equal amounts, to the minor unit.</summary>
    public static IReadOnlyList<ScheduleEntry> SplitEvenly(ScheduleEntry entry, string currency, IReadOnlyList<string> names) =>
        [.. new Money(entry.Amount, currency).Split([.. names.Select(_ => 1m)]).Select((share, index) => entry with { Name = names[index], Amount = share.Amount })];

    private static List<ScheduleEntry> WithRemainder(IReadOnlyList<ScheduleEntry> proposed, Money value, string name)
    {
        var rest = value.Amount - proposed.Where(entry => entry.Name != name).Sum(entry => entry.Amount);
        return [.. proposed.Select(entry => entry.Name == name && rest > 0m ? entry with { Amount = rest } : entry)];
    }

    private static Finding Billed(string subject, string currency, ScheduleEntry entry, ScheduleEntry? wanted)
    {
        var (now, was) = (wanted is null ? null : Words(wanted, currency), Words(entry, currency));
        return new Finding("3h", "CHG-703", subject, $"{entry.Name} of {subject} is billed, or about to be, and stays {was}: the CRM {(now is null ? "has removed it" : $"says {now}")}. Set it back in the CRM and put the change into what is not billed.")
        {
            Field = entry.Name,
            Expected = was,
            Actual = now,
            Exposure = new Money(entry.Amount, currency),
        };
    }

    private static Finding BelowBilled(string subject, Money value, Money billed) =>
        new("3h", "CHG-703", subject, $"{subject} can't become worth {value}: {billed} is billed already. Ask for a credit note first, or correct the value in the CRM.")
        {
            Field = EngagementFields.ContractValue,
            Expected = $"at least {billed}",
            Actual = value.ToString(),
            Exposure = billed - value,
        };

    private static Finding Untied(string subject, Money value, Money total) =>
        new("PL08", "BIL-602", subject, $"The milestones of {subject} come to {total}, the contract to {value}: {value - total} apart. Correct them in the CRM, or name the milestone that takes the difference.")
        {
            Field = "Sum of the schedule",
            Expected = value.ToString(),
            Actual = total.ToString(),
            Exposure = value - total is { Amount: < 0m } below ? new Money(-below.Amount, below.Currency) : value - total,
        };

    private static string Words(ScheduleEntry entry, string currency) => $"{new Money(entry.Amount, currency)} on {EngagementFields.Date(entry.DueOn) ?? "no date"}";
}
