using PsaConsole.Engine.Model;

namespace PsaConsole.Engine.Finance;

/// <summary>A financial line with everything that the books need to know of it.</summary>
public sealed record PostingLine
{
    public required string OperationKey { get; init; }
    public required int Revision { get; init; }
    public required PostingKind Kind { get; init; }
    public required bool Chargeable { get; init; }
    public required decimal Hours { get; init; }
    public required decimal Rate { get; init; }
    public required decimal Amount { get; init; }
    public required string Currency { get; init; }
    public required decimal FxRate { get; init; }
    public required DateOnly FxDate { get; init; }
    public required decimal AccountingAmount { get; init; }
    public required string AccountingCurrency { get; init; }
    public required DateOnly WorkDate { get; init; }
    public required DateOnly AccountingDate { get; init; }
    public required string PeriodId { get; init; }
    public required string PeriodName { get; init; }
    public required Guid EngagementId { get; init; }
    public required string EngagementNumber { get; init; }
    public required string LegalEntity { get; init; }
    public required string ErpProjectId { get; init; }
    public string? Person { get; init; }
    public string? CostCenter { get; init; }

    /// <summary>The books' category of an expense; null for time.</summary>
    public string? Category { get; init; }

    /// <summary>The receipt's id in the PSA.</summary>
    public string? Receipt { get; init; }

    public required string Values { get; init; }
    public required PostingReason Why { get; init; }

    /// <summary>The posting that this line takes back, and its document number in the books.</summary>
    public Guid? ReversalOf { get; init; }

    public string? ReversedVoucher { get; init; }

    /// <summary>
    /// The exact negative of a posting (3-workflows 3j.2, example O14b): hours, amount, and the amount in the books' currency at the original's exchange
    /// rate, never at today's.
    /// </summary>
    public static PostingLine Reverse(PostingRow original, PeriodDecision period, string operationKey) => new()
    {
        OperationKey = operationKey,
        Revision = original.Revision,
        Kind = original.Kind,
        Chargeable = original.Chargeable,
        Hours = -original.Hours,
        Rate = original.Rate,
        Amount = -original.Amount,
        Currency = original.Currency,
        FxRate = original.FxRate,
        FxDate = original.FxDate,
        AccountingAmount = -original.AccountingAmount,
        AccountingCurrency = original.AccountingCurrency,
        WorkDate = original.WorkDate,
        AccountingDate = period.AccountingDate,
        PeriodId = period.Period.Id,
        PeriodName = period.Period.Name,
        EngagementId = original.EngagementId,
        EngagementNumber = original.EngagementNumber,
        LegalEntity = original.LegalEntity,
        ErpProjectId = original.ErpProjectId,
        Person = original.Person,
        CostCenter = original.CostCenter,
        Category = original.Category,
        Receipt = original.Receipt,
        Values = original.Values,
        Why = new PostingReason { Rate = "as its original", Exchange = "the original's rate, so that nothing is left over", Period = period.Rule, Rule = $"reversal of {original.Voucher ?? original.OperationKey}" },
        ReversalOf = original.Id,
        ReversedVoucher = original.Voucher,
    };
}

/// <summary>Why a line has its amount: in words, for people.</summary>
public sealed record PostingReason
{
    /// <summary>Which rate, and where it is kept.</summary>
    public required string Rate { get; init; }

    public required string Exchange { get; init; }
    public required string Period { get; init; }

    /// <summary>The rule that made the line.</summary>
    public required string Rule { get; init; }
}
