using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata;
using Npgsql;

namespace PsaConsole.Engine.Store;

/// <summary>
/// What a context has changed, as statements that can travel in one batch with those of other contexts. A set in which a row points at another whose key
/// the database has yet to make (a new case and its history) can't: it is saved by the context itself.
/// </summary>
public static class ChangeStatements
{
    /// <summary>The statements in an order that foreign keys and unique indexes allow; null when the context has to save by itself.</summary>
    /// <remarks>The caller has detected the changes, and keeps the context from detecting them again at every look.</remarks>
    public static IReadOnlyList<Statement>? Of(EngineDbContext store)
    {
        AuditPlaces.Fill(store);
        var changes = store.ChangeTracker.Entries().Where(entry => entry.State is EntityState.Added or EntityState.Modified or EntityState.Deleted).ToList();
        return changes.TrueForAll(IsPlain) ? [.. changes.OrderBy(Order).ThenBy(entry => entry.State == EntityState.Added).Select(ToStatement)] : null;
    }

    /// <summary>Takes the changes as saved; rows whose keys only the database knows are let go.</summary>
    public static void Accept(EngineDbContext store)
    {
        foreach (var entry in store.ChangeTracker.Entries().Where(entry => entry.State == EntityState.Added && entry.Properties.Any(property => property.IsTemporary)).ToList())
        {
            entry.State = EntityState.Detached;
        }

        store.ChangeTracker.AcceptAllChanges();
    }

    private static bool IsPlain(EntityEntry entry) =>
        !entry.Metadata.IsOwned() && !entry.ComplexProperties.Any()
        && entry.Properties.All(property => !property.IsTemporary || (property.Metadata.IsPrimaryKey() && !property.Metadata.IsForeignKey()));

    /// <summary>Deletions, children first; then the rest, parents first. Of one table what is changed comes before what is new: it may make room in a unique index.</summary>
    private static int Order(EntityEntry entry) => entry.State == EntityState.Deleted ? -Depth(entry.Metadata) : Depth(entry.Metadata);

    private static int Depth(IEntityType type) =>
        1 + type.GetForeignKeys().Where(key => key.PrincipalEntityType != type).Select(key => Depth(key.PrincipalEntityType)).DefaultIfEmpty(0).Max();

    private static Statement ToStatement(EntityEntry entry)
    {
        var table = StoreObjectIdentifier.Create(entry.Metadata, StoreObjectType.Table)
            ?? throw new InvalidOperationException($"{entry.Metadata.Name} has no table.");
        var statement = new Builder(table);
        return entry.State switch
        {
            EntityState.Added => statement.Insert([.. entry.Properties.Where(property => !property.IsTemporary)]),
            EntityState.Modified => statement.Update([.. entry.Properties.Where(property => property.IsModified)], [.. Identity(entry)]),
            _ => statement.Delete([.. Identity(entry)]),
        };
    }

    private static IEnumerable<PropertyEntry> Identity(EntityEntry entry) =>
        entry.Properties.Where(property => property.Metadata.IsPrimaryKey() || property.Metadata.IsConcurrencyToken);

    /// <summary>Writes one statement with positional parameters in the types that the model maps them to.</summary>
    private sealed class Builder(StoreObjectIdentifier table)
    {
        // Only makes parameters; it never has a connection.
        private static readonly NpgsqlCommand Maker = new();

        private readonly List<NpgsqlParameter> parameters = [];

        public Statement Insert(IReadOnlyList<PropertyEntry> values)
        {
            var columns = string.Join(", ", values.Select(Column));
            return Done($"insert into {table.Name} ({columns}) values ({string.Join(", ", values.Select(value => Parameter(value, value.CurrentValue)))})");
        }

        public Statement Update(IReadOnlyList<PropertyEntry> values, IReadOnlyList<PropertyEntry> identity)
        {
            var changes = string.Join(", ", values.Select(value => $"{Column(value)} = {Parameter(value, value.CurrentValue)}"));
            return Done($"update {table.Name} set {changes} where {Match(identity)}");
        }

        public Statement Delete(IReadOnlyList<PropertyEntry> identity) => Done($"delete from {table.Name} where {Match(identity)}");

        private string Match(IReadOnlyList<PropertyEntry> identity) =>
            string.Join(" and ", identity.Select(value => $"{Column(value)} = {Parameter(value, value.OriginalValue)}"));

        private string Column(PropertyEntry value) => $"\"{value.Metadata.GetColumnName(table)}\"";

        private string Parameter(PropertyEntry value, object? content)
        {
            var property = value.Metadata;
            parameters.Add((NpgsqlParameter)property.GetRelationalTypeMapping().CreateParameter(Maker, "", content, property.IsNullable));
            return $"${parameters.Count}";
        }

        private Statement Done(string sql) => new(sql, parameters);
    }
}
