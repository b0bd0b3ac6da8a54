using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using PsaConsole.Engine.Access;
using PsaConsole.Engine.Audit;
using PsaConsole.Engine.Exceptions;
using PsaConsole.Engine.Store;

namespace PsaConsole.Tests.Audit;

public sealed class AuditTrailTests(PostgresFixture postgres)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("update audit_entry set reason = 'none'")]
    [InlineData("delete from audit_entry")]
    [InlineData("truncate audit_entry cascade")]
    [InlineData("update audit_link set hash = repeat('0', 64)")]
    [InlineData("delete from audit_link")]
    [InlineData("alter table audit_entry disable trigger all")]
    [InlineData("drop table audit_link")]
    [InlineData("set session_replication_role = replica")]
    [InlineData("set role psaconsole")]
    [InlineData("create or replace function audit_refuse_change() returns trigger language plpgsql as $$ begin return null; end $$")]
    [InlineData("grant update on audit_entry to psaconsole_work")]
    public async Task The_working_login_can_not_change_what_was_recorded(string attack)
    {
        await using var audit = await AuditStore.CreateAsync(postgres, Token);
        await audit.WriteAsync(2, Token);
        await audit.Get<AuditLinker>().LinkAsync(Token);

        // A grant of what one does not have is a warning, not an error: what counts is that nothing can be changed afterwards.
        await IgnoreRefusalAsync(audit.Working, attack);
        await using var store = await audit.OpenAsync(Token);

        Assert.Equal(2, await store.AuditEntries.CountAsync(entry => entry.Reason == "period reopened", Token));
        Assert.Null((await audit.Get<AuditCheck>().VerifyAsync(Token)).Problem);
        var refused = await Assert.ThrowsAsync<PostgresException>(() => AuditStore.RunAsync(audit.Working, "update audit_entry set reason = 'none'", Token));
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refused.SqlState);
    }

    [Fact]
    public async Task Entries_of_some_days_are_read_page_by_page_without_a_gap()
    {
        await using var audit = await AuditStore.CreateAsync(postgres, Token);
        var monday = new DateTimeOffset(2026, 3, 9, 0, 0, 0, TimeSpan.Zero);
        await using (var store = await audit.OpenAsync(Token))
        {
            // Sixty on Monday, half of them at one moment; written before and between those of Tuesday.
            store.AuditEntries.AddRange(Enumerable.Range(0, 120).Select(number => At(number % 2 == 0 ? monday.AddMinutes(Math.Max(number, 60)) : monday.AddDays(1), $"entry:{number}")));
            await store.SaveChangesAsync(Token);
        }

        var search = audit.Get<AuditSearch>();
        var reader = new Actor("tests:auditor", "Auditor", new HashSet<string> { Roles.Auditor });
        var filter = AuditFilter.Everything with { From = new DateOnly(2026, 3, 9), To = new DateOnly(2026, 3, 9) };
        var (first, more) = await search.PageAsync(reader, filter, Token);
        var (second, end) = await search.PageAsync(reader, filter with { Before = first[^1].Entry.Id }, Token);

        Assert.Equal((50, true, 10, false), (first.Count, more, second.Count, end));
        List<AuditEntry> read = [.. first.Concat(second).Select(line => line.Entry)];
        Assert.Equal(60, read.Select(entry => entry.Id).Distinct().Count());
        Assert.Equal(read.OrderByDescending(entry => entry.At).ThenByDescending(entry => entry.Id).Select(entry => entry.Id), read.Select(entry => entry.Id));

        static AuditEntry At(DateTimeOffset at, string entity) => new() { At = at, Actor = "u:17", Action = "exception.retry", Entity = entity };
    }

    [Theory]
    [InlineData("update audit_entry set reason = 'none'")]
    [InlineData("delete from audit_link")]
    [InlineData("truncate audit_entry cascade")]
    public async Task Not_even_the_owner_of_the_tables_changes_the_trail_unawares(string attack)
    {
        await using var audit = await AuditStore.CreateAsync(postgres, Token);
        await audit.WriteAsync(1, Token);

        var refused = await Assert.ThrowsAsync<PostgresException>(() => AuditStore.RunAsync(audit.Owner, attack, Token));

        Assert.Contains("append-only", refused.MessageText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Writers_side_by_side_end_up_in_one_chain_without_gaps_whoever_links()
    {
        await using var audit = await AuditStore.CreateAsync(postgres, Token);
        var writers = Enumerable.Range(0, 4).Select(_ => audit.WriteAsync(25, Token));
        var linkers = Enumerable.Range(0, 3).Select(_ => audit.Get<AuditLinker>().LinkAsync(Token));

        await Task.WhenAll([.. writers, .. linkers]);
        await audit.Get<AuditLinker>().LinkAsync(Token);

        await using var store = await audit.OpenAsync(Token);
        Assert.Equal(Enumerable.Range(1, 100).Select(number => (long)number), await store.AuditLinks.OrderBy(link => link.Sequence).Select(link => link.Sequence).ToListAsync(Token));
        Assert.Equal(0, await store.AuditPending.CountAsync(Token));
        Assert.Equal(new AuditCheckResult(100, await HeadAsync(store), null, null), await audit.Get<AuditCheck>().VerifyAsync(Token));
    }

    [Fact]
    public async Task A_transaction_that_is_long_in_coming_is_linked_when_it_comes_and_one_that_fails_leaves_nothing()
    {
        await using var audit = await AuditStore.CreateAsync(postgres, Token);
        await using var slow = await audit.OpenAsync(Token);
        await using var transaction = await slow.Database.BeginTransactionAsync(Token);
        slow.AuditEntries.Add(AuditStore.Entry("slow"));
        await slow.SaveChangesAsync(Token);
        await using (var failing = await audit.OpenAsync(Token))
        await using (await failing.Database.BeginTransactionAsync(Token))
        {
            failing.AuditEntries.Add(AuditStore.Entry("rolled back"));
            await failing.SaveChangesAsync(Token);
        }

        await audit.WriteAsync(1, Token);
        Assert.Equal(1, await audit.Get<AuditLinker>().LinkAsync(Token));
        await transaction.CommitAsync(Token);

        Assert.Equal(1, await audit.Get<AuditLinker>().LinkAsync(Token));
        var result = await audit.Get<AuditCheck>().VerifyAsync(Token);
        Assert.Equal((2, null), (result.Length, result.Problem));
    }

    [Theory]
    [InlineData("update audit_entry set reason = 'period re0pened' where entity = 'entry:1'", 1)]
    [InlineData("update audit_entry set after = '{\"amount\": 1250.51}' where entity = 'entry:2'", 2)]
    [InlineData("update audit_entry set at = at + interval '1 microsecond' where entity = 'entry:3'", 3)]
    [InlineData("update audit_entry set role = 'FinanceController' where entity = 'entry:2'", 2)]
    [InlineData("delete from audit_link where sequence = 2", 2)]
    [InlineData("delete from audit_link where sequence = 3; delete from audit_entry where entity = 'entry:3'", 3)]
    public async Task A_check_names_the_first_entry_that_was_tampered_with(string forgery, long firstBad)
    {
        await using var audit = await AuditStore.CreateAsync(postgres, Token);
        await audit.WriteAsync(3, Token);
        await audit.Get<AuditLinker>().LinkAsync(Token);
        Assert.NotNull(await audit.Get<AuditAnchors>().WriteAsync(Token));

        await audit.ForgeAsync(forgery, Token);
        var result = await audit.Get<AuditCheck>().RunAsync(null, Token);

        Assert.Equal(firstBad, result.FirstBad);
        await using var store = await audit.OpenAsync(Token);
        var raised = Assert.Single(await store.ExceptionCases.ToListAsync(Token));
        Assert.Equal(("GOV-953", nameof(CaseSeverity.Critical), CaseStatus.Open), (raised.Code, raised.Severity, raised.Status));
        Assert.Contains($"Entry {firstBad} ", raised.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_entry_that_was_kept_out_of_the_chain_is_found()
    {
        await using var audit = await AuditStore.CreateAsync(postgres, Token);
        await audit.WriteAsync(2, Token);
        await AuditStore.RunAsync(audit.Working, "delete from audit_pending where entry_id = (select max(entry_id) from audit_pending)", Token);

        var result = await audit.Get<AuditCheck>().RunAsync(null, Token);

        Assert.Contains("kept out", result.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_trail_that_was_rewritten_with_fitting_hashes_still_differs_from_its_anchor()
    {
        await using var audit = await AuditStore.CreateAsync(postgres, Token);
        await audit.WriteAsync(2, Token);
        await audit.Get<AuditLinker>().LinkAsync(Token);
        var anchor = await audit.Get<AuditAnchors>().WriteAsync(Token);
        Assert.Equal(audit.Anchors, Path.GetDirectoryName(anchor));
        Assert.Null(await audit.Get<AuditAnchors>().WriteAsync(Token));

        await audit.ForgeAsync(
            "update audit_entry set reason = 'another'; delete from audit_link; insert into audit_pending select id from audit_entry;", Token);
        var result = await audit.Get<AuditCheck>().RunAsync(null, Token);

        Assert.Equal(2, result.FirstBad);
        Assert.Contains("anchor", result.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_taken_out_of_the_house_can_be_checked_there_entry_by_entry()
    {
        await using var audit = await AuditStore.CreateAsync(postgres, Token);
        await audit.WriteAsync(3, Token);
        await audit.Get<AuditLinker>().LinkAsync(Token);
        await audit.WriteAsync(1, Token);

        var taken = await audit.Get<AuditSearch>().ReadAsync(new Actor("tests:auditor", "Auditor", new HashSet<string> { Roles.Auditor }), AuditFilter.Everything, Token).ToListAsync(Token);

        Assert.Equal([null, 3, 2, 1], taken.Select(line => line.Sequence));
        Assert.All(taken[1..], line => Assert.Equal(line.Hash, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{line.Previous}\n{line.Canonical}")))));
        Assert.Equal([taken[2].Hash, taken[3].Hash, new string('0', 64)], taken[1..].Select(line => line.Previous));
        Assert.Equal((null, null, null), (taken[0].Previous, taken[0].Hash, taken[0].Canonical));
    }

    [Fact]
    public async Task Everybody_who_goes_by_a_name_is_found_by_it()
    {
        await using var audit = await AuditStore.CreateAsync(postgres, Token);
        await using (var store = await audit.OpenAsync(Token))
        {
            foreach (var (id, name) in new[] { ("7f3a", "Alex Kim"), ("91bc", "Alex Kim"), ("0000", "Kim Alex") })
            {
                store.Colleagues.Add(new Colleague { Person = id, Name = name, SeenAt = TimeProvider.System.GetUtcNow() });
                store.AuditEntries.Add(new AuditEntry { At = TimeProvider.System.GetUtcNow(), Actor = id, Action = "exception.retry", Entity = "case:1" });
            }

            await store.SaveChangesAsync(Token);
        }

        var auditor = new Actor("tests:auditor", "Auditor", new HashSet<string> { Roles.Auditor });
        var named = await audit.Get<AuditSearch>().PageAsync(auditor, AuditFilter.Everything with { Person = "alex kim" }, Token);
        var one = await audit.Get<AuditSearch>().PageAsync(auditor, AuditFilter.Everything with { Person = "0000" }, Token);
        var nobody = await audit.Get<AuditSearch>().PageAsync(auditor, AuditFilter.Everything with { Person = "Alex%" }, Token);

        Assert.Equal(["91bc", "7f3a"], named.Lines.Select(line => line.Entry.Actor));
        Assert.Equal(["0000"], one.Lines.Select(line => line.Entry.Actor));
        Assert.Empty(nobody.Lines);
    }

    private static async Task<string> HeadAsync(EngineDbContext store) =>
        await store.AuditLinks.OrderByDescending(link => link.Sequence).Select(link => link.Hash).FirstAsync(Token);

    private static async Task IgnoreRefusalAsync(string login, string attack)
    {
        try
        {
            await AuditStore.RunAsync(login, attack, Token);
        }
        catch (PostgresException refused)
        {
            Assert.Contains(refused.SqlState, (string[])[PostgresErrorCodes.InsufficientPrivilege, PostgresErrorCodes.FeatureNotSupported]);
        }
    }
}
