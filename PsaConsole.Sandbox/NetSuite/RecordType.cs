using PsaConsole.Sandbox.Core;

namespace PsaConsole.Sandbox.NetSuite;

/// <summary>A record type of the REST record API: its table, its sublists, and what the sample role may do with it.</summary>
internal sealed class RecordType(string name, Func<long, string> newId, params IReadOnlyList<FieldSchema> fields)
{
    /// <summary>In the case that the documentation writes; clients may use any.</summary>
    public string Name { get; } = name;

    public TableSchema Schema { get; } = new(name, newId, fields);

    /// <summary>The fields of each sublist's lines, and of the structures in them, by path ("addressBook", "addressBook.addressBookAddress").</summary>
    public IReadOnlyDictionary<string, TableSchema> Lines { get; init; } = new Dictionary<string, TableSchema>();

    /// <summary>The role may view it only.</summary>
    public bool ViewOnly { get; init; }

    /// <summary>No record type of REST: read by SuiteQL only.</summary>
    public bool QueryOnly { get; init; }

    /// <summary>The field that a reference shows as refName.</summary>
    public string NameField { get; init; } = "name";
}
