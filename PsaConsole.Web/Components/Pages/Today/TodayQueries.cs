using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using PsaConsole.Engine.Access;
using PsaConsole.Engine.Approvals;
using PsaConsole.Engine.Exceptions;
using PsaConsole.Engine.Model;
using PsaConsole.Engine.Store;
using PsaConsole.Engine.Workflows;
using PsaConsole.Web.Components.Pages.Approvals;
using PsaConsole.Web.Components.Pages.Engagements;
using PsaConsole.Web.Components.Pages.Exceptions;
using PsaConsole.Web.Components.Pages.Lanes;
using PsaConsole.Web.Components.Pages.Staffing;
using PsaConsole.Web.Components.Pages.Systems;
using PsaConsole.Web.Components.Shared;
using PsaConsole.Web.Security;

namespace PsaConsole.Web.Components.Pages.Today;

/// <summary>Reads the start page: what the desk of the person needs, once, from the queries of the pages that it leads to. Numbers are counted to a limit.</summary>
public sealed class TodayQueries(
    ReaderStores stores, Colleagues colleagues, ApprovalQueries approvals, EngagementQueries engagements, StaffingQueries staffing, LaneQueries lanes, SystemQueries systems, TimeProvider time)
{
    /// <summary>More than this is shown as this and a plus.</summary>
    public const int Most = 1000;

    private const int Lines = 8;

    public async Task<TodayView> ReadAsync(Actor reader, CancellationToken cancellationToken)
    {
        var desk = Desks.Of(reader);
        var live = await engagements.CountLiveAsync(cancellationToken);
        await using var store = await (desk == Desk.Overview ? stores.CreateForSumsAsync(cancellationToken) : stores.CreateDbContextAsync(cancellationToken));
        var now = time.GetUtcNow();
        var (tomorrow, today) = (now.AddDays(1), DateOnly.FromDateTime(now.UtcDateTime));
        var monthEnd = new DateOnly(today.Year, today.Month, DateTime.DaysInMonth(today.Year, today.Month));
        var times = await TimesAsync(store, now.AddDays(-1), cancellationToken);
        var awake = CaseSelection.AwakeOf(store, now).Where(AnswersFor(desk));
        return new TodayView
        {
            Desk = desk,
            Open = await CountAsync(awake, cancellationToken),
            Mine = await CountAsync(CaseSelection.AwakeOf(store, now).Where(item => item.Assignee == reader.Id), cancellationToken),
            Pressing = await CountAsync(awake.Where(item => item.DueAt < tomorrow), cancellationToken),
            AtRisk = await AtRiskAsync(CaseSelection.OpenOf(store).Where(AnswersFor(desk)), cancellationToken),
            Moving = live.Where(part => part.Key is not (RunStatus.Parked or RunStatus.WaitingApproval)).Sum(part => part.Value),
            Stopped = live.GetValueOrDefault(RunStatus.Parked) + live.GetValueOrDefault(RunStatus.WaitingApproval),
            Verified = times.Count,
            TypicalTime = times.Count == 0 ? null : times[times.Count / 2],
            Waiting = await store.Approvals.Where(item => item.Status == ApprovalStatus.Waiting).Take(Most).CountAsync(cancellationToken),
            MonthEnd = monthEnd,
            DaysLeft = monthEnd.DayNumber - today.DayNumber,
            Cases = desk == Desk.Overview ? [] : await CasesAsync(awake, reader, await colleagues.NamesAsync(cancellationToken), cancellationToken),
            Approvals = desk == Desk.Finance ? [.. (await approvals.ListAsync(ApprovalFilter.Of(null, null, null), cancellationToken)).Rows.Take(Lines)] : [],
            Engagements = desk == Desk.Delivery ? [.. (await engagements.ListAsync(EngagementFilter.Everything, cancellationToken)).Rows.Take(Lines)] : [],
            Groups = desk == Desk.Overview ? [.. (await CaseQueries.GroupsAsync(store, now, cancellationToken)).Take(Lines)] : [],
            People = desk == Desk.Resources ? await staffing.CountAsync(cancellationToken) : null,
            Held = desk == Desk.Integration ? (await lanes.ListAsync(all: false, null, cancellationToken)).Rows.Count : null,
            Troubled = desk == Desk.Guard ? [] : [.. (await systems.ListAsync(cancellationToken)).Where(system => system.Tone is not Tone.Good)],
        };
    }

    /// <summary>The cases that the desk answers for, of those that the person sees; delivery and those who oversee have all of them.</summary>
    private static Expression<Func<ExceptionCase, bool>> AnswersFor(Desk desk)
    {
        var (finance, technology, security) = (nameof(CaseOwner.Finance), nameof(CaseOwner.IntegrationAdministration), nameof(CaseOwner.Security));
        return desk switch
        {
            Desk.Resources => item => item.Code.StartsWith("STF-") || item.Code.StartsWith("RES-"),
            Desk.Finance => item => item.OwnerGroup == finance || item.Code.StartsWith("TIM-") || item.Code.StartsWith("EXP-") || item.Code.StartsWith("BIL-"),
            Desk.Integration => item => item.OwnerGroup == technology || item.OwnerGroup == security,
            _ => _ => true,
        };
    }

    private static Task<int> CountAsync(IQueryable<ExceptionCase> found, CancellationToken cancellationToken) => found.Take(Most).CountAsync(cancellationToken);

    /// <summary>One's own first, then what costs most to leave.</summary>
    private static async Task<IReadOnlyList<CaseRow>> CasesAsync(
        IQueryable<ExceptionCase> awake, Actor reader, IReadOnlyDictionary<string, string> names, CancellationToken cancellationToken)
    {
        var own = await awake.Where(item => item.Assignee == reader.Id).OrderBy(item => item.PriorityAt).ThenBy(item => item.Id).Take(Lines).ToListAsync(cancellationToken);
        var first = own.Count == Lines ? [] : await awake.OrderBy(item => item.PriorityAt).ThenBy(item => item.Id).Take(Lines).ToListAsync(cancellationToken);
        return [.. own.Concat(first).DistinctBy(item => item.Id).Take(Lines).Select(item => CaseQueries.Row(item, names))];
    }

    // Several cases may wait on one deal: its money is at risk once, and no less while somebody has put them off.
    private static async Task<IReadOnlyList<Money>> AtRiskAsync(IQueryable<ExceptionCase> open, CancellationToken cancellationToken)
    {
        var deals = open
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
