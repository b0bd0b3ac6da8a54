using PsaConsole.Engine.Approvals;
using PsaConsole.Engine.Model;

namespace PsaConsole.Engine.Finance;

/// <summary>
/// A legal entity's finance rules as data (8-localisation 8.10): currency, rounding, tax codes and how they are determined, cost centres, thresholds, late
/// postings, expenses; with examples that the pack must pass before it is used. One JSON file each.
/// </summary>
public sealed record EntityPack
{
    /// <summary>Our code, such as DE01.</summary>
    public required string LegalEntity { get; init; }

    public required int Version { get; init; }
    public required DateOnly EffectiveFrom { get; init; }

    /// <summary>Who answers for the pack.</summary>
    public required string Owner { get; init; }

    /// <summary>ISO-3166 alpha-2 code.</summary>
    public required string Country { get; init; }

    /// <summary>Functional currency, ISO 4217.</summary>
    public required string Currency { get; init; }

    /// <summary>IANA name of the zone that the entity's dates are in.</summary>
    public required string TimeZone { get; init; }

    /// <summary>The month, 1 to 12, with which its fiscal year begins (PL72).</summary>
    public int FiscalYearStartMonth { get; init; } = 1;

    public required MidpointRounding Rounding { get; init; }

    /// <summary>Customs or tax union whose members are neither domestic nor abroad; a name of regions.json.</summary>
    public string? Union { get; init; }

    /// <summary>Value from which a project is approved before it is set up (PL12), in <see cref="Currency"/>.</summary>
    public required decimal ApprovalThreshold { get; init; }

    /// <summary>Who approves what from which amount on; the defaults of <see cref="ApprovalTier"/> for every kind that is not listed.</summary>
    public IReadOnlyList<ApprovalTier> ApprovalTiers { get; init; } = [];

    /// <summary>Service line → cost centre.</summary>
    public required IReadOnlyDictionary<string, string> CostCenters { get; init; }

    public required IReadOnlyList<TaxCode> TaxCodes { get; init; }

    /// <summary>In order: the first rule that fits gives the code.</summary>
    public required IReadOnlyList<TaxRule> TaxRules { get; init; }

    public PeriodRule LatePostings { get; init; } = PeriodRule.Default;
    public FxRule Exchange { get; init; } = FxRule.Default;
    public required ExpenseRule Expenses { get; init; }
    public required IReadOnlyList<TaxExample> Examples { get; init; }
}

/// <summary>How a tax code taxes.</summary>
public enum TaxKind
{
    Standard,
    Zero,
    Exempt,
    ReverseCharge,
    Withholding,

    /// <summary>Nothing is sold.</summary>
    None,
}

/// <summary>A tax code of the ERP.</summary>
/// <param name="Percent">Null where the ERP alone knows the rate.</param>
public sealed record TaxCode(string Code, TaxKind Kind, decimal? Percent, DateOnly? From, DateOnly? To)
{
    public bool IsValidOn(DateOnly date) => (From ?? DateOnly.MinValue) <= date && date <= (To ?? DateOnly.MaxValue);
}

/// <summary>Where a client is, seen from the legal entity.</summary>
public enum ClientPlace
{
    Domestic,
    Union,
    Abroad,
}

/// <summary>Gives a tax code where all of its conditions fit; an absent condition fits everything.</summary>
public sealed record TaxRule
{
    public BillingType? Billing { get; init; }
    public ClientPlace? Client { get; init; }

    /// <summary>Whether the client has a tax number.</summary>
    public bool? Registered { get; init; }

    public required string Code { get; init; }
}

/// <summary>Which side keeps the expenses, and what they are held to (PL50, PL51).</summary>
/// <param name="ReceiptAbove">A receipt is needed above this amount of the functional currency.</param>
/// <param name="OldestDays">An expense may be at most this old when it is approved.</param>
/// <param name="RecoverablePercent">Share of the input tax that comes back.</param>
/// <param name="Limits">The books' category → most that one line may claim, in the functional currency.</param>
/// <param name="MarkUpPercent">What is added when the client is charged; nothing by default.</param>
public sealed record ExpenseRule(
    ExpenseBook Book, decimal ReceiptAbove, int OldestDays, decimal RecoverablePercent, IReadOnlyDictionary<string, decimal> Limits, decimal MarkUpPercent = 0m);

/// <summary>Which system owes the employee (PL50).</summary>
public enum ExpenseBook
{
    /// <summary>The PSA is where expenses are claimed and paid; the ERP gets the cost.</summary>
    Psa,

    /// <summary>The ERP has the payable already; the cost is linked to it.</summary>
    Erp,
}

/// <summary>A case that the pack decides as written, or it is not used.</summary>
public sealed record TaxExample(BillingType Billing, string ClientCountry, bool Registered, DateOnly On, string TaxCode);
