using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using PsaConsole.Engine.Access;
using PsaConsole.Engine.Audit;
using PsaConsole.Engine.Mapping;
using PsaConsole.Engine.Policies;
using PsaConsole.Engine.Store;

namespace PsaConsole.Engine.Exceptions.Remap;

/// <summary>Writes drafts and versions of mapping sets with their audit entries, inside the transaction of the decision.</summary>
public sealed class RuleBook(IDbContextFactory<EngineDbContext> stores, MappingSets sets, TimeProvider time)
{
    /// <summary>Versions of a set are made one after the other.</summary>
    public static Task LockAsync(EngineDbContext store, string set, CancellationToken cancellationToken) =>
        store.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock(hashtextextended('mapping ' || {set}, 0))", cancellationToken);

    public void Draft(EngineDbContext store, Actor actor, MappingDraft draft)
    {
        store.MappingDrafts.Add(draft);
        store.AuditEntries.Add(Entry(actor, "mapping.draft", draft.SetName, MappingRights.OfDraft(actor, draft.SetName).Role, draft.Reason, null, After(draft)));
    }

    /// <summary>Makes the next version of the set, with the rule.</summary>
    public async Task PutInForceAsync(EngineDbContext store, Actor actor, MappingDraft draft, string reason, CancellationToken cancellationToken)
    {
        var newest = await store.MappingSets.AsNoTracking().Where(set => set.Name == draft.SetName).OrderByDescending(set => set.Version).FirstAsync(cancellationToken);
        var version = newest.Version + 1;
        store.MappingSets.Add(new MappingSet { Name = draft.SetName, Version = version, Rules = ValueRules.With(newest.Rules, draft.Unmapped, draft.Becomes), Author = draft.Author, CreatedAt = time.GetUtcNow() });
        Decide(actor, draft, DraftStatus.InForce, reason);
        draft.Version = version;
        var role = MappingRights.OfActivation(actor, draft.SetName).Role;
        store.AuditEntries.Add(Entry(actor, "mapping.activate", draft.SetName, role, reason, JsonSerializer.Serialize(new { newest.Version }, MappingSets.Json), After(draft)));
        await store.Database.ExecuteSqlAsync($"select pg_notify({ChangeFeed.Channel}, {MappingWatch.Kind + " " + draft.SetName})", cancellationToken);
    }

    public MappingDraft Reject(EngineDbContext store, Actor actor, MappingDraft draft, string reason)
    {
        Decide(actor, draft, DraftStatus.Rejected, reason);
        store.AuditEntries.Add(Entry(actor, "mapping.reject", draft.SetName, MappingRights.OfActivation(actor, draft.SetName).Role, reason, null, After(draft)));
        return draft;
    }

    /// <summary>Writes down that somebody was refused.</summary>
    public async Task RefuseAsync(EngineDbContext store, Actor actor, string action, UnmappedValue value, string? reason, string why, CancellationToken cancellationToken)
    {
        var after = JsonSerializer.Serialize(new { value.Field, value.Value, Refused = why }, MappingSets.Json);
        store.AuditEntries.Add(Entry(actor, action, value.Set, actor.RolesHeld, reason, null, after, allowed: false));
        await store.SaveChangesAsync(cancellationToken);
    }

    /// <summary>Open pages read the case again.</summary>
    public static Task TellAsync(EngineDbContext store, long caseId, CancellationToken cancellationToken) =>
        store.Database.ExecuteSqlAsync($"select pg_notify({ChangeFeed.Channel}, {"case " + caseId})", cancellationToken);

    /// <summary>This replica goes by the new version before the first case is asked; the others hear of it.</summary>
    public async Task ActivateHereAsync(MappingDraft draft, CancellationToken cancellationToken)
    {
        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        var made = await store.MappingSets.AsNoTracking().SingleAsync(set => set.Name == draft.SetName && set.Version == draft.Version, cancellationToken);
        if (sets.VersionOf(made.Name) < made.Version)
        {
            sets.Activate(made);
        }
    }

    private void Decide(Actor actor, MappingDraft draft, DraftStatus status, string reason) =>
        (draft.Status, draft.DecidedBy, draft.DecidedByName, draft.DecidedBecause, draft.DecidedAt) = (status, actor.Id, actor.Name, reason.Trim(), time.GetUtcNow());

    private static string After(MappingDraft draft) =>
        JsonSerializer.Serialize(new { draft.Field, draft.Value, draft.Becomes, draft.Status, draft.Author, draft.Version, Case = draft.CaseId }, MappingSets.Json);

    private AuditEntry Entry(Actor actor, string action, string set, string? role, string? reason, string? before, string after, bool allowed = true) => new()
    {
        At = time.GetUtcNow(),
        Actor = actor.Id,
        Role = role,
        Session = actor.Session,
        Action = action,
        Entity = $"mapping:{set}",
        Reason = reason,
        Allowed = allowed,
        Before = before,
        After = after,
    };
}
