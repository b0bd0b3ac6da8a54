using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;

namespace PsaConsole.Engine.Store;

/// <summary>Names tables and columns the way people write SQL: exception_case.raised_at.</summary>
internal static partial class SnakeCase
{
    public static void Apply(ModelBuilder modelBuilder)
    {
        foreach (var entity in modelBuilder.Model.GetEntityTypes())
        {
            entity.SetTableName(Of(entity.ClrType.Name.EndsWith("Row", StringComparison.Ordinal) ? entity.ClrType.Name[..^3] : entity.ClrType.Name));
            foreach (var property in entity.GetProperties())
            {
                property.SetColumnName(Of(property.Name));
            }
        }
    }

    private static string Of(string name) => WordStart().Replace(name, "_$1").ToLowerInvariant();

    [GeneratedRegex("(?<=[a-z0-9])([A-Z])")]
    private static partial Regex WordStart();
}
