using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using PsaConsole.Engine.Model;
using PsaConsole.Engine.Workflows;
using PsaConsole.Tests.Sandbox;
using PsaConsole.Tests.Sandbox.Kantata;
using Consultant = PsaConsole.Sandbox.Firm.Consultant;
using Record = PsaConsole.Sandbox.Core.Record;

namespace PsaConsole.Tests.Workflows;

/// <summary>A handed-over project and the people who book time on it, through Kantata's API as they would.</summary>
internal sealed class Timesheets(IWorkingFirm firm, string number, string workspace)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly ConditionalWeakTable<IWorkingFirm, ConcurrentDictionary<string, Task<Timesheets>>> Shared = [];
    private static int people;

    public string Number => number;

    public string Workspace => workspace;

    /// <summary>A day of this month or the last, whose periods are open in the sample firm.</summary>
    public DateOnly Day => firm.Sandbox.Host.Firm.Today.AddDays(-3);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>One project of the billing type, of a legal entity where it matters, for all tests of a firm.</summary>
    public static Task<Timesheets> SharedAsync(IWorkingFirm firm, string billingType, string? entity = null) =>
        Shared.GetOrCreateValue(firm).GetOrAdd($"{billingType} {entity}", _ => OfAsync(firm, billingType, entity is null ? null : deal => deal.Text("Selling_Entity__c") == entity, entity));

    /// <summary>Wins a deal of the billing type and waits until its project takes time.</summary>
    public static async Task<Timesheets> OfAsync(IWorkingFirm firm, string billingType, Func<Record, bool>? like = null, string? entity = null)
    {
        var deal = firm.Sandbox.NewDeal(billingType, "Time", like);
        await firm.Sandbox.WinAsync(deal);
        var run = await firm.CompletedAsync(deal);
        var number = run.ProjectNumber!.Split(", ").First(part => part.StartsWith(entity ?? "", StringComparison.Ordinal));
        var value = Assert.Single(firm.Table("kantata", "custom_field_values").Scan(), record => record.Text("value") == number);
        return new Timesheets(firm, number, value.Text("subject_id")!);
    }

    public Record Job => firm.Table("netsuite", "job").Scan().Single(record => record.Text("entityId") == number);

    /// <summary>Somebody employed whose role and level the deal's rate card prices; another one with every call.</summary>
    public Consultant Person()
    {
        var fitting = Fitting(400);
        return fitting[Interlocked.Increment(ref people) % (fitting.Count - 1)];
    }

    /// <summary>Somebody whom no other test asks for, so that the engine does not know them yet.</summary>
    public Consultant Newcomer() => Fitting(400)[^1];

    /// <summary>Everybody of a role and level that the deal sold: what the client pays for them was agreed.</summary>
    public IReadOnlyList<Consultant> SoldPeople() => [.. Fitting(400).Where(IsSold)];

    public Consultant SoldPerson() => SoldPeople()[0];

    /// <summary>Somebody whom the rate card prices and the deal did not sell.</summary>
    public Consultant OtherPerson() => Fitting(400).First(person => !IsSold(person));

    private bool IsSold(Consultant person) =>
        firm.Table("salesforce", "Requested_Role__c").FindBy("Opportunity__c", Deal.Id).Any(role => role.Text("Role__c") == person.Role && role.Text("Level__c") == person.Level);

    public Record Deal => firm.Table("salesforce", "Opportunity").Scan().Single(record => record.Text("Project_Number__c")?.Split(", ").Contains(number) == true);

    /// <summary>The price book's entry that prices the person on this deal.</summary>
    public Record PriceOf(Consultant person)
    {
        var products = firm.Table("salesforce", "Product2").Scan().Where(product => product.Text("Role__c") == person.Role && product.Text("Level__c") == person.Level && product.Text("Location__c") == person.Country).Select(product => product.Id).ToHashSet();
        return firm.Table("salesforce", "PricebookEntry").FindBy("Pricebook2Id", Deal.Text("Pricebook2Id")!).Single(entry => products.Contains(entry.Text("Product2Id")!) && entry.Text("CurrencyIsoCode") == Deal.Text("CurrencyIsoCode"));
    }

    private List<Consultant> Fitting(int days)
    {
        var sold = new Dictionary<string, string[]> { ["Analyst"] = ["L1", "L2"], ["Consultant"] = ["L2", "L3"], ["Senior Consultant"] = ["L3", "L4"], ["Architect"] = ["L4", "L5"] };
        return [.. firm.Sandbox.Host.Firm.Consultants.Where(person => person.Billable && person.TerminationDate is null && person.HireDate < Day.AddDays(-days) && sold.TryGetValue(person.Role, out var levels) && levels.Contains(person.Level))];
    }

    public string UserOf(Consultant person) => firm.Table("kantata", "users").FindBy("email_address", person.Email).Single().Id;

    /// <summary>The rates that the deal's card has for the person.</summary>
    public (decimal Bill, decimal Cost, string Currency) RatesOf(Consultant person)
    {
        var run = Deal;
        var card = firm.Sandbox.Host.Firm.RateCards.Single(item => item.Name == firm.Table("salesforce", "Pricebook2").Find(run.Text("Pricebook2Id"))!.Text("Name"));
        var rate = card.Rates.Single(item => item.Role == person.Role && item.Level == person.Level && item.Country == person.Country);
        var discount = run.Number("Discount_Pct__c") ?? 0m;
        return (decimal.Round(rate.Bill * (1m - (discount / 100m)), 4, MidpointRounding.AwayFromZero), rate.Cost, card.Currency);
    }

    /// <summary>Enters hours, without submitting them.</summary>
    public async Task<string> EnterAsync(Consultant person, decimal hours, DateOnly? day = null, bool billable = true)
    {
        using var kantata = firm.Sandbox.Kantata();
        var entry = await kantata.WriteAsync("POST", "time_entries.json", new
        {
            time_entry = new { workspace_id = workspace, user_id = UserOf(person), date_performed = (day ?? Day).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), time_in_minutes = (int)(hours * 60m), billable },
        });
        return entry.Id();
    }

    /// <summary>Submits the entry and lets the project's lead, or somebody named, approve it.</summary>
    public async Task ApproveAsync(string entry, Consultant? by = null)
    {
        using var kantata = firm.Sandbox.Kantata();
        var submission = (await kantata.WriteAsync("POST", "timesheet_submissions.json", new { timesheet_submission = new { time_entry_ids = new[] { entry } } })).Id();
        if (by is null)
        {
            await kantata.WriteAsync("PUT", $"timesheet_submissions/{submission}/approve.json", new { });
        }
        else
        {
            new PsaConsole.Sandbox.Kantata.KantataApprovals(firm.Sandbox.Host.Vendor("kantata").Store).Decide("timesheet_submissions", submission, "approve", UserOf(by));
        }
    }

    public async Task<string> EnterApprovedAsync(Consultant person, decimal hours, DateOnly? day = null, bool billable = true)
    {
        var entry = await EnterAsync(person, hours, day, billable);
        await ApproveAsync(entry);
        return entry;
    }

    /// <summary>Takes the approval back: the entry can be changed again.</summary>
    public async Task RecallAsync(string entry)
    {
        using var kantata = firm.Sandbox.Kantata();
        var submission = firm.Table("kantata", "time_entries").Find(entry)!.Text("active_submission_id");
        await kantata.WriteAsync("PUT", $"timesheet_submissions/{submission}/cancel.json", new { });
    }

    public async Task ChangeHoursAsync(string entry, decimal hours)
    {
        using var kantata = firm.Sandbox.Kantata();
        using var answer = await kantata.CallAsync("PUT", $"time_entries/{entry}.json", new { time_entry = new { time_in_minutes = (int)(hours * 60m) } });
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Token));
    }

    /// <summary>What an administrator of Kantata may do in spite of our lock: recall, correct and approve, before anybody has looked.</summary>
    public void CorrectAtOnce(string entry, decimal hours)
    {
        var store = firm.Sandbox.Host.Vendor("kantata").Store;
        var approvals = new PsaConsole.Sandbox.Kantata.KantataApprovals(store);
        store.Transact(() =>
        {
            approvals.Decide("timesheet_submissions", store["time_entries"].Find(entry)!.Text("active_submission_id")!, "cancel", by: null);
            var corrected = store.Update("time_entries", entry, new Dictionary<string, object?> { ["time_in_minutes"] = (long)(hours * 60m) });
            return approvals.Decide("timesheet_submissions", approvals.Submit("timesheet_submissions", [corrected]).Id, "approve", by: null);
        });
    }

    public async Task DeleteAsync(string entry)
    {
        using var kantata = firm.Sandbox.Kantata();
        using var answer = await kantata.CallAsync("DELETE", $"time_entries/{entry}.json");
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Token));
    }

    /// <summary>Waits until the newest run of the entry is as wanted.</summary>
    public Task<Run> RunOfAsync(string entry, Func<Run, bool> wanted) => RunAsync($"time-entry:kantata:{entry}:r", wanted);

    public Task<Run> PostedAsync(string entry) => RunOfAsync(entry, run => run.Status == RunStatus.Completed);

    /// <summary>Waits until the newest run whose business key begins so is as wanted.</summary>
    public async Task<Run> RunAsync(string prefix, Func<Run, bool> wanted)
    {
        using var again = new PeriodicTimer(TimeSpan.FromMilliseconds(40));
        var until = TimeProvider.System.GetUtcNow() + Patience;
        while (await again.WaitForNextTickAsync(Token))
        {
            await using var store = await firm.OpenStoreAsync();
            var run = await store.Runs.AsNoTracking().Include(item => item.Steps).Where(item => item.BusinessKey.StartsWith(prefix)).OrderByDescending(item => item.StartedAt).FirstOrDefaultAsync(Token);
            if (run is not null && wanted(run))
            {
                return run;
            }

            if (TimeProvider.System.GetUtcNow() > until)
            {
                Assert.Fail($"The run of {prefix} did not get there in time: {run?.Status} at {run?.StepKey}: {run?.Message}\n{await EngineState.DescribeAsync(store, prefix.Split(':')[2])}");
            }
        }

        throw new OperationCanceledException(Token);
    }

    /// <summary>The postings of an entry, oldest first.</summary>
    public async Task<List<PostingRow>> PostingsAsync(string entry)
    {
        await using var store = await firm.OpenStoreAsync();
        return await store.Postings.AsNoTracking().Where(row => row.SourceId == entry && row.SourceType == "time-entry").OrderBy(row => row.CreatedAt).ThenBy(row => row.Id).ToListAsync(Token);
    }

    /// <summary>Waits until the net of what is posted, with unbilled sales that are charged, is as wanted, and nothing is under way.</summary>
    public async Task<List<PostingRow>> NetAsync(string entry, decimal hours)
    {
        using var again = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        var until = TimeProvider.System.GetUtcNow() + Patience;
        while (await again.WaitForNextTickAsync(Token))
        {
            var postings = await PostingsAsync(entry);
            await using var store = await firm.OpenStoreAsync();
            var busy = await store.Runs.AnyAsync(run => run.BusinessKey.StartsWith($"time-entry:kantata:{entry}:r") && run.Status != RunStatus.Completed && run.Status != RunStatus.Ended, Token);
            if (!busy && postings.Where(row => row is { Kind: PsaConsole.Engine.Finance.PostingKind.Unbilled, Chargeable: true }).Sum(row => row.Hours) == hours && (hours != 0m || postings.Count > 0))
            {
                return postings;
            }

            if (TimeProvider.System.GetUtcNow() > until)
            {
                Assert.Fail($"Entry {entry} did not come to {hours} h: {string.Join(", ", postings.Select(row => $"{row.Kind} {row.Hours} {row.Status}"))}; busy {busy}");
            }
        }

        throw new OperationCanceledException(Token);
    }

    /// <summary>The books' journal entries of a time entry.</summary>
    public List<Record> Journals(string entry) => Journals("time-entry", entry);

    /// <summary>The books' journal entries of a record of the PSA.</summary>
    public List<Record> Journals(string type, string id) => [.. firm.Table("netsuite", "journalEntry").Scan().Where(record => record.Text("custbody_psac_source")?.StartsWith($"{type} kantata {id} r", StringComparison.Ordinal) == true)];
}
