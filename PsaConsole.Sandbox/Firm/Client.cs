namespace PsaConsole.Sandbox.Firm;

/// <summary>A client of the firm. Every one is in the CRM; the ERP and the PSA know a part of them only.</summary>
public sealed record Client
{
    /// <summary>C0001 …</summary>
    public required string Key { get; init; }

    public required string Name { get; init; }

    /// <summary>The legal entity that won the client.</summary>
    public required string LegalEntity { get; init; }

    public required string Country { get; init; }

    public required string Street { get; init; }

    public required string City { get; init; }

    /// <summary>The state's ISO code where the country's addresses have one, else null.</summary>
    public string? State { get; init; }

    public required string PostalCode { get; init; }

    public required string Industry { get; init; }

    /// <summary>Enterprise, Mid-Market or Public Sector.</summary>
    public required string Segment { get; init; }

    public required string Currency { get; init; }

    public required string TaxRegistration { get; init; }

    /// <summary>Net 30, Net 45 or Net 60.</summary>
    public required string PaymentTerms { get; init; }

    /// <summary>New work must wait until finance lifts the hold.</summary>
    public bool CreditHold { get; init; }

    public bool RequiresPurchaseOrder { get; init; }

    /// <summary>Email or Portal.</summary>
    public required string InvoiceDelivery { get; init; }

    public required string Website { get; init; }

    public required string Email { get; init; }

    public bool KnownInErp { get; init; }

    public bool KnownInPsa { get; init; }
}
