using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace PsaConsole.Engine.Audit;

/// <summary>An entry's place in the chain, given once, shortly after the entry was committed (docs/adr/0005).</summary>
public sealed class AuditLink
{
    /// <summary>1, 2, 3 … without gaps.</summary>
    public required long Sequence { get; init; }

    public required long EntryId { get; init; }

    /// <summary>h(n) of <see cref="AuditChain"/>.</summary>
    public required string Hash { get; init; }
}

/// <summary>An entry that waits for its place. A trigger writes it in the transaction of the entry, so that none can be forgotten.</summary>
public sealed class AuditPending
{
    public required long EntryId { get; init; }
}

file sealed class AuditLinkConfiguration : IEntityTypeConfiguration<AuditLink>
{
    public void Configure(EntityTypeBuilder<AuditLink> builder)
    {
        builder.HasKey(link => link.Sequence);
        builder.Property(link => link.Sequence).ValueGeneratedNever();
        builder.Property(link => link.Hash).HasMaxLength(64);
        builder.HasIndex(link => link.EntryId).IsUnique();
        builder.HasOne<AuditEntry>().WithOne().HasForeignKey<AuditLink>(link => link.EntryId).OnDelete(DeleteBehavior.Restrict);
    }
}

file sealed class AuditPendingConfiguration : IEntityTypeConfiguration<AuditPending>
{
    public void Configure(EntityTypeBuilder<AuditPending> builder)
    {
        builder.HasKey(pending => pending.EntryId);
        builder.Property(pending => pending.EntryId).ValueGeneratedNever();
    }
}
