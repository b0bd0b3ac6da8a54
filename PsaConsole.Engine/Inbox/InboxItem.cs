using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace PsaConsole.Engine.Inbox;

/// <summary>How far a received change came.</summary>
public enum InboxStatus
{
    /// <summary>Saved, and not looked at yet, or waiting for another try.</summary>
    Waiting,

    /// <summary>A run took it up.</summary>
    Taken,

    /// <summary>Nothing to do: an echo of our own write, nothing new, or of no interest.</summary>
    Ended,

    /// <summary>It can't be read: a case tells why.</summary>
    Poisoned,
}

/// <summary>A change as it was received, once: the same source, record and revision is never stored twice.</summary>
public sealed class InboxItem : IThrottled
{
    internal const int LongestOutcome = 1000;

    /// <summary>How the revision begins of what somebody asked for: see <see cref="ServiceDesk"/>.</summary>
    internal const string Asked = "asked-";

    public long Id { get; init; }
    public required string SystemName { get; init; }
    public required string SourceType { get; init; }
    public required string SourceId { get; init; }
    public required string Revision { get; init; }
    public required string LaneKey { get; init; }
    public required DateTimeOffset OccurredAt { get; init; }
    public required DateTimeOffset ReceivedAt { get; init; }
    public InboxStatus Status { get; set; }

    /// <summary>What became of it, in words; what a vendor or a mapping says at length is cut.</summary>
    public string? Outcome
    {
        get;
        set => field = value is { Length: > LongestOutcome } ? value[..(LongestOutcome - 1)] + "…" : value;
    }

    public Guid? RunId { get; set; }
    public int Attempts { get; set; }
    public DateTimeOffset? ResumeAt { get; set; }

    /// <inheritdoc/>
    public DateTimeOffset? ThrottledSince { get; set; }

    /// <inheritdoc/>
    public string? ThrottledBy { get; set; }

    /// <summary>Its place in the lane before its number: what a person has put behind others stands higher.</summary>
    public int Place { get; set; }

    public DateTimeOffset? EndedAt { get; set; }

    /// <summary>Somebody wants the record to be looked at, whether it has changed or not.</summary>
    public bool IsAsked => Revision.StartsWith(Asked, StringComparison.Ordinal);
}

file sealed class InboxItemConfiguration : IEntityTypeConfiguration<InboxItem>
{
    public void Configure(EntityTypeBuilder<InboxItem> builder)
    {
        builder.Property(item => item.SystemName).HasMaxLength(40);
        builder.Property(item => item.SourceType).HasMaxLength(40);
        builder.Property(item => item.SourceId).HasMaxLength(120);
        builder.Property(item => item.Revision).HasMaxLength(120);
        builder.Property(item => item.LaneKey).HasMaxLength(180);
        builder.Property(item => item.ThrottledBy).HasMaxLength(40);
        builder.Ignore(item => item.IsAsked);
        builder.Property(item => item.Outcome).HasMaxLength(InboxItem.LongestOutcome);
        builder.HasIndex(item => new { item.SystemName, item.SourceType, item.SourceId, item.Revision }).IsUnique();
        builder.HasIndex(item => new { item.LaneKey, item.Place, item.Id }).HasFilter("status = 'Waiting'");
        builder.HasIndex(item => item.EndedAt).HasFilter("status in ('Taken','Ended')");
        builder.HasIndex(item => item.ThrottledSince).HasFilter("throttled_since is not null");
        // What was set aside lately of one kind.
        builder.HasIndex(item => new { item.SystemName, item.SourceType, item.EndedAt }).HasFilter("status = 'Poisoned'");
    }
}
