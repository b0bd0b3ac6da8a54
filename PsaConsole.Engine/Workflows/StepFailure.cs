using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Npgsql;
using PsaConsole.Engine.Audit;
using PsaConsole.Engine.Connectors;
using PsaConsole.Engine.Exceptions;
using PsaConsole.Engine.Inbox;
using PsaConsole.Engine.Mapping;
using PsaConsole.Engine.Model;
using PsaConsole.Engine.Policies;
using PsaConsole.Engine.Store;

namespace PsaConsole.Engine.Workflows;

/// <summary>
/// Decides what a failed step means (3-workflows 3.0.3): tried again later, waited for, or a case for a person. It changes the run and its step;
/// the caller commits.
/// </summary>
public sealed class StepFailure(CaseBook cases, ConnectorHealth health, TimeProvider time, ILogger<StepFailure> logger)
{
    /// <summary>How long a run rests before it looks again whether an open circuit has closed or a paused system is back.</summary>
    public static readonly TimeSpan CircuitRest = TimeSpan.FromSeconds(15);

    /// <summary>A system that has answered nothing for so long is down: an outage, which spends no attempts, even where too few calls are made to open its circuit.</summary>
    private static readonly TimeSpan Outage = TimeSpan.FromMinutes(1);

    /// <summary>A policy or a verification said no: every code becomes a case, and the run parks.</summary>
    public async Task RefuseAsync(EngineDbContext store, Run run, RunStep row, IReadOnlyList<Finding> findings, CancellationToken cancellationToken)
    {
        row.Detail ??= JsonSerializer.Serialize(new { findings }, MappingSets.Json);
        await ParkAsync(store, run, row, findings, cancellationToken);
    }

    /// <summary>A dependency is missing: its case is raised once, and the step is tried again by itself until it is there. That costs no attempts.</summary>
    public async Task WaitAsync(EngineDbContext store, Run run, RunStep row, StepOutcome outcome, CancellationToken cancellationToken)
    {
        row.Status = StepStatus.Retrying;
        row.Message = Bounded(outcome.Message ?? string.Join(" ", outcome.Findings.Select(finding => finding.Message)));
        run.Message = row.Message;
        run.Status = RunStatus.Waiting;
        run.ResumeAt = time.GetUtcNow() + (outcome.Rest ?? CircuitRest);
        run.Attempts = 0;
        var raised = await store.ExceptionCases
            .Where(item => item.RunId == run.Id && item.StepKey == row.Key && item.Status == CaseStatus.Open)
            .Select(item => item.Code)
            .ToListAsync(cancellationToken);
        await cases.RaiseAsync(store, About(run, row), [.. outcome.Findings.Where(finding => !raised.Contains(finding.Code))], cancellationToken);
    }

    /// <summary>Something was thrown.</summary>
    public Task RecordAsync(EngineDbContext store, Run run, RunStep row, Exception problem, CancellationToken cancellationToken)
    {
        row.Message = Bounded(problem.Message);
        run.Message = row.Message;
        run.Note(problem, time.GetUtcNow());
        if (problem is ConnectorException { Call: not null } failed)
        {
            row.Detail = JsonSerializer.Serialize(new { failed.Call, failed.Status, failed.VendorCode, failed.Answer }, MappingSets.Json);
        }

        return problem switch
        {
            ConnectorException { Class: ErrorClass.CircuitOpen } => RestAsync(run, row, CircuitRest),
            ConnectorException { Class: ErrorClass.QuotaSpent } spent => RestAsync(run, row, spent.RetryAfter ?? CircuitRest),
            ConnectorException { Class: ErrorClass.Transient or ErrorClass.Ambiguous } unanswered when IsDown(unanswered.SystemName) => RestAsync(run, row, CircuitRest),
            ConnectorException { Class: ErrorClass.Transient or ErrorClass.CursorLost } transient =>
                TryLaterAsync(store, run, row, transient.RetryAfter, "INT-901", cancellationToken),
            ConnectorException { Class: ErrorClass.Ambiguous } => TryLaterAsync(store, run, row, null, "INT-910", cancellationToken),
            OperationCanceledException => TryLaterAsync(store, run, row, null, "INT-910", cancellationToken),
            ConnectorException { Class: ErrorClass.Auth } refused => PauseAsync(store, run, row, refused, cancellationToken),
            ConnectorException { Class: ErrorClass.Contract } unreadable => RefusedByTargetAsync(store, run, row, "INT-904", unreadable, cancellationToken),
            ConnectorException refused => RefusedByTargetAsync(store, run, row, "HND-007", refused, cancellationToken),
            MappingException unmapped => ParkAsync(store, run, row, [.. unmapped.Gaps.Select(gap => new Finding("R45", "GOV-952", gap.Set, gap.ToString()) { Field = gap.Field, Actual = gap.Value, Unmapped = gap.Unmapped })], cancellationToken),
            _ when IsTransient(problem) => TryLaterAsync(store, run, row, null, "INT-901", cancellationToken),
            _ => DefectAsync(store, run, row, problem, cancellationToken),
        };
    }

