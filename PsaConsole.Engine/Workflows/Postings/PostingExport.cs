using System.Globalization;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using PsaConsole.Engine.Access;
using PsaConsole.Engine.Audit;
using PsaConsole.Engine.Mapping;
using PsaConsole.Engine.Model;
using PsaConsole.Engine.Store;

namespace PsaConsole.Engine.Workflows.Postings;

/// <summary>Gives out the lines of a span of days to whoever may take workbooks along (9-access 9.1); what was taken along, by whom and what for, is recorded first.</summary>
public sealed class PostingExport(IDbContextFactory<EngineDbContext> stores, TimeProvider time)
{
    /// <summary>The most lines that one workbook holds.</summary>
    public const int MostLines = 20_000;

    public static Permission PermissionOf(Actor actor) => Decision.Of(actor, Right.ExportWorkbook, new RightSubject());

    /// <summary>The lines of the person's scope that are booked in the span, in the order of project, day and key.</summary>
    /// <param name="from">First accounting date.</param>
    /// <param name="to">Last accounting date.</param>
    /// <exception cref="RefusedException">The person may not, gave no reason, or asked for more than a workbook holds.</exception>
    public async Task<IReadOnlyList<PostingRow>> TakeAsync(Actor actor, DateOnly from, DateOnly to, string? reason, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(reason))
        {
            throw new RefusedException("Say what the workbook is for: the reason stays in the audit trail.");
        }

        await RecordAsync(actor, from, to, reason.Trim(), cancellationToken);
        await using var store = await stores.CreateForAsync(actor, cancellationToken);
        var lines = await store.Postings.AsNoTracking()
            .Where(line => line.AccountingDate >= from && line.AccountingDate <= to)
            .OrderBy(line => line.EngagementNumber).ThenBy(line => line.AccountingDate).ThenBy(line => line.OperationKey)
            .Take(MostLines + 1)
            .ToListAsync(cancellationToken);
        return lines.Count <= MostLines
            ? lines
            : throw new RefusedException(string.Create(CultureInfo.InvariantCulture, $"More than {MostLines:N0} lines are booked from {from:yyyy-MM-dd} to {to:yyyy-MM-dd}. Ask for fewer days."));
    }

    private async Task RecordAsync(Actor actor, DateOnly from, DateOnly to, string reason, CancellationToken cancellationToken)
    {
        var permission = PermissionOf(actor);
        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        store.AuditEntries.Add(new AuditEntry
        {
            At = time.GetUtcNow(),
            Actor = actor.Id,
            Role = permission.Role ?? actor.RolesHeld,
            Session = actor.Session,
            Action = "posting.export",
            Entity = string.Create(CultureInfo.InvariantCulture, $"postings:{from:yyyy-MM-dd}:{to:yyyy-MM-dd}"),
            Reason = reason,
            Allowed = permission.Allowed,
            LegalEntities = [.. actor.Scope.LegalEntities ?? []],
            After = JsonSerializer.Serialize(new { scope = actor.Scope.Words }, MappingSets.Json),
        });
        await store.SaveChangesAsync(cancellationToken);
        if (!permission.Allowed)
        {
            throw new RefusedException(permission.Why!, RefusedBecause.Right);
        }
    }
}
