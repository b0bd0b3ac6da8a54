using static PsaConsole.Engine.Access.Extent;

namespace PsaConsole.Engine.Access;

/// <summary>The matrix of 9-access 9.1: every right and every role, in the order of the document. What is not here is denied.</summary>
public static class RightsMatrix
{
    /// <summary>The columns, left to right.</summary>
    public static IReadOnlyList<string> RoleOrder { get; } =
    [
        Roles.Executive, Roles.DeliveryOperations, Roles.ResourceManager, Roles.ProjectManager, Roles.FinanceOperations, Roles.FinanceController,
        Roles.HrPartner, Roles.IntegrationAdministrator, Roles.SecurityAdministrator, Roles.GovernanceBoard, Roles.Auditor,
    ];

    public static IReadOnlyList<Row> Rows { get; } =
    [
        //                                     executive   delivery     resources    project m.    finance ops  controller  HR              integration  security     board       auditor
        new(Right.SeeDashboards,           [Read,       Read,        Read,        ReadOwn,      Read,        Read,       Aggregated,     Technical,   None,        Read,       Read]),
        new(Right.SeeRates,                [Aggregated, None,        BillRates,   OwnBillRates, All,         All,        None,           None,        None,        None,       Read]),
        new(Right.SeeAvailability,         [None,       All,         All,         Own,          None,        None,       All,            None,        None,        None,       Masked]),
        new(Right.SettleExceptions,        [None,       All,         All,         Own,          All,         All,        HumanResources, Technical,   Security,    None,       Read]),
        new(Right.Retry,                   [None,       All,         StaffingCases, None,       FinanceCases, All,        None,           Technical,   None,        None,       None]),
        new(Right.EditAndRetry,            [None,       All,         All,         Own,          All,         All,        None,           Technical,   None,        None,       None]),
        new(Right.EditFinancialFields,     [None,       None,        None,        None,         WithinLimit, All,        None,           None,        None,        None,       None]),
        new(Right.Skip,                    [None,       NonFinancial, NonFinancial, None,       WithinLimit, WithinLimit, None,          Technical,   None,        None,       None]),
        new(Right.Compensate,              [None,       HandOff,     None,        None,         WithinLimit, All,        None,           None,        None,        None,       None]),
        new(Right.Approve,                 [None,       WithinLimit, None,        None,         WithinLimit, All,        None,           None,        None,        None,       None]),
        new(Right.OverrideStaffingWarning, [None,       None,        StaffingCases, Request,      None,        None,       None,           None,        None,        None,       None]),
        new(Right.OverrideStaffingBlock,   [None,       None,        None,        None,         None,        None,       None,           None,        None,        None,       None]),
        new(Right.ChangeMappings,          [None,       Draft,       Draft,       None,         Draft,       Activate,   Draft,          Activate,    None,        Activate,   Read]),
        new(Right.ChangePolicies,          [None,       None,        None,        None,         Draft,       Activate,   Draft,          Draft,       None,        Activate,   Read]),
        new(Right.Reconcile,               [None,       None,        Prepare,     None,         Prepare,     Sign,       Prepare,        Prepare,     None,        None,       Read]),
        new(Right.ExportWorkbook,          [Aggregated, Own,         Own,         Own,          All,         All,        HumanResources, None,        None,        None,       All]),
        new(Right.ManageSystems,           [None,       None,        None,        None,         None,        None,       None,           All,         Credentials, None,       Read]),
        new(Right.ManageRoles,             [None,       None,        None,        None,         None,        None,       None,           None,        All,         None,       Read]),
        new(Right.ReadAudit,               [None,       Own,         Own,         Own,          All,         All,        HumanResources, Technical,   Security,    None,       All]),
    ];

    /// <summary>
    /// Up to what amount, in the legal entity's currency, a role decides alone (8-localisation 8.6). Above it: the role whose extent is not limited, or nobody
    /// of this console.
    /// </summary>
    public static IReadOnlyDictionary<(Right Right, string Role), decimal> Limits { get; } = new Dictionary<(Right, string), decimal>
    {
        [(Right.Approve, Roles.DeliveryOperations)] = 250_000m,
        [(Right.Approve, Roles.FinanceOperations)] = 100_000m,
        [(Right.Skip, Roles.FinanceOperations)] = 500m,
        [(Right.Skip, Roles.FinanceController)] = 10_000m,
        [(Right.Compensate, Roles.FinanceOperations)] = 500m,
        [(Right.EditFinancialFields, Roles.FinanceOperations)] = 500m,
    };

    /// <summary>What a limited right is about, where it is not about everything: delivery approves projects, finance operations what finance owns.</summary>
    public static IReadOnlyDictionary<(Right Right, string Role), Extent> LimitAreas { get; } = new Dictionary<(Right, string), Extent>
    {
        [(Right.Approve, Roles.DeliveryOperations)] = NonFinancial,
        [(Right.Approve, Roles.FinanceOperations)] = FinanceCases,
    };

    private static readonly Dictionary<Right, Row> ByRight = Rows.ToDictionary(row => row.Right);

    public static Extent Of(Right right, string role) =>
        RoleOrder.Select((name, column) => (name, column)).FirstOrDefault(item => item.name == role) is (not null, var at) ? ByRight[right].Extents[at] : None;

    /// <summary>A line of the matrix: how far the right reaches for each role of <see cref="RoleOrder"/>.</summary>
    public sealed record Row(Right Right, IReadOnlyList<Extent> Extents);
}
