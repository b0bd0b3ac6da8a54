using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using PsaConsole.Engine.Approvals;
using PsaConsole.Engine.Exceptions;
using PsaConsole.Engine.Inbox;
using PsaConsole.Engine.Workflows;
using PsaConsole.Engine.Workflows.Clients;
using PsaConsole.Sandbox.NetSuite;
using PsaConsole.Tests.Sandbox;
using PsaConsole.Tests.Sandbox.NetSuite;
using Record = PsaConsole.Sandbox.Core.Record;

namespace PsaConsole.Tests.Workflows;

/// <summary>A client that projects were set up for changes in one system, and what becomes of it in the others (3-workflows 3b).</summary>
public sealed class ClientChangeTests(RunningFirm firm) : IClassFixture<RunningFirm>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task New_name_and_website_reach_every_system_that_holds_the_client()
    {
        var client = await SetUpAsync("Renamed");
        var name = $"{client.Name} International";

        await SaveAccountAsync(client, new { Name = name, Website = "https://renamed.example" });

        var run = await RunAsync(client, item => item.Status == RunStatus.Completed && item.Title == name);
        Assert.Equal(name, client.Group(firm).Text("name"));
        Assert.Equal((name, "https://renamed.example"), (client.Customer(firm).Text("companyName"), client.Customer(firm).Text("url")));
        Assert.Empty(await firm.CasesAsync(run));
    }

    [Fact]
    public async Task Address_follows_the_crm_as_long_as_nothing_was_invoiced()
    {
        var client = await SetUpAsync("Moved");

        await SaveAccountAsync(client, new { BillingStreet = "1 New Street" });

        await EventuallyAsync("the new street in NetSuite", () => Task.FromResult(StreetOf(client) == "1 New Street"));
        var run = await RunAsync(client, item => item.Status == RunStatus.Completed);
        await using var store = await firm.OpenStoreAsync();
        Assert.False(await store.Approvals.AnyAsync(item => item.RunId == run.Id, Token));
    }

    [Fact]
    public async Task Address_that_invoices_bear_changes_once_finance_has_approved_it()
    {
        var client = await SetUpAsync("Invoiced");
        Invoice(client);
        var before = StreetOf(client);

        await SaveAccountAsync(client, new { BillingStreet = "2 Other Street" });
        var run = await RunAsync(client, item => item.Status == RunStatus.WaitingApproval);
        Assert.Equal(before, StreetOf(client));
        var asked = await AskedAsync(run);
        Assert.Equal(ApprovalKind.ClientMaster, asked.Kind);
        await firm.Get<ApprovalActions>().ApproveAsync(RunningFirm.Controller, asked.Id, asked.Version, "The client wrote to us.", Token);

        await RunAsync(client, item => item.Status == RunStatus.Completed);
        Assert.Equal("2 Other Street", StreetOf(client));
    }

    [Fact]
    public async Task Approval_that_was_given_while_its_step_asked_again_is_not_waited_for()
    {
        var client = await SetUpAsync("Decided");
        Invoice(client);
        await SaveAccountAsync(client, new { BillingStreet = "3 Third Street" });
        var run = await RunAsync(client, item => item.Status == RunStatus.WaitingApproval);

        // As it stands when the step read that nobody has decided, somebody did, and the step then wrote that it waits.
        await using (var store = await firm.OpenStoreAsync())
        {
            var asked = await store.Approvals.SingleAsync(item => item.RunId == run.Id && item.Status == ApprovalStatus.Waiting, Token);
            asked.Decisions.Add(new ApprovalDecision { Actor = "tests:controller", ActorName = "Controller", Role = "FinanceController", Approved = true, Reason = "The client wrote to us.", At = TimeProvider.System.GetUtcNow() });
            asked.Close(ApprovalStatus.Approved, TimeProvider.System.GetUtcNow(), "");
            await store.SaveChangesAsync(Token);
            await Lanes.WakeAsync(store, run.LaneKey, TimeProvider.System.GetUtcNow(), Token);
        }

        await RunAsync(client, item => item.Status == RunStatus.Completed);
        Assert.Equal("3 Third Street", StreetOf(client));
    }

    [Fact]
    public async Task Terms_that_sales_changed_are_disputed_until_both_sides_agree()
    {
        var client = await SetUpAsync("Disputed");
        var terms = client.Customer(firm).Text("terms");
        var before = firm.Table("salesforce", "Account").Find(client.Account)!.Text("Payment_Terms__c");

        await SaveAccountAsync(client, new { Payment_Terms__c = before == "Net 60" ? "Net 45" : "Net 60" });
        var raised = await CaseAsync(client, "MST-101");
        Assert.Contains("Payment terms", raised.Message, StringComparison.Ordinal);
        Assert.Equal(terms, client.Customer(firm).Text("terms"));
        await SaveAccountAsync(client, new { Payment_Terms__c = before });

        await EventuallyAsync("the case to close", async () => (await CaseAsync(client, "MST-101")).Status == CaseStatus.Resolved);
    }

    [Fact]
    public async Task What_finance_changes_in_the_erp_reaches_the_crm()
    {
        var client = await SetUpAsync("Delivered");
        await LookedAtAsync(client);
        var wanted = client.Customer(firm).Text("custentity_psac_invoice_delivery") == "Portal" ? "Email" : "Portal";

        await SaveCustomerAsync(client, new { custentity_psac_invoice_delivery = wanted });

        await EventuallyAsync("the delivery in Salesforce", () => Task.FromResult(firm.Table("salesforce", "Account").Find(client.Account)!.Text("Invoice_Delivery__c") == wanted));
        var run = await RunAsync(client, item => item.Status == RunStatus.Completed);
        Assert.Empty(await firm.CasesAsync(run));
    }

    [Fact]
    public async Task Client_that_finance_puts_on_hold_is_told_until_it_is_released()
    {
        var client = await SetUpAsync("Held");
        await LookedAtAsync(client);

        await SaveCustomerAsync(client, new { custentity_psac_credit_hold = true });
        await CaseAsync(client, "MST-105");
        await EventuallyAsync("the hold in Salesforce", () => Task.FromResult(firm.Table("salesforce", "Account").Find(client.Account)!.Text("Credit_Status__c") == "Hold"));
        await SaveCustomerAsync(client, new { custentity_psac_credit_hold = false });

        await EventuallyAsync("the case to close", async () => (await CaseAsync(client, "MST-105")).Status == CaseStatus.Resolved);
        await EventuallyAsync("the release in Salesforce", () => Task.FromResult(firm.Table("salesforce", "Account").Find(client.Account)!.Text("Credit_Status__c") == "Good"));
    }

    [Fact]
    public async Task Client_that_somebody_deleted_in_a_system_is_a_broken_reference()
    {
        var client = await SetUpAsync("Deleted");
        firm.Sandbox.Host.Vendor("kantata").Store.Delete("workspace_groups", client.Group(firm).Id);

        await SaveAccountAsync(client, new { Name = client.Name + " Ltd" });

        var raised = await CaseAsync(client, "MST-104");
        Assert.Contains("kantata has no client", raised.Message, StringComparison.Ordinal);
        Assert.Equal(client.Name, client.Customer(firm).Text("companyName"));
    }

    /// <summary>A client of its own with one project, as every system holds it.</summary>
    private async Task<KnownClient> SetUpAsync(string prefix)
    {
        var name = $"{prefix} {Guid.NewGuid().ToString("n")[..8]}";
        var account = firm.Sandbox.NewClient(name);
        var deal = firm.NewDeal("Time and Materials", prefix, firm.Sandbox.IsOfOneEntity);
        await firm.ChangeDealAsync(deal, new { AccountId = account });
        await firm.WinAsync(deal);
        await firm.CompletedAsync(deal);
        await using var store = await firm.OpenStoreAsync();
        var references = await store.CrossReferences.Where(item => item.CanonicalType == "client" && store.Clients.Any(client => client.Id == item.CanonicalId && client.LegalName == name)).ToListAsync(Token);
        return new KnownClient(name, references[0].CanonicalId, account, Id("kantata"), Id("netsuite"));

        string Id(string system) => references.Single(item => item.SystemName == system).ExternalId;
    }

    /// <summary>Waits for the look that our own creation of the customer brings about: what it finds is what later changes are compared with.</summary>
    private Task<Run> LookedAtAsync(KnownClient client) => RunAsync(client, run => run.Status == RunStatus.Completed);

    private async Task SaveAccountAsync(KnownClient client, object changes)
    {
        using var salesforce = await firm.Sandbox.SalesforceAsync();
        using var answer = await salesforce.PatchAsync($"sobjects/Account/{client.Account}", JsonContent.Create(changes), Token);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Token));
    }

    private async Task SaveCustomerAsync(KnownClient client, object changes)
    {
        using var netsuite = await firm.Sandbox.NetSuiteAsync();
        using var answer = await netsuite.PatchAsync($"record/v1/customer/{client.CustomerId}", JsonContent.Create(changes), Token);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Token));
    }

    private void Invoice(KnownClient client)
    {
        var store = firm.Sandbox.Host.Vendor("netsuite").Store;
        var (customer, day) = (client.Customer(firm), firm.Sandbox.Host.Firm.Today);
        var period = store["accountingPeriod"].Scan().First(item => !item.Flag("isYear") && !item.Flag("isQuarter") && item.Date("startDate") <= day && item.Date("endDate") >= day);
        store.Transact(() => new Records(store).Create(
            NetSuiteSchema.Find("invoice")!,
            new InputFields(
                new()
                {
                    ["tranId"] = $"INV-{client.CustomerId}",
                    ["entity"] = customer.Id,
                    ["subsidiary"] = customer.Text("subsidiary"),
                    ["tranDate"] = day,
                    ["dueDate"] = day,
                    ["currency"] = customer.Text("currency"),
                    ["postingPeriod"] = period.Id,
                    ["total"] = 100m,
                    ["amountRemaining"] = 100m,
                    ["amountPaid"] = 0m,
                },
                [],
                [])));
    }

    private string? StreetOf(KnownClient client) =>
        (client.Customer(firm)["addressBook"] as JsonArray)?.OfType<JsonObject>().FirstOrDefault()?["addressBookAddress"]?["addr1"]?.ToString();

    private async Task<Approval> AskedAsync(Run run)
    {
        await using var store = await firm.OpenStoreAsync();
        return await store.Approvals.AsNoTracking().SingleAsync(item => item.RunId == run.Id && item.Status == ApprovalStatus.Waiting, Token);
    }

    private async Task<Run> RunAsync(KnownClient client, Func<Run, bool> wanted)
    {
        Run? found = null;
        List<string> asked = [];
        await EventuallyAsync($"the run of {client.Name}", async () =>
        {
            await using var store = await firm.OpenStoreAsync();
            found = await store.Runs.AsNoTracking().Include(run => run.Steps).SingleOrDefaultAsync(run => run.Workflow == ClientChange.WorkflowName && run.BusinessKey == ClientChange.KeyOf(client.Id), Token);
            asked = found is null ? [] : await store.Approvals.AsNoTracking().Where(item => item.RunId == found!.Id).Select(item => $"{item.Id} {item.Status} {item.Fingerprint} {item.ClosedBecause}").ToListAsync(Token);
            return found is not null && wanted(found);
        }, () => string.Join("\n", asked) + (found is null ? "there is none" : $"it is {found.Status} at {found.StepKey} until {found.ResumeAt:u}, changed {found.UpdatedAt:u}: {found.Message} {string.Join(", ", found.Steps.OrderBy(step => step.Position).Select(step => $"{step.Key} {step.Status} {step.Attempts}"))}"));
        return found!;
    }

    private async Task<ExceptionCase> CaseAsync(KnownClient client, string code)
    {
        ExceptionCase? found = null;
        await EventuallyAsync($"{code} of {client.Name}", async () =>
        {
            await using var store = await firm.OpenStoreAsync();
            found = await store.ExceptionCases.AsNoTracking().SingleOrDefaultAsync(item => item.BusinessKey == ClientChange.KeyOf(client.Id) && item.Code == code, Token);
            return found is not null;
        });
        return found!;
    }

    private static async Task EventuallyAsync(string what, Func<Task<bool>> wanted, Func<string>? instead = null)
    {
        using var again = new PeriodicTimer(TimeSpan.FromMilliseconds(40));
        var until = TimeProvider.System.GetUtcNow() + Patience;
        while (!await wanted())
        {
            Assert.True(TimeProvider.System.GetUtcNow() < until, $"There is no {what}. {instead?.Invoke()}");
            await again.WaitForNextTickAsync(Token);
        }
    }

    private sealed record KnownClient(string Name, Guid Id, string Account, string GroupId, string CustomerId)
    {
        public Record Group(RunningFirm firm) => firm.Table("kantata", "workspace_groups").Find(GroupId)!;

        public Record Customer(RunningFirm firm) => firm.Table("netsuite", "customer").Find(CustomerId)!;
    }
}
