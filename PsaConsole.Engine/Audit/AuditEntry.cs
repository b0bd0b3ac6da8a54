using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace PsaConsole.Engine.Audit;

/// <summary>Who or what did which thing, when and why. Written in the transaction of what it tells; never changed, which the database sees to.</summary>
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

    /// <summary>What it was before, as JSON; null when nothing was.</summary>
    public string? Before { get; init; }

    /// <summary>What it is now, as JSON.</summary>
    public string? After { get; init; }

    /// <summary>The session that the actor used; null for the engine.</summary>
    public string? Session { get; init; }

    /// <summary>The legal entities that it concerns, for who may read it; of no weight in the chain.</summary>
    public string[] LegalEntities { get; set; } = [];

    /// <summary>The practices that it concerns.</summary>
    public string[] Practices { get; set; } = [];

    /// <summary>What this belongs to: the bulk operation or the request.</summary>
    public string? Correlation { get; init; }
}

file sealed class AuditEntryConfiguration : IEntityTypeConfiguration<AuditEntry>
{
    public void Configure(EntityTypeBuilder<AuditEntry> builder)
    {
        builder.Property(entry => entry.Actor).HasMaxLength(120);
        // All eleven roles at once fit: a refusal names every one that somebody holds.
        builder.Property(entry => entry.Role).HasMaxLength(200);
        builder.Property(entry => entry.Action).HasMaxLength(60);
        builder.Property(entry => entry.Entity).HasMaxLength(200);
        builder.Property(entry => entry.Reason).HasMaxLength(2000);
        builder.Property(entry => entry.Before).HasColumnType("jsonb");
        builder.Property(entry => entry.After).HasColumnType("jsonb");
        builder.Property(entry => entry.Session).HasMaxLength(120);
        builder.Property(entry => entry.Correlation).HasMaxLength(120);
        builder.Property(entry => entry.LegalEntities).HasDefaultValueSql("'{}'");
        builder.Property(entry => entry.Practices).HasDefaultValueSql("'{}'");
        builder.HasIndex(entry => entry.LegalEntities).HasMethod("gin");
        // One for each way of searching, each in the order in which the page reads.
        builder.HasIndex(entry => new { entry.Entity, entry.Id }).HasOperators("text_pattern_ops", "int8_ops");
        builder.HasIndex(entry => new { entry.Actor, entry.Id });
        builder.HasIndex(entry => new { entry.Action, entry.Id }).HasOperators("text_pattern_ops", "int8_ops");
        builder.HasIndex(entry => new { entry.At, entry.Id });
    }
}
