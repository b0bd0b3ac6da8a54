using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using PsaConsole.Engine.Exceptions;

namespace PsaConsole.Engine.Notices;

/// <summary>Why a team is told of a case (3-workflows 3k).</summary>
public enum NoticeStage
{
    /// <summary>The case is there: at once for what is High or Critical.</summary>
    Raised,

    /// <summary>The case is there: with the others in the next digest, for what is Medium or Low.</summary>
    Digest,

    /// <summary>Half of the time to resolve has passed.</summary>
    HalfTime,

    /// <summary>All of it: the lead is told too.</summary>
    Overdue,

    /// <summary>Half as much again: the head is told.</summary>
    LongOverdue,

    /// <summary>Somebody was given the case: they are told.</summary>
    Assigned,
}

/// <summary>What became of a notice.</summary>
public enum NoticeStatus
{
    Planned,

    /// <summary>Being delivered; one that stays so was cut off and is never sent a second time, since neither channel nor mail can be asked.</summary>
    Sending,

    Sent,

    /// <summary>Neither channel nor mail took it; the console shows the case all the same.</summary>
    Failed,

    /// <summary>The case was settled before its time came.</summary>
    Dropped,
}

/// <summary>One telling of one case at one stage, planned when the case is raised. At most one exists for a case and a stage: nobody is told twice.</summary>
public sealed class TeamNotice
{
    public long Id { get; init; }
    public long CaseId { get; init; }
    public ExceptionCase? Case { get; init; }
    public required NoticeStage Stage { get; init; }

    /// <summary>Who is told that the case is theirs; null for what the team is told.</summary>
    public string? Person { get; init; }

    /// <summary>The person's mail address; null when none is known: then only the channel is told.</summary>
    public string? Address { get; init; }

    /// <summary>When it is to be sent; never in the team's quiet hours, unless the case is Critical.</summary>
    public required DateTimeOffset DueAt { get; set; }

    public NoticeStatus Status { get; set; }
    public int Attempts { get; set; }

    /// <summary>Where it went: the channel, mail, or both.</summary>
    public string? Way { get; set; }

    public DateTimeOffset? SentAt { get; set; }

    /// <summary>Why it is where it is, in a sentence.</summary>
    public string? Message { get; set; }
}

file sealed class TeamNoticeConfiguration : IEntityTypeConfiguration<TeamNotice>
{
    public void Configure(EntityTypeBuilder<TeamNotice> builder)
    {
        builder.Property(item => item.Way).HasMaxLength(40);
        builder.Property(item => item.Message).HasMaxLength(2000);
        builder.HasOne(item => item.Case).WithMany().HasForeignKey(item => item.CaseId);
        builder.Property(item => item.Person).HasMaxLength(120);
        builder.Property(item => item.Address).HasMaxLength(320);
        builder.HasIndex(item => new { item.CaseId, item.Stage }).IsUnique().HasFilter("stage <> 'Assigned'");
        builder.HasIndex(item => new { item.CaseId, item.Person }).IsUnique().HasFilter("stage = 'Assigned'");
        builder.HasIndex(item => item.DueAt).HasFilter("status = 'Planned'");
    }
}
