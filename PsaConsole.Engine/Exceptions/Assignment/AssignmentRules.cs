using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using PsaConsole.Engine.Access;
using PsaConsole.Engine.Audit;
using PsaConsole.Engine.Mapping;
using PsaConsole.Engine.Store;

namespace PsaConsole.Engine.Exceptions.Assignment;

/// <summary>What a rule is to say.</summary>
/// <param name="Code">Beginning of a code, or empty.</param>
/// <param name="Team">A team, or empty.</param>
/// <param name="LegalEntity">A legal entity, or empty.</param>
/// <param name="Assignee">A person's id, or empty.</param>
/// <param name="ToTeam">A team, or empty.</param>
public sealed record RuleDraft(string Code, string Team, string LegalEntity, string Assignee, string ToTeam);

/// <summary>Keeps the rules by which new cases are given away. Whoever may assign every case writes them; they hold for what is raised from then on.</summary>
public sealed class AssignmentRules(IDbContextFactory<EngineDbContext> stores, TimeProvider time)
{
    private const int Most = 200;

    /// <summary>The rules, in the order in which they were written.</summary>
    public async Task<IReadOnlyList<AssignmentRule>> ListAsync(CancellationToken cancellationToken)
    {
        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        return await store.AssignmentRules.AsNoTracking().OrderBy(rule => rule.Id).ToListAsync(cancellationToken);
    }

    /// <summary>May this person write and remove rules?</summary>
    public static Permission MayWrite(Actor actor) => Decision.Of(actor, Right.SettleExceptions, new RightSubject { Areas = new HashSet<Extent> { Extent.Technical } });

    /// <summary>Writes a rule.</summary>
    /// <exception cref="RefusedException">The person may not, or the rule says nothing.</exception>
    public async Task AddAsync(Actor actor, RuleDraft draft, string reason, CancellationToken cancellationToken)
    {
        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        var permission = await AllowedAsync(store, actor, "assignment.add", reason, cancellationToken);
        var rule = new AssignmentRule
        {
            Code = Given(draft.Code)?.ToUpperInvariant(),
            Team = TeamOf(draft.Team),
            LegalEntity = Given(draft.LegalEntity),
            Assignee = Given(draft.Assignee),
            ToTeam = TeamOf(draft.ToTeam),
            Reason = reason.Trim(),
            WrittenBy = actor.Id,
            WrittenByName = actor.Name,
            WrittenAt = time.GetUtcNow(),
        };
        if (Why(rule) is { } wrong)
        {
            throw new RefusedException(wrong);
        }

        if (await store.AssignmentRules.CountAsync(cancellationToken) >= Most)
        {
            throw new RefusedException($"There are {Most} rules already. Remove one first.");
        }

        store.AssignmentRules.Add(rule);
        store.AuditEntries.Add(Entry(actor, "assignment.add", permission.Role, rule.Reason, null, rule, allowed: true));
        await store.SaveChangesAsync(cancellationToken);
    }

    /// <summary>Removes a rule: cases that it gave away stay where they are.</summary>
    /// <exception cref="RefusedException">The person may not, or it is gone.</exception>
    public async Task RemoveAsync(Actor actor, long id, CancellationToken cancellationToken)
    {
        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        var permission = await AllowedAsync(store, actor, "assignment.remove", "removed", cancellationToken);
        var rule = await store.AssignmentRules.SingleOrDefaultAsync(item => item.Id == id, cancellationToken) ?? throw new RefusedException("There is no such rule any more.", RefusedBecause.Missing);
        store.AssignmentRules.Remove(rule);
        store.AuditEntries.Add(Entry(actor, "assignment.remove", permission.Role, null, rule, null, allowed: true));
        await store.SaveChangesAsync(cancellationToken);
    }

    /// <summary>The rule for a case that is raised now; null when none fits.</summary>
    internal static async Task<AssignmentRule?> PickAsync(EngineDbContext store, CaseKind kind, Guid? runId, CancellationToken cancellationToken)
    {
        var rules = await store.AssignmentRules.AsNoTracking().ToListAsync(cancellationToken);
        if (rules.Count == 0)
        {
            return null;
        }

        var entity = runId is { } id && rules.Exists(rule => rule.LegalEntity is not null)
            ? store.Runs.Local.FirstOrDefault(run => run.Id == id)?.LegalEntity ?? await store.Runs.Where(run => run.Id == id).Select(run => run.LegalEntity).SingleOrDefaultAsync(cancellationToken)
            : null;
        return AssignmentRule.Pick(rules, kind.Code, kind.Owner.ToString(), entity);
    }

    private async Task<Permission> AllowedAsync(EngineDbContext store, Actor actor, string action, string reason, CancellationToken cancellationToken)
    {
        var permission = MayWrite(actor);
        if (!permission.Allowed)
        {
            store.AuditEntries.Add(Entry(actor, action, actor.RolesHeld, reason, null, null, allowed: false));
            await store.SaveChangesAsync(cancellationToken);
            throw new RefusedException(permission.Why!, RefusedBecause.Right);
        }

        return string.IsNullOrWhiteSpace(reason) || reason.Length > 2000 ? throw new RefusedException("Say why, in at most 2,000 letters: the reason stays with the rule.") : permission;
    }

    private static string? Why(AssignmentRule rule) => rule switch
    {
        { Code: null, Team: null, LegalEntity: null } => "Say which cases it is about: a code, a team or a legal entity.",
        { Assignee: null, ToTeam: null } => "Say whom they are given to: a person or a team.",
        { Code: { } code } when !CaseKinds.All.Any(kind => kind.Code.StartsWith(code, StringComparison.Ordinal)) => $"No kind of case begins with {code}.",
        { Assignee.Length: > 120 } or { LegalEntity.Length: > 20 } => "This name is too long.",
        _ => null,
    };

    private static string? Given(string text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    private static string? TeamOf(string text) => Given(text) is not { } team ? null
        : Enum.TryParse<CaseOwner>(team, out var known) ? known.ToString()
        : throw new RefusedException($"{team} is no team.");

    private AuditEntry Entry(Actor actor, string action, string? role, string? reason, AssignmentRule? before, AssignmentRule? after, bool allowed) => new()
    {
        At = time.GetUtcNow(),
        Actor = actor.Id,
        Role = role,
        Session = actor.Session,
        Action = action,
        Entity = "assignment-rules",
        Reason = reason,
        Allowed = allowed,
        Before = Written(before),
        After = Written(after),
    };

    private static string? Written(AssignmentRule? rule) =>
        rule is null ? null : JsonSerializer.Serialize(new { rule.Code, rule.Team, rule.LegalEntity, rule.Assignee, rule.ToTeam }, MappingSets.Json);
}
