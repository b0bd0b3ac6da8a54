using PsaConsole.Sandbox.Core;

namespace PsaConsole.Sandbox.Salesforce;

/// <summary>More deals like the firm's own sound ones: as many as a test or a measurement needs, each ready to be won.</summary>
public static class DealCopies
{
    private static readonly (string Name, string Parent)[] Children =
        [("OpportunityLineItem", "OpportunityId"), ("Billing_Schedule_Entry__c", "Opportunity__c"), ("Delivery_Phase__c", "Opportunity__c"), ("Requested_Role__c", "Opportunity__c")];

    /// <summary>The firm's deals in Negotiation that are complete and have no defect.</summary>
    public static IEnumerable<Record> Sound(SandboxHost host)
    {
        var sound = host.Firm.Deals.Where(deal => deal is { Stage: "Negotiation", Defect: null }).Select(deal => (deal.Name, deal.BillingType)).ToHashSet();
        return Store(host)["Opportunity"].Scan().Where(record => record.Text("StageName") == "Negotiation" && sound.Contains((record.Text("Name")!, record.Text("Billing_Type__c")!)));
    }

    /// <summary>Adds a deal in Negotiation with everything that the model has, under a name of its own.</summary>
    public static Record Add(SandboxHost host, Record model, string name)
    {
        var store = Store(host);
        return store.Transact(() =>
        {
            var copy = Copy(store, model, "Name", name);
            foreach (var (child, parent) in Children)
            {
                foreach (var record in store[child].FindBy(parent, model.Id))
                {
                    Copy(store, record, parent, copy.Id);
                }
            }

            return copy;
        });
    }

    private static RecordStore Store(SandboxHost host) => host.Vendor("salesforce").Store;

    private static Record Copy(RecordStore store, Record record, string changed, string value)
    {
        var values = record.Schema.Fields.ToDictionary(field => field.Name, field => field.Unique ? null : record[field.Name], StringComparer.OrdinalIgnoreCase);
        values[changed] = value;
        return store.Insert(record.Schema.Name, values);
    }
}
