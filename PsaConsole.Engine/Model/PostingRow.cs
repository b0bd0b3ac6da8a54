using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using PsaConsole.Engine.Finance;

namespace PsaConsole.Engine.Model;

/// <summary>How far a posting came.</summary>
public enum PostingStatus
{
    /// <summary>Written down, and sent or about to be.</summary>
    Sent,

    /// <summary>The books took it in.</summary>
    Accepted,

    /// <summary>Read back: it has its document number and every value is equal.</summary>
    Verified,
}

/// <summary>
/// One financial line. Its facts are written once and never changed (a trigger of the database refuses it): a wrong one is taken back by its exact
/// negative. Only how far it came, and the books' numbers, are added.
/// </summary>
public sealed class PostingRow
{
    public required Guid Id { get; init; }

    /// <summary>The key that goes into the target: unique for good.</summary>
    public required string OperationKey { get; init; }

    public required string SystemName { get; init; }

    /// <summary>time-entry or expense.</summary>
    public required string SourceType { get; init; }

    public required string SourceId { get; init; }

    /// <summary>Revision of the source that the line is for; a reversal carries its original's.</summary>
    public required int Revision { get; init; }

    public required PostingKind Kind { get; init; }
    public required bool Chargeable { get; init; }
    public required Guid EngagementId { get; init; }
    public required string EngagementNumber { get; init; }
    public required string LegalEntity { get; init; }
    public string? Person { get; init; }
    public required DateOnly WorkDate { get; init; }
    public required DateOnly AccountingDate { get; init; }
    public required string PeriodId { get; init; }
    public required string PeriodName { get; init; }
    public required decimal Hours { get; init; }
    public required decimal Rate { get; init; }
    public required decimal Amount { get; init; }
    public required string Currency { get; init; }
    public required decimal FxRate { get; init; }
    public required DateOnly FxDate { get; init; }
    public required decimal AccountingAmount { get; init; }
    public required string AccountingCurrency { get; init; }
    public string? CostCenter { get; init; }

    /// <summary>The books' category of an expense; null for time.</summary>
    public string? Category { get; init; }

    /// <summary>The receipt's id in the PSA.</summary>
    public string? Receipt { get; init; }

    public required string ErpProjectId { get; init; }

    /// <summary>The source's values that the line was made of; equal values need no new line.</summary>
    public required string Values { get; init; }

    /// <summary>Where rate, exchange rate, period and rule come from, as JSON: "why this amount".</summary>
    public required string Why { get; init; }

    public Guid? ReversalOf { get; init; }
    public required Guid RunId { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }

    public PostingStatus Status { get; set; }

    /// <summary>The books' id of the document.</summary>
    public string? ErpId { get; set; }

    /// <summary>The books' document number.</summary>
    public string? Voucher { get; set; }

    public DateTimeOffset? AcceptedAt { get; set; }
    public DateTimeOffset? VerifiedAt { get; set; }

    /// <summary>When it went onto an invoice: then it is not taken back before a credit note (PL44), and counts as invoiced against limits.</summary>
    public DateTimeOffset? InvoicedAt { get; set; }
}

file sealed class PostingRowConfiguration : IEntityTypeConfiguration<PostingRow>
{
    public void Configure(EntityTypeBuilder<PostingRow> builder)
    {
        builder.Property(posting => posting.Id).ValueGeneratedNever();
        builder.Property(posting => posting.OperationKey).HasMaxLength(200);
        builder.Property(posting => posting.SystemName).HasMaxLength(40);
        builder.Property(posting => posting.SourceType).HasMaxLength(40);
        builder.Property(posting => posting.SourceId).HasMaxLength(120);
        builder.Property(posting => posting.EngagementNumber).HasMaxLength(40);
        builder.Property(posting => posting.LegalEntity).HasMaxLength(20);
        builder.Property(posting => posting.Person).HasMaxLength(300);
        builder.Property(posting => posting.PeriodId).HasMaxLength(120);
        builder.Property(posting => posting.PeriodName).HasMaxLength(120);
        builder.Property(posting => posting.Hours).HasPrecision(9, 2);
        builder.Property(posting => posting.Rate).HasPrecision(19, 4);
        builder.Property(posting => posting.Amount).HasPrecision(19, 4);
        builder.Property(posting => posting.Currency).HasMaxLength(3);
        builder.Property(posting => posting.FxRate).HasPrecision(28, 18);
        builder.Property(posting => posting.AccountingAmount).HasPrecision(19, 4);
        builder.Property(posting => posting.AccountingCurrency).HasMaxLength(3);
        builder.Property(posting => posting.CostCenter).HasMaxLength(120);
        builder.Property(posting => posting.Category).HasMaxLength(120);
        builder.Property(posting => posting.Receipt).HasMaxLength(120);
        builder.Property(posting => posting.ErpProjectId).HasMaxLength(120);
        builder.Property(posting => posting.Values).HasMaxLength(4000);
        builder.Property(posting => posting.Why).HasColumnType("jsonb");
        builder.Property(posting => posting.ErpId).HasMaxLength(120);
        builder.Property(posting => posting.Voucher).HasMaxLength(120);
        builder.HasIndex(posting => posting.OperationKey).IsUnique();
        builder.HasIndex(posting => posting.ReversalOf).IsUnique().HasFilter("reversal_of is not null");
        builder.HasIndex(posting => new { posting.SystemName, posting.SourceType, posting.SourceId });
        builder.HasIndex(posting => new { posting.EngagementId, posting.WorkDate });
        builder.HasIndex(posting => new { posting.CreatedAt, posting.Id });
        builder.HasIndex(posting => new { posting.LegalEntity, posting.AccountingDate });
        builder.HasIndex(posting => posting.RunId);
    }
}
