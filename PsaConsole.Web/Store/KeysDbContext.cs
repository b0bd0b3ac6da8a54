using Microsoft.AspNetCore.DataProtection.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;

namespace PsaConsole.Web.Store;

/// <summary>The Data Protection keys, shared by all replicas: a cookie or a form made by one is read by every other, restarts included.</summary>
public sealed class KeysDbContext(DbContextOptions<KeysDbContext> options) : DbContext(options), IDataProtectionKeyContext
{
    public DbSet<DataProtectionKey> DataProtectionKeys => Set<DataProtectionKey>();

    protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder.Entity<DataProtectionKey>(key =>
    {
        key.ToTable("data_protection_keys");
        key.Property(row => row.Id).HasColumnName("id");
        key.Property(row => row.FriendlyName).HasColumnName("friendly_name").HasMaxLength(200);
        key.Property(row => row.Xml).HasColumnName("xml");
    });
}
