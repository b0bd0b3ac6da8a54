using Microsoft.EntityFrameworkCore;
using Npgsql;
using PsaConsole.Engine.Store;

namespace PsaConsole.Tests.Store;

/// <summary>Opens the store of a database, for what a test puts together by itself.</summary>
internal sealed class Stores(DbContextOptions<EngineDbContext> options) : IDbContextFactory<EngineDbContext>
{
    public Stores(string connection)
        : this(new DbContextOptionsBuilder<EngineDbContext>().UseNpgsql(connection).Options)
    {
    }

    public Stores(NpgsqlDataSource database)
        : this(new DbContextOptionsBuilder<EngineDbContext>().UseNpgsql(database).Options)
    {
    }

    public EngineDbContext CreateDbContext() => new(options);
}
