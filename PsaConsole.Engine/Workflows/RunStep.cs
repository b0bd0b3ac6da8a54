using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace PsaConsole.Engine.Workflows;

/// <summary>Do changes something, Check asks the policies, Verify reads the target back.</summary>
public enum StepKind
{
    Do,
    Check,
    Verify,
}

/// <summary>Where a step of a run stands.</summary>
public enum StepStatus
{
    /// <summary>Not begun.</summary>
    Pending,

    /// <summary>Begun: the intent is stored. After a crash its write is in doubt, and the target is asked by key before any resend.</summary>
    Begun,

    /// <summary>Failed for now; the run resumes it by itself.</summary>
    Retrying,

    /// <summary>Waits for an approval.</summary>
    WaitingApproval,

    /// <summary>A person is needed.</summary>
    Failed,

    Done,

    /// <summary>Left out by a person, with a reason.</summary>
    Skipped,

    /// <summary>Undone.</summary>
    Undone,
}

/// <summary>One action of a run, as far as it came; the operation key goes into the target.</summary>
public sealed class RunStep
{
    public required Guid RunId { get; init; }
    public required string Key { get; init; }
    public required int Position { get; set; }
    public required string Title { get; set; }
    public required StepKind Kind { get; init; }
    public string? SystemName { get; init; }
    public required string OperationKey { get; init; }
    public StepStatus Status { get; set; }
    public int Attempts { get; set; }
    public DateTimeOffset? StartedAt { get; set; }
    public DateTimeOffset? EndedAt { get; set; }

    /// <summary>The target's id of what the step made.</summary>
    public string? ExternalId { get; set; }

    public string? Message { get; set; }

    /// <summary>What was asked, expected and found, as JSON, for the case and "why this value".</summary>
    public string? Detail { get; set; }

    /// <summary>Versions of the mapping sets that made the values, as JSON.</summary>
    public string? Stamps { get; set; }
}

file sealed class RunStepConfiguration : IEntityTypeConfiguration<RunStep>
{
    public void Configure(EntityTypeBuilder<RunStep> builder)
    {
        builder.HasKey(step => new { step.RunId, step.Key });
        builder.Property(step => step.Key).HasMaxLength(120);
        builder.Property(step => step.Title).HasMaxLength(200);
        builder.Property(step => step.SystemName).HasMaxLength(40);
        builder.Property(step => step.OperationKey).HasMaxLength(200);
        builder.Property(step => step.ExternalId).HasMaxLength(200);
        builder.Property(step => step.Message).HasMaxLength(4000);
        builder.Property(step => step.Detail).HasColumnType("jsonb");
        builder.Property(step => step.Stamps).HasColumnType("jsonb");
        builder.HasIndex(step => step.OperationKey).IsUnique();
        // What retention has yet to reduce.
        builder.HasIndex(step => step.EndedAt).HasFilter("detail is not null and not jsonb_exists(detail, 'sha256')");
    }
}
