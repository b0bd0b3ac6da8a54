namespace PsaConsole.Engine.Access;

/// <summary>Something that one person does to an object, and that bars them from something else there.</summary>
public enum Duty
{
    Request,
    Approve,
    EditRates,
    Post,
    CreateProject,
    ApproveBilling,
    AuthorRule,
    ActivateRule,
    PrepareReconciliation,
    ReviewReconciliation,
    CorrectErp,
    Book,
    OverrideConflict,
    EditFinancialFields,
    SubmitTime,
    ApproveTime,

    /// <summary>Anything else that changes something.</summary>
    Change,
}

/// <summary>A rule that an action would break.</summary>
/// <param name="Rule">SoD-1 to SoD-10.</param>
/// <param name="Message">A sentence for the person.</param>
public sealed record DutyConflict(string Rule, string Message);

/// <summary>What one person may not do twice over: SoD-1 to SoD-10 of 9-access 9.2. Pure; looked at when an action is taken and when roles are granted.</summary>
public static class SegregationOfDuties
{
    /// <summary>Billing events above this need somebody else than who created the project (8-localisation 8.6, tier 1), in the entity's currency.</summary>
    public const decimal BillingTier = 100_000m;

    private static readonly string[] Business =
    [
        Roles.Executive, Roles.DeliveryOperations, Roles.ResourceManager, Roles.ProjectManager, Roles.FinanceOperations, Roles.FinanceController,
        Roles.HrPartner, Roles.GovernanceBoard,
    ];

    private static readonly (string Rule, Duty Done, Duty Now, string Message)[] Pairs =
    [
        ("SoD-1", Duty.Request, Duty.Approve, "You asked for this: somebody else approves it."),
        ("SoD-2", Duty.EditRates, Duty.Approve, "You changed rates of this engagement: somebody else approves here in this period."),
        ("SoD-2", Duty.EditRates, Duty.Post, "You changed rates of this engagement: somebody else posts and bills it in this period."),
        ("SoD-3", Duty.CreateProject, Duty.ApproveBilling, "You created this project: somebody else approves its larger billing events."),
        ("SoD-4", Duty.AuthorRule, Duty.ActivateRule, "You wrote this rule: somebody else puts it in force."),
        ("SoD-5", Duty.PrepareReconciliation, Duty.ReviewReconciliation, "You prepared this reconciliation: somebody else reviews it."),
        ("SoD-5", Duty.CorrectErp, Duty.PrepareReconciliation, "You posted a correction that is part of this reconciliation: somebody else prepares it."),
        ("SoD-5", Duty.CorrectErp, Duty.ReviewReconciliation, "You posted a correction that is part of this reconciliation: somebody else reviews it."),
        ("SoD-6", Duty.Book, Duty.OverrideConflict, "You made this booking: somebody else overrides its conflict."),
        ("SoD-9", Duty.SubmitTime, Duty.ApproveTime, "You submitted this time: somebody else approves it."),
    ];

    /// <summary>The rule that this action would break, or null.</summary>
    /// <param name="actor">Who acts, actually.</param>
    /// <param name="now">What they are about to do.</param>
    /// <param name="done">What they, or whoever they act for, did before to the same object within the period.</param>
    /// <param name="amount">The money of the action, in the entity's currency; null when unknown, which counts as large.</param>
    /// <param name="aboveMedium">Whether the conflict that is overridden is graver than Medium.</param>
    public static DutyConflict? Of(Actor actor, Duty now, IReadOnlySet<Duty> done, decimal? amount, bool aboveMedium)
    {
        if (OfRoles(actor.Roles) is { } conflict)
        {
            return conflict;
        }

        var broken = Pairs
            .Where(pair => pair.Now == now && done.Contains(pair.Done))
            .Where(pair => pair.Rule switch
            {
                "SoD-3" => amount is null or > BillingTier,
                "SoD-6" => aboveMedium,
                _ => true,
            })
            .Select(pair => new DutyConflict(pair.Rule, pair.Message))
            .FirstOrDefault();
        return broken ?? OfRole(actor, now);
    }

    /// <summary>The rule that holding these roles together breaks, or null.</summary>
    public static DutyConflict? OfRoles(IReadOnlySet<string> roles)
    {
        var business = Business.Where(roles.Contains).ToList();
        return roles switch
        {
            _ when roles.Contains(Roles.SecurityAdministrator) && (business.Count > 0 || roles.Contains(Roles.IntegrationAdministrator)) =>
                new("SoD-8", "A security administrator holds no other role: whoever grants rights does not use them."),
            _ when roles.Contains(Roles.Auditor) && roles.Count > 1 =>
                new("SoD-10", "An auditor only reads: the role can't be held together with one that acts."),
            _ when roles.Contains(Roles.IntegrationAdministrator) && (roles.Contains(Roles.FinanceOperations) || roles.Contains(Roles.FinanceController)) =>
                new("SoD-7", "An integration administrator edits no money and approves nothing: the role can't be held together with one of finance."),
            _ => null,
        };
    }

    private static DutyConflict? OfRole(Actor actor, Duty now) => now switch
    {
        Duty.EditFinancialFields or Duty.EditRates or Duty.Approve or Duty.ApproveBilling or Duty.ApproveTime
            when actor.Is(Roles.IntegrationAdministrator) && actor.Roles.Count == 1 =>
            new("SoD-7", "An integration administrator edits no money and approves nothing."),
        _ when actor.Is(Roles.Auditor) => new("SoD-10", "An auditor only reads."),
        _ => null,
    };
}
