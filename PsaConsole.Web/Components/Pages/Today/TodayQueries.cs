using Microsoft.EntityFrameworkCore;
using PsaConsole.Engine.Exceptions;
using PsaConsole.Engine.Model;
using PsaConsole.Engine.Store;
using PsaConsole.Engine.Workflows;
using PsaConsole.Web.Components.Pages.Engagements;
using PsaConsole.Web.Components.Pages.Exceptions;
using PsaConsole.Web.Components.Pages.Systems;
using PsaConsole.Web.Components.Shared;
using PsaConsole.Web.Security;

namespace PsaConsole.Web.Components.Pages.Today;

/// <summary>Reads the start page.</summary>
public sealed class TodayQueries(
    ReaderStores stores, CaseQueries cases, EngagementQueries engagements, SystemQueries systems, TimeProvider time)
{
    private const int Lines = 8;

    /// <param name="reader">Subject of the person who looks.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    public async Task<TodayView> ReadAsync(string reader, CancellationToken cancellationToken)
    {
        var (open, mine, _) = await cases.CountAsync(reader, cancellationToken);
        var (pressing, _) = await cases.ListAsync(CaseFilter.Open, reader, cancellationToken);
        var (latest, _) = await engagements.ListAsync(EngagementFilter.Everything, cancellationToken);
        var live = await engagements.CountLiveAsync(cancellationToken);
        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        var now = time.GetUtcNow();
        var tomorrow = now.AddDays(1);
        var times = await TimesAsync(store, now.AddDays(-1), cancellationToken);
        return new TodayView
        {
            Open = open,
            Mine = mine,
            Pressing = await CaseSelection.AwakeOf(store, now).CountAsync(item => item.DueAt < tomorrow, cancellationToken),
            AtRisk = await AtRiskAsync(store, cancellationToken),
            Moving = live.Where(part => part.Key is not (RunStatus.Parked or RunStatus.WaitingApproval)).Sum(part => part.Value),
            Verified = times.Count,
            TypicalTime = times.Count == 0 ? null : times[times.Count / 2],
            Cases = [.. pressing.OrderByDescending(row => row.AssignedTo == CaseWords.Person(reader)).Take(Lines)],
            Engagements = [.. latest.Take(Lines)],
            Troubled = [.. (await systems.ListAsync(cancellationToken)).Where(system => system.Tone is not Tone.Good)],
        };
    }

    // Several cases may wait on one deal: its money is at risk once, and no less while somebody has put them off.
    private static async Task<IReadOnlyList<Money>> AtRiskAsync(EngineDbContext store, CancellationToken cancellationToken)
    {
        var deals = CaseSelection.OpenOf(store)
            .Where(item => item.Exposure != null && item.ExposureCurrency != null)
            .GroupBy(item => new { item.BusinessKey, item.ExposureCurrency })
            .Select(deal => new { deal.Key.ExposureCurrency, Amount = deal.Max(item => item.Exposure) });
        var sums = await deals
            .GroupBy(deal => deal.ExposureCurrency)
            .Select(part => new { Currency = part.Key, Amount = part.Sum(deal => deal.Amount) })
            .ToListAsync(cancellationToken);
        return [.. sums.Select(sum => new Money(sum.Amount ?? 0, sum.Currency!)).OrderByDescending(money => money.Amount)];
    }

    private static async Task<IReadOnlyList<TimeSpan>> TimesAsync(EngineDbContext store, DateTimeOffset since, CancellationToken cancellationToken)
    {
        var ended = await store.Runs
            .Where(run => run.Workflow == EngagementQueries.HandOff && run.Status == RunStatus.Completed && run.UpdatedAt >= since)
            .OrderByDescending(run => run.UpdatedAt)
            .Select(run => new { run.OccurredAt, run.EndedAt })
            .Take(5000)
            .ToListAsync(cancellationToken);
        return [.. ended.Where(run => run.EndedAt is not null).Select(run => run.EndedAt!.Value - run.OccurredAt).Order()];
    }
}
