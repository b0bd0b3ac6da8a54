using Microsoft.EntityFrameworkCore;
using PsaConsole.Engine.Access;
using PsaConsole.Tests.Audit;

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

    private static Actor Person(string id, string role) => new(id, id, new HashSet<string> { role }) { Session = $"session of {id}" };
}
