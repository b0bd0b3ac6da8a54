using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using PsaConsole.Engine;
using PsaConsole.Engine.Access;
using PsaConsole.Engine.Connectors;
using PsaConsole.Engine.Exceptions;
using PsaConsole.Engine.Store;
using PsaConsole.Engine.Workflows;
using PsaConsole.Sandbox.Core;
using PsaConsole.Tests.Sandbox;
using Record = PsaConsole.Sandbox.Core.Record;

namespace PsaConsole.Tests.Workflows;

/// <summary>The sample firm at work: a sandbox, and the whole engine on a database of its own beside it, as the console runs it.</summary>
public sealed class RunningFirm(PostgresFixture postgres) : IAsyncLifetime
{
    private static readonly string[] Children = ["OpportunityLineItem", "Billing_Schedule_Entry__c", "Delivery_Phase__c", "Requested_Role__c"];

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private IHost? engine;
    private int deals;

    public RunningSandbox Sandbox { get; private set; } = null!;

    public static Actor Controller { get; } = new("tests:controller", "Finance controller", new HashSet<string> { Roles.FinanceController });

    public static Actor Operations { get; } = new("tests:operations", "Delivery operations", new HashSet<string> { Roles.DeliveryOperations });

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Sandbox = await RunningSandbox.StartAsync();
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection(
        [
            new("ConnectionStrings:PsaConsole", await postgres.CreateDatabaseAsync()),
            new("Sandbox:Url", Sandbox.Host.Url("control").ToString()),
            new("Engine:PollSeconds", "1"),
            new("Engine:LanesAtOnce", "8"),
            new("Engine:PacksFolder", Path.Combine(AppContext.BaseDirectory, "Packs")),
        ]);
        await builder.Configuration.AddSandboxAsync(TimeProvider.System, Token);
        builder.Logging.SetMinimumLevel(LogLevel.None);
        builder.Services.AddEngine(builder.Configuration);
        engine = builder.Build();
        await using (var store = await OpenStoreAsync())
        {
            await store.Database.MigrateAsync(Token);
        }

        await engine.StartAsync(Token);
    }

    public async ValueTask DisposeAsync()
    {
        if (engine is not null)
        {
            await engine.StopAsync(CancellationToken.None);
            engine.Dispose();
        }

        if (Sandbox is not null)
        {
            await Sandbox.DisposeAsync();
        }
    }

    public T Get<T>()
        where T : notnull => engine!.Services.GetRequiredService<T>();

    public Task<EngineDbContext> OpenStoreAsync() => Get<IDbContextFactory<EngineDbContext>>().CreateDbContextAsync(Token);

    public Table Table(string system, string name) => Sandbox.Host.Vendor(system).Store[name];

    /// <summary>A new deal in Negotiation, complete and sound, with everything that a sound deal of this billing type has in the sample firm.</summary>
    public string NewDeal(string billingType, string namePrefix = "Deal", Func<Record, bool>? like = null)
    {
        var store = Sandbox.Host.Vendor("salesforce").Store;
        var sound = Sandbox.Host.Firm.Deals.Where(deal => deal is { Stage: "Negotiation", Defect: null } && deal.BillingType == billingType).Select(deal => deal.Name).ToHashSet(StringComparer.Ordinal);
        var model = store["Opportunity"].Scan().First(record => sound.Contains(record.Text("Name")!) && record.Text("Billing_Type__c") == billingType && (like?.Invoke(record) ?? true));
        var name = $"{namePrefix} {Interlocked.Increment(ref deals)} {Guid.NewGuid().ToString("n")[..8]}";
        return store.Transact(() =>
        {
            var copy = Copy(store, model, new() { ["Name"] = name, ["StageName"] = "Negotiation" });
            foreach (var child in Children)
            {
                var parent = child == "OpportunityLineItem" ? "OpportunityId" : "Opportunity__c";
                foreach (var record in store[child].FindBy(parent, model.Id))
                {
                    Copy(store, record, new() { [parent] = copy.Id });
                }
            }

            return copy;
        }).Id;
    }

    /// <summary>Changes a deal through Salesforce's API, as a person there would.</summary>
    public async Task ChangeDealAsync(string id, object changes)
    {
        using var salesforce = await Sandbox.SalesforceAsync();
        using var answer = await salesforce.PatchAsync($"sobjects/Opportunity/{id}", System.Net.Http.Json.JsonContent.Create(changes), Token);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Token));
    }

    public Task WinAsync(string id) => ChangeDealAsync(id, new { StageName = "Closed Won" });

    /// <summary>Waits until the newest run of the deal is as wanted; says how it stands when it does not become so.</summary>
    public async Task<Run> RunOfAsync(string dealId, Func<Run, bool> wanted)
    {
        using var again = new PeriodicTimer(TimeSpan.FromMilliseconds(40));
        var until = TimeProvider.System.GetUtcNow() + Patience;
        Run? run = null;
        while (await again.WaitForNextTickAsync(Token))
        {
            await using var store = await OpenStoreAsync();
            run = await store.Runs.AsNoTracking().Include(item => item.Steps).Where(item => item.LaneKey.EndsWith(dealId)).OrderByDescending(item => item.StartedAt).FirstOrDefaultAsync(Token);
            if (run is not null && wanted(run))
            {
                return run;
            }

            if (TimeProvider.System.GetUtcNow() > until)
            {
                Assert.Fail($"The run of {dealId} did not get there in time: {run?.Status} at {run?.StepKey}: {run?.Message}");
            }
        }

        throw new OperationCanceledException(Token);
    }

    public Task<Run> CompletedAsync(string dealId) => RunOfAsync(dealId, run => run.Status == RunStatus.Completed);

    public Task<Run> ParkedAsync(string dealId) => RunOfAsync(dealId, run => run.Status == RunStatus.Parked);

    /// <summary>The cases of a run, oldest first.</summary>
    public async Task<List<ExceptionCase>> CasesAsync(Run run)
    {
        await using var store = await OpenStoreAsync();
        return await store.ExceptionCases.AsNoTracking().Include(item => item.History).Where(item => item.RunId == run.Id).OrderBy(item => item.Id).ToListAsync(Token);
    }

    /// <summary>Presses Retry and waits until the run has come to rest again.</summary>
    public async Task<ExceptionCase> RetryAsync(ExceptionCase about)
    {
        await Get<CaseActions>().RetryAsync(Controller, about.Id, about.Version, "tests", Token);
        using var again = new PeriodicTimer(TimeSpan.FromMilliseconds(40));
        while (await again.WaitForNextTickAsync(Token))
        {
            await using var store = await OpenStoreAsync();
            var now = await store.ExceptionCases.AsNoTracking().Include(item => item.History).SingleAsync(item => item.Id == about.Id, Token);
            if (now.Status != CaseStatus.Retrying)
            {
                return now;
            }
        }

        throw new OperationCanceledException(Token);
    }

    public Task FaultAsync(object order) => Sandbox.FaultAsync(order);

    public async Task ClearFaultsAsync()
    {
        using var answer = await Sandbox.Control.DeleteAsync(new Uri("/faults", UriKind.Relative), Token);
        answer.EnsureSuccessStatusCode();
    }

    private static Record Copy(RecordStore store, Record record, Dictionary<string, object?> changes)
    {
        var values = record.Schema.Fields.ToDictionary(field => field.Name, field => field.Unique ? null : record[field.Name], StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in changes)
        {
            values[name] = value;
        }

        return store.Insert(record.Schema.Name, values);
    }
}
