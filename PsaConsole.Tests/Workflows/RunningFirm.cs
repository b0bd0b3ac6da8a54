using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using PsaConsole.Engine;
using PsaConsole.Engine.Access;
using PsaConsole.Engine.Connectors;
using PsaConsole.Engine.Exceptions;
using PsaConsole.Engine.Store;
using PsaConsole.Engine.Workflows;
using PsaConsole.Tests.Sandbox;
using PsaConsole.Web.Components.Shared;
using Record = PsaConsole.Sandbox.Core.Record;

namespace PsaConsole.Tests.Workflows;

/// <summary>The sample firm at work: a sandbox, and the whole engine on a database of its own beside it, as the console runs it.</summary>
public sealed class RunningFirm(PostgresFixture postgres) : IAsyncLifetime, IWorkingFirm
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private IHost? engine;

    /// <summary>The engine's clock; the sandbox has its own.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Starts the outside systems; a small firm as of today unless a test says otherwise.</summary>
    public Func<Task<RunningSandbox>> Outside { get; init; } = () => RunningSandbox.StartAsync();

    /// <summary>Takes what the engine logs; nothing unless a test looks at it.</summary>
    public ILoggerProvider? Log { get; init; }

    public RunningSandbox Sandbox { get; private set; } = null!;

    public static Actor Controller { get; } = new("tests:controller", "Finance controller", new HashSet<string> { Roles.FinanceController });

    public static Actor Operations { get; } = new("tests:operations", "Delivery operations", new HashSet<string> { Roles.DeliveryOperations });

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Sandbox = await Outside();
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection(
        [
            new("ConnectionStrings:PsaConsole", await postgres.CreateDatabaseAsync()),
            new("Sandbox:Url", Sandbox.Host.Url("control").ToString()),
            new("Engine:PollSeconds", "1"),
            new("Engine:LanesAtOnce", "8"),
            new("Engine:DependencySeconds", "1"),
            new("Engine:UndoSeconds", "0"),
            new("Connectors:kantata:DeliverySeconds", "1"),
            new("Engine:PostedWithinMinutes", "0"),
            new("Engine:PacksFolder", Path.Combine(AppContext.BaseDirectory, "Packs")),
        ]);
        await builder.Configuration.AddSandboxAsync(TimeProvider.System, Token);
        // Hangfire logs for the whole process through the engine that was started last: its log must outlive it, or the other engines' jobs end with it.
        builder.Services.AddSingleton(Log is null ? NullLoggerFactory.Instance : LoggerFactory.Create(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(Log)));
        builder.Services.AddSingleton(Time);
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

    /// <summary>The outside systems as pages name them.</summary>
    public SystemCatalog Catalog => new(Get<IConfiguration>(), Get<IEnumerable<ICrm>>(), Get<IEnumerable<IPsa>>(), Get<IEnumerable<IHr>>(), Get<IEnumerable<IErp>>(), Get<IEnumerable<ICollaboration>>());

    public Task<EngineDbContext> OpenStoreAsync() => Get<IDbContextFactory<EngineDbContext>>().CreateDbContextAsync(Token);

    /// <inheritdoc cref="SampleDeals.NewDeal"/>
    public string NewDeal(string billingType, string namePrefix = "Deal", Func<Record, bool>? like = null) => Sandbox.NewDeal(billingType, namePrefix, like);

    public Task ChangeDealAsync(string id, object changes) => Sandbox.ChangeDealAsync(id, changes);

    public Task WinAsync(string id) => Sandbox.WinAsync(id);

    /// <summary>The cases of a run, oldest first.</summary>
    public async Task<List<ExceptionCase>> CasesAsync(Run run)
    {
        await using var store = await OpenStoreAsync();
        return await store.ExceptionCases.AsNoTracking().Include(item => item.History).Where(item => item.RunId == run.Id).OrderBy(item => item.Id).ToListAsync(Token);
    }

    /// <summary>Waits for the case of this kind about a business key.</summary>
    public Task<ExceptionCase> CaseOfAsync(string businessKey, string code) => CaseAsync(
        async () =>
        {
            await using var store = await OpenStoreAsync();
            return await store.ExceptionCases.AsNoTracking().SingleOrDefaultAsync(item => item.BusinessKey == businessKey && item.Code == code, Token);
        },
        $"No {code} was raised for {businessKey}.");

    /// <summary>Waits for the run's case of this kind.</summary>
    public Task<ExceptionCase> CaseAsync(Run run, string code) =>
        CaseAsync(async () => (await CasesAsync(run)).Find(item => item.Code == code), $"No {code} was raised for {run.Title}.");

    private static async Task<ExceptionCase> CaseAsync(Func<Task<ExceptionCase?>> find, string missing)
    {
        using var again = new PeriodicTimer(TimeSpan.FromMilliseconds(40));
        var until = TimeProvider.System.GetUtcNow() + Patience;
        while (await again.WaitForNextTickAsync(Token))
        {
            if (await find() is { } raised)
            {
                return raised;
            }

            Assert.True(TimeProvider.System.GetUtcNow() < until, missing);
        }

        throw new OperationCanceledException(Token);
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
}
