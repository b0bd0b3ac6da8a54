using Microsoft.EntityFrameworkCore;
using PsaConsole.Engine.Access;
using PsaConsole.Engine.Connectors;
using PsaConsole.Engine.Exceptions;
using PsaConsole.Engine.Inbox;
using PsaConsole.Engine.Store;
using PsaConsole.Engine.Workflows;
using PsaConsole.Web.Components.Pages.Exceptions;
using PsaConsole.Web.Components.Shared;
using PsaConsole.Web.Security;

namespace PsaConsole.Web.Components.Pages.Systems;

/// <summary>Reads how the outside systems do.</summary>
public sealed class SystemQueries(
    IDbContextFactory<EngineDbContext> house, ReaderStores stores, SystemCatalog systems, ConnectorHealth health, IEnumerable<DailyQuota> quotas, Colleagues colleagues, TimeProvider time)
{
    public async Task<IReadOnlyList<SystemView>> ListAsync(CancellationToken cancellationToken)
    {
        // How a system does is the house's matter; cases and steps are counted as far as the reader may see them.
        await using var store = await house.CreateDbContextAsync(cancellationToken);
        await using var seen = await stores.CreateForSumsAsync(cancellationToken);
        var cursors = await store.SourceCursors.AsNoTracking().ToDictionaryAsync(cursor => cursor.SystemName, cancellationToken);
        var pauses = await store.SystemPauses.AsNoTracking().ToDictionaryAsync(pause => pause.SystemName, cancellationToken);
        // What a source has entered ahead waits for its day: nobody is behind with it.
        var inbox = await store.InboxItems.Where(item => item.Status == InboxStatus.Waiting && (item.ResumeAt == null || item.Attempts > 0))
            .GroupBy(item => item.SystemName)
            .ToDictionaryAsync(group => group.Key, group => group.Count(), cancellationToken);
        var waiting = await seen.RunSteps
            .Where(step => step.Status == StepStatus.Retrying && step.SystemName != null)
            .GroupBy(step => step.SystemName!)
            .ToDictionaryAsync(group => group.Key, group => group.Count(), cancellationToken);
        var cases = await seen.ExceptionCases
            .Where(item => (item.Status == CaseStatus.Open || item.Status == CaseStatus.Retrying) && item.SystemName != null)
            .GroupBy(item => item.SystemName!)
            .ToDictionaryAsync(group => group.Key, group => group.Count(), cancellationToken);
        var today = DailyQuota.DayOf(time.GetUtcNow());
        var taken = await store.CallQuotas.Where(quota => quota.Day == today).ToDictionaryAsync(quota => quota.SystemName, quota => quota.Taken, cancellationToken);
        var names = await colleagues.NamesAsync(cancellationToken);
        return [.. systems.All.Select(system => View(
            system,
            names,
            health.Of(system.Name),
            cursors.GetValueOrDefault(system.Name),
            pauses.GetValueOrDefault(system.Name),
            inbox.GetValueOrDefault(system.Name),
            waiting.GetValueOrDefault(system.Name),
            cases.GetValueOrDefault(system.Name)) with
        {
            Quota = QuotaOf(system.Name, taken.GetValueOrDefault(system.Name)),
        })];
    }

    private (long Used, long Limit)? QuotaOf(string systemName, long taken) =>
        quotas.FirstOrDefault(quota => quota.SystemName == systemName)?.Calls is { } own ? (taken, own)
        : health.Of(systemName) is { QuotaUsed: { } used, QuotaLimit: { } limit } ? (used, limit)
        : null;

    private static SystemView View(
        SystemInfo system, IReadOnlyDictionary<string, string> names, SystemHealth health, SourceCursor? cursor, SystemPause? pause, int inbox, int waiting, int cases)
    {
        var (state, tone) = StandingOf(health, cursor, pause, waiting);
        return new SystemView
        {
            Name = system.Name,
            Title = system.Title,
            Role = system.Role,
            State = state,
            Tone = tone,
            Problem = pause is not null ? $"{pause.Reason} ({CaseWords.Person(pause.Actor, names)})"
                : cursor?.LastError ?? (tone is Tone.Good ? null : health.LastError),
            Health = health,
            PausedAt = pause?.PausedAt,
            Inbox = inbox,
            Waiting = waiting,
            Cases = cases,
            IsSource = cursor is not null,
            Cursor = cursor?.Cursor,
            LastGoodRead = Later(cursor is { LastError: null } ? cursor.ReadAt : null, health.LastGoodReadAt),
        };
    }

    private static (string Text, Tone Tone) StandingOf(SystemHealth health, SourceCursor? cursor, SystemPause? pause, int waiting) => (pause, health.Circuit) switch
    {
        ({ Actor: CaseBook.Engine }, _) => ("Refuses us", Tone.Bad),
        ({ }, _) => ("Paused", Tone.Waiting),
        (_, CircuitState.Open) => ("Down", Tone.Bad),
        _ when cursor?.LastError is not null => ("Can't be read", Tone.Bad),
        (_, CircuitState.HalfOpen) => ("Coming back", Tone.Waiting),
        _ when waiting > 0 => ("Being waited for", Tone.Waiting),
        _ => ("Well", Tone.Good),
    };

    private static DateTimeOffset? Later(DateTimeOffset? first, DateTimeOffset? second) =>
        first is null || second > first ? second : first;
}
