using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace PsaConsole.Engine.Exceptions.Views;

/// <summary>A view of the queue that somebody has given a name: its filters, as the page's address has them.</summary>
public sealed class SavedView
{
    public long Id { get; init; }
    public required string Owner { get; init; }
    public required string OwnerName { get; set; }
    public required string Name { get; init; }

    /// <summary>The query string, from its question mark on.</summary>
    public required string Query { get; set; }

    /// <summary>Everybody sees it; its owner alone changes it.</summary>
    public bool IsShared { get; set; }

    public required DateTimeOffset SavedAt { get; set; }
}

/// <summary>The view with which the queue opens for a person.</summary>
public sealed class DefaultView
{
    public required string Person { get; init; }
    public required long ViewId { get; set; }
}

file sealed class SavedViewConfiguration : IEntityTypeConfiguration<SavedView>, IEntityTypeConfiguration<DefaultView>
{
    public void Configure(EntityTypeBuilder<SavedView> builder)
    {
        builder.Property(view => view.Owner).HasMaxLength(120);
        builder.Property(view => view.OwnerName).HasMaxLength(200);
        builder.Property(view => view.Name).HasMaxLength(60);
        builder.Property(view => view.Query).HasMaxLength(1000);
        builder.HasIndex(view => new { view.Owner, view.Name }).IsUnique();
        builder.HasIndex(view => view.Name).HasFilter("is_shared");
    }

    public void Configure(EntityTypeBuilder<DefaultView> builder)
    {
        builder.HasKey(choice => choice.Person);
        builder.Property(choice => choice.Person).HasMaxLength(120);
        builder.HasOne<SavedView>().WithMany().HasForeignKey(choice => choice.ViewId).OnDelete(DeleteBehavior.Cascade);
    }
}
