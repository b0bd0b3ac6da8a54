using System.Globalization;
using PsaConsole.Engine.Model;
using PsaConsole.Engine.Policies;

namespace PsaConsole.Engine.Finance;

/// <summary>Determines the tax code of a sale from the selling entity's pack (PL10, 8-localisation 8.4). The code only: the ERP computes the tax.</summary>
public static class TaxPolicy
{
    /// <summary>The code, or a finding BIL-605 that says what is missing.</summary>
    /// <param name="regions">Unions by name with their member countries.</param>
    /// <param name="date">Date of the sale: codes end and begin.</param>
    public static (string? TaxCode, Finding? Finding) Determine(
        EntityPack pack, IReadOnlyDictionary<string, IReadOnlySet<string>> regions, BillingType billing, string? clientCountry, bool registered, DateOnly date, string client)
    {
        var place = Place(pack, regions, clientCountry);
        var rule = pack.TaxRules.FirstOrDefault(rule =>
            (rule.Billing is null || rule.Billing == billing) && (rule.Client is null || rule.Client == place) && (rule.Registered is null || rule.Registered == registered));
        if (rule is null)
        {
            return (null, Missing($"No tax code can be determined for {client} ({clientCountry ?? "no country"}) billed by {pack.LegalEntity}. Complete the client's country and tax number."));
        }

        return pack.TaxCodes.Any(code => code.Code == rule.Code && code.IsValidOn(date))
            ? (rule.Code, null)
            : (null, Missing(string.Create(CultureInfo.InvariantCulture, $"Tax code {rule.Code} of {pack.LegalEntity} is not valid on {date:yyyy-MM-dd}. Correct the dates in the entity's pack.")));

        Finding Missing(string message) => new("PL10", "BIL-605", client, message) { Field = "Tax code", Expected = "a tax code" };
    }

    private static ClientPlace? Place(EntityPack pack, IReadOnlyDictionary<string, IReadOnlySet<string>> regions, string? country)
    {
        if (country is null)
        {
            return null;
        }

        var inUnion = pack.Union is { } union && regions.TryGetValue(union, out var members) && members.Contains(country);
        return country == pack.Country ? ClientPlace.Domestic : inUnion ? ClientPlace.Union : ClientPlace.Abroad;
    }
}
