using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace PsaConsole.Engine.Connectors;

/// <summary>Calls of one system on one day (UTC) that the replicas have taken for themselves, in batches.</summary>
public sealed class CallQuota
{
    public required string SystemName { get; init; }
    public required DateOnly Day { get; init; }
    public long Taken { get; set; }
}

file sealed class CallQuotaConfiguration : IEntityTypeConfiguration<CallQuota>
{
    public void Configure(EntityTypeBuilder<CallQuota> builder)
    {
        builder.HasKey(quota => new { quota.SystemName, quota.Day });
        builder.Property(quota => quota.SystemName).HasMaxLength(40);
    }
}
