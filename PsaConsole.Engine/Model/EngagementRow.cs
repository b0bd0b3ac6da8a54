using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace PsaConsole.Engine.Model;

/// <summary>A project as the hub knows it, from the moment its number is drawn.</summary>
public sealed class EngagementRow
{
    public required Guid Id { get; init; }
    public required string Number { get; init; }
    public required string Name { get; set; }
    public required Guid RunId { get; init; }
    public required string OpportunityId { get; init; }
    public required string LegalEntity { get; init; }

    /// <summary>The deal's service line.</summary>
    public string? Practice { get; set; }

    public required string ClientName { get; set; }
    public required decimal ContractValue { get; set; }
    public required string Currency { get; init; }
    public required BillingType BillingType { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
}

/// <summary>The next number of a legal entity's projects.</summary>
public sealed class NumberSeries
{
    public required string LegalEntity { get; init; }
    public int Next { get; set; } = 1;
}

file sealed class EngagementRowConfiguration : IEntityTypeConfiguration<EngagementRow>
{
    public void Configure(EntityTypeBuilder<EngagementRow> builder)
    {
        builder.Property(engagement => engagement.Id).ValueGeneratedNever();
        builder.Property(engagement => engagement.Number).HasMaxLength(40);
        builder.Property(engagement => engagement.Name).HasMaxLength(300);
        builder.Property(engagement => engagement.OpportunityId).HasMaxLength(120);
        builder.Property(engagement => engagement.LegalEntity).HasMaxLength(20);
        builder.Property(engagement => engagement.Practice).HasMaxLength(120);
        builder.Property(engagement => engagement.ClientName).HasMaxLength(300);
        builder.Property(engagement => engagement.ContractValue).HasPrecision(19, 4);
        builder.Property(engagement => engagement.Currency).HasMaxLength(3);
        builder.HasIndex(engagement => engagement.Number).IsUnique();
        builder.HasIndex(engagement => engagement.RunId);
        builder.HasIndex(engagement => engagement.OpportunityId);
    }
}

file sealed class NumberSeriesConfiguration : IEntityTypeConfiguration<NumberSeries>
{
    public void Configure(EntityTypeBuilder<NumberSeries> builder)
    {
        builder.HasKey(series => series.LegalEntity);
        builder.Property(series => series.LegalEntity).HasMaxLength(20);
    }
}
