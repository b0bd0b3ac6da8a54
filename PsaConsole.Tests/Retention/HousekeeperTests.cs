using System.Globalization;
using CsCheck;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Npgsql;
using PsaConsole.Engine;
using PsaConsole.Engine.Exceptions;
using PsaConsole.Engine.Inbox;
using PsaConsole.Engine.Notices;
using PsaConsole.Engine.Retention;
using PsaConsole.Engine.Store;
using PsaConsole.Engine.Workflows;
using PsaConsole.Tests.Store;

namespace PsaConsole.Tests.Retention;

/// <summary>What is old and settled goes, what is unresolved stays, and what is gone is told (9-access 9.3).</summary>
public sealed class HousekeeperTests(PostgresFixture postgres) : IAsyncLifetime
{
    private static readonly DateTimeOffset Now = new(2026, 6, 15, 12, 0, 0, TimeSpan.Zero);

    private NpgsqlDataSource database = null!;
    private long toldBefore;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        database = NpgsqlDataSource.Create(await postgres.CreateDatabaseAsync());
        await using var store = Open();
        await store.Database.MigrateAsync(Token);
    }

    public ValueTask DisposeAsync() => database.DisposeAsync();

    [Fact]
    public async Task Whatever_the_past_was_nothing_unresolved_is_removed_and_the_numbers_add_up() =>
        await Gen.Select(Gen.Enum<RunStatus>(), Gen.Enum<InboxStatus>(), Gen.Enum<StepStatus>(), Gen.Enum<CaseStatus>(), Gen.Enum<NoticeStatus>(), Gen.Int[0, 40], Gen.Bool)
            .Array[1, 30].SampleAsync(async past =>
            {
                await FillAsync([.. past.Select(item => new Past(item.Item1, item.Item2, item.Item3, item.Item4, item.Item5, item.Item6, item.Item7))]);
                var (unresolved, before) = (await UnresolvedAsync(), await CountAsync());
                var house = House(held: false);
                var due = await house.PreviewAsync(Token);

                var done = await house.RunAsync(Token);

                Assert.Equal(unresolved, await UnresolvedAsync());
                Assert.All(done, kept => Assert.Equal(due.Where(rows => rows.Rule == kept.Rule).Sum(rows => rows.Rows), kept.Rows));
                Assert.Equal(before - done.Where(kept => kept.Rule.Set is null).Sum(kept => kept.Rows), await CountAsync());
                Assert.Equal(done.Sum(kept => kept.Rows), await ToldAsync());
                Assert.Empty(await house.PreviewAsync(Token));
            }, iter: 40, threads: 1);

    [Fact]
    public async Task Old_answer_of_a_settled_run_leaves_its_hash()
    {
        await FillAsync([new Past(RunStatus.Completed, InboxStatus.Taken, StepStatus.Done, CaseStatus.Resolved, NoticeStatus.Sent, 4, false)]);

        await House(held: false).RunAsync(Token);

        await using var store = Open();
        var detail = (await store.RunSteps.SingleAsync(Token)).Detail!;
        Assert.Contains("\"sha256\"", detail, StringComparison.Ordinal);
        Assert.DoesNotContain("answer", detail, StringComparison.Ordinal);
        Assert.Equal(1, await store.InboxItems.CountAsync(Token));
    }

    [Fact]
    public async Task Legal_hold_keeps_everything()
    {
        await FillAsync([new Past(RunStatus.Completed, InboxStatus.Taken, StepStatus.Done, CaseStatus.Resolved, NoticeStatus.Sent, 40, false)]);
        var house = House(held: true);

        Assert.Empty(await house.RunAsync(Token));

        Assert.NotEmpty(await house.PreviewAsync(Token));
        await using var store = Open();
        Assert.Equal((1, 1), (await store.InboxItems.CountAsync(Token), await store.TeamNotices.CountAsync(Token)));
    }

    private sealed record Past(RunStatus Run, InboxStatus Change, StepStatus Step, CaseStatus Case, NoticeStatus Notice, int MonthsAgo, bool CaseOfTheRun);

    private async Task FillAsync(Past[] past)
    {
        await using var store = Open();
        await store.Database.ExecuteSqlRawAsync("truncate inbox_item, run, run_step, exception_case, case_entry, team_notice, call_quota cascade", Token);
        for (var number = 0; number < past.Length; number++)
        {
            var (item, at, id) = (past[number], Now.AddMonths(-past[number].MonthsAgo).AddDays(-1), Guid.CreateVersion7());
            var name = number.ToString(CultureInfo.InvariantCulture);
            var run = new Run { Id = id, Workflow = "tests", BusinessKey = name, LaneKey = name, Title = name, State = "{}", OccurredAt = at, StartedAt = at, EndedAt = at, Status = item.Run };
            run.Steps.Add(new RunStep { RunId = id, Key = "do", Position = 0, Title = "It is done", Kind = StepKind.Do, OperationKey = name, Status = item.Step, EndedAt = at, Detail = """{"answer":"long"}""" });
            store.Runs.Add(run);
            store.InboxItems.Add(new InboxItem { SystemName = "crm", SourceType = "deal", SourceId = name, Revision = "1", LaneKey = name, OccurredAt = at, ReceivedAt = at, Status = item.Change, RunId = item.Change == InboxStatus.Taken ? id : null, EndedAt = at });
            var about = new ExceptionCase
            {
                Code = "INT-904",
                BusinessKey = item.CaseOfTheRun ? name : $"crm:deal:{name}",
                RunId = item.CaseOfTheRun ? id : null,
                Subject = name,
                Message = name,
                Findings = "[]",
                Severity = "High",
                OwnerGroup = "Finance",
                RaisedAt = at,
                Status = item.Case,
            };
            store.TeamNotices.Add(new TeamNotice { Case = about, Stage = NoticeStage.Raised, DueAt = at, Status = item.Notice });
        }

        await store.SaveChangesAsync(Token);
    }

    /// <summary>Every row that somebody may still have to do something about, whole.</summary>
    private async Task<string> UnresolvedAsync() => (string)(await ScalarAsync(
        """
        select coalesce(string_agg(line, e'\n' order by line), '') from (
            select item::text from inbox_item item where status in ('Waiting','Poisoned')
                or exists (select from exception_case where business_key = 'crm:deal:' || item.source_id and status in ('Open','Retrying'))
                or exists (select from run where run.id = item.run_id and status not in ('Completed','Compensated','Ended'))
                or exists (select from exception_case where exception_case.run_id = item.run_id and status in ('Open','Retrying'))
            union all select step::text from run_step step join run on run.id = run_id where run.status not in ('Completed','Compensated','Ended')
                or step.status not in ('Done','Skipped','Undone') or exists (select from exception_case where exception_case.run_id = run.id and exception_case.status in ('Open','Retrying'))
            union all select run::text from run
            union all select about::text from exception_case about
            union all select notice::text from team_notice notice join exception_case about on about.id = case_id where notice.status in ('Planned','Sending') or about.status in ('Open','Retrying')) as kept(line)
        """))!;

    private async Task<long> CountAsync() => (long)(await ScalarAsync("select (select count(*) from inbox_item) + (select count(*) from run_step) + (select count(*) from team_notice)"))!;

    /// <summary>Rows that the audit trail tells of, of this run alone.</summary>
    private async Task<long> ToldAsync()
    {
        var told = (long)(await ScalarAsync("select coalesce(sum((after ->> 'rows')::bigint), 0)::bigint from audit_entry where action = 'retention.applied'"))!;
        var own = told - toldBefore;
        toldBefore = told;
        return own;
    }

    private async Task<object?> ScalarAsync(string sql)
    {
        await using var command = database.CreateCommand(sql);
        return await command.ExecuteScalarAsync(Token);
    }

    private Housekeeper House(bool held) => new(database, new Stores(database), Options.Create(new EngineOptions { LegalHold = held }), new FixedTime());

    private EngineDbContext Open() => new Stores(database).CreateDbContext();

    private sealed class FixedTime : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => Now;
    }
}
