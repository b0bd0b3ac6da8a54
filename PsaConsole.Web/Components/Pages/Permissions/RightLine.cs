using System.Globalization;
using PsaConsole.Engine.Access;

namespace PsaConsole.Web.Components.Pages.Permissions;

/// <summary>One right as a person has it: read from the engine's matrix, so that the page can't promise what an action would refuse.</summary>
public sealed record RightLine(string Title, string Reach, string Limit)
{
    private static readonly Dictionary<Right, string> Titles = new()
    {
        [Right.SeeDashboards] = "See dashboards",
        [Right.SeeRates] = "See bill and cost rates",
        [Right.SeeAvailability] = "See when people are available",
        [Right.SettleExceptions] = "Assign and comment cases",
        [Right.Retry] = "Retry",
        [Right.EditAndRetry] = "Edit and retry",
        [Right.EditFinancialFields] = "Edit fields that move money",
        [Right.Skip] = "Skip, write off",
        [Right.Compensate] = "Take back, reverse",
        [Right.Approve] = "Approve",
        [Right.OverrideStaffingWarning] = "Override a staffing warning",
        [Right.OverrideStaffingBlock] = "Override a labour or permit block",
        [Right.ChangeMappings] = "Change mappings",
        [Right.ChangePolicies] = "Change policies and ownership",
        [Right.Reconcile] = "Reconcile",
        [Right.ExportWorkbook] = "Export workbooks",
        [Right.ManageSystems] = "Pause and resume systems",
        [Right.ManageRoles] = "Grant roles",
        [Right.ReadAudit] = "Read the audit trail",
    };

    private static readonly Dictionary<Extent, string> Reaches = new()
    {
        [Extent.All] = "Everything",
        [Extent.Own] = "What is yours",
        [Extent.Read] = "To look at",
        [Extent.ReadOwn] = "To look at, what is yours",
        [Extent.Aggregated] = "Sums only",
        [Extent.BillRates] = "Bill rates",
        [Extent.OwnBillRates] = "Bill rates of your engagements",
        [Extent.Masked] = "Without names",
        [Extent.StaffingCases] = "Cases of staffing and resources",
        [Extent.FinanceCases] = "Cases of finance",
        [Extent.NonFinancial] = "Cases that move no money",
        [Extent.Technical] = "Cases of the technology",
        [Extent.HumanResources] = "Cases of worker data",
        [Extent.Security] = "Cases of security",
        [Extent.HandOff] = "Hand-offs",
        [Extent.WithinLimit] = "Up to an amount",
        [Extent.Request] = "You may ask for it",
        [Extent.Draft] = "You may write a draft",
        [Extent.Activate] = "You may put another's draft in force",
        [Extent.Prepare] = "You may run and prepare",
        [Extent.Sign] = "You may review and sign",
        [Extent.Credentials] = "References of credentials",
    };

    /// <summary>A line for each right and each of the person's roles that has it; rights that none of them has say so.</summary>
    public static IReadOnlyList<RightLine> For(Actor actor) => [.. RightsMatrix.Rows.SelectMany(row => Lines(actor, row))];

    private static List<RightLine> Lines(Actor actor, RightsMatrix.Row row)
    {
        var granted = RightsMatrix.RoleOrder
            .Where(role => actor.Is(role) && RightsMatrix.Of(row.Right, role) != Extent.None)
            .Select(role => new RightLine(Titles[row.Right], Reaches[RightsMatrix.Of(row.Right, role)], Amount(row.Right, role)))
            .Distinct()
            .ToList();
        return granted.Count > 0 ? granted : [new RightLine(Titles[row.Right], $"No: {WhoMay(row)}", "")];
    }

    private static string WhoMay(RightsMatrix.Row row)
    {
        var able = RightsMatrix.RoleOrder.Where(role => RightsMatrix.Of(row.Right, role) != Extent.None).Select(Decision.Words).ToList();
        return able.Count == 0 ? "nobody may" : string.Join(", ", able);
    }

    private static string Amount(Right right, string role) =>
        RightsMatrix.Limits.TryGetValue((right, role), out var limit) ? limit.ToString("N0", CultureInfo.CurrentCulture) : "";
}
