using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using PsaConsole.Engine;
using PsaConsole.Engine.Exceptions;
using PsaConsole.Engine.Inbox;
using PsaConsole.Engine.Notices;
using PsaConsole.Engine.Workflows;
using PsaConsole.Tests.Store;

namespace PsaConsole.Tests.Inbox;

/// <summary>A flow that is slower than promised is one case, which closes when it has been in time for half an hour (INT-908, 7-kpis 7.3).</summary>
public sealed class LatencyWatchTests(PostgresFixture postgres) : IAsyncLifetime
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 13, 12, 0, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider clock = new(Noon);
    private Stores stores = null!;
    private LatencyWatch watch = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        stores = new Stores(await postgres.CreateDatabaseAsync());
        await using var store = stores.CreateDbContext();
        await store.Database.MigrateAsync(Token);
        var options = Options.Create(new EngineOptions());
        watch = new LatencyWatch(stores, [new Promised(), new Unhurried()], new CaseBook(new TeamClocks(options), options, clock), clock);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task More_than_five_of_a_hundred_that_are_late_are_one_case_until_they_are_in_time_again()
    {
        await AddAsync(57, minutes: 14);
        await AddAsync(3, minutes: 16);
        Assert.Null(await LookAsync());

        await AddAsync(1, minutes: 16);
        var raised = (await LookAsync())!;
        await LookAsync();
        Assert.Equal(("flow:promised", 1, "Medium", "IntegrationAdministration"), (raised.BusinessKey, raised.Occurrences, raised.Severity, raised.OwnerGroup));
        Assert.Contains("4 of 61 runs of promised in the last half hour took longer than 15 minutes", raised.Message, StringComparison.Ordinal);

        clock.Advance(LatencyWatch.Window + TimeSpan.FromMinutes(1));
        await AddAsync(20, minutes: 2);
        Assert.Null(await LookAsync());
        await using var store = stores.CreateDbContext();
        Assert.Equal(CaseStatus.Resolved, (await store.ExceptionCases.SingleAsync(Token)).Status);
    }

    [Fact]
    public async Task What_is_still_under_way_counts_with_its_age()
    {
        await AddAsync(3, minutes: 16, status: RunStatus.Running);
        Assert.NotNull(await LookAsync());
    }

    [Fact]
    public async Task What_a_person_decides_and_what_is_old_news_and_a_few_by_chance_do_not_count()
    {
        await AddAsync(2, minutes: 60);
        await AddAsync(5, minutes: 16, status: RunStatus.WaitingApproval);
        await AddAsync(5, minutes: 2 * 24 * 60);
        await AddAsync(5, minutes: 600, workflow: "unhurried");
        var told = await AddAsync(5, minutes: 60);
        await using (var store = stores.CreateDbContext())
        {
            store.ExceptionCases.AddRange(told.Select(run => new ExceptionCase { Code = "TIM-401", BusinessKey = run.BusinessKey, RunId = run.Id, Subject = "s", Message = "m", Findings = "[]", Severity = "High", OwnerGroup = "Finance", RaisedAt = Noon }));
            await store.SaveChangesAsync(Token);
        }

        Assert.Null(await LookAsync());
    }

    private async Task<ExceptionCase?> LookAsync()
    {
        await watch.LookAsync(Token);
        await using var store = stores.CreateDbContext();
        return await store.ExceptionCases.AsNoTracking().SingleOrDefaultAsync(item => item.Code == LatencyWatch.Code && item.Status == CaseStatus.Open, Token);
    }

    private async Task<List<Run>> AddAsync(int count, int minutes, RunStatus status = RunStatus.Completed, string workflow = "promised")
    {
        var now = clock.GetUtcNow();
        List<Run> runs = [.. Enumerable.Range(0, count).Select(_ => Guid.CreateVersion7()).Select(id => new Run
        {
            Id = id,
            Workflow = workflow,
            BusinessKey = $"{id:n}",
            LaneKey = $"{id:n}",
            Title = "Run",
            State = "{}",
            Status = status,
            OccurredAt = now.AddMinutes(-minutes),
            StartedAt = now.AddMinutes(-1),
            UpdatedAt = now,
            EndedAt = status == RunStatus.Completed ? now : null,
        })];
        await using var store = stores.CreateDbContext();
        store.Runs.AddRange(runs);
        await store.SaveChangesAsync(Token);
        return runs;
    }

    private class Unhurried : Workflow
    {
        public override string Name => "unhurried";

        public override IReadOnlyDictionary<string, string> EditableFields { get; } = new Dictionary<string, string>();

        public override IReadOnlyList<Step> StepsFor(string state) => [];

        public override void Describe(Run run)
        {
        }
    }

    private sealed class Promised : Unhurried
    {
        public override string Name => "promised";

        public override TimeSpan? Target { get; } = TimeSpan.FromMinutes(15);
    }
}
