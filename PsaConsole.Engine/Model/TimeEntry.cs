namespace PsaConsole.Engine.Model;

/// <summary>Hours of one person on one day of one project, as the PSA has them now (2-canonical-model 2.4).</summary>
public sealed record TimeEntry
{
    public required string Id { get; init; }

    /// <summary>The project's id in the PSA.</summary>
    public required string ProjectId { get; init; }

    /// <summary>The phase or task's id in the PSA, if it is entered on one.</summary>
    public string? TaskId { get; init; }

    /// <summary>E-mail address of who worked.</summary>
    public string? Person { get; init; }

    public string? PersonName { get; init; }

    /// <summary>Role that the work was done in, if the PSA says so.</summary>
    public string? Role { get; init; }

    /// <summary>Calendar date in the person's own zone, as entered.</summary>
    public required DateOnly WorkDate { get; init; }

    /// <summary>Hours, to 0.01.</summary>
    public required decimal Hours { get; init; }

    /// <summary>Of them, those that the client pays where time is billed.</summary>
    public decimal BillableHours { get; init; }

    public bool Approved { get; init; }

    /// <summary>E-mail address of who approved; null when the PSA names nobody.</summary>
    public string? Approver { get; init; }

    /// <summary>On an invoice in the PSA: nothing about it can be changed there.</summary>
    public bool Invoiced { get; init; }

    public string? Note { get; init; }
}

/// <summary>What the PSA keeps of a posting: the lock on the entry, and the books' document numbers.</summary>
/// <param name="SubjectId">The entry's id in the PSA.</param>
/// <param name="Locked">The entry can't be changed but by recalling its approval.</param>
public sealed record PostedMark(string SubjectId, bool Locked, string Vouchers);

/// <summary>One financial line as it is asked of the books and read back from them.</summary>
public sealed record LedgerLine
{
    /// <summary>Cost or Unbilled.</summary>
    public required string Kind { get; init; }

    public required bool Chargeable { get; init; }

    /// <summary>Time or Expense.</summary>
    public required string Class { get; init; }

    public required string LegalEntity { get; init; }

    /// <summary>The project's id in the ERP.</summary>
    public required string ProjectId { get; init; }

    public string? Person { get; init; }
    public string? CostCenter { get; init; }
    public required DateOnly WorkDate { get; init; }
    public required DateOnly AccountingDate { get; init; }

    /// <summary>The period's id in the ERP.</summary>
    public required string PeriodId { get; init; }

    /// <summary>The books' category of an expense; null for time.</summary>
    public string? Category { get; init; }

    /// <summary>Where the receipt of an expense is: its id in the PSA.</summary>
    public string? Receipt { get; init; }

    /// <summary>Negative for a reversal; zero for an expense.</summary>
    public required decimal Hours { get; init; }

    /// <summary>Negative for a reversal.</summary>
    public required decimal Amount { get; init; }

    public required string Currency { get; init; }

    /// <summary>Functional currency per unit of <see cref="Currency"/>; a reversal carries its original's.</summary>
    public required decimal ExchangeRate { get; init; }

    /// <summary>What it was posted for, such as time kantata 42 r1.</summary>
    public required string Source { get; init; }

    /// <summary>The books' document number of the line that this one takes back.</summary>
    public string? ReversalOf { get; init; }

    public string? Memo { get; init; }

    /// <summary>The books' document number; known once it was accepted.</summary>
    public string? Voucher { get; init; }

    /// <summary>True when it counts in the books, not only when it was taken in (TIM-408).</summary>
    public bool Posted { get; init; }
}
