using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace PsaConsole.Engine.Model;

/// <summary>A client as the hub knows it: its id for good, and the canonical state that was last brought to every system.</summary>
public sealed class ClientRow
{
    public required Guid Id { get; init; }
    public required string LegalName { get; set; }
    public string? Country { get; set; }
    public string? TaxRegistration { get; set; }
    public string? Domain { get; set; }

    /// <summary>The canonical <see cref="Client"/> as JSON.</summary>
    public required string State { get; set; }

    /// <summary>The run that brings its changes to the other systems; null before the first change.</summary>
    public Guid? RunId { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset UpdatedAt { get; set; }
}

file sealed class ClientRowConfiguration : IEntityTypeConfiguration<ClientRow>
{
    public void Configure(EntityTypeBuilder<ClientRow> builder)
    {
        builder.Property(client => client.Id).ValueGeneratedNever();
        builder.Property(client => client.LegalName).HasMaxLength(300);
        builder.Property(client => client.Country).HasMaxLength(2);
        builder.Property(client => client.TaxRegistration).HasMaxLength(60);
        builder.Property(client => client.Domain).HasMaxLength(200);
        builder.Property(client => client.State).HasColumnType("jsonb");
        builder.HasIndex(client => new { client.LegalName, client.Id });
    }
}
