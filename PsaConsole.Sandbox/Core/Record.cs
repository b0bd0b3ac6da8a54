namespace PsaConsole.Sandbox.Core;

/// <summary>One version of a vendor's record. A change makes a new version; a version never changes.</summary>
public sealed class Record
{
    private const int VersionsKept = 4;
    private readonly object?[] _values;

    internal Record(TableSchema schema, long sequence, string id, object?[] values)
    {
        Schema = schema;
        Sequence = sequence;
        Id = id;
        _values = values;
    }

    public TableSchema Schema { get; }

    /// <summary>The table's running number of the record: the order in which records were created.</summary>
    public long Sequence { get; }

    public string Id { get; }

    public required DateTimeOffset Created { get; init; }

    public required DateTimeOffset Modified { get; init; }

    /// <summary>The vendor-wide number of the change that made this version; grows with every change.</summary>
    public required long Revision { get; init; }

    public bool Deleted { get; init; }

    /// <summary>The version before this one, while it is still remembered (for reads that lag behind).</summary>
    internal Record? Previous { get; private set; }

    /// <summary>The value of a field in the type that <see cref="FieldValue"/> tells.</summary>
    /// <exception cref="ArgumentException">The table has no such field.</exception>
    public object? this[string field] => _values[Schema.Ordinal(field)];

    public object? this[int ordinal] => _values[ordinal];

    public string? Text(string field) => (string?)this[field];

    public decimal? Number(string field) => this[field] switch
    {
        null => null,
        decimal number => number,
        long integer => integer,
        var other => throw new InvalidCastException($"{Schema.Name}.{field} holds {other.GetType().Name}, not a number."),
    };

    public bool Flag(string field) => this[field] is true;

    public DateOnly? Date(string field) => (DateOnly?)this[field];

    internal object?[] CopyValues() => (object?[])_values.Clone();

    internal void RememberPrevious(Record previous)
    {
        Previous = previous;
        var version = this;
        for (var kept = 0; kept < VersionsKept && version is not null; kept++)
        {
            version = version.Previous;
        }

        version?.Previous = null;
    }
}
