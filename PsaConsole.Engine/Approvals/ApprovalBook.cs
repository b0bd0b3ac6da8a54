using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using PsaConsole.Engine.Audit;
using PsaConsole.Engine.Exceptions;
using PsaConsole.Engine.Mapping;
using PsaConsole.Engine.Policies;
using PsaConsole.Engine.Store;
using PsaConsole.Engine.Workflows;

namespace PsaConsole.Engine.Approvals;

/// <summary>Keeps the approvals of a run's step inside the transaction of the step: asks, recognises what was decided, voids what has changed.</summary>
public sealed class ApprovalBook(TimeProvider time)
{
    /// <summary>Working time within which somebody decides: ten business days.</summary>
    private static readonly TimeSpan TimeToDecide = TimeSpan.FromHours(85);

    /// <summary>Where the step stands with everything that it asks. What it does not ask any more is void.</summary>
    public async Task<ApprovalStand> SettleAsync(EngineDbContext store, Run run, RunStep row, IReadOnlyList<ApprovalAsk> asks, CancellationToken cancellationToken)
    {
        if (asks.Count == 0 && row.Attempts <= 1)
        {
            return ApprovalStand.Granted;
        }

        var known = await store.Approvals.Include(item => item.Decisions).Where(item => item.RunId == run.Id && item.StepKey == row.Key).OrderBy(item => item.Id).ToListAsync(cancellationToken);
        var now = time.GetUtcNow();
        foreach (var stale in known.Where(item => item.Status == ApprovalStatus.Waiting && !asks.Any(ask => ask.Key == item.Key && ask.Fingerprint == item.Fingerprint)))
        {
            Void(store, stale, "What was to be approved has changed.");
        }

        if (asks.Count == 0)
        {
            return ApprovalStand.Granted;
        }

        var (asking, again) = await AskingAsync(store, run, row, cancellationToken);
        List<Approval> waiting = [];
        List<Finding> findings = [];
        foreach (var ask in asks)
        {
            var last = known.LastOrDefault(item => item.Key == ask.Key && item.Fingerprint == ask.Fingerprint && item.Status != ApprovalStatus.Void);
            if (last is { Status: ApprovalStatus.Waiting } && last.ExpiresAt <= now)
            {
                last.Close(ApprovalStatus.Expired, now, "Nobody decided in time.");
                store.AuditEntries.Add(Entry("approval.expired", last));
            }

            switch (last)
            {
                case { Status: ApprovalStatus.Approved }:
                    break;
                case { Status: ApprovalStatus.Waiting }:
                    waiting.Add(last);
                    break;
                case { Status: ApprovalStatus.Rejected or ApprovalStatus.Expired } when !again:
                    findings.Add(NotGranted(last, ask));
                    break;
                default:
                    waiting.Add(Request(store, run, row, ask, asking));
                    break;
            }
        }

        return new ApprovalStand(waiting.Count == 0 && findings.Count == 0, waiting.Count == 0 ? null : waiting.Min(item => item.ExpiresAt), findings);
    }

    /// <summary>Whether anything that the run's step asked is still to be decided.</summary>
    public static Task<bool> IsWaitingAsync(EngineDbContext store, Run run, CancellationToken cancellationToken) =>
        store.Approvals.AnyAsync(item => item.RunId == run.Id && item.StepKey == run.StepKey && item.Status == ApprovalStatus.Waiting, cancellationToken);

    /// <summary>Nothing of the run is left to decide: it has been taken back.</summary>
    public async Task VoidAllAsync(EngineDbContext store, Guid runId, string because, CancellationToken cancellationToken)
    {
        foreach (var item in await store.Approvals.Where(item => item.RunId == runId && item.Status == ApprovalStatus.Waiting).ToListAsync(cancellationToken))
        {
            Void(store, item, because);
        }
    }

    /// <summary>Who edited or retried the run's cases asks as well (SoD-1); a retry of this step's own case asks again after a rejection.</summary>
    private static async Task<(IReadOnlyList<string> People, bool Again)> AskingAsync(EngineDbContext store, Run run, RunStep row, CancellationToken cancellationToken)
    {
        var people = await store.CaseEntries
            .Where(entry => (entry.Action == "retry" || entry.Action == "edit-and-retry") && store.ExceptionCases.Any(item => item.Id == entry.CaseId && item.RunId == run.Id))
            .Select(entry => entry.Actor)
            .Distinct()
            .ToListAsync(cancellationToken);
        var again = await store.ExceptionCases.AnyAsync(item => item.RunId == run.Id && item.StepKey == row.Key && item.Code == "CHG-701" && item.Status == CaseStatus.Retrying, cancellationToken);
        return (people, again);
    }

    private Approval Request(EngineDbContext store, Run run, RunStep row, ApprovalAsk ask, IReadOnlyList<string> asking)
    {
        var now = time.GetUtcNow();
        var made = new Approval
        {
            Kind = ask.Kind,
            RunId = run.Id,
            StepKey = row.Key,
            Key = ask.Key,
            Subject = ask.Subject,
            Reason = ask.Reason,
            LegalEntity = ask.LegalEntity,
            Practice = run.Practices.FirstOrDefault(),
            Amount = ask.Impact.Amount,
            Currency = ask.Impact.Currency,
            Changes = JsonSerializer.Serialize(ask.Changes, MappingSets.Json),
            Records = [.. ask.Records],
            Requesters = [.. ask.Requesters.Concat(asking).Distinct(StringComparer.OrdinalIgnoreCase)],
            Chain = [.. ask.Chain],
            Fingerprint = ask.Fingerprint,
            RequestedAt = now,
            ExpiresAt = ServiceClock.Default.Due(now, TimeToDecide),
        };
        store.Approvals.Add(made);
        store.AuditEntries.Add(Entry("approval.requested", made));
        return made;
    }

    private void Void(EngineDbContext store, Approval about, string because)
    {
        about.Close(ApprovalStatus.Void, time.GetUtcNow(), because);
        store.AuditEntries.Add(Entry("approval.void", about));
    }

    private static Finding NotGranted(Approval last, ApprovalAsk ask)
    {
        var no = last.Decisions.Find(item => !item.Approved);
        var why = no is null ? "Nobody decided in time." : $"{no.ActorName} rejected it: {no.Reason}";
        return new Finding("8.6", "CHG-701", ask.Subject, $"{ask.Reason} {why} Change the deal, take it back, or retry to ask again.") { Exposure = ask.Impact };
    }

    private AuditEntry Entry(string action, Approval about) => new()
    {
        At = time.GetUtcNow(),
        Actor = CaseBook.Engine,
        Action = action,
        Entity = $"run:{about.RunId}",
        Reason = about.ClosedBecause ?? about.Reason,
        After = JsonSerializer.Serialize(new { about.Key, about.Subject, about.Amount, about.Currency, about.Chain, about.Requesters, about.Fingerprint, about.Status }, MappingSets.Json),
    };
}

/// <summary>Where a step stands with its approvals.</summary>
/// <param name="IsGranted">Everything is approved: the step is done.</param>
/// <param name="Until">When the first of those that wait expires.</param>
/// <param name="Findings">What was rejected, or expired.</param>
public sealed record ApprovalStand(bool IsGranted, DateTimeOffset? Until, IReadOnlyList<Finding> Findings)
{
    public static ApprovalStand Granted { get; } = new(true, null, []);
}
