using Microsoft.EntityFrameworkCore;
using PsaConsole.Engine.Exceptions;
using PsaConsole.Engine.Inbox;
using PsaConsole.Engine.Store;
using PsaConsole.Engine.Workflows;
using PsaConsole.Web.Components.Pages.Exceptions;
using PsaConsole.Web.Components.Shared;

namespace PsaConsole.Web.Components.Pages.Systems;

/// <summary>Reads how the outside systems do.</summary>
public sealed class SystemQueries(IDbContextFactory<EngineDbContext> stores, SystemCatalog systems)
{
    public async Task<IReadOnlyList<SystemView>> ListAsync(CancellationToken cancellationToken)
    {
        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        var cursors = await store.SourceCursors.AsNoTracking().ToDictionaryAsync(cursor => cursor.SystemName, cancellationToken);
        var pauses = await store.SystemPauses.AsNoTracking().ToDictionaryAsync(pause => pause.SystemName, cancellationToken);
        var inbox = await store.InboxItems.Where(item => item.Status == InboxStatus.Waiting)
            .GroupBy(item => item.SystemName)
            .ToDictionaryAsync(group => group.Key, group => group.Count(), cancellationToken);
        var waiting = await store.RunSteps
            .Where(step => step.Status == StepStatus.Retrying && step.SystemName != null)
            .GroupBy(step => step.SystemName!)
            .ToDictionaryAsync(group => group.Key, group => group.Count(), cancellationToken);
        var cases = await store.ExceptionCases
            .Where(item => (item.Status == CaseStatus.Open || item.Status == CaseStatus.Retrying) && item.SystemName != null)
            .GroupBy(item => item.SystemName!)
            .ToDictionaryAsync(group => group.Key, group => group.Count(), cancellationToken);
        return [.. systems.All.Select(system => View(
            system,
            cursors.GetValueOrDefault(system.Name),
            pauses.GetValueOrDefault(system.Name),
            inbox.GetValueOrDefault(system.Name),
            waiting.GetValueOrDefault(system.Name),
            cases.GetValueOrDefault(system.Name)))];
    }

    private static SystemView View(SystemInfo system, SourceCursor? cursor, SystemPause? pause, int inbox, int waiting, int cases)
    {
        var (state, tone) = (pause, cursor?.LastError, waiting) switch
        {
            ({ Actor: CaseBook.Engine }, _, _) => ("Refuses us", Tone.Bad),
            ({ }, _, _) => ("Paused", Tone.Waiting),
            (_, { }, _) => ("Can't be read", Tone.Bad),
            (_, _, > 0) => ("Being waited for", Tone.Waiting),
            _ => ("Well", Tone.Good),
        };
        return new SystemView
        {
            Name = system.Name,
            Title = system.Title,
            Role = system.Role,
            State = state,
            Tone = tone,
            Problem = pause is not null ? $"{pause.Reason} ({CaseWords.Person(pause.Actor)})" : cursor?.LastError,
            PausedAt = pause?.PausedAt,
            Inbox = inbox,
            Waiting = waiting,
            Cases = cases,
            IsSource = cursor is not null,
            Cursor = cursor?.Cursor,
            LastGoodRead = cursor?.ReadAt,
        };
    }
}
