using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using PsaConsole.Engine.Mapping;
using PsaConsole.Engine.Workflows;

namespace PsaConsole.Engine.Exceptions;

/// <summary>The last dismissal of a case (skip, waive, snooze) and how everything stood before it, for as long as it can be taken back.</summary>
public sealed class Dismissal
{
    /// <summary>How long one can be taken back that nothing goes on after.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(5);

    /// <summary>What a run that has gone on can't give back is given up a moment earlier than it goes on.</summary>
    public static readonly TimeSpan Margin = TimeSpan.FromSeconds(1);

    public required long CaseId { get; init; }
    public required CaseAction Action { get; set; }

    /// <summary>Who did it, and may take it back.</summary>
    public required string Actor { get; set; }

    public required DateTimeOffset Until { get; set; }

    /// <summary>The case's version with it: a case that changed since is not what it was.</summary>
    public required int Version { get; set; }

    /// <summary>How it stood, as JSON of <see cref="Stood"/>.</summary>
    public required string Before { get; set; }

    /// <summary>How case, run and changes stand now.</summary>
    internal static Stood Of(ExceptionCase about, BehindCase behind) => new(
        about.Status,
        about.ClosedAt,
        about.SnoozedUntil,
        about.SnoozedPast,
        behind.Run is { } run ? new StoodRun(run.Status, run.ResumeAt, run.Message, run.Accepted, run.Attempts, run.FailingSince, [.. run.Steps.Where(step => step.Key == about.StepKey).Select(step => step.Status)]) : null,
        [.. behind.Changes.Select(item => new StoodChange(item.Id, item.Outcome, item.EndedAt))]);

    internal static string Written(Stood stood) => JsonSerializer.Serialize(stood, MappingSets.Json);

    internal Stood Read() => JsonSerializer.Deserialize<Stood>(Before, MappingSets.Json)!;
}

/// <summary>How a case and what it holds up stood.</summary>
internal sealed record Stood(CaseStatus Status, DateTimeOffset? ClosedAt, DateTimeOffset? SnoozedUntil, int? SnoozedPast, StoodRun? Run, IReadOnlyList<StoodChange> Changes);

/// <summary>How a run stood.</summary>
internal sealed record StoodRun(
    RunStatus Status, DateTimeOffset? ResumeAt, string? Message, string Accepted, int Attempts, DateTimeOffset? FailingSince, IReadOnlyList<StepStatus> Step);

/// <summary>How a change that was set aside stood.</summary>
internal sealed record StoodChange(long Id, string? Outcome, DateTimeOffset? EndedAt);

file sealed class DismissalConfiguration : IEntityTypeConfiguration<Dismissal>
{
    public void Configure(EntityTypeBuilder<Dismissal> builder)
    {
        builder.HasKey(item => item.CaseId);
        builder.Property(item => item.CaseId).ValueGeneratedNever();
        builder.Property(item => item.Actor).HasMaxLength(120);
        builder.Property(item => item.Before).HasColumnType("jsonb");
        builder.HasOne<ExceptionCase>().WithOne().HasForeignKey<Dismissal>(item => item.CaseId);
    }
}
