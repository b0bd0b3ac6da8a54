using PsaConsole.Engine.Finance;

namespace PsaConsole.Tests.Workflows;

/// <summary>A legal entity that the product has never heard of: its pack is one file in the packs folder, and nothing else was written for it.</summary>
public sealed class NewLegalEntityTests(RunningFirm firm) : IClassFixture<RunningFirm>
{
    [Fact]
    public async Task A_pack_alone_makes_a_legal_entity_sell()
    {
        OpenFranceInErp();
        var deal = firm.NewDeal("Time and Materials");
        Sell(deal, "FR01");
        await firm.WinAsync(deal);

        var run = await firm.CompletedAsync(deal);

        var job = Assert.Single(firm.Table("netsuite", "job").Scan(), record => record.Text("entityId") == run.ProjectNumber);
        Assert.StartsWith("FR01", run.ProjectNumber, StringComparison.Ordinal);
        Assert.Equal("FR01", firm.Table("netsuite", "subsidiary").Find(job.Text("subsidiary"))!.Text("externalId"));
        Assert.StartsWith("CC-FR01", firm.Table("netsuite", "department").Find(job.Text("custentity_psac_cost_center"))!.Text("externalId"), StringComparison.Ordinal);
        Assert.Contains(firm.Get<EntityPacks>().Of("FR01").TaxCodes, code => code.Code == job.Text("custentity_psac_tax_code"));
    }

    /// <summary>What the customer's own finance team sets up in its ERP.</summary>
    private void OpenFranceInErp()
    {
        var erp = firm.Sandbox.Host.Vendor("netsuite").Store;
        erp.Transact(() =>
        {
            var germany = erp["subsidiary"].FirstBy("externalId", "DE01")!;
            var france = erp.Insert("subsidiary", new Dictionary<string, object?> { ["name"] = "FR01 Northwind France", ["country"] = "FR", ["currency"] = germany.Text("currency"), ["parent"] = germany.Text("parent"), ["externalId"] = "FR01" });
            foreach (var line in (string[])["DATA", "CLOUD", "STRATEGY"])
            {
                erp.Insert("department", new Dictionary<string, object?> { ["name"] = $"France {line}", ["subsidiary"] = france.Id, ["externalId"] = $"CC-FR01-{line}" });
            }

            return france;
        });
    }

    private void Sell(string deal, string entity)
    {
        var crm = firm.Sandbox.Host.Vendor("salesforce").Store;
        crm.Transact(() =>
        {
            foreach (var line in crm["OpportunityLineItem"].FindBy("OpportunityId", deal))
            {
                crm.Update("OpportunityLineItem", line.Id, new Dictionary<string, object?> { ["Selling_Entity__c"] = null });
            }

            return crm.Update("Opportunity", deal, new Dictionary<string, object?> { ["Selling_Entity__c"] = entity });
        });
    }
}
