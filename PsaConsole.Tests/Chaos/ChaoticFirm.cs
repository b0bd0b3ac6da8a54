using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using PsaConsole.Engine;
using PsaConsole.Engine.Access;
using PsaConsole.Engine.Approvals;
using PsaConsole.Engine.Inbox;
using PsaConsole.Engine.Store;
using PsaConsole.Engine.Workflows;
using PsaConsole.Engine.Workflows.Changes;
using PsaConsole.Tests.Sandbox;
using PsaConsole.Tests.Web;
using PsaConsole.Tests.Workflows;

namespace PsaConsole.Tests.Chaos;

/// <summary>Two replicas of the console on one database beside a sandbox, to which a random number generator does what it likes.</summary>
internal sealed class ChaoticFirm : IAsyncDisposable
{
    private const int Events = 30;
    private const int Deals = 8;
    private const int MostAttempts = 30;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(180);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);
    private static readonly string[] Systems = ["salesforce", "kantata", "netsuite", "microsoft365"];
    private static readonly string[] Effects = ["drop", "commit-then-drop", "commit-then-status:504", "status:500", "status:503", "throttle", "latency:300"];
    private static readonly string[] NoticeEffects = ["duplicate-notice", "lose-notice", "reorder-notices"];
    private static readonly string[] BillingTypes = ["Time and Materials", "Fixed Price - Milestones", "Fixed Price - Installments", "Retainer"];
    private static readonly string[] PlanTables = ["stories", "billing_milestones"];

    private readonly ChaoticDatabase database;
    private readonly string connection;
    private readonly int seed;
    private readonly Random random;
    private readonly RunningSandbox sandbox;
    private readonly ConsoleProcess?[] replicas = new ConsoleProcess?[2];
    private readonly List<string> log = [];
    private readonly ServiceProvider finance;

    /// <summary>The model: the deals that were won, with the purchase order that was entered last.</summary>
    private readonly Dictionary<string, string?> won = new(StringComparer.Ordinal);

    private readonly Queue<string> open = new();

    private ChaoticFirm(ChaoticDatabase database, int seed, RunningSandbox sandbox)
    {
        this.database = database;
        connection = database.ConnectionString;
        this.seed = seed;
        this.sandbox = sandbox;
        // The same seed draws the same schedule; nothing secret depends on it.
#pragma warning disable CA5394
        random = new Random(seed);
        // Only what a page would call; nothing of it runs by itself. Hangfire logs for the whole process, and so longer than this lives.
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("ConnectionStrings:PsaConsole", connection)]).Build();
        finance = new ServiceCollection().AddSingleton<ILoggerFactory>(NullLoggerFactory.Instance).AddLogging().AddEngine(configuration).BuildServiceProvider();
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<ChaoticFirm> StartAsync(ChaoticDatabase database, int seed)
    {
        var firm = new ChaoticFirm(database, seed, await RunningSandbox.StartAsync());
        foreach (var number in Enumerable.Range(0, Deals))
        {
            firm.open.Enqueue(firm.sandbox.NewDeal(BillingTypes[number % BillingTypes.Length], $"Chaos {number}"));
        }

        await firm.StartReplicaAsync(0);
        await firm.StartReplicaAsync(1);
        return firm;
    }

    /// <summary>Does what the seed says, each thing after the engine has come a few steps further, or after a moment.</summary>
    public async Task SufferAsync()
    {
        for (var number = 0; number < Events; number++)
        {
            var draw = random.Next(100);
            // Whatever is drawn, the server dies once.
            await (number == Events / 2 ? KillDatabaseAsync() : DoAsync(draw));
            await ProgressAsync(random.Next(1, 6));
        }
    }

    /// <summary>Ends every fault, wins what was not won yet, and waits until the engine has done all of it.</summary>
    public async Task RecoverAsync()
    {
        using var cleared = await sandbox.Control.DeleteAsync(new Uri("/faults", UriKind.Relative), Token);
        cleared.EnsureSuccessStatusCode();
        while (open.Count > Deals / 4)
        {
            await WinAsync();
        }

        for (var replica = 0; replica < replicas.Length; replica++)
        {
            await StartReplicaAsync(replica);
        }

        var done = await WaitAsync(IsDoneAsync, Patience);
        if (!done)
        {
            await using var store = Open();
            var keys = LaneKeys();
            var stuck = await store.Runs.Where(run => run.Status != RunStatus.Completed && keys.Contains(run.LaneKey)).Select(run => $"{run.Title}: {run.Status} at {run.StepKey}: {run.Message}").ToListAsync(Token);
            var waiting = await Due(store)
                .Select(item => $"{item.SystemName} {item.SourceType} {item.SourceId} waits until {item.ResumeAt} after {item.Attempts} attempts: {item.Outcome}").Take(10).ToListAsync(Token);
            var said = replicas.Select((replica, number) => $"Replica {number} said last:\n{string.Join('\n', replica!.Output.Split('\n').TakeLast(60))}");
            Assert.Fail(Tell($"it did not end by {TimeProvider.System.GetUtcNow():O}: {string.Join("; ", stuck.Concat(waiting))}") + $"\n{await EngineState.DescribeAsync(store, "nothing")}\n{string.Join('\n', said)}");
        }
    }

    /// <summary>Compares the engine's books and the outside systems' records with the model.</summary>
    public async Task AssertBooksAsync()
    {
        await using var store = Open();
        // The sample firm has won deals of its own, some of them with defects on purpose.
        var keys = LaneKeys();
        var all = await store.Runs.Include(run => run.Steps).AsNoTracking().Where(run => keys.Contains(run.LaneKey)).ToListAsync(Token);
        var runs = all.Where(run => run.Workflow == OpportunityToProject.WorkflowName).ToList();
        Same(won.Count, runs.Count, "one hand-off for each won deal");
        foreach (var (deal, order) in won)
        {
            var run = Only(runs.Where(item => item.LaneKey.EndsWith(deal, StringComparison.Ordinal)), $"run of {deal}");
            Assert.True(run.Steps.TrueForAll(step => step.Status == StepStatus.Done), Tell($"{run.Title} has a step that is not done"));
            AssertOnce(run);
            var record = sandbox.Host.Vendor("salesforce").Store["Opportunity"].Find(deal)!;
            Same(run.ProjectNumber, record.Text("Project_Number__c"), $"project number of {deal}");
            Same("Verified", record.Text("Handoff_Status__c"), $"status of {deal}");
            if (order is not null)
            {
                Assert.All(run.ProjectNumber!.Split(", "), number => Same(order, JobOf(number).Text("custentity_psac_po"), $"order of {number}, whatever changed when"));
            }
        }

        foreach (var deal in open)
        {
            Same(0, await store.Runs.CountAsync(run => run.LaneKey.EndsWith(deal), Token), $"runs of {deal}, which is not won");
        }

        Distinct("netsuite", "customer", "companyName");
        Distinct("kantata", "workspace_groups", "name");
        await AssertCountersAsync(store, runs);
        await AssertChangesAsync(store, [.. all.Except(runs)]);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var replica in replicas.OfType<ConsoleProcess>())
        {
            await replica.DisposeAsync();
        }

        await finance.DisposeAsync();
        await sandbox.DisposeAsync();
    }

    private Task DoAsync(int draw) => draw switch
    {
        < 25 => WinAsync(),
        < 38 => ChangeAsync(),
        < 41 => ApproveAsync(),
        < 48 => KillAsync(random.Next(replicas.Length)),
        < 52 => CutDatabaseAsync(),
        < 56 => KillDatabaseAsync(),
        < 59 => StaleReadsAsync(random.Next(1, 4)),
        < 64 => FaultAsync(NoticeEffects[random.Next(NoticeEffects.Length)], "salesforce", share: 1, count: random.Next(1, 4)),
        _ => FaultAsync(Effects[random.Next(Effects.Length)], Systems[random.Next(Systems.Length)], share: 0.5, count: random.Next(1, 6)),
    };

    private async Task WinAsync()
    {
        if (open.TryDequeue(out var deal))
        {
            log.Add($"win {deal}");
            await SaveAsync(deal, new { StageName = "Closed Won" });
            won[deal] = null;
        }
    }

    private async Task ChangeAsync()
    {
        if (won.Count > 0)
        {
            var (deal, order) = (won.Keys.ElementAt(random.Next(won.Count)), $"PO-{random.Next(1_000_000)}");
            log.Add($"change {deal} to {order}");
            await SaveAsync(deal, new { Purchase_Order__c = order });
            won[deal] = order;
        }
    }

    /// <summary>Finance approves whatever waits for it; what a cut or another's decision takes from under it is approved the next time.</summary>
    private async Task ApproveAsync()
    {
        await using var store = Open();
        try
        {
            foreach (var asked in await store.Approvals.AsNoTracking().Where(item => item.Status == ApprovalStatus.Waiting).ToListAsync(Token))
            {
                log.Add($"approve {asked.Id}");
                await finance.GetRequiredService<ApprovalActions>().ApproveAsync(RunningFirm.Controller, asked.Id, asked.Version, "the client confirmed it", Token);
            }
        }
        catch (Exception problem) when (problem is RefusedException or NpgsqlException or DbUpdateException or InvalidOperationException { InnerException: NpgsqlException or DbUpdateException })
        {
            log.Add($"approve again: {problem.Message}");
        }
    }

    /// <summary>A person in Salesforce meets the faults too, and saves again.</summary>
    private async Task SaveAsync(string deal, object changes)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                using var salesforce = await sandbox.SalesforceAsync();
                using var answer = await salesforce.PatchAsync($"sobjects/Opportunity/{deal}", JsonContent.Create(changes), Token);
                answer.EnsureSuccessStatusCode();
                return;
            }
            catch (HttpRequestException) when (attempt < MostAttempts)
            {
                log.Add($"save {deal} again");
            }
        }
    }

    private async Task KillAsync(int replica)
    {
        log.Add($"kill replica {replica}");
        await replicas[replica]!.DisposeAsync();
        replicas[replica] = null;
        await StartReplicaAsync(replica);
    }

    /// <summary>Ends every connection to the database: what was being committed is in doubt for whoever committed it.</summary>
    private async Task CutDatabaseAsync()
    {
        log.Add("cut the database");
        await using var store = Open();
        await store.Database.ExecuteSqlRawAsync("select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and backend_type = 'client backend' and pid <> pg_backend_pid()", Token);
        NpgsqlConnection.ClearPool(new NpgsqlConnection(connection));
    }

    /// <summary>Kills the database's server; it comes back on the same port, with what was committed.</summary>
    private async Task KillDatabaseAsync()
    {
        log.Add("kill the database");
        await database.KillAsync();
    }

    private Task FaultAsync(string effect, string system, double share, int count)
    {
        log.Add($"{effect} of {system}, {count} times");
        return sandbox.FaultAsync(new { system, effect, share, count });
    }

    /// <summary>Salesforce shows a deal as it was a while ago, as a replica behind its cache would; reads of changes are not behind.</summary>
    private Task StaleReadsAsync(int count)
    {
        log.Add($"stale deals of salesforce, {count} times");
        return sandbox.FaultAsync(new { system = "salesforce", path = "^/services/data/[^?]*query.*FROM%20Opportunity%20WHERE%20Id", effect = "stale-read:5000", count });
    }

    private async Task StartReplicaAsync(int replica)
    {
        if (replicas[replica] is not null)
        {
            return;
        }

        var started = await ConsoleProcess.StartAsync(
            new Dictionary<string, string>
            {
                ["ConnectionStrings__PsaConsole"] = connection,
                ["Sandbox__Url"] = sandbox.Host.Url("control").ToString(),
                ["SignIn__Mode"] = "Development",
                ["Engine__PollSeconds"] = "1",
            },
            Token);
        replicas[replica] = started;
        using var told = await sandbox.Control.PostAsJsonAsync("/notices", new { system = "salesforce", url = new Uri(started.Address, "/hooks/salesforce") }, Token);
        told.EnsureSuccessStatusCode();
    }

    private async Task ProgressAsync(int steps)
    {
        var before = await DoneAsync();
        await WaitAsync(async () => await DoneAsync() >= before + steps, LongestPause);
    }

    private async Task<int> DoneAsync()
    {
        await using var store = Open();
        return await store.RunSteps.CountAsync(step => step.Status == StepStatus.Done, Token);
    }

    private async Task<bool> IsDoneAsync()
    {
        await using var store = Open();
        var keys = LaneKeys();
        await ApproveAsync();
        var completed = await store.Runs.CountAsync(run => run.Workflow == OpportunityToProject.WorkflowName && run.Status == RunStatus.Completed && keys.Contains(run.LaneKey), Token);
        var live = await store.Runs.CountAsync(run => run.Status != RunStatus.Completed && run.Status != RunStatus.Ended && keys.Contains(run.LaneKey), Token);
        if (completed < won.Count || live > 0 || await Due(store).AnyAsync(Token))
        {
            return false;
        }

        // A later change never overtakes an earlier one: what is known in the end is what was entered last.
        var known = await store.SystemRecords.Where(record => record.SourceType == "opportunity").ToDictionaryAsync(record => record.SourceId, record => record.Payload, Token);
        return won.All(deal => deal.Value is null || (known.TryGetValue(deal.Key, out var payload) && JsonNode.Parse(payload)!["purchaseOrder"]?.ToString() == deal.Value));
    }

    /// <summary>What waits to be looked at, or to be tried again. What HR has entered ahead waits for its day without having been tried, and rightly so.</summary>
    private static IQueryable<InboxItem> Due(EngineDbContext store)
    {
        var now = TimeProvider.System.GetUtcNow();
        return store.InboxItems.Where(item => item.Status == InboxStatus.Waiting && (item.ResumeAt == null || item.Attempts > 0 || item.ResumeAt <= now));
    }

    private List<string> LaneKeys() => [.. won.Keys.Select(deal => $"opportunity:salesforce:{deal}")];

    private static async Task<bool> WaitAsync(Func<Task<bool>> wanted, TimeSpan patience)
    {
        using var again = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        var until = TimeProvider.System.GetUtcNow() + patience;
        while (await again.WaitForNextTickAsync(Token) && TimeProvider.System.GetUtcNow() < until)
        {
            if (await wanted())
            {
                return true;
            }
        }

        return false;
    }

    private void AssertOnce(Run run)
    {
        var netsuite = sandbox.Host.Vendor("netsuite").Store;
        var kantata = sandbox.Host.Vendor("kantata").Store;
        foreach (var number in run.ProjectNumber!.Split(", "))
        {
            JobOf(number);
            Assert.True(netsuite["billingSchedule"].Scan().Count(record => record.Text("name")!.StartsWith(number, StringComparison.Ordinal)) <= 1, Tell($"schedules of {number}"));
            var workspace = Only(kantata["custom_field_values"].Scan().Where(record => record.Text("value") == number), $"PSA project {number}").Text("subject_id")!;
            Assert.All(PlanTables, table => Assert.Distinct(kantata[table].FindBy("workspace_id", workspace).Select(record => record.Text("title"))));
        }

        Same(run.ProjectNumber.Split(", ").Length, kantata["workspaces"].Scan().Count(record => record.Text("title")!.StartsWith(run.Title, StringComparison.Ordinal)), $"PSA projects of {run.Title}");
    }

    /// <summary>Each step was concluded once, each run completed once, every change was looked at, and no lane is held.</summary>
    private async Task AssertCountersAsync(EngineDbContext store, List<Run> runs)
    {
        var entities = runs.Select(run => $"run:{run.Id}").ToList();
        var told = await store.AuditEntries.Where(entry => entities.Contains(entry.Entity)).GroupBy(entry => entry.Action).ToDictionaryAsync(group => group.Key, group => group.Count(), Token);
        Same(runs.Sum(run => run.Steps.Count), told.GetValueOrDefault("step.done") + told.GetValueOrDefault("step.verified"), "conclusions in the audit trail");
        Same(runs.Count, told.GetValueOrDefault("run.completed"), "completions in the audit trail");
        Same(0, await Due(store).CountAsync(Token), "changes that were not looked at");
        Same(0, await store.InboxItems.CountAsync(item => item.Status == InboxStatus.Poisoned, Token), "changes that could not be read");
        Assert.True(await WaitAsync(async () => !await store.Lanes.AnyAsync(lane => lane.LeaseOwner != null && lane.ReadyAt == null, Token), Patience), Tell("a lane is held"));
    }

    /// <summary>Each change was carried over once, or found that the hand-off or a later one had done so, with nobody's help but the approval.</summary>
    private async Task AssertChangesAsync(EngineDbContext store, List<Run> changes)
    {
        Assert.All(changes, run => Assert.Equal(ProjectChange.WorkflowName, run.Workflow));
        var entities = changes.Where(run => run.Status == RunStatus.Completed).Select(run => $"run:{run.Id}").ToList();
        Same(entities.Count, await store.AuditEntries.CountAsync(entry => entities.Contains(entry.Entity) && entry.Action == "run.completed", Token), "changes completed in the audit trail");
        var runs = changes.Select(run => run.Id).ToList();
        Same(0, await store.Approvals.CountAsync(item => runs.Contains(item.RunId) && item.Status == ApprovalStatus.Waiting, Token), "approvals that wait for a change that is settled");
    }

    private PsaConsole.Sandbox.Core.Record JobOf(string number) =>
        Only(sandbox.Host.Vendor("netsuite").Store["job"].Scan().Where(record => record.Text("entityId") == number), $"ERP project {number}");

    private void Distinct(string system, string table, string field)
    {
        var names = sandbox.Host.Vendor(system).Store[table].Scan().Select(record => record.Text(field)).ToList();
        Same(names.Distinct().Count(), names.Count, $"{table} of {system} by {field}");
    }

    private T Only<T>(IEnumerable<T> items, string what)
    {
        var list = items.ToList();
        Same(1, list.Count, what);
        return list[0];
    }

    private void Same<T>(T expected, T actual, string what) =>
        Assert.True(EqualityComparer<T>.Default.Equals(expected, actual), Tell($"{what}: expected {expected}, found {actual}"));

    private string Tell(string what) => $"Seed {seed}: {what}.\n{string.Join('\n', log)}";

    private EngineDbContext Open() => new(new DbContextOptionsBuilder<EngineDbContext>().UseNpgsql(connection).Options);
}
