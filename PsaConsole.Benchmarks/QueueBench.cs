using System.Diagnostics;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using PsaConsole.Engine.Access;
using PsaConsole.Engine.Audit;
using PsaConsole.Engine.Exceptions;
using PsaConsole.Engine.Exceptions.Visits;
using PsaConsole.Engine.Store;
using PsaConsole.Web.Components.Pages.Exceptions;
using PsaConsole.Web.Security;

namespace PsaConsole.Benchmarks;

/// <summary>
/// What the pages Exceptions and Audit ask of the database, with ten thousand rows and with a million cases and ten million audit entries, by the console's own
/// queries. A fifth of the cases is open.
/// </summary>
internal static class QueueBench
{
    private const int Repeats = 60;
    private const string Person = "sample:FinanceOperations";
    private static readonly Actor Finance = new(Person, "Finance", new HashSet<string> { Roles.FinanceOperations });
    private static readonly Actor German = Finance with { Scope = new DataScope { LegalEntities = ["DE01"] } };
    private static readonly Actor Integration = new("sample:IntegrationAdministrator", "Integration", new HashSet<string> { Roles.IntegrationAdministrator });
    private static readonly Actor Auditor = new("sample:Auditor", "Auditor", new HashSet<string> { Roles.Auditor });

    public static async Task MeasureAsync(CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("psaconsole-bench-").FullName;
        try
        {
            await using var postgres = await PrivatePostgres.StartAsync(folder, cancellationToken);
            var few = await FillAsync(postgres, "few", cases: 10_000, entries: 10_000, cancellationToken);
            var many = await FillAsync(postgres, "many", cases: 1_000_000, entries: 10_000_000, cancellationToken);
            Console.WriteLine($"Lists and searches, milliseconds at the server of {Repeats} each: p50 / p95");
            Console.WriteLine($"{"",-44}{"10,000 rows",18}{"1 M cases, 10 M entries",26}{"p95 ×",8}");
            foreach (var (name, ask) in Questions())
            {
                var (fewTimes, manyTimes) = (await TimeAsync(few, ask, cancellationToken), await TimeAsync(many, ask, cancellationToken));
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{name,-44}{$"{At(fewTimes, 50):0.0} / {At(fewTimes, 95):0.0}",18}{$"{At(manyTimes, 50):0.0} / {At(manyTimes, 95):0.0}",26}{At(manyTimes, 95) / At(fewTimes, 95),8:0.0}"));
            }

            Console.WriteLine();
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static IEnumerable<(string Name, Func<Stores, CancellationToken, Task> Ask)> Questions()
    {
        yield return ("exceptions: first page", List(CaseFilter.Open));
        yield return ("exceptions: a page in the middle", List(CaseFilter.Open with { After = new CasePosition(DateTimeOffset.UnixEpoch.AddYears(56).AddDays(30), 1) }));
        yield return ("exceptions: one kind", List(CaseFilter.Open with { Code = "TIM-403" }));
        yield return ("exceptions: mine", List(CaseFilter.Open with { State = CaseFilter.Mine }));
        yield return ("exceptions: settled", List(CaseFilter.Open with { State = CaseFilter.Settled }));
        yield return ("exceptions: search a name", List(CaseFilter.Open with { Search = "Deal 4711" }));
        yield return ("exceptions: search a common word", List(CaseFilter.Open with { Search = "tax code" }));
        yield return ("exceptions: search what nothing has", List(CaseFilter.Open with { Search = "no such words" }));
        yield return ("exceptions: search settled ones", List(CaseFilter.Open with { State = CaseFilter.Settled, Search = "Deal 471" }));
        yield return ("exceptions: search a value found", List(CaseFilter.Open with { Search = "DE-4715" }));
        yield return ("exceptions: search an answer", List(CaseFilter.Open with { Search = "invalid reference 4710" }));
        yield return ("exceptions: search one field", List(CaseFilter.Open with { Search = "field:\"Tax code\" actual:DE-4715" }));
        yield return ("exceptions: search what most answers have", List(CaseFilter.Open with { Search = "answer:invalid" }));
        yield return ("exceptions: put off", List(CaseFilter.Open with { State = CaseFilter.Snoozed }));
        yield return ("exceptions: of a team and a severity", List(CaseFilter.Open with { Team = "Finance", Severity = CaseSeverity.High }));
        yield return ("exceptions: with nobody", List(CaseFilter.Open with { With = CaseFilter.Nobody }));
        yield return ("exceptions: raised in a month", List(CaseFilter.Open with { From = new DateOnly(2026, 3, 1), To = new DateOnly(2026, 3, 31) }));
        yield return ("exceptions: for more than an amount", List(CaseFilter.Open with { AtLeast = 99_000m }));
        yield return ("exceptions: all that match a kind, counted", (stores, token) => Cases(stores, Finance).MatchingAsync(CaseFilter.Open with { Code = "TIM-403" }, Person, token));
        yield return ("exceptions: groups with money", (stores, token) => Cases(stores, Auditor).GroupsAsync(token));
        yield return ("exceptions: counts", (stores, token) => Cases(stores, Auditor).CountAsync(Person, token));
        yield return ("exceptions: first page of one area", (stores, token) => Cases(stores, Integration).ListAsync(CaseFilter.Open, Integration.Id, token));
        yield return ("exceptions: groups of one area", (stores, token) => Cases(stores, Integration).GroupsAsync(token));
        yield return ("exceptions: first page of a legal entity", (stores, token) => Cases(stores, German).ListAsync(CaseFilter.Open, Person, token));
        yield return ("exceptions: groups of a legal entity", (stores, token) => Cases(stores, German).GroupsAsync(token));
        yield return ("exceptions: counts of a legal entity", (stores, token) => Cases(stores, German).CountAsync(Person, token));
        yield return ("exceptions: since the last visit", (stores, token) => new Visits(stores, TimeProvider.System).LookAsync(Finance, token));
        yield return ("audit: first page", Page(AuditFilter.Everything));
        yield return ("audit: a page in the middle", Page(AuditFilter.Everything with { Before = 5_000 }));
        yield return ("audit: of one person", Page(AuditFilter.Everything with { Person = Person }));
        yield return ("audit: of one case", Page(AuditFilter.Everything with { Entity = "case:4711" }));
        yield return ("audit: one kind of action", Page(AuditFilter.Everything with { Action = "exception.skip" }));
        yield return ("audit: the second page of one day", Page(AuditFilter.Everything with { From = new DateOnly(2026, 1, 1), To = new DateOnly(2026, 1, 1), Before = 30 }));
        yield return ("audit: of one day", Page(AuditFilter.Everything with { From = new DateOnly(2026, 1, 1), To = new DateOnly(2026, 1, 1) }));
    }

    private static Func<Stores, CancellationToken, Task> List(CaseFilter filter) => (stores, token) => Cases(stores, Finance).ListAsync(filter, Person, token);

    private static CaseQueries Cases(Stores stores, Actor reader) => new(new ReaderStores(stores, reader), new Colleagues(stores, TimeProvider.System), TimeProvider.System);

    private static Func<Stores, CancellationToken, Task> Page(AuditFilter filter) => (stores, token) => new AuditSearch(stores, TimeProvider.System).PageAsync(Auditor, filter, token);

    private static async Task<List<double>> TimeAsync(Stores stores, Func<Stores, CancellationToken, Task> ask, CancellationToken cancellationToken)
    {
        var times = new List<double>();
        for (var turn = -3; turn < Repeats; turn++)
        {
            var began = Stopwatch.GetTimestamp();
            await ask(stores, cancellationToken);
            if (turn >= 0)
            {
                times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            }
        }

        times.Sort();
        return times;
    }

    private static double At(List<double> times, int percent) => times[Math.Min(times.Count - 1, times.Count * percent / 100)];

    private static async Task<Stores> FillAsync(PrivatePostgres postgres, string name, int cases, int entries, CancellationToken cancellationToken)
    {
        await using (var server = NpgsqlDataSource.Create(postgres.ConnectionString))
        {
            await using var create = server.CreateCommand($"create database {name}");
            await create.ExecuteNonQueryAsync(cancellationToken);
        }

        var stores = new Stores(new NpgsqlConnectionStringBuilder(postgres.ConnectionString) { Database = name, CommandTimeout = 0 }.ConnectionString);
        await using var store = stores.CreateDbContext();
        await store.Database.MigrateAsync(cancellationToken);
        await store.Database.ExecuteSqlAsync(
            $"""
            insert into exception_case (code, business_key, subject, message, findings, payload, severity, owner_group, assignee, status, occurrences, raised_at, last_seen_at, due_at, priority_at, closed_at, version, exposure, exposure_currency, legal_entities, snoozed_until)
            select (array['HND-008','HND-002','TIM-403','TIM-401','EXP-501','EXP-504','STF-303','STF-301','INT-901','BIL-603'])[1 + n / 5 % 10], 'bench:' || n, 'Deal ' || n || ' ' || left(md5(n::text), 6),
                case n % 3 when 0 then 'The ERP project of deal ' || n || ' lacks its tax code. Fill it there, then retry.' when 1 then 'No rate for ' || left(md5((n * 7)::text), 8) || ' on the day of the work.' else 'The receipt of ' || left(md5((n * 3)::text), 8) || ' is missing.' end,
                case n % 3 when 0 then jsonb_build_array(jsonb_build_object('field', 'Tax code', 'expected', 'DE-STD', 'actual', 'DE-' || n)) else '[]' end,
                case when n % 2 = 0 then 'PATCH services rest record v1 job ' || n || ' 400 INVALID_KEY_OR_REF detail Invalid reference ' || n || ' ' || left(md5((n * 11)::text), 12) end, (array['High','Medium','Low'])[1 + n % 3], 'Finance', case when n % 50 = 0 then {Person} end, case when n % 5 = 0 then 'Open' when n % 7 = 0 then 'Waived' else 'Resolved' end, 1,
                t, t, t + interval '1 day', t + interval '1 day' - interval '1 hour' * (n % 90), case when n % 5 <> 0 then t + interval '3 hours' end, 0, n % 100000, (array['EUR','USD','GBP'])[1 + n % 3],
                array[(array['DE01','GB01','US01','FR01'])[1 + n % 4]], case when n % 200 = 0 then timestamptz '2099-01-01' end
            from (select n, timestamptz '2026-01-01' + n * (interval '300 days' / {cases}) as t from generate_series(1, {cases}) as n) as row
            """,
            cancellationToken);
        await store.Database.ExecuteSqlRawAsync("alter table audit_entry disable trigger audit_entry_awaits_link", cancellationToken);
        await store.Database.ExecuteSqlAsync(
            $"""
            insert into audit_entry (at, actor, role, action, entity, reason, allowed, after)
            select timestamptz '2026-01-01' + n * (interval '300 days' / {entries}), case when n % 40 = 0 then {Person} else 'engine' end, case when n % 40 = 0 then 'FinanceOperations' end,
                (array['step.done','step.verified','run.completed','exception.retry','exception.skip'])[1 + n % 5], case when n % 5 < 3 then 'run:' || md5(n::text) else 'case:' || n % {cases} end, null, true, jsonb_build_object('step', 'erp-verify', 'n', n)
            from generate_series(1, {entries}) as n
            """,
            cancellationToken);
        await store.Database.ExecuteSqlAsync($"insert into visit (person, seen_at, before) values ({Person}, {DateTimeOffset.UtcNow.AddMinutes(-1)}, timestamptz '2026-10-26')", cancellationToken);
        await store.Database.ExecuteSqlRawAsync("vacuum analyze exception_case; ", cancellationToken);
        await store.Database.ExecuteSqlRawAsync("vacuum analyze audit_entry", cancellationToken);
        return stores;
    }

    private sealed class Stores(string connection) : IDbContextFactory<EngineDbContext>
    {
        private readonly DbContextOptions<EngineDbContext> options = new DbContextOptionsBuilder<EngineDbContext>().UseNpgsql(connection).Options;

        public EngineDbContext CreateDbContext() => new(options);
    }
}
