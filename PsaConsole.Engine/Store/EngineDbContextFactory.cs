using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace PsaConsole.Engine.Store;

/// <summary>Lets the migration tool make a context without a running console: "dotnet ef migrations add … --project PsaConsole.Engine".</summary>
internal sealed class EngineDbContextFactory : IDesignTimeDbContextFactory<EngineDbContext>
{
    public EngineDbContext CreateDbContext(string[] args) => new(new DbContextOptionsBuilder<EngineDbContext>().UseNpgsql("Host=design-time").Options);
}
