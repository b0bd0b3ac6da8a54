using System.Net.Http.Json;
using PsaConsole.Sandbox.Salesforce;
using Record = PsaConsole.Sandbox.Core.Record;

namespace PsaConsole.Tests.Sandbox;

/// <summary>Deals of the sample firm, as many as a test needs, and what a person in Salesforce does with them.</summary>
public static class SampleDeals
{
    private static int deals;

    /// <summary>A new deal in Negotiation, complete and sound, with everything that a sound deal of this billing type has in the sample firm.</summary>
    /// <returns>Salesforce's id of the opportunity.</returns>
    public static string NewDeal(this RunningSandbox sandbox, string billingType, string namePrefix = "Deal", Func<Record, bool>? like = null)
    {
        var model = DealCopies.Sound(sandbox.Host).First(record => record.Text("Billing_Type__c") == billingType && (like?.Invoke(record) ?? true));
        return DealCopies.Add(sandbox.Host, model, $"{namePrefix} {Interlocked.Increment(ref deals)} {Guid.NewGuid().ToString("n")[..8]}").Id;
    }

    /// <summary>A client that no system but Salesforce knows, like one that it has.</summary>
    /// <returns>Salesforce's id of the account.</returns>
    public static string NewClient(this RunningSandbox sandbox, string name)
    {
        var store = sandbox.Host.Vendor("salesforce").Store;
        var model = store["Account"].Scan().First(record => record.Text("BillingCountryCode") == "US" && record.Text("Credit_Status__c") == "Good" && !record.Flag("Requires_PO__c"));
        var values = model.Schema.Fields.ToDictionary(field => field.Name, field => field.Unique ? null : model[field.Name], StringComparer.OrdinalIgnoreCase);
        values["Name"] = name;
        values["Website"] = null;
        values["Tax_Registration_Number__c"] = null;
        return store.Insert("Account", values).Id;
    }

    /// <summary>Changes a deal through Salesforce's API, as a person there would.</summary>
    public static async Task ChangeDealAsync(this RunningSandbox sandbox, string id, object changes)
    {
        var token = TestContext.Current.CancellationToken;
        using var salesforce = await sandbox.SalesforceAsync();
        using var answer = await salesforce.PatchAsync($"sobjects/Opportunity/{id}", JsonContent.Create(changes), token);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(token));
    }

    /// <summary>Sets a deal to Closed Won.</summary>
    public static Task WinAsync(this RunningSandbox sandbox, string id) => sandbox.ChangeDealAsync(id, new { StageName = "Closed Won" });

    /// <summary>Whether all lines of a deal are sold by one legal entity, so that it becomes one project.</summary>
    public static bool IsOfOneEntity(this RunningSandbox sandbox, Record opportunity) => sandbox.Host.Vendor("salesforce").Store["OpportunityLineItem"]
        .FindBy("OpportunityId", opportunity.Id).Select(line => line.Text("Selling_Entity__c")).Distinct().Count() == 1;
}
