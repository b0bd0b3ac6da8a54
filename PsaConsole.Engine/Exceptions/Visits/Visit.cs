using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace PsaConsole.Engine.Exceptions.Visits;

/// <summary>When somebody last looked at the cases, and when they did before that: what happened in between is news to them.</summary>
public sealed class Visit
{
    /// <summary>After so long without a look, the next look is another visit.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromMinutes(30);

    public required string Person { get; init; }

    public required DateTimeOffset SeenAt { get; set; }

    /// <summary>The end of the visit before this one; null on the first.</summary>
    public DateTimeOffset? Before { get; set; }

    /// <summary>Somebody looks now. Whoever has been away begins another visit.</summary>
    public void Look(DateTimeOffset now)
    {
        Before = now - SeenAt > Pause ? SeenAt : Before;
        SeenAt = now > SeenAt ? now : SeenAt;
    }
}

file sealed class VisitConfiguration : IEntityTypeConfiguration<Visit>
{
    public void Configure(EntityTypeBuilder<Visit> builder)
    {
        builder.HasKey(visit => visit.Person);
        builder.Property(visit => visit.Person).HasMaxLength(120);
    }
}
