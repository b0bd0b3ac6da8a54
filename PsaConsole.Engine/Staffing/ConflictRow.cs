using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace PsaConsole.Engine.Staffing;

/// <summary>A conflict as it was found, from the check that found it first to the one that did not find it any more.</summary>
public sealed class ConflictRow
{
    public required Guid Id { get; init; }
    public required string PersonId { get; init; }

    /// <summary>What makes it the same conflict at two checks; one open row exists for a person and a key.</summary>
    public required string Key { get; init; }

    public required ConflictKind Kind { get; init; }
    public required string Code { get; init; }
    public ConflictSeverity Severity { get; set; }
    public ConfirmationOutcome Outcome { get; set; }
    public required DateOnly From { get; set; }
    public required DateOnly To { get; set; }
    public required decimal Hours { get; set; }
    public required string Message { get; set; }

    /// <summary>Ids of the assignments that explain it.</summary>
    public required string[] Because { get; set; }

    /// <summary>The whole <see cref="Conflict"/> as JSON.</summary>
    public required string Detail { get; set; }

    public required DateTimeOffset FoundAt { get; init; }
    public DateTimeOffset SeenAt { get; set; }

    /// <summary>When a check did not find it any more.</summary>
    public DateTimeOffset? GoneAt { get; set; }
}

file sealed class ConflictRowConfiguration : IEntityTypeConfiguration<ConflictRow>
{
    public void Configure(EntityTypeBuilder<ConflictRow> builder)
    {
        builder.ToTable("staffing_conflict");
        builder.Property(row => row.Id).ValueGeneratedNever();
        builder.Property(row => row.PersonId).HasMaxLength(120);
        builder.Property(row => row.Key).HasMaxLength(1000);
        builder.Property(row => row.Code).HasMaxLength(10);
        builder.Property(row => row.Hours).HasPrecision(9, 2);
        builder.Property(row => row.Message).HasMaxLength(2000);
        builder.Property(row => row.Detail).HasColumnType("jsonb");
        builder.HasIndex(row => new { row.PersonId, row.Key }).IsUnique().HasFilter("gone_at is null");
        builder.HasIndex(row => new { row.From, row.Id }).HasFilter("gone_at is null");
    }
}
