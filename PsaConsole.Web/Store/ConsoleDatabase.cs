using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Npgsql.EntityFrameworkCore.PostgreSQL.Infrastructure;
using PsaConsole.Engine.Store;

namespace PsaConsole.Web.Store;

/// <summary>Which PostgreSQL the console works on, and bringing it to this version's shape.</summary>
public static class ConsoleDatabase
{
    public const string ConnectionName = "PsaConsole";

    /// <summary>Connects as the owner of the tables, who migrates them. Without it the working login owns them.</summary>
    private const string OwnerConnectionName = "PsaConsoleOwner";

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
        builder.Configuration[$"ConnectionStrings:{OwnerConnectionName}"] = postgres.ConnectionString;
        builder.Configuration[$"ConnectionStrings:{ConnectionName}"] = postgres.WorkingConnectionString;
        return postgres;
    }

    /// <summary>
    /// Keeps the keys that protect cookies and forms in the database, encrypted with the certificate that the configuration names: whoever reads the database alone
    /// can't make a session.
    /// </summary>
    /// <exception cref="StartRefusedException">A certificate can't be read, or can't decrypt.</exception>
    public static void AddSharedKeys(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddDbContextFactory<KeysDbContext>(database => database.UseNpgsql(
            configuration.GetConnectionString(ConnectionName), KeepKeysHistory));
        var keys = services.AddDataProtection().SetApplicationName("PsaConsole").PersistKeysToDbContext<KeysDbContext>();
        if (KeyCertificate.Read(configuration) is { } certificate)
        {
            keys.ProtectKeysWithCertificate(certificate);
        }

        keys.UnprotectKeysWithAnyCertificate([.. KeyCertificate.ReadEarlier(configuration)]);
    }

    /// <summary>
    /// Applies what this version adds to the database, as its owner, and grants the working login its rights. Replicas that start together wait for one
    /// another on EF's migration lock.
    /// </summary>
    public static async Task MigrateAsync(this WebApplication app, CancellationToken cancellationToken)
    {
        var working = app.Configuration.GetConnectionString(ConnectionName)!;
        var owner = app.Configuration.GetConnectionString(OwnerConnectionName) is { Length: > 0 } named ? named : working;
        await using var keys = new KeysDbContext(new DbContextOptionsBuilder<KeysDbContext>().UseNpgsql(owner, KeepKeysHistory).Options);
        await keys.Database.MigrateAsync(cancellationToken);
        await using var engine = new EngineDbContext(new DbContextOptionsBuilder<EngineDbContext>().UseNpgsql(owner).Options);
        await engine.Database.MigrateAsync(cancellationToken);
        await DatabaseRights.GrantAsync(owner, working, cancellationToken);
    }

    private static void KeepKeysHistory(NpgsqlDbContextOptionsBuilder npgsql) => npgsql.MigrationsHistoryTable("console_migrations");
}
