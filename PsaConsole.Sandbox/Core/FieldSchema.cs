namespace PsaConsole.Sandbox.Core;

/// <summary>The kinds of value that a field holds; see <see cref="FieldValue"/> for the type each is kept as.</summary>
public enum FieldType
{
    Text,
    Number,
    Whole,
    Boolean,
    Date,
    DateTime,
    Reference,
    Picklist,
    Structure,
    List,
}

/// <summary>One field of a vendor's table, with the rules that the vendor holds its values to.</summary>
public sealed record FieldSchema(string Name, FieldType Type)
{
    /// <summary>A new record is refused without it, and it can't be cleared.</summary>
    public bool Required { get; init; }

    /// <summary>Set by the vendor only; a client that sends it is refused.</summary>
    public bool ReadOnly { get; init; }

    /// <summary>No two live records may hold the same value. Implies an index.</summary>
    public bool Unique { get; init; }

    /// <summary>May be used as the key of an upsert.</summary>
    public bool ExternalId { get; init; }

    /// <summary>Kept in an index, so that <see cref="Table.FindBy"/> costs no scan. References always are.</summary>
    public bool Indexed { get; init; }

    /// <summary>What a new record holds when the client sends nothing.</summary>
    public object? Default { get; init; }

    /// <summary>The allowed values of a picklist; empty allows any.</summary>
    public IReadOnlyList<string> Values { get; init; } = [];

    /// <summary>The table that a reference points to.</summary>
    public string? Table { get; init; }

    /// <summary>The vendor's own name of the type, where <see cref="Type"/> doesn't say it all (currency, phone, url …).</summary>
    public string? Kind { get; init; }

    /// <summary>The most characters of a text; 0 sets no limit.</summary>
    public int Length { get; init; }

    internal bool HasIndex => Unique || Indexed || ExternalId || Type == FieldType.Reference;
}
