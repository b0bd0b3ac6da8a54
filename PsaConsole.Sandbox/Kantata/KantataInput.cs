using System.Text.Json;
using System.Text.Json.Nodes;
using PsaConsole.Sandbox.Core;

namespace PsaConsole.Sandbox.Kantata;

/// <summary>What a client wrote, read by the rules of its resource: ids as numbers or texts, unknown fields refused, every mistake told at once.</summary>
internal sealed class KantataInput(RecordStore store)
{
    /// <summary>The external reference that may be made together with a record.</summary>
    public const string Reference = "external_reference";

    /// <summary>Custom field values that may be made together with a record.</summary>
    public const string CustomFields = "custom_fields";

    private static readonly Dictionary<string, string> Phrases = new(StringComparer.Ordinal)
    {
        ["workspaces.title"] = "Please give your project a title",
    };

    /// <exception cref="KantataRefusal">422, with an error for each mistake.</exception>
    public Dictionary<string, object?> Read(string table, JsonElement item, bool inserting)
    {
        if (item.ValueKind != JsonValueKind.Object)
        {
            throw KantataRefusal.OfStatus(400);
        }

        var schema = store[table].Schema;
        var read = BodyReader.Read(store, schema, JsonSerializer.SerializeToElement(Plain(schema, item)), inserting, Reference, CustomFields);
        if (read.Problems.Count > 0)
        {
            throw new KantataRefusal(422, [.. read.Problems.Select(problem => new KantataError("validation", Words(table, problem), problem.Field))]);
        }

        foreach (var (name, value) in read.Values.ToList())
        {
            CheckIds(name, value);
        }

        return read.Values;
    }

    /// <summary>Ids are numbers in the documentation's bodies and texts in its answers: both are taken.</summary>
    private static JsonObject Plain(TableSchema schema, JsonElement item)
    {
        var plain = JsonObject.Create(item.Clone())!;
        foreach (var (name, value) in plain.ToList())
        {
            var isId = schema.Find(name) is { Type: FieldType.Reference } || name is "subject_id" || (schema.Find(name)?.Type == FieldType.Text && name == "service_model_ref");
            if (isId && value is JsonValue id && id.GetValueKind() == JsonValueKind.Number)
            {
                plain[name] = id.ToString();
            }
            else if (name.EndsWith("_ids", StringComparison.Ordinal) && value is JsonArray list)
            {
                plain[name] = new JsonArray([.. list.Select(entry => (JsonNode?)JsonValue.Create(entry?.ToString()))]);
            }
        }

        return plain;
    }

    /// <summary>Lists of ids point to records as single ids do.</summary>
    private void CheckIds(string name, object? value)
    {
        if (value is JsonArray list && name.EndsWith("_ids", StringComparison.Ordinal) && store.FindTable(name[..^"_ids".Length] + "s") is { } target
            && list.FirstOrDefault(id => target.Find(id?.ToString()) is null) is { } missing)
        {
            throw KantataRefusal.Validation($"{name} holds {missing}, which could not be found", name);
        }
    }

    private static string Words(string table, FieldProblem problem) => Phrases.TryGetValue($"{table}.{problem.Field}", out var phrase) && problem.Kind == FieldProblemKind.Missing ? phrase : problem.Kind switch
    {
        FieldProblemKind.Unknown => $"Unknown attribute: {problem.Field}",
        FieldProblemKind.ReadOnly => $"{problem.Field} can't be changed",
        FieldProblemKind.Missing => $"{problem.Field} can't be blank",
        FieldProblemKind.NotInPicklist => $"{problem.Field} is not included in the list",
        FieldProblemKind.TooLong => $"{problem.Field} is too long",
        FieldProblemKind.DanglingReference => $"{problem.Field} could not be found",
        _ => $"{problem.Field} is invalid",
    };
}
