using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using PsaConsole.Engine.Policies;

namespace PsaConsole.Engine.Mapping;

/// <summary>Where a draft stands. It leaves <see cref="Waiting"/> once and never comes back.</summary>
public enum DraftStatus
{
    Waiting,
    InForce,
    Rejected,
}

/// <summary>A rule for one value, as somebody wrote it: which value, what it becomes, why. What is in force is a version of the set.</summary>
public sealed class MappingDraft
{
    public long Id { get; init; }
    public required string SetName { get; init; }
    public required string Field { get; init; }
    public required string Value { get; init; }

    /// <summary>What the value becomes.</summary>
    public required string Becomes { get; init; }

    public required string Reason { get; init; }

    /// <summary>The case from which it was written.</summary>
    public required long CaseId { get; init; }

    public required string Author { get; init; }
    public required string AuthorName { get; init; }
    public required DateTimeOffset WrittenAt { get; init; }
    public DraftStatus Status { get; set; }
    public string? DecidedBy { get; set; }
    public string? DecidedByName { get; set; }
    public string? DecidedBecause { get; set; }
    public DateTimeOffset? DecidedAt { get; set; }

    /// <summary>The version of the set that it became.</summary>
    public int? Version { get; set; }

    /// <summary>The group action that retried the cases it clears.</summary>
    public long? GroupId { get; set; }

    public UnmappedValue Unmapped => new(SetName, Field, Value);
}

file sealed class MappingDraftConfiguration : IEntityTypeConfiguration<MappingDraft>
{
    public void Configure(EntityTypeBuilder<MappingDraft> builder)
    {
        builder.Property(draft => draft.SetName).HasMaxLength(120);
        builder.Property(draft => draft.Field).HasMaxLength(200);
        builder.Property(draft => draft.Value).HasMaxLength(400);
        builder.Property(draft => draft.Becomes).HasMaxLength(400);
        builder.Property(draft => draft.Reason).HasMaxLength(2000);
        builder.Property(draft => draft.Author).HasMaxLength(120);
        builder.Property(draft => draft.AuthorName).HasMaxLength(200);
        builder.Property(draft => draft.DecidedBy).HasMaxLength(120);
        builder.Property(draft => draft.DecidedByName).HasMaxLength(200);
        builder.Property(draft => draft.DecidedBecause).HasMaxLength(2000);
        builder.Ignore(draft => draft.Unmapped);
        // One proposal at a time for a value.
        builder.HasIndex(draft => new { draft.SetName, draft.Field, draft.Value }).IsUnique().HasFilter("status = 'Waiting'");
    }
}
