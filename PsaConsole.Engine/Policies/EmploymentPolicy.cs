using PsaConsole.Engine.Model;

namespace PsaConsole.Engine.Policies;

/// <summary>Employments of one person over time (3-workflows 3c): a transfer between legal entities is an end and a start, a rehire is another start.</summary>
public static class EmploymentPolicy
{
    /// <summary>The employments after what HR says now.</summary>
    /// <param name="known">What was known, oldest first.</param>
    /// <param name="effectiveOn">From when what HR says now holds.</param>
    public static IReadOnlyList<Employment> Next(IReadOnlyList<Employment> known, Consultant person, Ledger ledger, string costCenter, DateOnly effectiveOn)
    {
        var now = new Employment(person.LegalEntity!, ledger, person.HiredOn ?? effectiveOn, person.LastWorkingDay) { CostCenter = costCenter };
        if (known.Count == 0 || (known[^1].To is { } end && now.From > end))
        {
            return [.. known, now];
        }

        var last = known[^1];
        if (IsSame(last, now))
        {
            var followsTransfer = known.Count > 1 && known[^2] is { Transferred: true, To: { } seam } && seam.AddDays(1) == last.From;
            return [.. known.SkipLast(1), followsTransfer ? now with { From = last.From } : now];
        }

        // A start that is corrected away leaves an employment that ended before it began: its record must be taken out of use all the same.
        var from = effectiveOn > last.From ? effectiveOn : last.From;
        var ended = last with { To = from.AddDays(-1), Transferred = true };
        var back = known.SkipLast(1).LastOrDefault(earlier => IsSame(earlier, now) && earlier.Transferred && earlier.To == ended.To);
        return back is null
            ? [.. known.SkipLast(1), ended, now with { From = from }]
            : [.. known.SkipLast(1).Where(earlier => earlier != back), ended, now with { From = back.From }];
    }

    private static bool IsSame(Employment first, Employment second) => (first.LegalEntity, first.Ledger) == (second.LegalEntity, second.Ledger);

    /// <summary>
    /// True while the person may enter time under it. Who leaves the firm has a tail for days before; who was transferred enters time in the new legal
    /// entity, and must not be found twice by the same address.
    /// </summary>
    public static bool IsActiveOn(DateOnly today, Employment employment) =>
        employment.To is not { } last || today <= (employment.Transferred ? last : PersonPolicy.TailOf(last));
}
