namespace PsaConsole.Sandbox.Firm;

/// <summary>Something that happened in the firm, to check others' figures against.</summary>
/// <param name="Number">Order of happening.</param>
/// <param name="Day">The firm's business day.</param>
/// <param name="Vendor">Where it happened: salesforce, kantata, workday …</param>
/// <param name="Kind">deal-won, deal-lost, time-approved, leave-approved …</param>
/// <param name="RecordId">The vendor's id of the record.</param>
/// <param name="Summary">One sentence.</param>
public sealed record ActivityFact(long Number, DateOnly Day, string Vendor, string Kind, string RecordId, string Summary)
{
    /// <summary>Money that it is about, if any.</summary>
    public decimal? Amount { get; init; }

    /// <summary>ISO 4217, with <see cref="Amount"/>.</summary>
    public string? Currency { get; init; }
}
