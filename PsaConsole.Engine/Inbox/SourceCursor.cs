using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace PsaConsole.Engine.Inbox;

/// <summary>How far the changes of a system were read.</summary>
public sealed class SourceCursor
{
    public required string SystemName { get; init; }

    public const int Longest = 8000;

    /// <summary>The connector's own position; null asks for a full read.</summary>
    public string? Cursor { get; set; }

    public DateTimeOffset? ReadAt { get; set; }
    public string? LastError { get; set; }
}

/// <summary>A system that a person, or a refused credential, took out of service.</summary>
public sealed class SystemPause
{
    public required string SystemName { get; init; }
    public required string Actor { get; init; }
    public required string Reason { get; init; }
    public required DateTimeOffset PausedAt { get; init; }
}

file sealed class SourceCursorConfiguration : IEntityTypeConfiguration<SourceCursor>
{
    public void Configure(EntityTypeBuilder<SourceCursor> builder)
    {
        builder.HasKey(cursor => cursor.SystemName);
        builder.Property(cursor => cursor.SystemName).HasMaxLength(40);
        builder.Property(cursor => cursor.Cursor).HasMaxLength(SourceCursor.Longest);
        builder.Property(cursor => cursor.LastError).HasMaxLength(2000);
    }
}

file sealed class SystemPauseConfiguration : IEntityTypeConfiguration<SystemPause>
{
    public void Configure(EntityTypeBuilder<SystemPause> builder)
    {
        builder.HasKey(pause => pause.SystemName);
        builder.Property(pause => pause.SystemName).HasMaxLength(40);
        builder.Property(pause => pause.Actor).HasMaxLength(120);
        builder.Property(pause => pause.Reason).HasMaxLength(1000);
    }
}
