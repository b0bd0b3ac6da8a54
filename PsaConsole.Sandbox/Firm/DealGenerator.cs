using System.Globalization;

namespace PsaConsole.Sandbox.Firm;

/// <summary>
/// Sells work: deals of every billing type in turn, complete and with figures that tie out. The first two rounds are in negotiation,
/// then come four that somebody got wrong, then a pipeline of all stages.
/// </summary>
internal sealed class DealGenerator(
    Random random, IReadOnlyList<LegalEntity> entities, IReadOnlyList<Client> clients, IReadOnlyList<Consultant> people, IReadOnlyList<RateCard> cards, DateOnly today)
{
    private const int SoundDeals = 16;
    private int _number;

    /// <summary>The defects, in the order in which they come after the sound deals.</summary>
    private static readonly string[] Defects =
    [
        "The client requires a purchase order and none was entered.",
        "The opportunity's amount differs from the sum of its lines.",
        "A requested role needs a skill that nobody has.",
        "The client is on credit hold.",
    ];

    public List<Deal> Open(int count)
    {
        var deals = new List<Deal>(count);
        for (var index = 0; index < count; index++)
        {
            var defect = index >= SoundDeals && index < SoundDeals + Defects.Length ? Defects[index - SoundDeals] : null;
            var stage = index < SoundDeals + Defects.Length ? "Negotiation" : random.Next(10) switch { < 5 => "Negotiation", < 8 => "Proposal", _ => "Prospecting" };
            var start = today.AddDays(random.Next(10, 50));
            var type = defect is null ? DealTerms.BillingTypes[index % DealTerms.BillingTypes.Length] : DealTerms.BillingTypes[(index - SoundDeals) % 3];
            deals.Add(WithDefect(Deal(type, stage, start, today.AddDays(random.Next(0, 8)), index % 8 == 7), defect));
        }

        return deals;
    }

    public List<Deal> Won(int count)
    {
        var billable = DealTerms.BillingTypes.Where(type => type != DealTerms.NonBillable).ToArray();
        return [.. Enumerable.Range(0, count).Select(index =>
        {
            var start = today.AddDays(-random.Next(20, 120));
            return Deal(billable[index % billable.Length], "Closed Won", start, start.AddDays(-random.Next(10, 30)), severalEntities: false);
        })];
    }

    /// <summary>A sound deal of any billing type that somebody has just heard of.</summary>
    public Deal New()
    {
        var start = today.AddDays(random.Next(20, 60));
        return Deal(random.Pick(DealTerms.BillingTypes), "Prospecting", start, start.AddDays(-random.Next(5, 15)), random.Next(8) == 0);
    }

    private Deal Deal(string billingType, string stage, DateOnly start, DateOnly close, bool severalEntities)
    {
        var isInternal = billingType == DealTerms.NonBillable;
        var client = PickClient(candidate => !candidate.CreditHold && candidate.Segment == "Internal" == isInternal);
        var entity = entities.First(candidate => candidate.Code == client.LegalEntity);
        var card = cards.FirstOrDefault(candidate => candidate.Client == client.Key) ?? cards.First(candidate => candidate.LegalEntity == entity.Code && candidate.Client is null);
        var line = random.Pick(FirmGenerator.ServiceLines);
        var months = random.Next(3, 9);
        var end = start.AddMonths(months).AddDays(-1);
        var terms = new DealTerms(random, people, billingType, card, entity, severalEntities && !isInternal ? entities.First(other => other.Code != entity.Code) : null, line, start, end);
        var (roles, lines) = terms.Scope();
        var amount = lines.Sum(item => item.Total);
        var phases = terms.Phases(roles.Sum(role => role.Hours));
        return new Deal
        {
            Key = string.Create(CultureInfo.InvariantCulture, $"D{++_number:0000}"),
            Name = $"{client.Name.Split(' ')[0]} {random.Pick(Names.ThemesOf[line])}",
            Client = client.Key,
            Stage = stage,
            BillingType = billingType,
            Currency = entity.Currency,
            Amount = amount,
            SellingEntity = entity.Code,
            CloseDate = close,
            Start = start,
            End = end,
            ServiceLine = line,
            NotToExceed = billingType is DealTerms.Capped or DealTerms.Retainer ? amount : null,
            PurchaseOrder = client.RequiresPurchaseOrder ? string.Create(CultureInfo.InvariantCulture, $"PO-{random.Next(100_000, 999_999)}") : null,
            DiscountPercent = card.Client is not null ? 5m : null,
            ProjectManager = ProjectManager(entity.Code),
            InvoiceFrequency = billingType is DealTerms.TimeAndMaterials or DealTerms.Capped ? random.Next(4) == 0 ? "Biweekly" : "Monthly" : null,
            Internal = isInternal,
            RateCard = card.Name,
            SignedOn = stage is "Negotiation" or "Closed Won" ? (close < today ? close : today).AddDays(-random.Next(0, 5)) : null,
            Lines = lines,
            Schedule = terms.Schedule(lines, phases),
            Phases = phases,
            Roles = roles,
        };
    }

    private Deal WithDefect(Deal deal, string? defect)
    {
        if (defect is null)
        {
            return deal;
        }

        var changed = Array.IndexOf(Defects, defect) switch
        {
            0 => For(deal, candidate => candidate.RequiresPurchaseOrder && !candidate.CreditHold && candidate.LegalEntity == deal.SellingEntity && candidate.Segment != "Internal") with { PurchaseOrder = null },
            1 => deal with { Amount = deal.Amount + (deal.Currency == "JPY" ? 500_000m : 5_000m) },
            2 => deal with { Roles = [deal.Roles[0] with { Skills = "COBOL:4!" }, .. deal.Roles.Skip(1)] },
            _ => For(deal, candidate => candidate.CreditHold),
        };
        return changed with { Defect = defect };
    }

    /// <summary>The same deal with another client, if there is one such; with its legal entity's own terms left as they are.</summary>
    private Deal For(Deal deal, Func<Client, bool> wanted)
    {
        var client = clients.FirstOrDefault(candidate => wanted(candidate) && candidate.LegalEntity == deal.SellingEntity) ?? clients.FirstOrDefault(wanted);
        return client is null
            ? deal
            : deal with
            {
                Client = client.Key,
                Name = $"{client.Name.Split(' ')[0]} {deal.Name.Split(' ', 2)[1]}",
                PurchaseOrder = client.RequiresPurchaseOrder ? deal.PurchaseOrder ?? "PO-100001" : null,
            };
    }

    private Client PickClient(Func<Client, bool> wanted)
    {
        var candidates = clients.Where(wanted).ToList();
        return candidates[random.Next(candidates.Count)];
    }

    private string ProjectManager(string entity)
    {
        var managers = people.Where(person => person is { Role: "Project Manager", Billable: true, TerminationDate: null } && person.LegalEntity == entity).ToList();
        return managers[random.Next(managers.Count)].Email;
    }
}
