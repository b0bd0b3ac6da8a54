using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Npgsql;
using PsaConsole.Engine.Audit;
using PsaConsole.Engine.Exceptions;
using PsaConsole.Engine.Mapping;
using PsaConsole.Engine.Store;

namespace PsaConsole.Engine.Retention;

/// <summary>Rows of one table and month that are not kept any longer.</summary>
/// <param name="Month">Such as 2026-03.</param>
public sealed record DueRows(RetentionRule Rule, string Month, long Rows);

/// <summary>What a run of the housekeeping did under a rule.</summary>
public sealed record KeptHouse(RetentionRule Rule, long Rows);

/// <summary>
/// Removes what is not kept any longer, rule by rule, in portions of a transaction each, so that nobody waits for it. It says first what it would do; each rule
/// that did something leaves an audit entry. A legal hold stops all of it.
/// </summary>
public sealed class Housekeeper(NpgsqlDataSource database, IDbContextFactory<EngineDbContext> stores, IOptions<EngineOptions> options, TimeProvider time)
{
    public const string Action = "retention.applied";

    private const int Portion = 5_000;

    /// <summary>Nothing is removed while it holds.</summary>
    public bool IsHeld => options.Value.LegalHold;

    /// <summary>What a run now would remove or reduce; nothing is changed.</summary>
    public async Task<IReadOnlyList<DueRows>> PreviewAsync(CancellationToken cancellationToken)
    {
        var due = new List<DueRows>();
        foreach (var rule in RetentionRule.All)
        {
            await using var command = database.CreateCommand(rule.CountSql);
            command.Parameters.Add(new NpgsqlParameter { Value = rule.Before(time.GetUtcNow()) });
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                due.Add(new DueRows(rule, reader.GetString(0), reader.GetInt64(1)));
            }
        }

        return due;
    }

    /// <summary>Does what <see cref="PreviewAsync"/> shows, one replica at a time.</summary>
    public async Task<IReadOnlyList<KeptHouse>> RunAsync(CancellationToken cancellationToken)
    {
        await using var turn = await stores.CreateDbContextAsync(cancellationToken);
        await using var held = await turn.Database.BeginTransactionAsync(cancellationToken);
        if (IsHeld || !await turn.TryTakeTurnAsync("housekeeping", cancellationToken))
        {
            return [];
        }

        var done = new List<KeptHouse>();
        foreach (var rule in RetentionRule.All)
        {
            done.Add(new KeptHouse(rule, await ApplyAsync(rule, cancellationToken)));
        }

        return done;
    }

    private async Task<long> ApplyAsync(RetentionRule rule, CancellationToken cancellationToken)
    {
        var (before, all) = (rule.Before(time.GetUtcNow()), 0L);
        while (true)
        {
            // Portion and audit entry are one transaction: what is gone is told, whatever is killed whenever.
            await using var store = await stores.CreateDbContextAsync(cancellationToken);
            await using var transaction = await store.Database.BeginTransactionAsync(cancellationToken);
            var rows = await store.Database.ExecuteSqlRawAsync(rule.PortionSql, [before, Portion], cancellationToken);
            if (rows == 0)
            {
                return all;
            }

            all += rows;
            store.AuditEntries.Add(new AuditEntry
            {
                At = time.GetUtcNow(),
                Actor = CaseBook.Engine,
                Action = Action,
                Entity = $"table:{rule.Table}",
                Reason = rule.Source,
                After = JsonSerializer.Serialize(new { rows, before, rule.Becomes }, MappingSets.Json),
            });
            await store.SaveChangesAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }
    }
}
