namespace PsaConsole.Engine.Access;

/// <summary>What somebody may be allowed to do: the rows of 9-access 9.1.</summary>
public enum Right
{
    SeeDashboards,
    SeeRates,
    SeeAvailability,
    SettleExceptions,
    Retry,
    EditAndRetry,
    EditFinancialFields,
    Skip,
    Compensate,
    Approve,
    OverrideStaffingWarning,
    OverrideStaffingBlock,
    ChangeMappings,
    ChangePolicies,
    Reconcile,
    ExportWorkbook,
    ManageSystems,
    ManageRoles,
    ReadAudit,
}

/// <summary>How far a right reaches. Those that name an area hold for cases of that area only.</summary>
public enum Extent
{
    None,
    All,

    /// <summary>What is assigned to the person, or led by them.</summary>
    Own,

    /// <summary>To look at, not to change.</summary>
    Read,

    /// <summary>To look at their own, not to change.</summary>
    ReadOwn,

    /// <summary>Sums only, nothing of one person or record.</summary>
    Aggregated,

    /// <summary>Bill rates, not cost rates.</summary>
    BillRates,

    /// <summary>Bill rates of their own engagements.</summary>
    OwnBillRates,

    /// <summary>Without names.</summary>
    Masked,

    /// <summary>Cases of staffing and resources: STF, RES.</summary>
    StaffingCases,

    /// <summary>Cases that finance owns or that move money.</summary>
    FinanceCases,

    /// <summary>Cases that neither finance owns nor move money.</summary>
    NonFinancial,

    /// <summary>Cases of the technology: INT, and those that the integration administrator owns.</summary>
    Technical,

    /// <summary>Cases of worker data.</summary>
    HumanResources,

    /// <summary>Cases of security.</summary>
    Security,

    /// <summary>Cases of a hand-off that has posted nothing.</summary>
    HandOff,

    /// <summary>Up to the role's amount; above it somebody else decides.</summary>
    WithinLimit,

    /// <summary>May ask for it, not do it.</summary>
    Request,

    /// <summary>May write a draft that somebody else puts in force.</summary>
    Draft,

    /// <summary>May put another's draft in force.</summary>
    Activate,

    /// <summary>May run and prepare, not sign.</summary>
    Prepare,

    /// <summary>May review and sign what another prepared.</summary>
    Sign,

    /// <summary>References of credentials only.</summary>
    Credentials,
}
