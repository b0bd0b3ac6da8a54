using PsaConsole.Engine.Access;
using PsaConsole.Engine.Model;

namespace PsaConsole.Engine.Approvals;

/// <summary>Who must agree from which amount on: one line of the chains of 8-localisation 8.6, which each legal entity's pack may replace.</summary>
/// <param name="Above">The tier applies to amounts above this one, in the legal entity's currency.</param>
public sealed record ApprovalTier(ApprovalKind Kind, decimal Above, string Role)
{
    /// <summary>What holds where a pack says nothing: a finance controller.</summary>
    public static IReadOnlyList<ApprovalTier> Default { get; } =
    [
        new(ApprovalKind.ProjectCreation, 0m, Roles.FinanceController),
        new(ApprovalKind.Margin, 0m, Roles.FinanceController),
        new(ApprovalKind.Billing, 0m, Roles.FinanceController),
        new(ApprovalKind.ClientMaster, 0m, Roles.FinanceController),
        new(ApprovalKind.Change, 0m, Roles.FinanceController),
    ];

    /// <summary>
    /// The roles that decide on this amount, smallest tier first; the defaults stand in for a kind that the pack has no tiers for. The last of them may
    /// approve so much by the matrix of rights: where a pack's tiers end below that, a finance controller has the last word.
    /// </summary>
    public static IReadOnlyList<string> Chain(ApprovalKind kind, Money amount, IReadOnlyList<ApprovalTier> tiers)
    {
        var own = tiers.Where(tier => tier.Kind == kind).ToList();
        var applied = (own.Count > 0 ? own : Default.Where(tier => tier.Kind == kind)).OrderBy(tier => tier.Above).ToList();
        var reached = applied.Where(tier => Math.Abs(amount.Amount) > tier.Above).Select(tier => tier.Role).ToList();

        // Whoever asks gets somebody to decide: below the first tier it is the first tier.
        var chain = reached.Count > 0 ? reached : [applied[0].Role];
        return ApprovalRights.Reaches(kind, amount, chain[^1]) ? chain : [.. chain, Roles.FinanceController];
    }
}
