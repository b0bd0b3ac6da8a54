using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace PsaConsole.Engine.Model;

/// <summary>Our id of a thing and one system's id of the same thing (2-canonical-model 2.3).</summary>
public sealed class CrossReference
{
    /// <summary>client or engagement.</summary>
    public required string CanonicalType { get; init; }

    public required Guid CanonicalId { get; init; }
    public required string SystemName { get; init; }
    public required string ExternalId { get; set; }

    /// <summary>False once the record was withdrawn or merged away.</summary>
    public bool Active { get; set; } = true;

    public required DateTimeOffset FirstSeenAt { get; init; }
    public DateTimeOffset? VerifiedAt { get; set; }
}

file sealed class CrossReferenceConfiguration : IEntityTypeConfiguration<CrossReference>
{
    public void Configure(EntityTypeBuilder<CrossReference> builder)
    {
        builder.HasKey(reference => new { reference.CanonicalType, reference.CanonicalId, reference.SystemName });
        builder.Property(reference => reference.CanonicalType).HasMaxLength(40);
        builder.Property(reference => reference.SystemName).HasMaxLength(40);
        builder.Property(reference => reference.ExternalId).HasMaxLength(200);
        builder.HasIndex(reference => new { reference.SystemName, reference.CanonicalType, reference.ExternalId }).IsUnique().HasFilter("active");
    }
}
