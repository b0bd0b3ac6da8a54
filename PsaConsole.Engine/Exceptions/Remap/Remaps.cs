using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using PsaConsole.Engine.Access;
using PsaConsole.Engine.Exceptions.Groups;
using PsaConsole.Engine.Mapping;
using PsaConsole.Engine.Policies;
using PsaConsole.Engine.Store;

namespace PsaConsole.Engine.Exceptions.Remap;

/// <summary>
/// Fixes cases at their cause: a rule for the value that has none. Where it has financial effect a second person puts it in force (SoD-4). With it, in the same
/// transaction, a group action begins that retries exactly the cases which found the value.
/// </summary>
public sealed class Remaps(IDbContextFactory<EngineDbContext> stores, RemapChoices choices, RuleBook rules, GroupActions groups, DutyGuard duties, TimeProvider time)
{
    /// <summary>What of this case a rule would settle; nothing when it is about no value. Asks the ERP for what it alone knows.</summary>
    public async Task<IReadOnlyList<RemapOffer>> OffersAsync(Actor actor, long caseId, CancellationToken cancellationToken)
    {
        await using var store = await stores.CreateForAsync(actor, cancellationToken);
        if (await store.ExceptionCases.AsNoTracking().SingleOrDefaultAsync(item => item.Id == caseId, cancellationToken) is not { } about)
        {
            return [];
        }

        var offers = new List<RemapOffer>();
        foreach (var value in ValuesOf(about))
        {
            if (await choices.OfAsync(store, value, cancellationToken) is { } possible)
            {
                var draft = await store.MappingDrafts.AsNoTracking().SingleOrDefaultAsync(item => item.SetName == value.Set && item.Field == value.Field && item.Value == value.Value && item.Status == DraftStatus.Waiting, cancellationToken);
                var (cases, alone) = await CountAsync(store, value, cancellationToken);
                offers.Add(new RemapOffer(value, possible, cases, alone, draft, MappingRights.OfDraft(actor, value.Set), MappingRights.OfActivation(actor, value.Set)));
            }
        }

        return offers;
    }

