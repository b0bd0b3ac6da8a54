using PsaConsole.Engine.Model;

namespace PsaConsole.Engine.Policies;

/// <summary>Which legal entity sells (PL05) and what it is approved by (PL12).</summary>
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
    /// <param name="value">What the project is worth in the deal's currency.</param>
    /// <param name="inBooks">The same in the entity's currency.</param>
    /// <param name="threshold">Value from which approval is asked, in the entity's currency; 250,000 by default.</param>
    public static Finding? Approval(Opportunity deal, LegalEntity entity, Money value, Money inBooks, decimal threshold)
    {
        if (inBooks.Amount <= threshold)
        {
            return null;
        }

        var worth = value.Currency == inBooks.Currency ? $"{value}" : $"{value} ({inBooks})";
        var limit = new Money(threshold, inBooks.Currency);
        return new Finding("PL12", "CHG-701", deal.Name, $"{deal.Name} is worth {worth}, more than the {limit} that {entity.Code} sets up without approval. A finance controller decides.")
        {
            Field = "Contract value",
            Expected = $"at most {limit} without approval",
            Actual = worth,
            Exposure = value,
        };
    }
}
