using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace PsaConsole.Engine.Exceptions;

/// <summary>A line of a case's history: raised, seen again, commented, assigned, retried, resolved.</summary>
public sealed class CaseEntry
{
    public long Id { get; init; }
    public long CaseId { get; init; }
    public required DateTimeOffset At { get; init; }

    /// <summary>Who: a person's id, or "engine".</summary>
    public required string Actor { get; init; }

    public required string Action { get; init; }
    public string? Text { get; init; }
}

file sealed class CaseEntryConfiguration : IEntityTypeConfiguration<CaseEntry>
{
    public void Configure(EntityTypeBuilder<CaseEntry> builder)
    {
        builder.Property(entry => entry.Actor).HasMaxLength(120);
        builder.Property(entry => entry.Action).HasMaxLength(40);
        builder.Property(entry => entry.Text).HasMaxLength(4000);
        builder.HasIndex(entry => new { entry.CaseId, entry.Id });
    }
}
