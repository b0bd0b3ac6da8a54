using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using PsaConsole.Engine.Store;

namespace PsaConsole.Web.Store;

/// <summary>Which PostgreSQL the console works on, and bringing it to this version's shape.</summary>
public static class ConsoleDatabase
{
    public const string ConnectionName = "PsaConsole";

    /// <summary>
    /// Starts a PostgreSQL of the console's own in the folder <c>Data:Folder</c> and makes it the configured one,
    /// unless <c>ConnectionStrings:PsaConsole</c> names a server. Dispose the answer after everything that uses the database.
    /// </summary>
    public static async Task<PrivatePostgres?> StartPrivateServerAsync(this WebApplicationBuilder builder, CancellationToken cancellationToken)
    {
        if (!string.IsNullOrWhiteSpace(builder.Configuration.GetConnectionString(ConnectionName)))
        {
            return null;
        }

        var folder = builder.Configuration["Data:Folder"] ?? "data";
        var postgres = await PrivatePostgres.StartAsync(Path.Combine(builder.Environment.ContentRootPath, folder), cancellationToken);
        builder.Configuration[$"ConnectionStrings:{ConnectionName}"] = postgres.ConnectionString;
        return postgres;
    }

    /// <summary>Keeps the keys that protect cookies and forms in the database.</summary>
    public static void AddSharedKeys(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddDbContextFactory<KeysDbContext>(database => database.UseNpgsql(
            configuration.GetConnectionString(ConnectionName),
            npgsql => npgsql.MigrationsHistoryTable("console_migrations")));
        services.AddDataProtection().SetApplicationName("PsaConsole").PersistKeysToDbContext<KeysDbContext>();
    }

    /// <summary>Applies what this version adds to the database. Replicas that start together wait for one another on EF's migration lock.</summary>
    public static async Task MigrateAsync(this WebApplication app, CancellationToken cancellationToken)
    {
        await using var scope = app.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<KeysDbContext>().Database.MigrateAsync(cancellationToken);
        await scope.ServiceProvider.GetRequiredService<EngineDbContext>().Database.MigrateAsync(cancellationToken);
    }
}
