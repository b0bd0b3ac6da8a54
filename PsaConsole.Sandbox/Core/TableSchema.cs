using System.Collections.Frozen;

namespace PsaConsole.Sandbox.Core;

/// <summary>A vendor's table: its fields in order, and how it names new records. Field names are found in any letter case.</summary>
public sealed class TableSchema
{
    private readonly FrozenDictionary<string, int> _ordinals;

    /// <param name="name">The vendor's name of the table.</param>
    /// <param name="newId">Turns the table's running number (1, 2, 3 …) into the vendor's form of an id.</param>
    /// <param name="fields">The fields, without the id.</param>
    public TableSchema(string name, Func<long, string> newId, IEnumerable<FieldSchema> fields)
    {
        Name = name;
        NewId = newId;
        Fields = [.. fields];
        _ordinals = Fields.Select((field, ordinal) => (field.Name, ordinal))
            .ToFrozenDictionary(pair => pair.Name, pair => pair.ordinal, StringComparer.OrdinalIgnoreCase);
    }

    public string Name { get; }

    public Func<long, string> NewId { get; }

    public IReadOnlyList<FieldSchema> Fields { get; }

    /// <summary>The field of this name in any letter case; null when the table has none.</summary>
    public FieldSchema? Find(string field) => _ordinals.TryGetValue(field, out var ordinal) ? Fields[ordinal] : null;

    /// <summary>The field's place in <see cref="Fields"/>.</summary>
    /// <exception cref="ArgumentException">The table has no such field.</exception>
    public int Ordinal(string field)
        => _ordinals.TryGetValue(field, out var ordinal)
            ? ordinal
            : throw new ArgumentException($"Table {Name} has no field {field}.", nameof(field));
}
