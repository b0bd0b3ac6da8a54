using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using PsaConsole.Engine.Access;

namespace PsaConsole.Engine.Approvals;

/// <summary>Where an approval stands. It leaves <see cref="Waiting"/> once and never comes back.</summary>
public enum ApprovalStatus
{
    Waiting,
    Approved,
    Rejected,

    /// <summary>What was to be approved has changed, or is not wanted any more: nothing is left to decide.</summary>
    Void,

    /// <summary>Nobody decided in time.</summary>
    Expired,
}

/// <summary>What kind of decision it is; each kind has its own tiers (8-localisation 8.6).</summary>
public enum ApprovalKind
{
    ProjectCreation,
    Margin,

    /// <summary>A large amount is to be invoiced (SoD-3).</summary>
    Billing,

    /// <summary>A client's bill-to address changes after the first invoice (3-workflows 3b).</summary>
    ClientMaster,

    /// <summary>A project changes after its hand-off in what finance or the contract owns (PL70).</summary>
    Change,
}

/// <summary>
/// A decision that a second person must take before a run goes on: what would change, what it moves, who asked and why, who decides. It is tied to the
/// data that was shown by a fingerprint, and decided once.
/// </summary>
public sealed class Approval
{
    public long Id { get; init; }
    public required ApprovalKind Kind { get; init; }
    public required Guid RunId { get; init; }
    public required string StepKey { get; init; }

    /// <summary>Tells apart the approvals of one step, such as PL12:DE01.</summary>
    public required string Key { get; init; }

    /// <summary>The deal or project, in the words of people.</summary>
    public required string Subject { get; init; }

    /// <summary>One plain sentence: why it needs a decision.</summary>
    public required string Reason { get; init; }

    public required string LegalEntity { get; init; }

    /// <summary>The practice that it is for; null where there is none.</summary>
    public string? Practice { get; init; }

    /// <summary>Money that moves with the decision, in <see cref="Currency"/>.</summary>
    public required decimal Amount { get; init; }

    public required string Currency { get; init; }

    /// <summary>What would change, as JSON: a list of {field, before, after}.</summary>
    public required string Changes { get; init; }

    /// <summary>What the decision touches, in the words of people.</summary>
    public required string[] Records { get; init; }

    /// <summary>Ids and e-mail addresses of everybody who asked for it: none of them decides (SoD-1).</summary>
    public required string[] Requesters { get; init; }

    /// <summary>The roles that decide, one after the other, each by another person.</summary>
    public required string[] Chain { get; init; }

    /// <summary>Stands for the data that was shown; other data needs another decision.</summary>
    public required string Fingerprint { get; init; }

    public required DateTimeOffset RequestedAt { get; init; }
    public required DateTimeOffset ExpiresAt { get; init; }
    public ApprovalStatus Status { get; set; }
    public DateTimeOffset? ClosedAt { get; set; }

    /// <summary>Why it closed without a decision.</summary>
    public string? ClosedBecause { get; set; }

    /// <summary>Grows with every change, so that a decision on a stale view is refused.</summary>
    public int Version { get; set; }

    public List<ApprovalDecision> Decisions { get; } = [];

    /// <summary>What scopes depend on.</summary>
    public DataPlace Place => DataPlace.Of(LegalEntity, Practice);

    /// <summary>The role whose turn it is; null when nobody's is.</summary>
    public string? NextRole => Status == ApprovalStatus.Waiting && Decisions.Count < Chain.Length ? Chain[Decisions.Count] : null;

    /// <summary>Closes it without a decision.</summary>
    public void Close(ApprovalStatus status, DateTimeOffset at, string because)
    {
        Status = status;
        ClosedAt = at;
        ClosedBecause = because;
        Version++;
    }
}

/// <summary>One step of the chain, as it was decided.</summary>
public sealed class ApprovalDecision
{
    public long Id { get; init; }
    public long ApprovalId { get; init; }
    public required string Actor { get; init; }
    public required string ActorName { get; init; }

    /// <summary>Who had delegated the decision; null when it was the actor's own.</summary>
    public string? OnBehalfOf { get; init; }

    public required string Role { get; init; }
    public required bool Approved { get; init; }
    public required string Reason { get; init; }
    public required DateTimeOffset At { get; init; }
}

file sealed class ApprovalConfiguration : IEntityTypeConfiguration<Approval>
{
    public void Configure(EntityTypeBuilder<Approval> builder)
    {
        builder.Property(item => item.StepKey).HasMaxLength(120);
        builder.Property(item => item.Key).HasMaxLength(60);
        builder.Property(item => item.Subject).HasMaxLength(300);
        builder.Property(item => item.Reason).HasMaxLength(2000);
        builder.Property(item => item.LegalEntity).HasMaxLength(20);
        builder.Property(item => item.Amount).HasPrecision(19, 4);
        builder.Property(item => item.Currency).HasMaxLength(3);
        builder.Property(item => item.Changes).HasColumnType("jsonb");
        builder.Property(item => item.Fingerprint).HasMaxLength(64);
        builder.Property(item => item.ClosedBecause).HasMaxLength(2000);
        builder.Property(item => item.Version).IsConcurrencyToken();
        builder.Property(item => item.Practice).HasMaxLength(120);
        builder.Ignore(item => item.Place);
        builder.Ignore(item => item.NextRole);
        builder.HasMany(item => item.Decisions).WithOne().HasForeignKey(decision => decision.ApprovalId);
        builder.HasIndex(item => new { item.RunId, item.StepKey, item.Key }).IsUnique().HasFilter("status = 'Waiting'");
        builder.HasIndex(item => new { item.ExpiresAt, item.Id }).HasFilter("status = 'Waiting'");
        builder.HasIndex(item => new { item.ClosedAt, item.Id });
        builder.HasIndex(item => new { item.LegalEntity, item.ExpiresAt, item.Id }).HasFilter("status = 'Waiting'");
    }
}

file sealed class ApprovalDecisionConfiguration : IEntityTypeConfiguration<ApprovalDecision>
{
    public void Configure(EntityTypeBuilder<ApprovalDecision> builder)
    {
        builder.Property(item => item.Actor).HasMaxLength(120);
        builder.Property(item => item.ActorName).HasMaxLength(200);
        builder.Property(item => item.OnBehalfOf).HasMaxLength(120);
        builder.Property(item => item.Role).HasMaxLength(60);
        builder.Property(item => item.Reason).HasMaxLength(2000);
        // Four eyes: nobody takes two steps of one chain.
        builder.HasIndex(item => new { item.ApprovalId, item.Actor }).IsUnique();
    }
}
