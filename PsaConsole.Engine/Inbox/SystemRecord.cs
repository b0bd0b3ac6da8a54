using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace PsaConsole.Engine.Inbox;

/// <summary>The last state that a system reported for a record, in canonical form: what echo checks and mapping previews read.</summary>
public sealed class SystemRecord
{
    public required string SystemName { get; init; }
    public required string SourceType { get; init; }
    public required string SourceId { get; init; }
    public required string Payload { get; set; }

    /// <summary>SHA-256 of the payload, in hex: the same hash is nothing new.</summary>
    public required string Hash { get; set; }

    public required DateTimeOffset ReadAt { get; set; }
}

file sealed class SystemRecordConfiguration : IEntityTypeConfiguration<SystemRecord>
{
    public void Configure(EntityTypeBuilder<SystemRecord> builder)
    {
        builder.HasKey(record => new { record.SystemName, record.SourceType, record.SourceId });
        builder.Property(record => record.SystemName).HasMaxLength(40);
        builder.Property(record => record.SourceType).HasMaxLength(40);
        builder.Property(record => record.SourceId).HasMaxLength(120);
        builder.Property(record => record.Payload).HasColumnType("jsonb");
        builder.Property(record => record.Hash).HasMaxLength(64);
    }
}
