using PsaConsole.Engine.Model;
using PsaConsole.Engine.Policies;

namespace PsaConsole.Engine.Finance;

/// <summary>Where a not-to-exceed limit is agreed (PL43).</summary>
public enum FundingLevel
{
    CustomerOnLine,
    Line,
    Customer,
    Contract,
}

/// <summary>A limit with what is used up; all in the contract currency.</summary>
/// <param name="Name">What the limit is on, in words.</param>
/// <param name="Committed">Posted or about to be, and not invoiced yet.</param>
public sealed record FundingLimit(FundingLevel Level, string Name, decimal Limit, decimal Invoiced, decimal Committed)
{
    public decimal Available => Limit - Invoiced - Committed;
}

/// <summary>New work must fit each of its limits: new ≤ limit − invoiced − committed (PL43, example O19).</summary>
public static class Funding
{
    /// <summary>TIM-407 for each limit that the amount does not fit, with what is short.</summary>
    public static IEnumerable<Finding> Check(IEnumerable<FundingLimit> limits, Money amount, string subject) =>
        from limit in limits.OrderBy(limit => limit.Level)
        where amount.Amount > limit.Available
        let available = new Money(limit.Available, amount.Currency)
        let shortfall = new Money(amount.Amount - limit.Available, amount.Currency)
        select new Finding("PL43", "TIM-407", subject, $"{amount} does not fit the limit of {limit.Name}: {available} of {new Money(limit.Limit, amount.Currency)} is left, {shortfall} is short. Raise the limit, make the work non-chargeable, or approve.")
        {
            Field = $"Limit of {limit.Name}",
            Expected = $"at most {available}",
            Actual = amount.ToString(),
            Exposure = shortfall,
        };
}
