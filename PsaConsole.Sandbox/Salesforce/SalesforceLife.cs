using System.Globalization;
using PsaConsole.Sandbox.Core;
using PsaConsole.Sandbox.Firm;

namespace PsaConsole.Sandbox.Salesforce;

/// <summary>What the sales people do on a business day: bring deals forward, win and lose some, open new ones.</summary>
internal sealed class SalesforceLife(Records records, RecordStore store, SampleFirm firm)
{
    private static readonly SObject Opportunity = SalesforceSchema.Find("Opportunity")!;

    public IEnumerable<Func<ActivityFact>> Day(DateOnly day, Random random)
    {
        var open = store["Opportunity"].Scan().Where(deal => !deal.Flag("IsClosed")).ToList();
        var ready = open.Where(deal => deal.Text("StageName") == "Negotiation").OrderBy(deal => deal.Date("CloseDate")).ToList();
        var wins = Math.Clamp(ready.Count / 8, 1, 25);
        foreach (var deal in ready.Take(wins))
        {
            yield return () => Close(deal, "Closed Won", "deal-won", day);
        }

        foreach (var deal in ready.Skip(wins).Where(_ => random.Next(100) < 4))
        {
            yield return () => Close(deal, "Closed Lost", "deal-lost", day);
        }

        foreach (var deal in open.Where(deal => deal.Text("StageName") != "Negotiation" && random.Next(100) < 20))
        {
            yield return () => Advance(deal, day);
        }

        var newDeals = new DealGenerator(random, firm.LegalEntities, firm.Clients, firm.Consultants, firm.RateCards, day);
        for (var count = 0; count < wins; count++)
        {
            yield return () => Add(newDeals.New());
        }
    }

    private ActivityFact Close(Record deal, string stage, string kind, DateOnly day)
    {
        var changes = new Dictionary<string, object?> { ["StageName"] = stage, ["CloseDate"] = day };
        if (stage == "Closed Won" && deal.Text("ContractId") is { } contract && store["Contract"].Find(contract) is { } paper && paper.Text("Status") != "Activated")
        {
            Sign(contract, day);
        }

        return Fact(kind, records.Update(Opportunity, deal.Id, changes), $"{(kind == "deal-won" ? "Won" : "Lost")}: {deal.Text("Name")}, {deal.Text("Billing_Type__c")}");
    }

    private ActivityFact Advance(Record deal, DateOnly day)
    {
        var next = deal.Text("StageName") == "Prospecting" ? "Proposal" : "Negotiation";
        if (next == "Negotiation" && deal.Text("ContractId") is { } contract)
        {
            Sign(contract, day);
        }

        return Fact("deal-advanced", records.Update(Opportunity, deal.Id, new Dictionary<string, object?> { ["StageName"] = next }), $"{deal.Text("Name")} is now in {next}");
    }

    private ActivityFact Add(Deal deal)
    {
        var id = store.Transact(() => new SalesforceSeed(records, store, firm).AddDeal(deal));
        return Fact("deal-opened", store["Opportunity"].Find(id)!, $"New: {deal.Name}, {deal.BillingType}");
    }

    private void Sign(string contract, DateOnly day)
        => records.Update(SalesforceSchema.Find("Contract")!, contract, new Dictionary<string, object?> { ["Status"] = "Activated", ["CustomerSignedDate"] = day });

    private static ActivityFact Fact(string kind, Record deal, string summary) => new(0, default, "salesforce", kind, deal.Id, string.Create(CultureInfo.InvariantCulture, $"{summary}."))
    {
        Amount = deal.Number("Amount"),
        Currency = deal.Text("CurrencyIsoCode"),
    };
}
