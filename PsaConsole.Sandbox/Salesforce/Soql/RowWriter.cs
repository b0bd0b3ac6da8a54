using System.Text.Json;
using PsaConsole.Sandbox.Core;

namespace PsaConsole.Sandbox.Salesforce.Soql;

/// <summary>Writes records as the rows of a query: the selected fields in their order, parents as nested objects, sub-queries as nested results.</summary>
internal sealed class RowWriter
{
    private readonly SObject _target;
    private readonly RecordStore _store;
    private readonly QueryRunner _runner;
    private readonly string _version;
    private readonly List<Column> _columns = [];
    private readonly List<(ChildRelationship Relationship, SObject Child, SoqlQuery Query, RowWriter Rows)> _children = [];

    /// <exception cref="SalesforceRefusal">INVALID_FIELD: a selected field or relationship is not in the schema.</exception>
    public RowWriter(SObject target, SoqlQuery query, QueryRunner runner, RecordStore store, string version)
    {
        (_target, _runner, _store, _version) = (target, runner, store, version);
        foreach (var path in query.Fields)
        {
            var resolved = FieldPath.Resolve(target, path);
            Add(_columns, target, [.. resolved.Relationships], resolved.Field);
        }

        foreach (var sub in query.Children)
        {
            var relationship = target.FindChildren(sub.From) ?? throw SalesforceRefusal.Query(
                "INVALID_TYPE", $"Didn't understand relationship '{sub.From}' in FROM part of query call. If you are attempting to use a custom relationship, be sure to append the '__r' after the custom relationship name.");
            var child = SalesforceSchema.Find(relationship.Child)!;
            _children.Add((relationship, child, sub, new RowWriter(child, sub, runner, store, version)));
        }
    }

    public void Write(Utf8JsonWriter writer, Record record)
    {
        writer.WriteStartObject();
        SalesforceJson.WriteAttributes(writer, _version, _target.Name, record.Id);
        WriteColumns(writer, _columns, _target, record);
        foreach (var (relationship, child, query, rows) in _children)
        {
            writer.WritePropertyName(relationship.Name);
            var records = _runner.RunChildren(child, query, relationship.Field, record.Id);
            if (records.Count == 0)
            {
                writer.WriteNullValue();
                continue;
            }

            writer.WriteStartObject();
            writer.WriteNumber("totalSize", records.Count);
            writer.WriteBoolean("done", true);
            writer.WriteStartArray("records");
            foreach (var row in records)
            {
                rows.Write(writer, row);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    private void WriteColumns(Utf8JsonWriter writer, List<Column> columns, SObject owner, Record record)
    {
        foreach (var column in columns)
        {
            if (column.Parent is null)
            {
                writer.WritePropertyName(column.Field.Name);
                SalesforceJson.WriteValue(writer, SObject.Value(record, column.Field.Name));
                continue;
            }

            writer.WritePropertyName(SObject.RelationshipName(column.Field));
            if (_store[column.Parent.Name].Find((string?)SObject.Value(record, column.Field.Name)) is not { } parent)
            {
                writer.WriteNullValue();
                continue;
            }

            writer.WriteStartObject();
            SalesforceJson.WriteAttributes(writer, _version, column.Parent.Name, parent.Id);
            WriteColumns(writer, column.Columns, column.Parent, parent);
            writer.WriteEndObject();
        }
    }

    private static void Add(List<Column> columns, SObject owner, ReadOnlySpan<string> relationships, FieldSchema field)
    {
        if (relationships.IsEmpty)
        {
            if (columns.Any(column => column.Parent is null && column.Field.Name == field.Name))
            {
                throw SalesforceRefusal.Query("MALFORMED_QUERY", $"duplicate field selected: {field.Name}");
            }

            columns.Add(new Column(field, null, []));
            return;
        }

        var reference = owner.FindParent(relationships[0])!;
        var parent = columns.FirstOrDefault(column => column.Parent is not null && column.Field.Name == reference.Name);
        if (parent is null)
        {
            columns.Add(parent = new Column(reference, SalesforceSchema.Find(reference.Table!)!, []));
        }

        Add(parent.Columns, parent.Parent!, relationships[1..], field);
    }

    private sealed record Column(FieldSchema Field, SObject? Parent, List<Column> Columns);
}
