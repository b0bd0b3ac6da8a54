using Microsoft.EntityFrameworkCore;
using PsaConsole.Engine.Store;
using PsaConsole.Engine.Workflows;
using PsaConsole.Tests.Sandbox;
using PsaConsole.Tests.Web;

namespace PsaConsole.Tests.Kill;

/// <summary>Promise 1: the console's process is killed (SIGKILL) after every step of a hand-off, and started again; nothing is lost and nothing is done twice.</summary>
public sealed class KilledConsoleTests(PostgresFixture postgres)
{
    private static readonly string[] PlanTables = ["stories", "billing_milestones"];

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Console_killed_after_every_step_ends_verified_with_one_record_in_each_system()
    {
        await using var sandbox = await RunningSandbox.StartAsync();
        var connection = await postgres.CreateDatabaseAsync();
        var settings = new Dictionary<string, string>
        {
            ["ConnectionStrings__PsaConsole"] = connection,
            ["Sandbox__Url"] = sandbox.Host.Url("control").ToString(),
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
            ["SignIn__Mode"] = "Development",
            ["Engine__PollSeconds"] = "1",
        };

        // Every call takes long enough for a kill to fall into it.
        foreach (var system in new[] { "salesforce", "kantata", "netsuite", "microsoft365" })
        {
            await sandbox.FaultAsync(new { system, effect = "latency:60" });
        }

        var deal = await WinAsync(sandbox);
        var kills = 0;
        var seen = 0;
        while (true)
        {
            await using var console = await ConsoleProcess.StartAsync(settings, Token);
            var run = await ProgressAsync(connection, deal, seen);
            if (run.Status == RunStatus.Completed)
            {
                break;
            }

            seen = Begun(run);
            kills++;
        }

        Assert.True(kills >= 12, $"The console was killed {kills} times only.");
        await AssertOnceEverywhereAsync(sandbox, connection, deal);
    }

    private static async Task<string> WinAsync(RunningSandbox sandbox)
    {
        var sound = sandbox.Host.Firm.Deals.First(deal => deal is { Stage: "Negotiation", Defect: null, BillingType: "Fixed Price - Milestones" } && deal.Lines.Select(line => line.SellingEntity).Distinct().Count() == 1);
        var deal = sandbox.Host.Vendor("salesforce").Store["Opportunity"].Scan().First(record => record.Text("Name") == sound.Name && record.Text("StageName") == "Negotiation").Id;
        await sandbox.WinAsync(deal);
        return deal;
    }

    /// <summary>Waits until the run has begun a step more than was seen before the last kill.</summary>
    private static async Task<Run> ProgressAsync(string connection, string deal, int seen)
    {
        using var again = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        var until = TimeProvider.System.GetUtcNow() + Patience;
        while (await again.WaitForNextTickAsync(Token))
        {
            await using var store = Open(connection);
            var run = await store.Runs.AsNoTracking().Include(item => item.Steps).SingleOrDefaultAsync(item => item.LaneKey.EndsWith(deal), Token);
            if (run is not null && (run.Status == RunStatus.Completed || Begun(run) > seen))
            {
                return run;
            }

            Assert.True(TimeProvider.System.GetUtcNow() < until, $"After {seen} steps the run stands still: {run?.Status} at {run?.StepKey}: {run?.Message}");
        }

        throw new OperationCanceledException(Token);
    }

    private static int Begun(Run run) => run.Steps.Count(step => step.Status is not StepStatus.Pending);

    private static async Task AssertOnceEverywhereAsync(RunningSandbox sandbox, string connection, string deal)
    {
        await using var store = Open(connection);
        var run = await store.Runs.Include(item => item.Steps).SingleAsync(item => item.LaneKey.EndsWith(deal), Token);
        Assert.All(run.Steps, step => Assert.Equal(StepStatus.Done, step.Status));
        Assert.Equal(run.ProjectNumber!.Split(", ").Length, await store.Engagements.CountAsync(item => item.RunId == run.Id, Token));

        var netsuite = sandbox.Host.Vendor("netsuite").Store;
        var kantata = sandbox.Host.Vendor("kantata").Store;
        foreach (var number in run.ProjectNumber.Split(", "))
        {
            var job = Assert.Single(netsuite["job"].Scan(), record => record.Text("entityId") == number);
            Assert.Single(netsuite["billingSchedule"].Scan(), record => record.Text("name")!.StartsWith(number, StringComparison.Ordinal));
            Assert.NotNull(job.Text("billingSchedule"));
            var workspace = Assert.Single(kantata["custom_field_values"].Scan(), record => record.Text("value") == number).Text("subject_id")!;
            Assert.All(PlanTables, table => Assert.Distinct(kantata[table].FindBy("workspace_id", workspace).Select(record => record.Text("title"))));
        }

        Assert.Single(kantata["workspaces"].Scan(), record => record.Text("title") == run.Title);
    }

    private static EngineDbContext Open(string connection) => new(new DbContextOptionsBuilder<EngineDbContext>().UseNpgsql(connection).Options);
}
