using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace PsaConsole.Engine.Model;

/// <summary>An amount that is billed when something is delivered or a date is reached, as the PSA has it now (2-canonical-model 2.4).</summary>
public sealed record Milestone
{
    public required string Id { get; init; }

    /// <summary>The project's id in the PSA.</summary>
    public required string ProjectId { get; init; }

    /// <summary>As the PSA names it: "2 Go-live".</summary>
    public required string Name { get; init; }

    /// <summary>In <see cref="Currency"/>, before tax.</summary>
    public required decimal Amount { get; init; }

    public required string Currency { get; init; }

    /// <summary>Where nothing is accepted, the day on which it is billed.</summary>
    public DateOnly? DueOn { get; init; }

    /// <summary>It is billed when the client has accepted what was delivered, not on a date.</summary>
    public bool AcceptanceRequired { get; init; }

    /// <summary>What it stands for is delivered.</summary>
    public bool Delivered { get; init; }

    public DateOnly? DeliveredOn { get; init; }

    /// <summary>The day on which it became billable as far as delivery goes; null while it is not.</summary>
    /// <param name="today">In the legal entity's zone.</param>
    public DateOnly? AchievedOn(DateOnly today) => AcceptanceRequired ? (Delivered ? DeliveredOn ?? today : null) : DueOn <= today ? DueOn : null;
}

/// <summary>One dated amount of a project's billing schedule, as the books have it.</summary>
/// <param name="Id">The books' number of the line.</param>
/// <param name="Ready">It is put on the next invoice.</param>
public sealed record BillingEntry(string Id, string Name, decimal Amount, DateOnly? DueOn, bool Ready, DateOnly? ReadyOn);

/// <summary>One line of an invoice that was issued, before tax.</summary>
/// <param name="Amount">Positive; in the invoice's currency.</param>
public sealed record InvoiceLine(string InvoiceId, string Number, DateOnly Date, string? Text, decimal Amount, bool Posted);

/// <summary>Who accepted a delivery, when, and where that is written down (PL60). Recorded once.</summary>
public sealed class AcceptanceRow
{
    public long Id { get; init; }
    public required string SystemName { get; init; }
    public required string MilestoneId { get; init; }

    /// <summary>Whoever accepted for the client, by name.</summary>
    public required string AcceptedBy { get; init; }

    public required DateOnly AcceptedOn { get; init; }

    /// <summary>Address of the signed document.</summary>
    public required string Document { get; init; }

    /// <summary>Id of the colleague who recorded it.</summary>
    public required string RecordedBy { get; init; }

    public required DateTimeOffset RecordedAt { get; init; }
}

file sealed class AcceptanceConfiguration : IEntityTypeConfiguration<AcceptanceRow>
{
    public void Configure(EntityTypeBuilder<AcceptanceRow> builder)
    {
        builder.Property(item => item.SystemName).HasMaxLength(40);
        builder.Property(item => item.MilestoneId).HasMaxLength(120);
        builder.Property(item => item.AcceptedBy).HasMaxLength(200);
        builder.Property(item => item.Document).HasMaxLength(1000);
        builder.Property(item => item.RecordedBy).HasMaxLength(120);
        builder.HasIndex(item => new { item.SystemName, item.MilestoneId }).IsUnique();
    }
}
