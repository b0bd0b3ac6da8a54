using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace PsaConsole.Engine.Mapping;

/// <summary>One version of a mapping set, as it is stored. Versions are never changed, only followed by another.</summary>
public sealed class MappingSet
{
    /// <summary>Name, "{system}.{record}.{read|write}", such as netsuite.project.write.</summary>
    public required string Name { get; init; }

    public required int Version { get; init; }

    /// <summary>The rules in order, as JSON of <see cref="MappingRule"/>.</summary>
    public required string Rules { get; init; }

    /// <summary>Where this version comes from: "shipped", or who made it.</summary>
    public required string Author { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public MappingStamp Stamp => new(Name, Version);
}

file sealed class MappingSetConfiguration : IEntityTypeConfiguration<MappingSet>
{
    public void Configure(EntityTypeBuilder<MappingSet> builder)
    {
        builder.HasKey(set => new { set.Name, set.Version });
        builder.Property(set => set.Name).HasMaxLength(120);
        builder.Property(set => set.Author).HasMaxLength(120);
        builder.Property(set => set.Rules).HasColumnType("jsonb");
        builder.Ignore(set => set.Stamp);
    }
}
