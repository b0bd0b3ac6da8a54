using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using PsaConsole.Engine.Access;
using PsaConsole.Engine.Store;

namespace PsaConsole.Engine.Exceptions.Groups;

/// <summary>Where a group action stands.</summary>
public enum GroupStatus
{
    Running,

    /// <summary>A person holds it: nothing more is asked until they let it go on.</summary>
    Paused,

    /// <summary>It stopped by itself, since what it asked for did not come true: the cause remains.</summary>
    Stopped,

    Cancelled,

    /// <summary>Every member has its result.</summary>
    Ended,
}

/// <summary>
/// One action on many cases. The set is frozen when it starts; members are taken in waves, each of which must prove itself before the next and larger one
/// begins (see <see cref="Ramp"/>), so that a cause that remains is met by the first case and not by ten thousand.
/// </summary>
public sealed class GroupAction
{
    public long Id { get; init; }
    public required CaseAction Action { get; init; }

    /// <summary>Why, in the words of the person; for a comment the comment.</summary>
    public required string Reason { get; init; }

    /// <summary>Whom the cases are given to; empty for nobody. Null for any other action.</summary>
    public string? Assignee { get; init; }

    /// <summary>How long the cases are put off; all null for any other action, or when they are woken.</summary>
    public string? SnoozeTitle { get; init; }
    public DateTimeOffset? SnoozeUntil { get; init; }
    public int? SnoozeMoreTimes { get; init; }

    /// <summary>How the set was chosen, in words.</summary>
    public required string Chosen { get; init; }

    /// <summary>Who started it, with the roles they had: every case is decided with these.</summary>
    public required string StartedBy { get; init; }

    public required string StartedByName { get; init; }
    public required List<string> Roles { get; init; }
    public string? Session { get; init; }

    /// <summary>The scope they had: every case is decided with it.</summary>
    public DataScope Scope { get; init; } = DataScope.Everything;

    public GroupStatus Status { get; set; }

    /// <summary>Why it stopped, or was cancelled.</summary>
    public string? Why { get; set; }

    /// <summary>Members altogether.</summary>
    public required int Requested { get; init; }

    /// <summary>Members with something to do, which come first; those behind them were left out at the start.</summary>
    public required int ToDo { get; init; }

    /// <summary>The wave that is under way: positions from here, exclusive …</summary>
    public int WaveFrom { get; set; }

    /// <summary>… to here, inclusive.</summary>
    public int WaveTo { get; set; }

    /// <summary>When the wave began, or last had a result.</summary>
    public DateTimeOffset MovedAt { get; set; }

    public required DateTimeOffset StartedAt { get; init; }
    public DateTimeOffset? EndedAt { get; set; }

    public bool IsLive => Status is GroupStatus.Running or GroupStatus.Paused;

    /// <summary>What is asked of every case.</summary>
    public CaseRequest Request => new(Action, Reason) { Assignee = Assignee, Snooze = SnoozeTitle is { } title ? new Snooze("", title, SnoozeUntil, SnoozeMoreTimes) : null };

    /// <summary>The person in whose name the cases are decided.</summary>
    public Actor Actor => new(StartedBy, StartedByName, Roles.ToHashSet(StringComparer.Ordinal)) { Session = Session, Scope = Scope };
}

/// <summary>How a member came out. Every member has one in the end: requested = verified + failed + skipped + superseded.</summary>
public enum MemberResult
{
    Waiting,

    /// <summary>Asked for; its check has not answered yet.</summary>
    Asked,

    /// <summary>Done, and for a retry read back and found right.</summary>
    Verified,

    /// <summary>Asked for, and the cause remains.</summary>
    Failed,

    /// <summary>Not asked: it was not allowed, or the group ended before.</summary>
    Skipped,

    /// <summary>Not asked: the case was changed or settled since it was chosen.</summary>
    Superseded,
}

/// <summary>A case of a group action.</summary>
public sealed class GroupMember
{
    public required long GroupId { get; init; }

    /// <summary>Its place in the order in which members are taken, from 1.</summary>
    public required int Position { get; init; }

    public required long CaseId { get; init; }

    /// <summary>The case's version when it was chosen.</summary>
    public required int Version { get; init; }

    public MemberResult Result { get; set; }

    /// <summary>Why it was left out, or what still stands in the way.</summary>
    public string? Text { get; set; }

    public DateTimeOffset? SettledAt { get; set; }
}

file sealed class GroupActionConfiguration : IEntityTypeConfiguration<GroupAction>, IEntityTypeConfiguration<GroupMember>
{
    public void Configure(EntityTypeBuilder<GroupAction> builder)
    {
        builder.Property(group => group.Reason).HasMaxLength(2000);
        builder.Property(group => group.SnoozeTitle).HasMaxLength(100);
        builder.Property(group => group.Assignee).HasMaxLength(120);
        builder.Property(group => group.Chosen).HasMaxLength(400);
        builder.Property(group => group.StartedBy).HasMaxLength(120);
        builder.Property(group => group.StartedByName).HasMaxLength(200);
        builder.Property(group => group.Session).HasMaxLength(120);
        builder.Property(group => group.Why).HasMaxLength(2000);
        builder.Property(group => group.Scope).HasScopeConversion();
        builder.Ignore(group => group.IsLive);
        builder.Ignore(group => group.Actor);
        builder.Ignore(group => group.Request);
        builder.HasIndex(group => group.Status).HasFilter("status in ('Running','Paused')");
    }

    public void Configure(EntityTypeBuilder<GroupMember> builder)
    {
        builder.HasKey(member => new { member.GroupId, member.Position });
        builder.Property(member => member.Text).HasMaxLength(2000);
        builder.HasOne<GroupAction>().WithMany().HasForeignKey(member => member.GroupId);
        builder.HasIndex(member => new { member.GroupId, member.Result, member.Position });
    }
}
