using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace PsaConsole.Engine.Model;

/// <summary>
/// An engagement as its targets were last verified to hold it after a change: what the next change is compared with (3-workflows 3h). Before the first change the
/// hand-off itself says it.
/// </summary>
public sealed class PropagatedRow
{
    public required Guid EngagementId { get; init; }

    /// <summary>The canonical <see cref="Engagement"/> as JSON, without a system's ids.</summary>
    public required string Engagement { get; set; }

    /// <summary>The newest change that is part of it.</summary>
    public required int Revision { get; set; }

    public required DateTimeOffset VerifiedAt { get; set; }
}

file sealed class PropagatedConfiguration : IEntityTypeConfiguration<PropagatedRow>
{
    public void Configure(EntityTypeBuilder<PropagatedRow> builder)
    {
        builder.HasKey(row => row.EngagementId);
        builder.Property(row => row.EngagementId).ValueGeneratedNever();
        builder.Property(row => row.Engagement).HasColumnType("jsonb");
    }
}
