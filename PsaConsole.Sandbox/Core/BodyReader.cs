using System.Text.Json;

namespace PsaConsole.Sandbox.Core;

/// <summary>What is wrong with a field that a client sent; the vendor puts it in its own words.</summary>
public enum FieldProblemKind
{
    Unknown,
    ReadOnly,
    Missing,
    WrongType,
    NotInPicklist,
    TooLong,
    DanglingReference,
}

/// <summary>One field that the vendor refuses, and why.</summary>
public sealed record FieldProblem(FieldProblemKind Kind, string Field, string? Value);

/// <summary>The fields that a client sent, in the store's types, and what is wrong with them.</summary>
public sealed record ReadBody(Dictionary<string, object?> Values, IReadOnlyList<FieldProblem> Problems);

/// <summary>Reads a JSON object as fields of a table, by the rules of the table's schema.</summary>
public static class BodyReader
{
    /// <param name="store">Where references are looked up.</param>
    /// <param name="schema">The table.</param>
    /// <param name="body">A JSON object whose properties are field names.</param>
    /// <param name="inserting">True for a new record: required fields without a default must be there.</param>
    /// <param name="ignored">Property names that are no fields but belong to the vendor's envelope.</param>
    public static ReadBody Read(RecordStore store, TableSchema schema, JsonElement body, bool inserting, params IReadOnlyList<string> ignored)
    {
        var values = new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase);
        var problems = new List<FieldProblem>();
        foreach (var property in body.EnumerateObject().Where(property => !ignored.Contains(property.Name)))
        {
            if (schema.Find(property.Name) is not { } field)
            {
                problems.Add(new FieldProblem(FieldProblemKind.Unknown, property.Name, null));
            }
            else if (!FieldValue.TryRead(field.Type, property.Value, out var value))
            {
                problems.Add(new FieldProblem(FieldProblemKind.WrongType, field.Name, property.Value.GetRawText()));
            }
            else if (Check(store, field, value) is { } kind)
            {
                problems.Add(new FieldProblem(kind, field.Name, value?.ToString()));
            }
            else
            {
                values[field.Name] = value;
            }
        }

        if (inserting)
        {
            problems.AddRange(schema.Fields
                .Where(field => field is { Required: true, Default: null } && !values.ContainsKey(field.Name) && problems.All(problem => problem.Field != field.Name))
                .Select(field => new FieldProblem(FieldProblemKind.Missing, field.Name, null)));
        }

        return new ReadBody(values, problems);
    }

    private static FieldProblemKind? Check(RecordStore store, FieldSchema field, object? value) => (field, value) switch
    {
        ({ ReadOnly: true }, _) => FieldProblemKind.ReadOnly,
        ({ Required: true }, null or "") => FieldProblemKind.Missing,
        (_, null) => null,
        ({ Type: FieldType.Picklist, Values.Count: > 0 }, string text) when !field.Values.Contains(text) => FieldProblemKind.NotInPicklist,
        ({ Type: FieldType.Text, Length: > 0 }, string text) when text.Length > field.Length => FieldProblemKind.TooLong,
        ({ Type: FieldType.Reference, Table: { } table }, string id) when store[table].Find(id) is null => FieldProblemKind.DanglingReference,
        _ => null,
    };
}
