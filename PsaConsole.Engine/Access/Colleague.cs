using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace PsaConsole.Engine.Access;

/// <summary>Somebody who has signed in once: what people read instead of their id, which many providers make a number of.</summary>
public sealed class Colleague
{
    /// <summary>The id by which cases, decisions and the trail name them.</summary>
    public required string Person { get; init; }

    /// <summary>As the provider said at their last sign-in.</summary>
    public required string Name { get; set; }

    public required DateTimeOffset SeenAt { get; set; }
}

file sealed class ColleagueConfiguration : IEntityTypeConfiguration<Colleague>
{
    public void Configure(EntityTypeBuilder<Colleague> builder)
    {
        builder.HasKey(colleague => colleague.Person);
        builder.Property(colleague => colleague.Person).HasMaxLength(200);
        builder.Property(colleague => colleague.Name).HasMaxLength(200);
    }
}
