using System.Globalization;
using PsaConsole.Engine.Finance;
using PsaConsole.Engine.Model;

namespace PsaConsole.Engine.Policies;

/// <summary>Whether an expense may be posted as it is (PL46, PL51).</summary>
public static class ExpensePolicy
{
    /// <summary>EXP-501: what is worth more than the pack allows without one has a receipt.</summary>
    /// <param name="worth">The amount in the legal entity's currency.</param>
    public static IEnumerable<Finding> Receipt(Expense expense, Money worth, ExpenseRule rule)
    {
        if (expense.Receipt is null && worth.Amount > rule.ReceiptAbove)
        {
            yield return new Finding("PL51", "EXP-501", Subject(expense), $"{Subject(expense)} is not posted: above {new Money(rule.ReceiptAbove, worth.Currency)} it needs a receipt. Recall it, attach the receipt in the PSA, and approve it again.") { Field = "Receipt", Expected = "a receipt", Exposure = Paid(expense) };
        }
    }

    /// <summary>EXP-504: above zero, within the category's limit, not too old, not in the future, not claimed before.</summary>
    /// <param name="category">The books' category.</param>
    /// <param name="worth">The amount in the legal entity's currency.</param>
    /// <param name="claimed">What the person claimed on the project for the same day, the expense itself too, oldest first.</param>
    /// <param name="today">In the legal entity's zone.</param>
    public static IEnumerable<Finding> Limits(Expense expense, string category, Money worth, IReadOnlyList<Expense> claimed, ExpenseRule rule, DateOnly today)
    {
        if (expense.Amount <= 0m)
        {
            yield return Wrong(expense, "Amount", "above zero", Paid(expense).ToString(), $"{Paid(expense)} can't be claimed");
        }

        if (rule.Limits.TryGetValue(category, out var limit) && worth.Amount > limit)
        {
            yield return Wrong(expense, $"Limit of {category}", $"at most {new Money(limit, worth.Currency)}", worth.ToString(), $"{worth} is above the limit of {new Money(limit, worth.Currency)} for {category}");
        }

        if (expense.Date > today)
        {
            yield return Wrong(expense, "Date", $"until {Date(today)}", Date(expense.Date), "it lies in the future");
        }
        else if (expense.Date < today.AddDays(-rule.OldestDays))
        {
            yield return Wrong(expense, "Date", $"from {Date(today.AddDays(-rule.OldestDays))}", Date(expense.Date), string.Create(CultureInfo.InvariantCulture, $"it is more than {rule.OldestDays} days old"));
        }

        var position = claimed.Select(other => other.Id).ToList().IndexOf(expense.Id);
        var twin = claimed.Take(Math.Max(0, position)).FirstOrDefault(other => other.Approved && other.Category == expense.Category && other.Amount == expense.Amount && other.Currency == expense.Currency);
        if (twin is not null)
        {
            yield return Wrong(expense, "Expense", "claimed once", twin.Id, $"it looks like expense {twin.Id}: the same person, project, day, category and amount");
        }
    }

    /// <summary>TIM-411: somebody else approved, who was employed then.</summary>
    public static IEnumerable<Finding> Approval(Expense expense, Consultant? approver, DateOnly today) =>
        ApproverPolicy.Check(Subject(expense), expense.Person, expense.Approver, approver, "spent it", today);

    /// <summary>The expense in the words of people: Hotel 119.00 EUR of Eva on 2026-03-10.</summary>
    public static string Subject(Expense expense) => $"{expense.Category} {Paid(expense)} of {expense.PersonName ?? expense.Person ?? "nobody"} on {Date(expense.Date)}";

    private static Finding Wrong(Expense expense, string field, string expected, string actual, string why) =>
        new("PL51", "EXP-504", Subject(expense), $"{Subject(expense)} is not posted: {why}. Approve it if it is right all the same, or have it recalled in the PSA.") { Field = field, Expected = expected, Actual = actual, Exposure = Paid(expense) };

    private static Money Paid(Expense expense) => new(expense.Amount, expense.Currency);

    private static string Date(DateOnly date) => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
