using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using PsaConsole.Engine.Access;

namespace PsaConsole.Engine.Approvals;

/// <summary>For some days another person decides in somebody's place (8-localisation 8.6); both count when four eyes are asked for.</summary>
public sealed class Delegation
{
    public long Id { get; init; }
    public required string Delegator { get; init; }
    public required string DelegatorName { get; init; }

    /// <summary>Id or e-mail address of who decides meanwhile, in lower case.</summary>
    public required string Deputy { get; init; }

    public required string Role { get; init; }
    public required DateOnly From { get; init; }

    /// <summary>The last day.</summary>
    public required DateOnly Until { get; init; }

    public required DateTimeOffset GrantedAt { get; init; }
    public DateTimeOffset? RevokedAt { get; set; }

    public bool Names(Actor person) =>
        string.Equals(Deputy, person.Id, StringComparison.OrdinalIgnoreCase)
        || (person.Email is { Length: > 0 } email && string.Equals(Deputy, email, StringComparison.OrdinalIgnoreCase));

    public bool IsValidOn(DateOnly date) => RevokedAt is null && From <= date && date <= Until;
}

file sealed class DelegationConfiguration : IEntityTypeConfiguration<Delegation>
{
    public void Configure(EntityTypeBuilder<Delegation> builder)
    {
        builder.Property(item => item.Delegator).HasMaxLength(120);
        builder.Property(item => item.DelegatorName).HasMaxLength(200);
        builder.Property(item => item.Deputy).HasMaxLength(120);
        builder.Property(item => item.Role).HasMaxLength(60);
        builder.HasIndex(item => new { item.Deputy, item.Until });
        builder.HasIndex(item => new { item.Delegator, item.Until });
    }
}
