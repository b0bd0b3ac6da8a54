using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using PsaConsole.Engine.Audit;
using PsaConsole.Engine.Mapping;
using PsaConsole.Engine.Store;

namespace PsaConsole.Engine.Access;

/// <summary>Gives programs their keys, recognises them, and takes them back. Who grants roles does so; a key holds roles as a person does.</summary>
public sealed class ApiKeys(IDbContextFactory<EngineDbContext> stores, TimeProvider time)
{
    /// <summary>How every key begins, so that scanners find one that was committed by mistake.</summary>
    public const string Prefix = "psac_";

    /// <summary>After so many days a key has to be replaced at the latest.</summary>
    public const int LongestDays = 365;

    private const int IdBytes = 6;
    private const int SecretBytes = 32;
    private static readonly TimeSpan UseIsNoted = TimeSpan.FromHours(1);

    /// <summary>May this person give out keys and take them back?</summary>
    public static Permission PermissionOf(Actor actor) => Decision.Of(actor, Right.ManageRoles, new RightSubject());

    /// <summary>Gives out a key.</summary>
    /// <param name="scope">What of the firm's data it opens; no more than whoever gives it out sees.</param>
    /// <param name="days">How long it holds, at most <see cref="LongestDays"/>.</param>
    /// <returns>The whole key. It is shown this once and can't be read again.</returns>
    /// <exception cref="RefusedException">The person may not, or what is asked for can't be: the message says what.</exception>
    public async Task<string> IssueAsync(Actor actor, string name, IReadOnlySet<string> roles, DataScope scope, int days, string reason, CancellationToken cancellationToken)
    {
        var permission = PermissionOf(actor);
        var now = time.GetUtcNow();
        var id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(IdBytes));
        var secret = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(SecretBytes));
        if (permission.Allowed && Problem(actor, name, roles, scope, days, reason) is { } problem)
        {
            throw new RefusedException(problem);
        }

        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        store.AuditEntries.Add(Entry(actor, "key.issued", id, reason, permission, new { name, roles = roles.Order(StringComparer.Ordinal), scope = scope.Words, days }));
        if (permission.Allowed)
        {
            store.ApiKeys.Add(new ApiKey
            {
                Id = id,
                Name = name.Trim(),
                Roles = [.. roles.Order(StringComparer.Ordinal)],
                Scope = scope,
                SecretHash = HashOf(secret),
                IssuedBy = actor.Id,
                IssuedAt = now,
                ExpiresAt = now.AddDays(days),
            });
        }

        await store.SaveChangesAsync(cancellationToken);
        return permission.Allowed ? $"{Prefix}{id}_{secret}" : throw new RefusedException(permission.Why!, RefusedBecause.Right);
    }

    /// <summary>Takes a key back: it opens nothing from now on.</summary>
    /// <exception cref="RefusedException">The person may not, gave no reason, or there is no such live key.</exception>
    public async Task RevokeAsync(Actor actor, string id, string reason, CancellationToken cancellationToken)
    {
        var permission = PermissionOf(actor);
        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        var key = await store.ApiKeys.SingleOrDefaultAsync(item => item.Id == id && item.RevokedAt == null, cancellationToken)
            ?? throw new RefusedException("This key was taken back already.", RefusedBecause.Missing);
        if (permission.Allowed && string.IsNullOrWhiteSpace(reason))
        {
            throw new RefusedException("Say why: whoever runs the program may ask.");
        }

        store.AuditEntries.Add(Entry(actor, "key.revoked", id, reason, permission, new { key.Name }));
        key.RevokedAt = permission.Allowed ? time.GetUtcNow() : null;
        await store.SaveChangesAsync(cancellationToken);
        if (!permission.Allowed)
        {
            throw new RefusedException(permission.Why!, RefusedBecause.Right);
        }
    }

    /// <summary>The keys that hold, the newest first.</summary>
    public async Task<IReadOnlyList<ApiKey>> LiveAsync(CancellationToken cancellationToken)
    {
        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        var now = time.GetUtcNow();
        return await store.ApiKeys.AsNoTracking().Where(key => key.RevokedAt == null && key.ExpiresAt > now).OrderByDescending(key => key.IssuedAt).ToListAsync(cancellationToken);
    }

    /// <summary>The program that a key belongs to; null when it is none of ours, or does not hold any more.</summary>
    public async Task<Actor?> RecognizeAsync(string text, CancellationToken cancellationToken)
    {
        if (!text.StartsWith(Prefix, StringComparison.Ordinal) || text[Prefix.Length..].Split('_') is not [var id, var secret] || id.Length != 2 * IdBytes || secret.Length != 2 * SecretBytes)
        {
            return null;
        }

        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        var now = time.GetUtcNow();
        var key = await store.ApiKeys.AsNoTracking().SingleOrDefaultAsync(item => item.Id == id, cancellationToken);
        if (key is null || !CryptographicOperations.FixedTimeEquals(key.SecretHash, HashOf(secret)) || key.RevokedAt is not null || key.ExpiresAt <= now)
        {
            return null;
        }

        if (key.LastUsedAt is not { } last || now - last >= UseIsNoted)
        {
            await store.ApiKeys.Where(item => item.Id == id).ExecuteUpdateAsync(set => set.SetProperty(item => item.LastUsedAt, now), cancellationToken);
        }

        return key.Actor;
    }

    private static string? Problem(Actor actor, string name, IReadOnlySet<string> roles, DataScope scope, int days, string reason) => true switch
    {
        _ when string.IsNullOrWhiteSpace(name) || name.Trim().Length > 100 => "Say which program it is for, in up to 100 letters.",
        _ when roles.Count == 0 => "Choose at least one role: without one the key opens nothing.",
        _ when roles.FirstOrDefault(role => !RightsMatrix.RoleOrder.Contains(role)) is { } unknown => $"There is no role {unknown}.",
        _ when roles.Contains(Roles.SecurityAdministrator) => "A program grants no rights: the role of a security administrator is for people.",
        _ when SegregationOfDuties.OfRoles(roles) is { } conflict => $"{conflict.Rule}: {conflict.Message}",
        _ when !actor.Scope.Contains(scope) => $"You can't open more than you see yourself: {actor.Scope.Words}.",
        _ when days is < 1 or > LongestDays => $"A key holds from one day to {LongestDays} days.",
        _ when string.IsNullOrWhiteSpace(reason) => "Say why: the reason stays with the key.",
        _ => null,
    };

    private static byte[] HashOf(string secret) => SHA256.HashData(Encoding.ASCII.GetBytes(secret));

    private AuditEntry Entry(Actor actor, string action, string id, string reason, Permission permission, object after) => new()
    {
        At = time.GetUtcNow(),
        Actor = actor.Id,
        Role = permission.Role,
        Session = actor.Session,
        Action = action,
        Entity = $"key:{id}",
        Reason = reason,
        Allowed = permission.Allowed,
        After = JsonSerializer.Serialize(after, MappingSets.Json),
    };
}
