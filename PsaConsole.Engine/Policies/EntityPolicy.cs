using PsaConsole.Engine.Model;

namespace PsaConsole.Engine.Policies;

/// <summary>Which legal entity sells (PL05), what it is approved by (PL12) and which tax code its bills carry (PL10).</summary>
public static class EntityPolicy
{
    /// <summary>
    /// PL05, 8-localisation 8.1: the contract line's own entity, else the deal's, else the one entity of the client's country. The code must be that of
    /// exactly one active entity.
    /// </summary>
    /// <returns>The entity, or the finding that says why there is none.</returns>
    public static (LegalEntity? Entity, Finding? Finding) Selling(Opportunity deal, string? lineEntity, Client client, IReadOnlyList<LegalEntity> entities)
    {
        var named = lineEntity ?? deal.SellingEntity;
        var candidates = entities.Where(entity => entity.Active && (named is null ? entity.Country == client.Country : entity.Code == named)).ToList();
        if (candidates is [var only])
        {
            return (only, null);
        }

        var why = named is null
            ? $"{candidates.Count} active legal entities are in the client's country {client.Country ?? "(unknown)"}"
            : $"{named} is not an active legal entity of the ERP";
        var finding = new Finding("PL05", "HND-003", deal.Name, $"No single legal entity sells {deal.Name}: {why}. Name the selling entity on the deal, or activate it in the ERP.")
        {
            Field = "Selling entity",
            Expected = "one active legal entity",
            Actual = named ?? string.Join(", ", candidates.Select(entity => entity.Code)),
            Exposure = deal.Amount is { } amount ? new Money(amount, deal.Currency) : null,
        };
        return (null, finding);
    }

    /// <summary>PL12, 8-localisation 8.6: who must agree to a project of this value, in the entity's currency; null when nobody must.</summary>
    /// <param name="threshold">Value from which approval is asked; 250,000 by default.</param>
    public static Finding? Approval(Opportunity deal, LegalEntity entity, decimal value, decimal threshold)
    {
        if (value <= threshold)
        {
            return null;
        }

        var money = new Money(value, deal.Currency);
        return new Finding("PL12", "CHG-701", deal.Name, $"{deal.Name} is worth {money}, more than the {new Money(threshold, deal.Currency)} that {entity.Code} sets up without approval. A finance controller decides.")
        {
            Field = "Contract value",
            Expected = $"at most {new Money(threshold, deal.Currency)} without approval",
            Actual = money.ToString(),
            Exposure = money,
        };
    }

    /// <summary>
    /// PL10, 8-localisation 8.4: the code only; the ERP computes the tax. Domestic standard; EU business with a tax number in another member state: reverse
    /// charge; else export. Non-billable work carries the internal code.
    /// </summary>
    public static (string? TaxCode, Finding? Finding) TaxCode(BillingType type, LegalEntity entity, Client client)
    {
        if (type == BillingType.NonBillable)
        {
            return ("INTERNAL", null);
        }

        var code = (entity.Country, client.Country) switch
        {
            (var home, var abroad) when home == abroad => Domestic(home),
            ("DE", { } country) when IsEuropeanUnion(country) && client.TaxRegistration is not null => "EU-RC",
            ("DE", { } country) when IsEuropeanUnion(country) => "DE-STD",
            (_, not null) => "EXPORT",
            _ => null,
        };
        return code is not null
            ? (code, null)
            : (null, new Finding("PL10", "BIL-605", client.LegalName, $"No tax code can be determined for {client.LegalName} ({client.Country ?? "no country"}) billed by {entity.Code}. Complete the client's country and tax number.") { Field = "Tax code", Expected = "a tax code" });
    }

    private static string? Domestic(string country) => country switch
    {
        "US" => "US-SALES",
        "GB" => "UK-STD",
        "DE" => "DE-STD",
        "JP" => "JP-STD",
        _ => null,
    };

    private static bool IsEuropeanUnion(string country) => country is
        "AT" or "BE" or "BG" or "CY" or "CZ" or "DE" or "DK" or "EE" or "ES" or "FI" or "FR" or "GR" or "HR" or "HU" or "IE" or "IT" or "LT" or "LU" or "LV"
        or "MT" or "NL" or "PL" or "PT" or "RO" or "SE" or "SI" or "SK";
}
