using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace PsaConsole.Engine.Staffing;

/// <summary>What the checks know about a person, as of when HR was asked last.</summary>
public sealed class StaffedPersonRow
{
    /// <summary>HR's employee id.</summary>
    public required string EmployeeId { get; init; }

    public required string Name { get; set; }

    /// <summary>In lower case: how other systems name the person.</summary>
    public required string Address { get; set; }

    /// <summary>Code of the employing legal entity; null while HR says none.</summary>
    public string? LegalEntity { get; set; }

    /// <summary>The <see cref="StaffedPerson"/> as JSON.</summary>
    public required string Facts { get; set; }

    /// <summary>Facts that are older than fifteen minutes are read again before a decision (3-workflows 3d).</summary>
    public DateTimeOffset ReadAt { get; set; }

    public DateTimeOffset? CheckedAt { get; set; }
}

file sealed class StaffedPersonRowConfiguration : IEntityTypeConfiguration<StaffedPersonRow>
{
    public void Configure(EntityTypeBuilder<StaffedPersonRow> builder)
    {
        builder.ToTable("staffed_person");
        builder.HasKey(row => row.EmployeeId);
        builder.Property(row => row.EmployeeId).HasMaxLength(120);
        builder.Property(row => row.Name).HasMaxLength(300);
        builder.Property(row => row.Address).HasMaxLength(320);
        builder.Property(row => row.Facts).HasColumnType("jsonb");
        builder.Property(row => row.LegalEntity).HasMaxLength(40);
        builder.HasIndex(row => row.Address);
        builder.HasIndex(row => new { row.LegalEntity, row.Name, row.EmployeeId });
        builder.HasIndex(row => new { row.Name, row.EmployeeId });
    }
}
