using System.Globalization;
using Microsoft.EntityFrameworkCore;
using PsaConsole.Engine.Exceptions;
using PsaConsole.Engine.Policies;
using PsaConsole.Engine.Store;
using PsaConsole.Engine.Workflows;

namespace PsaConsole.Engine.Inbox;

/// <summary>
/// Tells people of a flow that is slower than promised (INT-908, 7-kpis 7.3): of its runs that ended within half an hour or are under way, more than 5 of 100 took
/// longer than the workflow's target. The case closes when half an hour has passed in which they did not. Runs that a person had to decide anything about, or that wait
/// for something that a case names, are not counted, nor are those that wait behind such a run: its case tells already.
/// </summary>
public sealed class LatencyWatch(IDbContextFactory<EngineDbContext> stores, IEnumerable<Workflow> workflows, CaseBook cases, TimeProvider time)
{
    public const string Code = "INT-908";

    /// <summary>What is looked at.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(30);

    /// <summary>Fewer late runs than these are chance.</summary>
    private const int Fewest = 3;

    private const int LatePercent = 5;

    /// <summary>What lay in a source for longer before the console read of it is not its latency.</summary>
    private static readonly TimeSpan OldNews = TimeSpan.FromDays(1);

    public async Task LookAsync(CancellationToken cancellationToken)
    {
        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        await using var transaction = await store.Database.BeginTransactionAsync(cancellationToken);
        await SystemWatch.TakeTurnAsync(store, cancellationToken);
        foreach (var workflow in workflows.Where(workflow => workflow.Target is not null))
        {
            await LookAsync(store, workflow.Name, workflow.Target!.Value, cancellationToken);
        }

        await store.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private async Task LookAsync(EngineDbContext store, string workflow, TimeSpan target, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var since = now - Window;
        var counts = await store.Runs
            .Where(run => run.Workflow == workflow && ((run.Status == RunStatus.Completed && run.UpdatedAt >= since) || run.Status == RunStatus.Running || run.Status == RunStatus.Waiting))
            .Where(run => run.StartedAt - run.OccurredAt < OldNews && !store.ExceptionCases.Any(item => item.RunId == run.Id) && !store.Approvals.Any(item => item.RunId == run.Id))
            .Where(run => !store.Runs.Any(other => other.LaneKey == run.LaneKey && other.Id != run.Id
                && (other.Status == RunStatus.Parked || other.Status == RunStatus.WaitingApproval
                    || (other.UpdatedAt >= since && (store.ExceptionCases.Any(item => item.RunId == other.Id) || store.Approvals.Any(item => item.RunId == other.Id))))))
            .GroupBy(_ => 1)
            .Select(all => new { All = all.Count(), Late = all.Count(run => (run.EndedAt ?? now) - run.OccurredAt > target) })
            .SingleOrDefaultAsync(cancellationToken);
        var (key, late) = ($"flow:{workflow}", counts?.Late ?? 0);
        if (late < Fewest || late * 100 <= counts!.All * LatePercent)
        {
            await cases.ResolveAsync(store, [Code], key, now, "95 of 100 were in time for half an hour.", cancellationToken);
        }
        else if (!await store.ExceptionCases.AnyAsync(item => item.Code == Code && item.BusinessKey == key && (item.Status == CaseStatus.Open || item.Status == CaseStatus.Retrying), cancellationToken))
        {
            var text = string.Create(
                CultureInfo.InvariantCulture,
                $"{late} of {counts.All} runs of {workflow} in the last half hour took longer than {Words(target)}. Nothing is lost. Look under Systems for a target that answers slowly or throttles, and under Lanes for what waits.");
            await cases.RaiseAsync(store, new CaseSubject(key, workflow), [new Finding("7.3", Code, workflow, text) { Field = "Share in time", Expected = "95 %", Actual = string.Create(CultureInfo.InvariantCulture, $"{100 - (late * 100m / counts.All):0} %") }], cancellationToken);
        }
    }

    private static string Words(TimeSpan target) => target < TimeSpan.FromHours(1)
        ? string.Create(CultureInfo.InvariantCulture, $"{target.TotalMinutes:0} minutes")
        : string.Create(CultureInfo.InvariantCulture, $"{target.TotalHours:0} hours");
}
