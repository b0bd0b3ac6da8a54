using Microsoft.EntityFrameworkCore;
using PsaConsole.Engine.Model;
using PsaConsole.Engine.Store;

namespace PsaConsole.Tests.Store;

/// <summary>What people type into a search means itself.</summary>
public sealed class SearchPatternTests(PostgresFixture postgres) : IAsyncLifetime
{
    private EngineDbContext store = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        store = new EngineDbContext(new DbContextOptionsBuilder<EngineDbContext>().UseNpgsql(await postgres.CreateDatabaseAsync()).Options);
        await store.Database.MigrateAsync(Token);
        foreach (var name in new[] { "50% off", "500 off", "a_b", "aXb", @"back\slash" })
        {
            store.Clients.Add(new ClientRow { Id = Guid.CreateVersion7(), LegalName = name, State = "{}", CreatedAt = TimeProvider.System.GetUtcNow() });
        }

        await store.SaveChangesAsync(Token);
    }

    public ValueTask DisposeAsync() => store.DisposeAsync();

    [Theory]
    [InlineData("50%", "50% off")]
    [InlineData("A_B", "a_b")]
    [InlineData(@"k\s", @"back\slash")]
    [InlineData("XB", "aXb")]
    public async Task Signs_of_a_pattern_are_found_as_they_are_typed(string typed, string found)
    {
        var pattern = SearchPattern.Containing(typed);

        Assert.Equal([found], await store.Clients.Where(client => EF.Functions.ILike(client.LegalName, pattern, SearchPattern.Escape)).Select(client => client.LegalName).ToListAsync(Token));
    }
}