    /// <summary>What a case of this step is about.</summary>
    public static CaseSubject About(Run run, RunStep row) => new(run.BusinessKey, run.Title)
    {
        RunId = run.Id,
        LegalEntities = run.LegalEntities,
        Practices = run.Practices,
        StepKey = row.Key,
        SystemName = row.SystemName,
        Payload = CasePayload.Of(row.Detail),
        Exposure = run is { Amount: { } amount, Currency: { } currency } ? new Money(amount, currency) : null,
    };

    private async Task TryLaterAsync(EngineDbContext store, Run run, RunStep row, TimeSpan? retryAfter, string exhausted, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        run.FailingSince ??= now;
        if (RetrySchedule.IsExhausted(run.Attempts, run.FailingSince, now))
        {
            var text = $"{row.Title}: {row.Message} Tried {run.Attempts} times since {run.FailingSince:u}. Fix the cause, then retry.";
            await ParkAsync(store, run, row, [new Finding("3.0.3", exhausted, run.Title, text)], cancellationToken);
            return;
        }

        // Jitter spreads retries; nothing secret depends on it.
#pragma warning disable CA5394
        var delay = RetrySchedule.Delay(run.Attempts, Random.Shared.NextDouble(), retryAfter);
#pragma warning restore CA5394
        row.Status = StepStatus.Retrying;
        run.Status = RunStatus.Waiting;
        run.ResumeAt = now + delay;
    }

    private Task RestAsync(Run run, RunStep row, TimeSpan rest)
    {
        // The attempt is given back and the age stands still: a long outage must not empty the budget (R71).
        run.Attempts = Math.Max(0, run.Attempts - 1);
        run.FailingSince = null;
        row.Status = StepStatus.Retrying;
        run.Status = RunStatus.Waiting;
        run.ResumeAt = time.GetUtcNow() + rest;
        return Task.CompletedTask;
    }

    private async Task PauseAsync(EngineDbContext store, Run run, RunStep row, ConnectorException refused, CancellationToken cancellationToken)
    {
        if (!await store.SystemPauses.AnyAsync(pause => pause.SystemName == refused.SystemName, cancellationToken))
        {
            store.SystemPauses.Add(new SystemPause { SystemName = refused.SystemName, Actor = CaseBook.Engine, Reason = Bounded(refused.Message), PausedAt = time.GetUtcNow() });
            store.AuditEntries.Add(new AuditEntry { At = time.GetUtcNow(), Actor = CaseBook.Engine, Action = "system.paused", Entity = $"system:{refused.SystemName}", Reason = Bounded(refused.Message) });
        }

        var about = new CaseSubject($"system:{refused.SystemName}", refused.SystemName) { SystemName = refused.SystemName };
        await cases.RaiseAsync(store, about, [new Finding("3.0.3", "INT-902", refused.SystemName, $"{refused.Message} Renew the credential, then resume the system.")], cancellationToken);
        await RestAsync(run, row, CircuitRest);
    }

    private Task RefusedByTargetAsync(EngineDbContext store, Run run, RunStep row, string code, ConnectorException refused, CancellationToken cancellationToken) =>
        ParkAsync(store, run, row, [new Finding("3.0.3", code, run.Title, $"{row.Title}: {refused.Message}")], cancellationToken);

    private Task DefectAsync(EngineDbContext store, Run run, RunStep row, Exception problem, CancellationToken cancellationToken)
    {
        logger.LogError(problem, "{Workflow} {RunId} {Step} met a fault of our own.", run.Workflow, run.Id, row.Key);
        var text = $"{row.Title}: the engine met a fault of its own ({problem.GetType().Name}: {problem.Message}). Retry; if it stays, report it with run {run.Id}.";
        return ParkAsync(store, run, row, [new Finding("engine", "INT-999", run.Title, text)], cancellationToken);
    }

    private async Task ParkAsync(EngineDbContext store, Run run, RunStep row, IReadOnlyList<Finding> findings, CancellationToken cancellationToken)
    {
        row.Status = StepStatus.Failed;
        row.Message = Bounded(string.Join(" ", findings.Select(finding => finding.Message)));
        run.Message = row.Message;
        run.Status = RunStatus.Parked;
        run.ResumeAt = null;
        await cases.ResolveAsync(store, run.Id, row.Key, [.. findings.Select(finding => finding.Code)], cancellationToken);
        await cases.RaiseAsync(store, About(run, row), findings, cancellationToken);
    }

    private bool IsDown(string systemName) => health.Of(systemName).DownFor >= Outage;

    /// <summary>Our own database was busy, restarted or broke a deadlock: no fault of the business, and over in a moment. EF wraps what it says.</summary>
    private static bool IsTransient(Exception? problem) => problem is NpgsqlException { IsTransient: true } || (problem is not null && IsTransient(problem.InnerException));

    private static string Bounded(string text) => text.Length <= 2000 ? text : text[..1999] + "…";
}
