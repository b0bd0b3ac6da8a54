using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace PsaConsole.Engine.Access;

/// <summary>Somebody's stay in the console, from signing in to signing out. A cookie is worth what its session is: it names it and no more.</summary>
public sealed class Session
{
    /// <summary>As the audit trail names it.</summary>
    public required string Id { get; init; }

    public required string Person { get; init; }
    public required string Name { get; init; }

    /// <summary>Their mail address, where the provider told it: notices go there.</summary>
    public string? Address { get; init; }

    public required DateTimeOffset BegunAt { get; init; }

    /// <summary>When it ends by itself, however busy it is.</summary>
    public required DateTimeOffset EndsAt { get; init; }

    public DateTimeOffset? EndedAt { get; set; }
}

file sealed class SessionConfiguration : IEntityTypeConfiguration<Session>
{
    public void Configure(EntityTypeBuilder<Session> builder)
    {
        builder.Property(session => session.Id).HasMaxLength(64);
        builder.Property(session => session.Person).HasMaxLength(200);
        builder.Property(session => session.Name).HasMaxLength(200);
        builder.Property(session => session.Address).HasMaxLength(320);
        builder.HasIndex(session => new { session.Person, session.BegunAt }).HasFilter("ended_at is null");
    }
}
