using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace PsaConsole.Engine.Audit;

/// <summary>Who or what did which thing, when and why. Written in the transaction of what it tells; never changed.</summary>
public sealed class AuditEntry
{
    public long Id { get; init; }
    public required DateTimeOffset At { get; init; }

    /// <summary>A person's id, or "engine".</summary>
    public required string Actor { get; init; }

    /// <summary>The role that allowed it.</summary>
    public string? Role { get; init; }

    /// <summary>What was done, such as exception.retry or step.verified.</summary>
    public required string Action { get; init; }

    /// <summary>What it was done to, such as run:… or case:17.</summary>
    public required string Entity { get; init; }

    public string? Reason { get; init; }

    /// <summary>False when it was refused.</summary>
    public bool Allowed { get; init; } = true;

    public string? Before { get; init; }
    public string? After { get; init; }
}

file sealed class AuditEntryConfiguration : IEntityTypeConfiguration<AuditEntry>
{
    public void Configure(EntityTypeBuilder<AuditEntry> builder)
    {
        builder.Property(entry => entry.Actor).HasMaxLength(120);
        builder.Property(entry => entry.Role).HasMaxLength(60);
        builder.Property(entry => entry.Action).HasMaxLength(60);
        builder.Property(entry => entry.Entity).HasMaxLength(200);
        builder.Property(entry => entry.Reason).HasMaxLength(2000);
        builder.Property(entry => entry.Before).HasColumnType("jsonb");
        builder.Property(entry => entry.After).HasColumnType("jsonb");
        builder.HasIndex(entry => entry.Entity);
    }
}
