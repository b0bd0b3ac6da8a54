using Microsoft.EntityFrameworkCore;
using PsaConsole.Engine.Access;
using PsaConsole.Tests.Store;
using PsaConsole.Tests.Workflows;

namespace PsaConsole.Tests.Access;

/// <summary>Who looked at whom is in the trail, once a look (9-access 9.3).</summary>
public sealed class RestrictedReadsTests(PostgresFixture postgres) : IAsyncLifetime
{
    private readonly ShiftedTime time = new();
    private Stores stores = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        stores = new Stores(await postgres.CreateDatabaseAsync());
        await using var store = stores.CreateDbContext();
        await store.Database.MigrateAsync(Token);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Look_at_a_person_is_written_down_once_an_hour_for_each_who_looks_and_what_they_see()
    {
        var reads = new RestrictedReads(stores, time);
        var manager = new Actor("tests:manager", "Manager", new HashSet<string> { Roles.ResourceManager }) { Session = "s-1" };
        var partner = new Actor("tests:partner", "Partner", new HashSet<string> { Roles.HrPartner });

        await reads.NoteAsync(manager, "E-1", "Availability and bookings", Token);
        await reads.NoteAsync(manager, "E-1", "Availability and bookings", Token);
        await reads.NoteAsync(manager, "E-1", "Profile and employments", Token);
        await reads.NoteAsync(manager, "E-2", "Availability and bookings", Token);
        await reads.NoteAsync(partner, "E-1", "Availability and bookings", Token);
        time.MoveTo(time.GetUtcNow() + RestrictedReads.OneLook + TimeSpan.FromMinutes(1));
        await reads.NoteAsync(manager, "E-1", "Availability and bookings", Token);

        await using var store = stores.CreateDbContext();
        var written = await store.AuditEntries.OrderBy(entry => entry.Id).ToListAsync(Token);
        Assert.Equal(
            [("tests:manager", "person:E-1"), ("tests:manager", "person:E-1"), ("tests:manager", "person:E-2"), ("tests:partner", "person:E-1"), ("tests:manager", "person:E-1")],
            written.Select(entry => (entry.Actor, entry.Entity)));
        Assert.All(written, entry => Assert.Equal("person.read", entry.Action));
        Assert.Equal((Roles.ResourceManager, "s-1", true), (written[0].Role, written[0].Session, written[0].Allowed));
    }
}
