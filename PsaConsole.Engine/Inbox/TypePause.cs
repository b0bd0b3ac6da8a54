using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace PsaConsole.Engine.Inbox;

/// <summary>Changes of one kind from one system are not looked at, since too many of them could not be read: they wait, in order (3-workflows 3.0.3).</summary>
public sealed class TypePause
{
    public required string SystemName { get; init; }
    public required string SourceType { get; init; }
    public required DateTimeOffset PausedAt { get; init; }
}

file sealed class TypePauseConfiguration : IEntityTypeConfiguration<TypePause>
{
    public void Configure(EntityTypeBuilder<TypePause> builder)
    {
        builder.HasKey(pause => new { pause.SystemName, pause.SourceType });
        builder.Property(pause => pause.SystemName).HasMaxLength(40);
        builder.Property(pause => pause.SourceType).HasMaxLength(40);
    }
}
