namespace PsaConsole.Engine.Model;

/// <summary>A firm that buys projects (2-canonical-model 2.4). CRM owns name, address and segment; ERP owns terms and credit once it knows the client.</summary>
public sealed record Client
{
    public required string LegalName { get; init; }
    public string? Website { get; init; }
    public string? Industry { get; init; }
    public string? Segment { get; init; }
    public Address? BillTo { get; init; }

    /// <summary>ISO-3166 alpha-2 code of the bill-to country.</summary>
    public string? Country { get; init; }

    public string? TaxRegistration { get; init; }

    /// <summary>ISO-4217 code of the currency the client is invoiced in.</summary>
    public string? Currency { get; init; }

    public string? PaymentTerms { get; init; }
    public string? InvoiceDelivery { get; init; }
    public bool RequiresPurchaseOrder { get; init; }
    public bool OnCreditHold { get; init; }

    /// <summary>Codes of the legal entities that may sell to the client; ERP keeps one relationship for each.</summary>
    public IReadOnlyList<string> LegalEntities { get; init; } = [];

    /// <summary>The web domain in lower case without "www.", or null: one of the natural keys of PL02.</summary>
    public string? Domain => Website is null ? null : DomainOf(Website);

    private static string? DomainOf(string website)
    {
        var text = website.Contains("://", StringComparison.Ordinal) ? website : "https://" + website;
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Host.Length == 0)
        {
            return null;
        }

        var host = uri.Host.ToLowerInvariant();
        return host.StartsWith("www.", StringComparison.Ordinal) ? host[4..] : host;
    }
}

/// <summary>A postal address as the owning system holds it.</summary>
public sealed record Address
{
    public string? Street { get; init; }
    public string? City { get; init; }
    public string? Region { get; init; }
    public string? PostalCode { get; init; }
    public string? Country { get; init; }
}
