using System.Globalization;
using PsaConsole.Sandbox.Core;

namespace PsaConsole.Sandbox.NetSuite.SuiteQl;

/// <summary>A column: how a record gives its value, and what BUILTIN.DF shows for it.</summary>
/// <param name="Name">In small letters.</param>
/// <param name="Value">Text, decimal, DateTime or null; flags are 'T' and 'F', ids numbers.</param>
/// <param name="Field">The field behind it, for its display name and its index.</param>
internal sealed record SqlColumn(string Name, Func<Record, object?> Value, FieldSchema? Field);

/// <summary>A table of SuiteQL over the records of one store table. Columns are the record's fields in small letters.</summary>
internal sealed class SqlTable
{
    private static readonly Dictionary<string, SqlTable> All = Build();

    private SqlTable(string name, RecordType type, params IEnumerable<SqlColumn> more)
    {
        Name = name;
        Source = type;
        var columns = new Dictionary<string, SqlColumn>(StringComparer.OrdinalIgnoreCase)
        {
            ["id"] = new("id", record => decimal.Parse(record.Id, CultureInfo.InvariantCulture), null),
        };
        foreach (var field in type.Schema.Fields.Where(field => field.Type != FieldType.List && field.Name is not ("balance" or "overdueBalance")))
        {
            columns[field.Name] = new SqlColumn(field.Name.ToLowerInvariant(), record => Plain(field, RecordJson.Value(type, field, record)), field);
        }

        foreach (var column in more.Prepend(new SqlColumn("lastmodifieddate", record => record.Modified.UtcDateTime, null)).Prepend(new SqlColumn("createddate", record => record.Created.UtcDateTime, null)))
        {
            columns.TryAdd(column.Name, column);
        }

        Columns = columns;
    }

    public string Name { get; }

    public RecordType Source { get; }

    public IReadOnlyDictionary<string, SqlColumn> Columns { get; }

    public static SqlTable? Find(string name) => All.GetValueOrDefault(name);

    /// <summary>What a value of a field is in SQL.</summary>
    private static object? Plain(FieldSchema field, object? value) => (field, value) switch
    {
        (_, null) => null,
        (_, bool flag) => flag ? "T" : "F",
        (_, DateOnly date) => date.ToDateTime(TimeOnly.MinValue),
        (_, DateTimeOffset instant) => instant.UtcDateTime,
        ({ Type: FieldType.Reference }, string id) => decimal.Parse(id, CultureInfo.InvariantCulture),
        ({ Kind: NetSuiteSchema.Duration }, string text) => Hours(text),
        _ => value,
    };

    private static Dictionary<string, SqlTable> Build()
    {
        var tables = new Dictionary<string, SqlTable>(StringComparer.OrdinalIgnoreCase);
        foreach (var type in NetSuiteSchema.Types.Where(type => type.Name != "invoice"))
        {
            tables[type.Name] = new SqlTable(type.Name.ToLowerInvariant(), type, More(type));
        }

        // One table holds every kind of transaction; the sample customer's are invoices.
        var invoice = NetSuiteSchema.Find("invoice")!;
        tables["transaction"] = new SqlTable(
            "transaction", invoice,
            new SqlColumn("type", _ => "CustInvc", null),
            new SqlColumn("recordtype", _ => "invoice", null),
            new SqlColumn("foreigntotal", record => record.Number("total"), null),
            new SqlColumn("foreignamountunpaid", record => record.Number("amountRemaining"), null),
            new SqlColumn("foreignamountpaid", record => record.Number("amountPaid"), null));
        return tables;
    }

    private static IEnumerable<SqlColumn> More(RecordType type) => type.Name switch
    {
        "job" => [Same("customer", type, "parent")],
        "customer" => [new SqlColumn("altname", record => record.Text("companyName"), null)],
        "subsidiary" or "department" or "location" or "classification" => [new SqlColumn("fullname", record => record.Text("name"), null)],
        _ => [],
    };

    private static SqlColumn Same(string name, RecordType type, string field)
    {
        var schema = type.Schema.Find(field)!;
        return new SqlColumn(name, record => Plain(schema, record[field]), schema);
    }

    /// <summary>A duration is a number of hours here, not "hh:mm".</summary>
    private static decimal Hours(string text)
    {
        var parts = text.Split(':');
        return decimal.Parse(parts[0], CultureInfo.InvariantCulture) + Math.Round(decimal.Parse(parts[1], CultureInfo.InvariantCulture) / 60m, 6, MidpointRounding.AwayFromZero);
    }
}
