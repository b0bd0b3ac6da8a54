namespace PsaConsole.Engine.Model;

/// <summary>One line of an expense report, as the PSA has it now (2-canonical-model 2.4).</summary>
public sealed record Expense
{
    public required string Id { get; init; }

    /// <summary>The project's id in the PSA.</summary>
    public required string ProjectId { get; init; }

    /// <summary>E-mail address of who spent it.</summary>
    public string? Person { get; init; }

    public string? PersonName { get; init; }

    /// <summary>Calendar date on which it was spent, as entered.</summary>
    public required DateOnly Date { get; init; }

    /// <summary>As the PSA names it: Hotel.</summary>
    public required string Category { get; init; }

    /// <summary>What was paid, tax included, in <see cref="Currency"/>.</summary>
    public required decimal Amount { get; init; }

    /// <summary>ISO 4217 code.</summary>
    public required string Currency { get; init; }

    /// <summary>There is tax in the amount.</summary>
    public bool Taxable { get; init; }

    /// <summary>The tax in the amount as the receipt says; null when the PSA does not keep it.</summary>
    public decimal? Tax { get; init; }

    /// <summary>The client pays it where time is billed.</summary>
    public bool Billable { get; init; }

    public bool Approved { get; init; }

    /// <summary>E-mail address of who approved; null when the PSA names nobody.</summary>
    public string? Approver { get; init; }

    /// <summary>On an invoice in the PSA: nothing about it can be changed there.</summary>
    public bool Invoiced { get; init; }

    /// <summary>The receipt's id in the PSA; null when there is none.</summary>
    public string? Receipt { get; init; }

    public string? Note { get; init; }
}
