using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace PsaConsole.Engine.Model;

/// <summary>A person as the hub knows them: an id for good, and the state that was last brought to every system. Nothing beyond what staffing needs.</summary>
public sealed class PersonRow
{
    public required Guid Id { get; init; }

    /// <summary>HR's id, which stays through transfers and rehires.</summary>
    public required string EmployeeId { get; init; }

    public required string Name { get; set; }
    public string? Email { get; set; }

    /// <summary>Address of their account, where somebody corrected it.</summary>
    public string? Account { get; set; }
    public string? LegalEntity { get; set; }
    public string? Country { get; set; }
    public string? Role { get; set; }
    public PersonStanding Standing { get; set; }

    /// <summary>The employments as JSON, oldest first.</summary>
    public required string Employments { get; set; }

    /// <summary>The run that brought the latest state to the other systems.</summary>
    public Guid? RunId { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset UpdatedAt { get; set; }
}

file sealed class PersonRowConfiguration : IEntityTypeConfiguration<PersonRow>
{
    public void Configure(EntityTypeBuilder<PersonRow> builder)
    {
        builder.Property(person => person.Id).ValueGeneratedNever();
        builder.Property(person => person.EmployeeId).HasMaxLength(120);
        builder.Property(person => person.Name).HasMaxLength(300);
        builder.Property(person => person.Email).HasMaxLength(320);
        builder.Property(person => person.Account).HasMaxLength(320);
        builder.Property(person => person.LegalEntity).HasMaxLength(40);
        builder.Property(person => person.Country).HasMaxLength(2);
        builder.Property(person => person.Role).HasMaxLength(120);
        builder.Property(person => person.Employments).HasColumnType("jsonb");
        builder.HasIndex(person => person.EmployeeId).IsUnique();
        builder.HasIndex(person => new { person.Name, person.Id });
        builder.HasIndex(person => new { person.LegalEntity, person.Name, person.Id });
    }
}