    /// <summary>Writes a rule. Where it has no financial effect and the author may, it is in force at once.</summary>
    /// <param name="value">A value of the case's findings.</param>
    /// <param name="becomes">One of the choices, where there are any.</param>
    /// <exception cref="RefusedException">The person may not, or something is missing.</exception>
    public async Task<Remapped> ProposeAsync(Actor actor, long caseId, UnmappedValue value, string becomes, string reason, CancellationToken cancellationToken)
    {
        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        await using var transaction = await store.Database.BeginTransactionAsync(cancellationToken);
        await RuleBook.LockAsync(store, value.Set, cancellationToken);
        var about = await store.ExceptionCases.AsNoTracking().SingleOrDefaultAsync(item => item.Id == caseId, cancellationToken)
            ?? throw new RefusedException($"There is no case {caseId}.", RefusedBecause.Missing);
        if ((actor.Scope.WhyOutside(about.Stake.Place) ?? MappingRights.OfDraft(actor, value.Set).Why) is { } no)
        {
            await rules.RefuseAsync(store, actor, "mapping.draft", value, reason, no, cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            throw new RefusedException(no, RefusedBecause.Right);
        }

        var possible = await choices.OfAsync(store, value, cancellationToken);
        if (!about.IsOpen || possible is null || !ValuesOf(about).Contains(value))
        {
            throw new RefusedException($"Case {caseId} has changed since you opened it: it does not wait for this value any more.", RefusedBecause.Stale);
        }

        var draft = new MappingDraft
        {
            SetName = value.Set,
            Field = value.Field,
            Value = value.Value,
            Becomes = Chosen(becomes, possible),
            Reason = Needed(reason),
            CaseId = caseId,
            Author = actor.Id,
            AuthorName = actor.Name,
            WrittenAt = time.GetUtcNow(),
        };
        var waits = MappingRights.HasFinancialEffect(value.Set) || !MappingRights.OfActivation(actor, value.Set).Allowed;
        if (await store.MappingDrafts.FirstOrDefaultAsync(item => item.SetName == value.Set && item.Field == value.Field && item.Value == value.Value && item.Status == DraftStatus.Waiting, cancellationToken) is { } other)
        {
            throw new RefusedException($"{other.AuthorName} has proposed “{other.Becomes}” already. Put it in force or reject it first.", RefusedBecause.Stale);
        }

        rules.Draft(store, actor, draft);
        var outcome = waits ? new Remapped(false, null, 0) : await ApplyAsync(store, actor, draft, reason, cancellationToken);
        await store.SaveChangesAsync(cancellationToken);
        await RuleBook.TellAsync(store, caseId, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        await FollowAsync(draft, cancellationToken);
        return outcome;
    }

    /// <summary>Puts another's draft in force, and retries what it clears.</summary>
    /// <exception cref="RefusedException">The person may not, wrote it, or it was decided already.</exception>
    public async Task<Remapped> ActivateAsync(Actor actor, long draftId, string reason, CancellationToken cancellationToken)
    {
        var outcome = new Remapped(false, null, 0);
        await DecideAsync(actor, draftId, "mapping.activate", reason, async (store, draft) => outcome = await ApplyAsync(store, actor, draft, reason, cancellationToken), cancellationToken);
        return outcome;
    }

    /// <summary>Leaves a draft out. Its author may take it back, too.</summary>
    /// <exception cref="RefusedException">The person may not, or it was decided already.</exception>
    public Task RejectAsync(Actor actor, long draftId, string reason, CancellationToken cancellationToken) =>
        DecideAsync(actor, draftId, "mapping.reject", reason, (store, draft) => Task.FromResult(rules.Reject(store, actor, draft, reason)), cancellationToken);

    private async Task DecideAsync(Actor actor, long draftId, string action, string reason, Func<EngineDbContext, MappingDraft, Task> act, CancellationToken cancellationToken)
    {
        var said = Needed(reason);
        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        await using var transaction = await store.Database.BeginTransactionAsync(cancellationToken);
        var draft = await store.MappingDrafts.FromSql($"select * from mapping_draft where id = {draftId} for update").SingleOrDefaultAsync(cancellationToken)
            ?? throw new RefusedException($"There is no draft {draftId}.", RefusedBecause.Missing);
        var isOwn = draft.Author == actor.Id;
        var done = isOwn && action == "mapping.activate" ? new HashSet<Duty> { Duty.AuthorRule } : [];
        if (MappingRights.HasFinancialEffect(draft.SetName) && SegregationOfDuties.Of(actor, Duty.ActivateRule, done, null, false) is { } conflict)
        {
            await duties.RecordAsync(store, actor, conflict, action, $"mapping:{draft.SetName}", said, cancellationToken);
            await store.SaveChangesAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            throw new RefusedException($"{conflict.Rule}: {conflict.Message}", RefusedBecause.Right);
        }

        if (!(isOwn && action == "mapping.reject") && MappingRights.OfActivation(actor, draft.SetName) is { Allowed: false } no)
        {
            await rules.RefuseAsync(store, actor, action, draft.Unmapped, said, no.Why!, cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            throw new RefusedException(no.Why!, RefusedBecause.Right);
        }

        if (draft.Status != DraftStatus.Waiting)
        {
            throw new RefusedException($"{draft.DecidedByName} has decided it already.", RefusedBecause.Stale);
        }

        await RuleBook.LockAsync(store, draft.SetName, cancellationToken);
        await act(store, draft);
        await store.SaveChangesAsync(cancellationToken);
        await RuleBook.TellAsync(store, draft.CaseId, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        await FollowAsync(draft, cancellationToken);
    }

    /// <summary>The version of the set, and the retry of what it clears; both or neither.</summary>
    private async Task<Remapped> ApplyAsync(EngineDbContext store, Actor actor, MappingDraft draft, string reason, CancellationToken cancellationToken)
    {
        await rules.PutInForceAsync(store, actor, draft, reason, cancellationToken);
        var selection = new CaseSelection { Shelf = CaseShelf.Unsettled, Unmapped = draft.Unmapped, UpTo = await store.ExceptionCases.MaxAsync(item => (long?)item.Id, cancellationToken) };
        var cases = await selection.Of(store, actor.Id, time.GetUtcNow()).ToListAsync(cancellationToken);
        if (!cases.Any(item => CaseRights.Of(actor, CaseAction.Retry, item).Allowed))
        {
            return new Remapped(true, null, 0);
        }

        var order = new GroupOrder(CaseAction.Retry, $"{draft.SetName}: “{draft.Value}” becomes “{draft.Becomes}”. {draft.Reason}");
        draft.GroupId = await groups.AddAsync(store, actor, order, selection, $"all open cases that found “{draft.Value}” without a rule in {draft.SetName}", cancellationToken);
        return new Remapped(true, draft.GroupId, cases.Count);
    }

    private async Task FollowAsync(MappingDraft draft, CancellationToken cancellationToken)
    {
        if (draft.Status == DraftStatus.InForce)
        {
            await rules.ActivateHereAsync(draft, cancellationToken);
            groups.Nudge();
        }
    }

    private static async Task<(int Cases, int Alone)> CountAsync(EngineDbContext store, UnmappedValue value, CancellationToken cancellationToken)
    {
        var found = new CaseSelection { Shelf = CaseShelf.Unsettled, Unmapped = value }.Of(store, "", DateTimeOffset.MinValue);
        var parts = await found.GroupBy(item => item.Findings).Select(part => new { part.Key, Count = part.Count() }).ToListAsync(cancellationToken);
        return (parts.Sum(part => part.Count), parts.Where(part => Findings(part.Key).All(finding => finding.Unmapped == value)).Sum(part => part.Count));
    }

    /// <summary>The values without a rule that an open case found.</summary>
    public static IReadOnlyList<UnmappedValue> ValuesOf(ExceptionCase about) => about.IsOpen && CaseKinds.Of(about.Code).Actions.HasFlag(CaseAction.Remap)
        ? [.. Findings(about.Findings).Select(finding => finding.Unmapped).OfType<UnmappedValue>().Distinct()]
        : [];

    private static List<Finding> Findings(string json) => JsonSerializer.Deserialize<List<Finding>>(json, MappingSets.Json) ?? [];

    private static string Chosen(string becomes, Choices possible) => becomes.Trim() is { Length: > 0 and <= 400 } to && (possible.Values.Count == 0 || possible.Values.Contains(to))
        ? to
        : throw new RefusedException("Choose what the value becomes.");

    private static string Needed(string reason) => string.IsNullOrWhiteSpace(reason)
        ? throw new RefusedException("Say why: the reason stays with the rule.")
        : reason.Trim() is { Length: <= 2000 } text ? text : throw new RefusedException("Say it in at most 2,000 letters.");
}
