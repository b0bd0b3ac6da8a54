using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using PsaConsole.Engine.Access;
using PsaConsole.Engine.Mapping;

namespace PsaConsole.Engine.Store;

/// <summary>Keeps a scope as JSON; what was there before scopes were sees everything, as it did.</summary>
internal static class ScopeConversion
{
    public static PropertyBuilder<DataScope> HasScopeConversion(this PropertyBuilder<DataScope> property) => property
        .HasConversion(scope => JsonSerializer.Serialize(scope, MappingSets.Json), text => JsonSerializer.Deserialize<DataScope>(text, MappingSets.Json)!)
        .HasColumnType("jsonb")
        .HasDefaultValueSql("'{}'");
}
