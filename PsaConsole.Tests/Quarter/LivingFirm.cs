using System.Net.Http.Json;
using Microsoft.EntityFrameworkCore;
using PsaConsole.Engine.Access;
using PsaConsole.Engine.Approvals;
using PsaConsole.Engine.Exceptions;
using PsaConsole.Engine.Inbox;
using PsaConsole.Engine.Store;
using PsaConsole.Engine.Workflows;
using PsaConsole.Sandbox;
using PsaConsole.Sandbox.Core;
using PsaConsole.Sandbox.Kantata;
using PsaConsole.Sandbox.Salesforce;
using PsaConsole.Tests.Sandbox;
using PsaConsole.Tests.Workflows;
using Consultant = PsaConsole.Sandbox.Firm.Consultant;
using Record = PsaConsole.Sandbox.Core.Record;

namespace PsaConsole.Tests.Quarter;

/// <summary>A firm whose people sell, work, correct themselves and change prices day by day, as a random number generator says, while calls fail.</summary>
internal sealed class LivingFirm : IAsyncDisposable
{
    public const string ByTime = "Time and Materials";
    private const string FixedPrice = "Fixed Price - Milestones";
    private const int MostRounds = 60;
    private static readonly DateTimeOffset Start = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);
    private static readonly (string Code, string Currency)[] Entities = [("US01", "USD"), ("GB01", "GBP"), ("DE01", "EUR"), ("JP01", "JPY")];
    private static readonly string[] Systems = ["salesforce", "kantata", "netsuite", "workday"];
    private static readonly string[] Effects = ["drop", "commit-then-drop", "commit-then-status:504", "status:500", "status:503", "throttle", "latency:200"];

    private readonly RunningFirm firm;
    private readonly ShiftedTime time;
    private readonly int seed;
    private readonly Random random;
    private readonly List<string> log = [];
    private readonly List<string> deals = [];
    private readonly Dictionary<string, Timesheets> projects = new(StringComparer.Ordinal);

    /// <summary>Every time entry that was ever made, and who it is of.</summary>
    private readonly Dictionary<string, (string Project, Consultant Person)> entries = new(StringComparer.Ordinal);

    /// <summary>Every expense that was ever claimed, and on which project.</summary>
    private readonly Dictionary<string, string> claims = new(StringComparer.Ordinal);

    private readonly LivingMilestones milestones;
    private readonly PlantedDefects defects;
    private int days;
    private DateOnly day = DateOnly.FromDateTime(Start.Date);

    private LivingFirm(RunningFirm firm, ShiftedTime time, int seed)
    {
        this.firm = firm;
        this.time = time;
        this.seed = seed;
        // The same seed draws the same quarter; nothing secret depends on it.
#pragma warning disable CA5394
        random = new Random(seed);
        (milestones, defects) = (new LivingMilestones(firm, log), new PlantedDefects(Kantata, log));
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private RecordStore Kantata => firm.Sandbox.Host.Vendor("kantata").Store;

    public static async Task<LivingFirm> StartAsync(PostgresFixture postgres, int seed, int consultants)
    {
        var time = new ShiftedTime();
        time.MoveTo(Start);
        var running = new RunningFirm(postgres) { Time = time, Outside = () => RunningSandbox.StartAsync(new SandboxOptions { Consultants = consultants, Now = Start }) };
        await running.InitializeAsync();
        var firm = new LivingFirm(running, time, seed);
        foreach (var kind in firm.Sold().Where(kind => kind.BillingType == ByTime).Append(firm.Sold().First(kind => kind.BillingType == FixedPrice)))
        {
            await firm.WinAsync(kind);
        }

        await firm.SettleAsync();
        return firm;
    }

    /// <summary>What people do on a business day, and what the engine makes of it while calls fail.</summary>
    public async Task LiveDayAsync()
    {
        await MoveToAsync(NextDay(), hour: 9);
        days++;
        log.Add($"— {day:yyyy-MM-dd}");
        if (random.Next(100) < 40)
        {
            var kinds = Sold();
            await WinAsync(kinds[random.Next(kinds.Count)]);
        }

        Enter();
        Claim();
        Correct();
        Deliver();
        PlantDefect();
        if (random.Next(100) < 25)
        {
            ChangePrice();
        }

        await FaultAsync();
        await QuietAsync(mayWait: false);
        await SettleAsync();
    }

    /// <summary>Ends every fault and lets time go on until nothing is under way any more.</summary>
    public async Task SettleAsync()
    {
        await firm.ClearFaultsAsync();
        for (var round = 0; round < MostRounds; round++)
        {
            await ApproveAsync();
            await AttendAsync();
            await QuietAsync(mayWait: true);
            if (!await IsUnderWayAsync())
            {
                await FindProjectsAsync();
                return;
            }

            // What rests after a failure is due again.
            await MoveToAsync(day, hour: 9, minutes: (round + 1) * 11);
        }

        Assert.Fail(await TellAsync("it does not come to rest"));
    }

    /// <summary>Compares what the ERP holds of every entry, claim and invoice with what it comes to, and the cases with what was done wrong on purpose.</summary>
    public async Task AssertBooksAsync()
    {
        var lines = entries.Select(entry => IndependentBooks.OfTime(projects[entry.Value.Project], entry.Key, entry.Value.Person, Kantata["time_entries"].Find(entry.Key)))
            .Concat(claims.Select(claim => IndependentBooks.OfExpense(projects[claim.Value], claim.Key, Kantata["expenses"].Find(claim.Key))))
            .Concat(projects.Values.Select(milestones.Check))
            .ToList();
        var different = lines.Where(line => line.Held != line.Expected).ToList();
        Assert.True(different.Count == 0, await TellAsync($"{different.Count} of {lines.Count} entries, claims and sums of invoices differ: {string.Join("; ", different.Take(10))}"));
        Assert.True(lines.Sum(line => line.Held.Bill) > 0m && lines.Sum(line => line.Held.Cost) > 0m, await TellAsync("nothing was posted at all"));
        await using var store = await firm.OpenStoreAsync();
        // Whether somebody is free for a role is not decided here.
        var cases = await Mine(store).Join(store.ExceptionCases.Where(item => item.Code != "HND-005" && (item.Status == CaseStatus.Open || item.Status == CaseStatus.Retrying)), run => (Guid?)run.Id, item => item.RunId, (run, item) => new { run.BusinessKey, item.Code, item.Subject, item.Message }).ToListAsync(Token);
        var misfits = defects.Differences(cases.ConvertAll(item => (item.BusinessKey, item.Code, $"{item.Subject}: {item.Message}"))).ToList();
        Assert.True(misfits.Count == 0, await TellAsync(string.Join("; ", misfits)));
        TestContext.Current.TestOutputHelper?.WriteLine($"{days} business days, {projects.Count} projects, {entries.Count} time entries, {claims.Count} claims, {milestones.Count} milestones, {lines.Sum(line => line.Journals)} journal entries and invoices: no difference; {defects.Count} defects, each with its case");
    }

    public async ValueTask DisposeAsync() => await firm.DisposeAsync();

    // What people do

    /// <summary>Kinds of deals that the sample firm has sound ones of, in the currency of the entity that sells them.</summary>
    private List<(string BillingType, string Entity, string Currency)> Sold() =>
    [
        .. DealCopies.Sound(firm.Sandbox.Host).Where(firm.Sandbox.IsOfOneEntity)
            .Select(record => (Type: record.Text("Billing_Type__c")!, Entity: record.Text("Selling_Entity__c")!, Currency: record.Text("CurrencyIsoCode")!))
            .Where(kind => kind.Type is ByTime or FixedPrice && Entities.Contains((kind.Entity, kind.Currency)))
            .Distinct().Order(),
    ];

    private async Task WinAsync((string BillingType, string Entity, string Currency) kind)
    {
        var deal = firm.NewDeal(kind.BillingType, "Quarter", record => record.Text("Selling_Entity__c") == kind.Entity && record.Text("CurrencyIsoCode") == kind.Currency && firm.Sandbox.IsOfOneEntity(record));
        log.Add($"win {deal} of {kind.Entity}, {kind.BillingType}");
        deals.Add(deal);
        await firm.WinAsync(deal);
    }

    /// <summary>People may book time on what is verified.</summary>
    private async Task FindProjectsAsync()
    {
        await using var store = await firm.OpenStoreAsync();
        foreach (var run in await store.Runs.AsNoTracking().Where(run => run.Workflow == OpportunityToProject.WorkflowName && run.Status == RunStatus.Completed).ToListAsync(Token))
        {
            if (deals.Any(deal => run.LaneKey.EndsWith(deal, StringComparison.Ordinal)) && !projects.ContainsKey(run.ProjectNumber!))
            {
                var value = Assert.Single(Kantata["custom_field_values"].Scan(), record => record.Text("value") == run.ProjectNumber);
                projects[run.ProjectNumber!] = new Timesheets(firm, run.ProjectNumber!, value.Text("subject_id")!);
            }
        }
    }

    /// <summary>On each project some of those who were sold enter a day's work, and the lead approves it.</summary>
    private void Enter()
    {
        var busy = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (number, project) in projects)
        {
            var lead = Kantata["workspaces"].Find(project.Workspace)!.Text("primary_maven_id");
            foreach (var person in project.SoldPeople().Where(person => project.UserOf(person) != lead && random.Next(100) < 40 && busy.Add(person.Number)).Take(4))
            {
                var entry = Kantata.Insert("time_entries", new Dictionary<string, object?>
                {
                    ["workspace_id"] = project.Workspace,
                    ["user_id"] = project.UserOf(person),
                    ["date_performed"] = day,
                    ["time_in_minutes"] = (long)(random.Next(4, 33) * 15),
                    ["billable"] = true,
                    ["currency"] = Kantata["workspaces"].Find(project.Workspace)!.Text("currency"),
                    ["currency_base_unit"] = Kantata["workspaces"].Find(project.Workspace)!["currency_base_unit"],
                });
                entries[entry.Id] = (number, person);
                Approve(KantataApprovals.Timesheets, entry);
            }
        }
    }

    /// <summary>Somebody travels, with a receipt and without tax, and claims it.</summary>
    private void Claim()
    {
        foreach (var (number, project) in projects.Where(_ => random.Next(100) < 15))
        {
            var (workspace, lead) = (Kantata["workspaces"].Find(project.Workspace)!, Kantata["workspaces"].Find(project.Workspace)!.Text("primary_maven_id"));
            if (project.SoldPeople().FirstOrDefault(person => project.UserOf(person) != lead) is { } person)
            {
                var claim = Kantata.Insert("expenses", new Dictionary<string, object?>
                {
                    ["workspace_id"] = project.Workspace,
                    ["user_id"] = project.UserOf(person),
                    ["date"] = day,
                    ["category"] = "Train",
                    ["amount_in_cents"] = (long)random.Next(1_500, 25_000),
                    ["is_billable"] = true,
                    ["taxable"] = false,
                    ["receipt_id"] = $"{project.Workspace}-{day:yyyyMMdd}",
                    ["currency"] = workspace.Text("currency"),
                    ["currency_base_unit"] = workspace["currency_base_unit"],
                });
                claims[claim.Id] = number;
                Approve(KantataApprovals.ExpenseReports, claim);
            }
        }

        foreach (var id in claims.Keys.Where(_ => random.Next(100) < 2).ToList())
        {
            if (Kantata["expenses"].Find(id) is { } claim && claim.Flag("approved"))
            {
                log.Add($"recall claim {id}");
                new KantataApprovals(Kantata).Decide(KantataApprovals.ExpenseReports, claim.Text("active_submission_id")!, "cancel", by: null);
            }
        }
    }

    /// <summary>Some of what was approved earlier is recalled, and of that some is corrected and some deleted.</summary>
    private void Correct()
    {
        var approvals = new KantataApprovals(Kantata);
        foreach (var id in entries.Keys.Where(_ => random.Next(100) < 4).ToList())
        {
            if (Kantata["time_entries"].Find(id) is not { } entry || !entry.Flag("approved"))
            {
                continue;
            }

            approvals.Decide(KantataApprovals.Timesheets, entry.Text("active_submission_id")!, "cancel", by: null);
            switch (random.Next(4))
            {
                case 0:
                    Kantata.Delete("time_entries", id);
                    log.Add($"delete {id}");
                    break;
                case 1:
                    log.Add($"recall {id}");
                    break;
                default:
                    Approve(KantataApprovals.Timesheets, Kantata.Update("time_entries", id, new Dictionary<string, object?> { ["time_in_minutes"] = (long)(random.Next(4, 33) * 15) }));
                    log.Add($"correct {id}");
                    break;
            }
        }
    }

    /// <summary>Some of what was sold for a fixed price is delivered.</summary>
    private void Deliver()
    {
        foreach (var project in projects.Values.Where(project => project.Deal.Text("Billing_Type__c") == FixedPrice && random.Next(100) < 20))
        {
            milestones.Deliver(project);
        }
    }

    /// <summary>Somebody does something wrong.</summary>
    private void PlantDefect()
    {
        // In yen receipts and limits are others: what is wrong there is not looked at here.
        var all = projects.Values.Where(project => project.Deal.Text("CurrencyIsoCode") != "JPY").ToList();
        var wrong = random.Next(100) < 50;
        // Each of the four kinds at least once, however few the days are.
        if (all.Count > 0 && (wrong || days <= 4))
        {
            var project = all[random.Next(all.Count)];
            var lead = Kantata["workspaces"].Find(project.Workspace)!.Text("primary_maven_id");
            if (project.SoldPeople().FirstOrDefault(person => project.UserOf(person) != lead) is { } person)
            {
                defects.Plant(defects.Count, project, person, day);
            }
        }
    }

    /// <summary>What waits for people outside of the console: a client's acceptance, the books' billing run.</summary>
    private async Task AttendAsync()
    {
        await using var store = await firm.OpenStoreAsync();
        await milestones.AttendAsync(await Mine(store).Where(run => run.Status == RunStatus.Waiting).ToListAsync(Token), day);
    }

    private void Approve(string kind, Record line)
    {
        var approvals = new KantataApprovals(Kantata);
        approvals.Decide(kind, approvals.Submit(kind, [line]).Id, "approve", by: null);
    }

    /// <summary>A price of some deal's card goes up, from the day it always held from.</summary>
    private void ChangePrice()
    {
        if (projects.Values.Where(project => project.SoldPeople().Count > 0).ToList() is { Count: > 0 } all)
        {
            var project = all[random.Next(all.Count)];
            var price = project.PriceOf(project.SoldPerson());
            var next = decimal.Round(price.Number("UnitPrice")!.Value * 1.03m, 2, MidpointRounding.AwayFromZero);
            log.Add($"price {price.Id} from {price.Number("UnitPrice")} to {next}");
            firm.Sandbox.Host.Vendor("salesforce").Store.Update("PricebookEntry", price.Id, new Dictionary<string, object?> { ["UnitPrice"] = next });
        }
    }

    private async Task FaultAsync()
    {
        var (system, effect, count) = (Systems[random.Next(Systems.Length)], Effects[random.Next(Effects.Length)], random.Next(2, 12));
        log.Add($"{effect} of {system}, {count} times");
        await firm.FaultAsync(new { system, effect, share = 0.4, count });
    }

    /// <summary>Finance approves whatever waits for it.</summary>
    private async Task ApproveAsync()
    {
        await using var store = await firm.OpenStoreAsync();
        foreach (var asked in await store.Approvals.AsNoTracking().Where(item => item.Status == ApprovalStatus.Waiting).ToListAsync(Token))
        {
            try
            {
                await firm.Get<ApprovalActions>().ApproveAsync(RunningFirm.Controller, asked.Id, asked.Version, "agreed with the client", Token);
                log.Add($"approve {asked.Subject}");
            }
            catch (RefusedException refused)
            {
                log.Add($"not approved yet: {refused.Message}");
            }
        }
    }

    // Time

    private DateOnly NextDay()
    {
        do
        {
            day = day.AddDays(1);
        }
        while (day.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday);
        return day;
    }

    private async Task MoveToAsync(DateOnly date, int hour, int minutes = 0)
    {
        var now = new DateTimeOffset(date.ToDateTime(new TimeOnly(hour, 0)), TimeSpan.Zero).AddMinutes(minutes);
        using var answer = await firm.Sandbox.Control.PostAsJsonAsync("/clock", new { now }, Token);
        answer.EnsureSuccessStatusCode();
        time.MoveTo(now);
    }

    // Waiting

    private IQueryable<Run> Mine(EngineDbContext store)
    {
        var lanes = Lanes();
        return store.Runs.AsNoTracking().Where(run => lanes.Contains(run.LaneKey));
    }

    private List<string> Lanes() =>
    [
        .. deals.Select(deal => $"opportunity:salesforce:{deal}"), .. projects.Values.Select(project => $"engagement:kantata:{project.Workspace}"), .. milestones.Lanes,
    ];

    /// <summary>Whether anything of ours goes on by itself, or will.</summary>
    private async Task<bool> IsUnderWayAsync()
    {
        await using var store = await firm.OpenStoreAsync();
        return await Due(store).AnyAsync(Token) || await Mine(store).AnyAsync(run => run.Status == RunStatus.Running || run.Status == RunStatus.Waiting || run.Status == RunStatus.WaitingApproval || run.Status == RunStatus.Compensating, Token);
    }

    /// <summary>Waits until nothing is to be looked at and nothing runs: what waits for its next attempt may go on waiting, unless a test has time for it.</summary>
    private async Task QuietAsync(bool mayWait)
    {
        using var again = new PeriodicTimer(TimeSpan.FromMilliseconds(250));
        var until = TimeProvider.System.GetUtcNow() + Patience;
        var still = 0;
        // Polls come every second: twice nothing to do may be just before one.
        while (still < 6 && await again.WaitForNextTickAsync(Token))
        {
            await using var store = await firm.OpenStoreAsync();
            var busy = await Due(store).AnyAsync(Token) || await Mine(store).AnyAsync(run => run.Status == RunStatus.Running || (mayWait && run.Status == RunStatus.Waiting && run.ResumeAt <= time.GetUtcNow()), Token);
            still = busy ? 0 : still + 1;
            if (TimeProvider.System.GetUtcNow() > until)
            {
                Assert.Fail(await TellAsync("it does not become quiet"));
            }
        }
    }

    private IQueryable<InboxItem> Due(EngineDbContext store)
    {
        var now = time.GetUtcNow();
        var lanes = Lanes();
        return store.InboxItems.Where(item => item.Status == InboxStatus.Waiting && (item.ResumeAt == null || item.ResumeAt <= now) && (lanes.Contains(item.LaneKey) || item.SourceType == "rate-card"));
    }

    private async Task<string> TellAsync(string what)
    {
        await using var store = await firm.OpenStoreAsync();
        var live = await Mine(store).Where(run => run.Status != RunStatus.Completed && run.Status != RunStatus.Ended).Select(run => $"{run.Title}: {run.Status} at {run.StepKey} until {run.ResumeAt}: {run.Message}").Take(20).ToListAsync(Token);
        return $"Seed {seed}, {day:yyyy-MM-dd}: {what}.\nUnder way: {string.Join("\n", live)}\n{string.Join("\n", log.TakeLast(80))}";
    }
}
