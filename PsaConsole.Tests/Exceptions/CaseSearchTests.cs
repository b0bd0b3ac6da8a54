using Microsoft.EntityFrameworkCore;
using PsaConsole.Engine.Exceptions;
using PsaConsole.Engine.Store;

namespace PsaConsole.Tests.Exceptions;

/// <summary>People find a case by whatever they have at hand: a word of it, a value that differs, what a vendor answered (R80).</summary>
public sealed class CaseSearchTests(PostgresFixture postgres) : IAsyncLifetime
{
    private const string Detail = """
        {"call":"PATCH /services/rest/record/v1/job/4711","status":400,"vendorCode":"INVALID_KEY_OR_REF","answer":"{\"detail\":\"Invalid reference Zweigstelle-Ost\",\"billRate\":187.5}"}
        """;

    private EngineDbContext store = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        store = new EngineDbContext(new DbContextOptionsBuilder<EngineDbContext>().UseNpgsql(await postgres.CreateDatabaseAsync()).Options);
        await store.Database.MigrateAsync(Token);
        store.ExceptionCases.AddRange(
            Case("tax", """[{"field":"Tax code","expected":"DE-STD","actual":"DE-RED"}]""", null),
            Case("manager", """[{"field":"Project manager","expected":"Å. Lindqvist","actual":null},{"field":"Tax code","expected":"FR-STD","actual":"FR-STD"}]""", null),
            Case("refused", "[]", CasePayload.Of(Detail)));
        await store.SaveChangesAsync(Token);
    }

    public ValueTask DisposeAsync() => store.DisposeAsync();

    [Theory]
    [InlineData("subject of tax", "tax")]
    [InlineData("bject of ta", "tax")]
    [InlineData("HND-008", "manager", "refused", "tax")]
    [InlineData("de-red", "tax")]
    [InlineData("lindq", "manager")]
    [InlineData("std tax", "manager", "tax")]
    [InlineData("zweigstelle", "refused")]
    [InlineData("invalid_key", "refused")]
    [InlineData("field:\"Tax code\"", "manager", "tax")]
    [InlineData("field:\"Tax code\" actual:DE-RED", "tax")]
    [InlineData("field:\"Project manager\" actual:DE-RED")]
    [InlineData("expected:DE-STD subject:tax", "tax")]
    [InlineData("subject:manager expected:DE-STD")]
    [InlineData("system:NetSuite step:erp", "manager", "refused", "tax")]
    [InlineData("system:kantata")]
    [InlineData("key:key-tax", "tax")]
    [InlineData("tag:month-end", "manager", "refused", "tax")]
    [InlineData("answer:4711", "refused")]
    [InlineData("record/v1/job/4711", "refused")]
    [InlineData("message:\"lacks 100%\"", "manager", "refused", "tax")]
    [InlineData("'; drop table exception_case --")]
    [InlineData("' \\ & | ! :*")]
    [InlineData("https://example.com")]
    public async Task Is_found_by(string typed, params string[] expected) => Assert.Equal(expected, await FindAsync(typed, payloads: true));

    [Theory]
    [InlineData("zweigstelle")]
    [InlineData("answer:4711")]
    public async Task Answers_are_not_searched_for_who_may_not_see_them(string typed) => Assert.Empty(await FindAsync(typed, payloads: false));

    [Fact]
    public async Task Rate_is_in_no_searchable_answer() => Assert.Empty(await FindAsync("answer:187.5", payloads: true));

    [Fact]
    public async Task Each_way_of_searching_has_an_index()
    {
        // So few rows are read faster as they lie: what matters is that no way needs them all.
        await store.Database.OpenConnectionAsync(Token);
        await store.Database.ExecuteSqlRawAsync("set enable_seqscan = off; set enable_indexscan = off", Token);
        foreach (var (typed, indexes) in new[]
        {
            ("zweigstelle", new[] { "IX_exception_case_findings_words", "IX_exception_case_payload_words", "IX_exception_case_subject", "IX_exception_case_message", "IX_exception_case_labels" }),
            ("actual:DE-RED", ["IX_exception_case_findings"]),
        })
        {
            await using var command = CaseSearch.Of(typed).In(store.ExceptionCases, payloads: true).CreateDbCommand();
            command.CommandText = "explain " + command.CommandText;
            await using var reader = await command.ExecuteReaderAsync(Token);
            var plan = new List<string>();
            while (await reader.ReadAsync(Token))
            {
                plan.Add(reader.GetString(0) + " ");
            }

            Assert.All(indexes, index => Assert.Contains(plan, line => line.Contains($"Bitmap Index Scan on \"{index}\"", StringComparison.Ordinal)));
        }
    }

    private async Task<List<string>> FindAsync(string typed, bool payloads) =>
        await new CaseSelection { Search = typed, Payloads = payloads }.Of(store, "", TimeProvider.System.GetUtcNow()).OrderBy(item => item.BusinessKey).Select(item => item.BusinessKey.Substring(4)).ToListAsync(Token);

    private static ExceptionCase Case(string name, string findings, string? payload)
    {
        var now = TimeProvider.System.GetUtcNow();
        return new ExceptionCase
        {
            Code = "HND-008",
            BusinessKey = $"key-{name}",
            StepKey = "erp-verify:P-1",
            SystemName = "netsuite",
            Subject = $"Subject of {name}",
            Message = "It lacks 100% of what it needs.",
            Findings = findings,
            Payload = payload,
            Labels = "month-end",
            Severity = nameof(CaseSeverity.High),
            OwnerGroup = nameof(CaseOwner.Finance),
            RaisedAt = now,
            LastSeenAt = now,
            PriorityAt = now,
        };
    }
}
