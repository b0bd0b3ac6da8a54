using Microsoft.EntityFrameworkCore;
using PsaConsole.Engine.Access;
using PsaConsole.Tests.Audit;
using PsaConsole.Web.Components.Pages.Exceptions;

namespace PsaConsole.Tests.Access;

/// <summary>A session lasts until it ends, and whoever may end it does so with a trace.</summary>
public sealed class SessionsTests(PostgresFixture postgres)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Session_is_live_from_signing_in_to_signing_out_and_no_longer()
    {
        await using var store = await AuditStore.CreateAsync(postgres, Token);
        var sessions = store.Get<Sessions>();
        var person = Person("ada", Roles.FinanceOperations);
        Assert.False(await sessions.IsLiveAsync(person.Session, Token));

        await sessions.BegunAsync(person, Token);
        Assert.True(await sessions.IsLiveAsync(person.Session, Token));
        Assert.False(await sessions.IsLiveAsync(null, Token));

        await sessions.EndedAsync(person, Token);
        Assert.False(await sessions.IsLiveAsync(person.Session, Token));
        await sessions.BegunAsync(person with { Session = "old" }, Token);
        await using var data = await store.OpenAsync(Token);
        await data.Sessions.Where(session => session.Id == "old").ExecuteUpdateAsync(set => set.SetProperty(session => session.EndsAt, TimeProvider.System.GetUtcNow()), Token);
        Assert.False(await sessions.IsLiveAsync("old", Token));
    }

    [Fact]
    public async Task Only_the_owner_and_who_grants_roles_ends_a_session_and_the_latter_says_why()
    {
        await using var store = await AuditStore.CreateAsync(postgres, Token);
        var sessions = store.Get<Sessions>();
        var (ada, bob, guard) = (Person("ada", Roles.FinanceOperations), Person("bob", Roles.FinanceController), Person("guard", Roles.SecurityAdministrator));
        foreach (var person in new[] { ada, bob, guard, ada with { Session = "ada at home" } })
        {
            await sessions.BegunAsync(person, Token);
        }

        Assert.Equal(["ada at home", "session of ada"], (await sessions.LiveAsync(ada, Token)).Select(session => session.Id));
        Assert.Equal(4, (await sessions.LiveAsync(guard, Token)).Count);
        await Assert.ThrowsAsync<RefusedException>(() => sessions.RevokeAsync(bob, "session of ada", "because", Token));
        await Assert.ThrowsAsync<RefusedException>(() => sessions.RevokeAsync(guard, "session of ada", " ", Token));
        Assert.True(await sessions.IsLiveAsync("session of ada", Token));

        await sessions.RevokeAsync(ada, "ada at home", null, Token);
        await sessions.RevokeAsync(guard, "session of ada", "the laptop was stolen", Token);

        Assert.Empty(await sessions.LiveAsync(ada, Token));
        await Assert.ThrowsAsync<RefusedException>(() => sessions.RevokeAsync(guard, "session of ada", "again", Token));
        await using var data = await store.OpenAsync(Token);
        Assert.Equal(
            [("bob", false), ("ada", true), ("guard", true)],
            (await data.AuditEntries.Where(entry => entry.Action == "session.revoked").OrderBy(entry => entry.Id).ToListAsync(Token)).Select(entry => (entry.Actor, entry.Allowed)));
    }

    [Fact]
    public async Task Whoever_has_signed_in_and_every_program_is_known_by_name_instead_of_by_id()
    {
        await using var store = await AuditStore.CreateAsync(postgres, Token);
        var id = Guid.NewGuid().ToString();
        var ada = Person(id, Roles.FinanceOperations) with { Name = "Ada Byron" };
        await store.Get<Sessions>().BegunAsync(ada, Token);
        await store.Get<Sessions>().BegunAsync(ada with { Name = "Ada Lovelace", Session = "after the wedding" }, Token);
        var guardian = Person("guard", Roles.SecurityAdministrator);
        await store.Get<ApiKeys>().IssueAsync(guardian, "Month-end robot", new HashSet<string> { Roles.Auditor }, DataScope.Everything, 1, "tests", Token);

        var colleagues = store.Get<Colleagues>();
        var names = await colleagues.NamesAsync(Token);

        Assert.Equal("Ada Lovelace", CaseWords.Person(id, names));
        Assert.Equal("Month-end robot", names.Single(known => known.Key.StartsWith("key:", StringComparison.Ordinal)).Value);
        Assert.Equal([id], await colleagues.PeopleAsync(Token));
        Assert.Equal(("PsaConsole", "Finance controller", "never-met"), (CaseWords.Person("engine", names), CaseWords.Person("sample:FinanceController", names), CaseWords.Person("never-met", names)));
    }

    private static Actor Person(string id, string role) => new(id, id, new HashSet<string> { role }) { Session = $"session of {id}" };
}
