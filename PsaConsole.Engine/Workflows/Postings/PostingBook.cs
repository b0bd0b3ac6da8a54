using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using PsaConsole.Engine.Finance;
using PsaConsole.Engine.Mapping;
using PsaConsole.Engine.Model;
using PsaConsole.Engine.Store;

namespace PsaConsole.Engine.Workflows.Postings;

/// <summary>The hub's own record of every financial line: written down before it is sent, and never changed afterwards.</summary>
public sealed class PostingBook(IDbContextFactory<EngineDbContext> stores, TimeProvider time)
{
    /// <summary>Postings of one source record that were not taken back, oldest first.</summary>
    public async Task<List<PostingRow>> StandingAsync(string systemName, string sourceType, string sourceId, CancellationToken cancellationToken)
    {
        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        return await Standing(store, store.Postings.AsNoTracking().Where(row => row.SystemName == systemName && row.SourceType == sourceType && row.SourceId == sourceId))
            .OrderBy(row => row.CreatedAt).ThenBy(row => row.OperationKey)
            .ToListAsync(cancellationToken);
    }

    /// <summary>The newest reversal of a source record; a new posting after it lands in its period (3j.5). Null when there is none.</summary>
    public async Task<PostingRow?> LastReversalAsync(string systemName, string sourceType, string sourceId, CancellationToken cancellationToken)
    {
        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        return await store.Postings.AsNoTracking()
            .Where(row => row.SystemName == systemName && row.SourceType == sourceType && row.SourceId == sourceId && row.ReversalOf != null)
            .OrderByDescending(row => row.CreatedAt)
            .FirstOrDefaultAsync(cancellationToken);
    }

    /// <summary>Charged to the client and not invoiced, net of what was taken back, in the contract currency.</summary>
    public async Task<decimal> CommittedAsync(Guid engagementId, CancellationToken cancellationToken)
    {
        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        return await store.Postings.Where(row => row.EngagementId == engagementId && row.Kind == PostingKind.Unbilled && row.Chargeable && row.InvoicedAt == null).SumAsync(row => row.Amount, cancellationToken);
    }

    /// <summary>The source says that the record is on an invoice: what the client is charged for it never changes again.</summary>
    public async Task MarkInvoicedAsync(string systemName, string sourceType, string sourceId, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        await Standing(store, store.Postings.Where(row => row.SystemName == systemName && row.SourceType == sourceType && row.SourceId == sourceId && row.Kind == PostingKind.Unbilled && row.Chargeable && row.InvoicedAt == null))
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.InvoicedAt, now), cancellationToken);
    }

    /// <summary>Writes the line down, once; a line that is there already is answered as it is.</summary>
    public async Task<PostingRow> WriteDownAsync(PostingLine line, string systemName, string sourceType, string sourceId, Guid runId, CancellationToken cancellationToken)
    {
        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        if (await store.Postings.SingleOrDefaultAsync(row => row.OperationKey == line.OperationKey, cancellationToken) is { } known)
        {
            return known;
        }

        var row = Row(line, systemName, sourceType, sourceId, runId);
        store.Postings.Add(row);
        await store.SaveChangesAsync(cancellationToken);
        return row;
    }

    /// <summary>The books took the line in under this id.</summary>
    public async Task AcceptAsync(string operationKey, string erpId, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        await store.Postings
            .Where(row => row.OperationKey == operationKey && row.Status == PostingStatus.Sent)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.Status, PostingStatus.Accepted).SetProperty(row => row.ErpId, erpId).SetProperty(row => row.AcceptedAt, now), cancellationToken);
    }

    /// <summary>The line was read back, equal, with its document number.</summary>
    public async Task VerifyAsync(string operationKey, string voucher, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        await store.Postings
            .Where(row => row.OperationKey == operationKey)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.Status, PostingStatus.Verified).SetProperty(row => row.Voucher, voucher).SetProperty(row => row.VerifiedAt, now), cancellationToken);
    }

    /// <summary>The posting of this key, as it was written down.</summary>
    public async Task<PostingRow> OfAsync(string operationKey, CancellationToken cancellationToken)
    {
        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        return await store.Postings.AsNoTracking().SingleAsync(row => row.OperationKey == operationKey, cancellationToken);
    }

    /// <summary>Of some postings, the originals that no reversal takes back.</summary>
    public static IQueryable<PostingRow> Standing(EngineDbContext store, IQueryable<PostingRow> some) =>
        some.Where(row => row.ReversalOf == null && !store.Postings.Any(reversal => reversal.ReversalOf == row.Id));

    private PostingRow Row(PostingLine line, string systemName, string sourceType, string sourceId, Guid runId) => new()
    {
        Id = Guid.CreateVersion7(),
        OperationKey = line.OperationKey,
        SystemName = systemName,
        SourceType = sourceType,
        SourceId = sourceId,
        Revision = line.Revision,
        Kind = line.Kind,
        Chargeable = line.Chargeable,
        EngagementId = line.EngagementId,
        EngagementNumber = line.EngagementNumber,
        LegalEntity = line.LegalEntity,
        Person = line.Person,
        WorkDate = line.WorkDate,
        AccountingDate = line.AccountingDate,
        PeriodId = line.PeriodId,
        PeriodName = line.PeriodName,
        Hours = line.Hours,
        Rate = line.Rate,
        Amount = line.Amount,
        Currency = line.Currency,
        FxRate = line.FxRate,
        FxDate = line.FxDate,
        AccountingAmount = line.AccountingAmount,
        AccountingCurrency = line.AccountingCurrency,
        CostCenter = line.CostCenter,
        Category = line.Category,
        Receipt = line.Receipt,
        ErpProjectId = line.ErpProjectId,
        Values = line.Values,
        Why = JsonSerializer.Serialize(line.Why, MappingSets.Json),
        ReversalOf = line.ReversalOf,
        RunId = runId,
        CreatedAt = time.GetUtcNow(),
        Status = PostingStatus.Sent,
    };
}
