using System.Data;
using System.Security.Claims;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using PsaConsole.Engine.Access;
using PsaConsole.Engine.Exceptions;
using PsaConsole.Engine.Exceptions.Remap;
using PsaConsole.Engine.Mapping;
using PsaConsole.Engine.Notices;
using PsaConsole.Engine.Policies;
using PsaConsole.Engine.Store;
using PsaConsole.Engine.Workflows;
using PsaConsole.Web.Components.Shared;
using PsaConsole.Web.Security;

namespace PsaConsole.Web.Components.Pages.Exceptions;

/// <summary>Reads one case with its run, its history, and what this person may do about it.</summary>
public sealed class CaseReader(
    ReaderStores stores, IEnumerable<Workflow> workflows, SystemCatalog systems, IOptions<SignInOptions> signIn, TeamClocks teams, Dismissals dismissals, Colleagues colleagues, TimeProvider time)
{
    private const int HistoryLines = 200;
    private const int KnownPeople = 200;

    /// <summary>The case of that number as this person may see it; null when there is none.</summary>
    public async Task<CaseView?> ReadAsync(long id, ClaimsPrincipal reader, CancellationToken cancellationToken)
    {
        await using var store = await stores.CreateDbContextAsync(cancellationToken);

        // One moment for all of it: a history that is newer than the case's version would invite an action that is then refused as stale.
        await using var moment = await store.Database.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
        var found = await store.ExceptionCases.AsNoTracking().SingleOrDefaultAsync(item => item.Id == id, cancellationToken);
        if (found is null)
        {
            return null;
        }

        var run = await store.Runs.AsNoTracking().Include(item => item.Steps).SingleOrDefaultAsync(item => item.Id == found.RunId, cancellationToken);
        var step = run?.Steps.Find(item => item.Key == found.StepKey);
        var kind = CaseKinds.Of(found.Code);
        var actor = ConsoleIdentity.ActorOf(reader);
        // In the answers of a case's own call those see values who may work on it.
        var sight = Sight.Of(actor) with { Payloads = CaseRights.Of(actor, CaseAction.Comment, found).Allowed };
        var detail = StepDetail.Read(step?.Detail, sight);
        var editable = Editable(run);
        var names = await colleagues.NamesAsync(cancellationToken);
        return new CaseView
        {
            Row = CaseQueries.Row(found, names),
            Cost = CaseWords.Cost(found, step),
            Advice = CaseWords.Sentence(kind.SuggestedFix),
            ClosesWhen = CaseWords.Sentence(kind.ResolvesWhen),
            Options = CaseOptions.For(actor, found, kind, editable.Count > 0),
            Editable = editable,
            Compared = Compared(found, detail, sight),
            Steps = run is null ? [] : RunTimeline.Of(run.Steps, run.ResumeAt, systems, sight, time.GetUtcNow()),
            Call = detail.Call,
            Answer = detail.Answer,
            History = await HistoryAsync(store, id, names, cancellationToken),
            Linked = await LinkedAsync(store, found, names, cancellationToken),
            Unmapped = Remaps.ValuesOf(found),
            Drafts = await DraftsAsync(store, Remaps.ValuesOf(found), cancellationToken),
            RunId = found.RunId,
            Assignees = await AssigneesAsync(actor, cancellationToken),
            Asleep = found.IsAsleep(time.GetUtcNow()) ? found.SnoozedUntil is { } until ? new Asleep(until) : new Asleep(null) : null,
            Clock = teams.Of(found.OwnerGroup),
            Snoozes = Snooze.Choices(teams.Of(found.OwnerGroup), time.GetUtcNow(), found.DueAt),
            PausedUntil = found.IsOpen && found.IsPaused(time.GetUtcNow()) ? found.ClockPausedUntil : null,
            PauseDays = found.DueAt > time.GetUtcNow() ? CasePauses.DaysLeft(found) : 0,
            Labels = CaseLabels.Of(found.Labels),
            MayMark = CaseRights.Of(actor, CaseAction.Assign, found).Allowed,
            UndoUntil = await dismissals.UntilAsync(store, actor, found, cancellationToken),
            Version = found.Version,
        };
    }

    /// <summary>Whom cases may be given to: id and name, the reader first.</summary>
    public Task<IReadOnlyList<KeyValuePair<string, string>>> AssigneesAsync(ClaimsPrincipal reader, CancellationToken cancellationToken) =>
        AssigneesAsync(ConsoleIdentity.ActorOf(reader), cancellationToken);

    // A verification compared everything; the case's findings name what differs. The fuller picture is shown.
    private static IReadOnlyList<ComparedField> Compared(ExceptionCase found, StepDetail detail, Sight sight) =>
        detail.Compared.Count > 0 ? detail.Compared : StepDetail.Read(found.Findings, sight).Compared;

    private static async Task<IReadOnlyList<HistoryLine>> HistoryAsync(EngineDbContext store, long id, IReadOnlyDictionary<string, string> names, CancellationToken cancellationToken)
    {
        var lines = await store.CaseEntries.AsNoTracking()
            .Where(entry => entry.CaseId == id)
            .OrderByDescending(entry => entry.Id)
            .Take(HistoryLines)
            .ToListAsync(cancellationToken);
        return [.. lines.Select(line => new HistoryLine(line.At, CaseWords.Person(line.Actor, names), CaseWords.Did(line, names), CaseWords.Said(line)))];
    }

    private static async Task<IReadOnlyList<CaseRow>> LinkedAsync(EngineDbContext store, ExceptionCase found, IReadOnlyDictionary<string, string> names, CancellationToken cancellationToken)
    {
        var linked = await CaseSelection.OpenOf(store)
            .Where(item => item.RunId != null && item.RunId == found.RunId && item.Id != found.Id)
            .OrderBy(item => item.Id)
            .ToListAsync(cancellationToken);
        return [.. linked.Select(item => CaseQueries.Row(item, names))];
    }

    private static async Task<IReadOnlyList<MappingDraft>> DraftsAsync(EngineDbContext store, IReadOnlyList<UnmappedValue> values, CancellationToken cancellationToken)
    {
        if (values.Count == 0)
        {
            return [];
        }

        var sets = values.Select(value => value.Set).ToList();
        var waiting = await store.MappingDrafts.AsNoTracking().Where(draft => draft.Status == DraftStatus.Waiting && sets.Contains(draft.SetName)).ToListAsync(cancellationToken);
        return [.. waiting.Where(draft => values.Contains(draft.Unmapped))];
    }

    private IReadOnlyList<EditableField> Editable(Run? run)
    {
        // A run of a workflow that this version no longer has can still be looked at.
        if (run is null || workflows.FirstOrDefault(item => item.Name == run.Workflow) is not { } workflow)
        {
            return [];
        }

        var state = JsonNode.Parse(run.State);
        return [.. workflow.EditableFields.Select(field => new EditableField(field.Key, field.Value, ValueAt(state, field.Key)))];
    }

    private static string ValueAt(JsonNode? state, string path)
    {
        var node = path.Split('.').Aggregate(state, (at, name) => (at as JsonObject)?[name]);
        return node is JsonValue value && value.TryGetValue<string>(out var text) ? text : node?.ToJsonString() ?? "";
    }

    // The reader, then everybody who has handled a case; on a developer's machine the sample users as well.
    private async Task<IReadOnlyList<KeyValuePair<string, string>>> AssigneesAsync(Actor reader, CancellationToken cancellationToken)
    {
        var known = (await colleagues.PeopleAsync(cancellationToken)).Take(KnownPeople);
        var names = await colleagues.NamesAsync(cancellationToken);
        var samples = signIn.Value.Mode is SignInMode.Development ? ConsoleRole.All.Select(role => ConsoleIdentity.SamplePrefix + role.Name) : [];
        return
        [
            new(reader.Id, $"{reader.Name} (you)"),
            .. known.Concat(samples).Distinct().Where(id => id != reader.Id).Select(id => KeyValuePair.Create(id, CaseWords.Person(id, names))).OrderBy(person => person.Value, StringComparer.CurrentCulture),
            new("", "Nobody: back to the group"),
        ];
    }
}
