using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using PsaConsole.Engine;
using PsaConsole.Engine.Audit;
using PsaConsole.Engine.Store;

namespace PsaConsole.Tests.Audit;

/// <summary>A migrated database as the console has it: one login owns the tables, the engine works with the other. No jobs run.</summary>
public sealed class AuditStore : IAsyncDisposable
{
    private readonly IHost host;
    private readonly TemporaryFolder anchors;

    private AuditStore(IHost host, TemporaryFolder anchors, string owner, string working) =>
        (this.host, this.anchors, Owner, Working) = (host, anchors, owner, working);

    /// <summary>Connects as the owner of the tables.</summary>
    public string Owner { get; }

    /// <summary>Connects as the login that the console works with.</summary>
    public string Working { get; }

    public string Anchors => anchors.Path;

    public T Get<T>()
        where T : notnull => host.Services.GetRequiredService<T>();

    public static async Task<AuditStore> CreateAsync(PostgresFixture postgres, CancellationToken cancellationToken)
    {
        var owner = await postgres.CreateDatabaseAsync();
        var working = postgres.AsWorkingLogin(owner);
        await using (var store = new EngineDbContext(new DbContextOptionsBuilder<EngineDbContext>().UseNpgsql(owner).Options))
        {
            await store.Database.MigrateAsync(cancellationToken);
        }

        await DatabaseRights.GrantAsync(owner, working, cancellationToken);
        var anchors = TemporaryFolder.Create();
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection([new("ConnectionStrings:PsaConsole", working), new("Engine:AnchorFolder", anchors.Path)]);
        // Hangfire logs for the whole process through the engine that asked for it last: that must outlive this store, or other engines' jobs end with it.
        builder.Services.AddSingleton<ILoggerFactory>(NullLoggerFactory.Instance);
        builder.Services.AddEngine(builder.Configuration);
        return new AuditStore(builder.Build(), anchors, owner, working);
    }

    public Task<EngineDbContext> OpenAsync(CancellationToken cancellationToken) =>
        Get<IDbContextFactory<EngineDbContext>>().CreateDbContextAsync(cancellationToken);

    /// <summary>Writes entries, one transaction each.</summary>
    public async Task WriteAsync(int count, CancellationToken cancellationToken)
    {
        for (var index = 1; index <= count; index++)
        {
            await using var store = await OpenAsync(cancellationToken);
            store.AuditEntries.Add(Entry($"entry:{index}"));
            await store.SaveChangesAsync(cancellationToken);
        }
    }

    public static AuditEntry Entry(string entity) => new()
    {
        At = new DateTimeOffset(2026, 3, 13, 16, 30, 0, TimeSpan.Zero),
        Actor = "u:17",
        Action = "exception.retry",
        Entity = entity,
        Reason = "period reopened",
        After = """{"amount":1250.50}""",
    };

    /// <summary>Runs SQL as one of the logins.</summary>
    public static async Task RunAsync(string login, string sql, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(login);
        await connection.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Does what only a thief of the owner's login can: takes the triggers away, and changes the trail.</summary>
    public Task ForgeAsync(string sql, CancellationToken cancellationToken) => RunAsync(
        Owner,
        $"alter table audit_entry disable trigger user; alter table audit_link disable trigger user; {sql}",
        cancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (host is IAsyncDisposable disposable)
        {
            await disposable.DisposeAsync();
        }

        anchors.Dispose();
    }
}
