using System.Globalization;
using PsaConsole.Engine.Model;
using PsaConsole.Engine.Staffing;

namespace PsaConsole.Engine.Policies;

/// <summary>Whether a milestone may be billed, by which entry, and on which invoice it went (PL08, PL10, PL60, PL61).</summary>
public static class BillingPolicy
{
    /// <summary>A milestone is invoiced within so many business days after it was accepted (PL61).</summary>
    public const int DaysToInvoice = 3;

    /// <summary>The schedule's entry of the milestone: the one of its name, with or without the number before it; of several, the one of its amount. Null when there is none, or several.</summary>
    public static BillingEntry? EntryOf(Milestone milestone, IReadOnlyList<BillingEntry> schedule)
    {
        var (number, name) = Parts(milestone.Name);
        var named = schedule.Where(entry => entry.Name == milestone.Name || entry.Name == name).ToList();
        return named switch
        {
            [var only] => only,
            [] => null,
            _ when number is { } place && place <= schedule.Count && named.Contains(schedule[place - 1]) => schedule[place - 1],
            _ => named.Where(entry => entry.Amount == milestone.Amount).ToList() is [var fitting] ? fitting : null,
        };
    }

    /// <summary>BIL-601, BIL-602, BIL-605: the entry is there and equal, the schedule adds up to the contract, the tax is known.</summary>
    public static IEnumerable<Finding> Check(Milestone milestone, BillingEntry? entry, IReadOnlyList<BillingEntry> schedule, Engagement project)
    {
        var (subject, worth) = (Subject(milestone, project.Number), new Money(milestone.Amount, milestone.Currency));
        if (entry is null)
        {
            yield return new Finding("PL60", "BIL-601", subject, $"{subject} can't be billed: the billing schedule in the ERP has no entry of that name. Create it there; it goes on by itself.") { Field = "Schedule entry", Expected = milestone.Name, Actual = string.Join(", ", schedule.Select(item => item.Name)), Exposure = worth };
            yield break;
        }

        if (entry.Amount != milestone.Amount || project.Currency != milestone.Currency)
        {
            var actual = new Money(entry.Amount, project.Currency ?? milestone.Currency);
            yield return new Finding("PL08", "BIL-602", subject, $"{subject} can't be billed: the PSA says {worth}, the ERP's schedule {actual}. Correct the one that is wrong; it goes on by itself.") { Field = "Amount", Expected = worth.ToString(), Actual = actual.ToString(), Exposure = worth };
        }

        var total = schedule.Sum(item => item.Amount);
        if (project.ContractValue is { } value && value != total)
        {
            var (expected, actual) = (new Money(value, milestone.Currency), new Money(total, milestone.Currency));
            yield return new Finding("PL08", "BIL-602", subject, $"{subject} can't be billed: the schedule comes to {actual}, the contract to {expected}. Correct the schedule; it goes on by itself.") { Field = "Sum of the schedule", Expected = expected.ToString(), Actual = actual.ToString(), Exposure = worth };
        }

        if (project.TaxCode is null)
        {
            yield return new Finding("PL10", "BIL-605", subject, $"{subject} can't be billed: the ERP's project has no tax code. Set it there; it goes on by itself.") { Field = "Tax code", Expected = "a tax code", Exposure = worth };
        }
    }

    /// <summary>
    /// The invoice line of an entry: posted, of its amount, not older than its being ready; the one that names it, or the only one that names no other entry.
    /// </summary>
    public static (InvoiceLine? Line, bool IsAmbiguous) InvoiceOf(BillingEntry entry, DateOnly readyOn, IReadOnlyList<InvoiceLine> lines, IReadOnlyList<BillingEntry> schedule)
    {
        var fitting = lines.Where(line => line.Posted && line.Amount == entry.Amount && line.Date >= readyOn).ToList();
        var named = fitting.Where(line => Names(line, entry)).ToList();
        var candidates = named.Count > 0 ? named : fitting.Where(line => !schedule.Any(other => other != entry && Names(line, other))).ToList();
        return candidates switch
        {
            [] => (null, false),
            [var only] => (only, false),
            _ => (null, true),
        };
    }

    /// <summary>The last day on which the invoice is in time; Monday to Friday are business days.</summary>
    public static DateOnly InvoiceBy(DateOnly acceptedOn) => WorkCalendar.FullTime.AddBusinessDays(acceptedOn, DaysToInvoice);

    /// <summary>BIL-603: accepted, and not invoiced in time.</summary>
    public static Finding Late(Milestone milestone, string number, DateOnly acceptedOn)
    {
        var subject = Subject(milestone, number);
        var by = InvoiceBy(acceptedOn);
        return new Finding("PL61", "BIL-603", subject, string.Create(CultureInfo.InvariantCulture, $"{subject} was to be invoiced by {by:yyyy-MM-dd} and is not. Create the invoice in the ERP; the case closes when it is posted."))
        {
            Field = "Invoice",
            Expected = string.Create(CultureInfo.InvariantCulture, $"by {by:yyyy-MM-dd}"),
            Actual = "none",
            Exposure = new Money(milestone.Amount, milestone.Currency),
        };
    }

    /// <summary>The milestone in the words of people.</summary>
    public static string Subject(Milestone milestone, string number) => $"{milestone.Name} of {number}";

    private static bool Names(InvoiceLine line, BillingEntry entry) => entry.Name.Length > 0 && line.Text?.Contains(entry.Name, StringComparison.OrdinalIgnoreCase) == true;

    /// <summary>"2 Go-live" is number 2 with the name Go-live.</summary>
    private static (int? Number, string Name) Parts(string title) =>
        title.Split(' ', 2) is [var first, var rest] && int.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? (number, rest) : (null, title);
}
