using System.Globalization;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using PsaConsole.Engine.Mapping;
using PsaConsole.Engine.Store;

namespace PsaConsole.Engine.Audit;

/// <summary>The chain's head on a day.</summary>
public sealed record AuditAnchor(DateTimeOffset At, long Sequence, string Hash);

/// <summary>
/// Keeps the head of every day in a file of its own outside of the database: who rewrites the whole trail, hashes included, can't rewrite these.
/// The folder (Engine:AnchorFolder) is best a write-once store or another machine's. A file is never written twice.
/// </summary>
public sealed class AuditAnchors(
    IDbContextFactory<EngineDbContext> stores, IOptions<EngineOptions> options, IConfiguration configuration, IHostEnvironment environment, TimeProvider time)
{
    private string Folder => Path.Combine(environment.ContentRootPath, options.Value.AnchorFolder ?? Path.Combine(configuration["Data:Folder"] ?? "data", "anchors"));

    /// <summary>Anchors today's head, once a day.</summary>
    /// <returns>The file; null when there is nothing to anchor or today's is there already.</returns>
    public async Task<string?> WriteAsync(CancellationToken cancellationToken)
    {
        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        var head = await store.AuditLinks.AsNoTracking().OrderByDescending(link => link.Sequence).FirstOrDefaultAsync(cancellationToken);
        var now = time.GetUtcNow();
        var database = store.Database.GetDbConnection().Database;
        var file = Path.Combine(Folder, string.Create(CultureInfo.InvariantCulture, $"{database}-{now:yyyy-MM-dd}.json"));
        if (head is null || File.Exists(file))
        {
            return null;
        }

        Directory.CreateDirectory(Folder);
        await using var stream = new FileStream(file, FileMode.CreateNew, FileAccess.Write);
        await JsonSerializer.SerializeAsync(stream, new AuditAnchor(now, head.Sequence, head.Hash), MappingSets.Json, cancellationToken);
        return file;
    }

    /// <summary>Every anchor of this database by its sequence.</summary>
    public IReadOnlyDictionary<long, AuditAnchor> Read()
    {
        using var store = stores.CreateDbContext();
        var database = store.Database.GetDbConnection().Database;
        return Directory.Exists(Folder)
            ? Directory.EnumerateFiles(Folder, $"{database}-*.json").Order(StringComparer.Ordinal)
                .Select(file => JsonSerializer.Deserialize<AuditAnchor>(File.ReadAllText(file), MappingSets.Json)
                    ?? throw new InvalidDataException($"The anchor {file} is empty: put it back from a copy."))
                .DistinctBy(anchor => anchor.Sequence)
                .ToDictionary(anchor => anchor.Sequence)
            : new Dictionary<long, AuditAnchor>();
    }
}
