using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace PsaConsole.Engine.Staffing;

/// <summary>Where an assignment stands (2-canonical-model 2.4).</summary>
public enum AssignmentState
{
    /// <summary>Meant to stay unconfirmed for now.</summary>
    Tentative,

    /// <summary>Asked for, and not checked yet.</summary>
    PendingCheck,

    /// <summary>Checked, confirmed in the PSA and read back.</summary>
    Confirmed,

    /// <summary>Something stands against it: its conflicts say what.</summary>
    InConflict,

    /// <summary>Not there any more.</summary>
    Released,
}

/// <summary>An assignment as it was last seen and checked.</summary>
public sealed class AssignmentRow
{
    public required string SystemName { get; init; }

    /// <summary>The booking's id in the PSA.</summary>
    public required string ExternalId { get; init; }

    /// <summary>HR's employee id.</summary>
    public required string PersonId { get; set; }

    public required string EngagementId { get; set; }
    public required string Title { get; set; }
    public required DateOnly From { get; set; }
    public required DateOnly To { get; set; }
    public required decimal Hours { get; set; }
    public bool Hard { get; set; }
    public AssignmentState State { get; set; }

    /// <summary>The canonical <see cref="Assignment"/> as JSON.</summary>
    public required string Facts { get; set; }

    /// <summary>The decision with its numbers, as JSON.</summary>
    public string? Decision { get; set; }

    /// <summary>Who booked it, when known; may not override its conflicts above Medium (SoD-6).</summary>
    public string? BookedBy { get; set; }

    /// <summary>Keys of the conflicts that a resource manager has overridden, one a line.</summary>
    public string? Overridden { get; set; }

    /// <summary>Last date on which the override holds.</summary>
    public DateOnly? OverriddenUntil { get; set; }

    public string? OverriddenBy { get; set; }
    public string? OverrideReason { get; set; }

    /// <summary>Terms that were confirmed and read back: a change that leaves them as they are is our own echo.</summary>
    public string? Verified { get; set; }

    public DateTimeOffset? CheckedAt { get; set; }
    public DateTimeOffset UpdatedAt { get; set; }
}

file sealed class AssignmentRowConfiguration : IEntityTypeConfiguration<AssignmentRow>
{
    public void Configure(EntityTypeBuilder<AssignmentRow> builder)
    {
        builder.HasKey(row => new { row.SystemName, row.ExternalId });
        builder.Property(row => row.SystemName).HasMaxLength(40);
        builder.Property(row => row.ExternalId).HasMaxLength(120);
        builder.Property(row => row.PersonId).HasMaxLength(120);
        builder.Property(row => row.EngagementId).HasMaxLength(120);
        builder.Property(row => row.Title).HasMaxLength(300);
        builder.Property(row => row.Hours).HasPrecision(9, 2);
        builder.Property(row => row.Facts).HasColumnType("jsonb");
        builder.Property(row => row.Decision).HasColumnType("jsonb");
        builder.Property(row => row.BookedBy).HasMaxLength(320);
        builder.Property(row => row.Overridden).HasMaxLength(4000);
        builder.Property(row => row.OverriddenBy).HasMaxLength(120);
        builder.Property(row => row.OverrideReason).HasMaxLength(2000);
        builder.Property(row => row.Verified).HasMaxLength(200);
        builder.HasIndex(row => new { row.PersonId, row.From });
    }
}
