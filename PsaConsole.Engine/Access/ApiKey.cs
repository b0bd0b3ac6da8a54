using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using PsaConsole.Engine.Store;

namespace PsaConsole.Engine.Access;

/// <summary>What a program proves itself with. Its secret is kept by nobody but the program: here is only what recognises it.</summary>
public sealed class ApiKey
{
    /// <summary>The part that may be known: it names the key in lists and in the audit trail.</summary>
    public required string Id { get; init; }

    /// <summary>What the program is, in the words of people.</summary>
    public required string Name { get; init; }

    public required string[] Roles { get; init; }

    /// <summary>What of the firm's data it opens.</summary>
    public DataScope Scope { get; init; } = DataScope.Everything;

    /// <summary>SHA-256 of the secret, which is as random as a hash and so needs no salt.</summary>
    public required byte[] SecretHash { get; init; }

    public required string IssuedBy { get; init; }
    public required DateTimeOffset IssuedAt { get; init; }
    public required DateTimeOffset ExpiresAt { get; init; }
    public DateTimeOffset? RevokedAt { get; set; }

    /// <summary>To the hour: enough to find keys that nobody uses.</summary>
    public DateTimeOffset? LastUsedAt { get; set; }

    /// <summary>As the engine's use cases know the program.</summary>
    public Actor Actor => new(ActorOf(Id), Name, Roles.ToHashSet(StringComparer.Ordinal)) { IsPerson = false, Session = ActorOf(Id), Scope = Scope };

    /// <summary>The id by which the trail names the program that has the key.</summary>
    internal static string ActorOf(string id) => $"key:{id}";
}

file sealed class ApiKeyConfiguration : IEntityTypeConfiguration<ApiKey>
{
    public void Configure(EntityTypeBuilder<ApiKey> builder)
    {
        builder.Property(key => key.Id).HasMaxLength(20);
        builder.Property(key => key.Name).HasMaxLength(100);
        builder.Property(key => key.IssuedBy).HasMaxLength(200);
        builder.Property(key => key.Scope).HasScopeConversion();
        builder.Ignore(key => key.Actor);
    }
}
