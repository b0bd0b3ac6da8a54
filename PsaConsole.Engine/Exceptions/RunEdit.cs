using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using PsaConsole.Engine.Access;
using PsaConsole.Engine.Mapping;
using PsaConsole.Engine.Workflows;

namespace PsaConsole.Engine.Exceptions;

/// <summary>Gives fields of a run's state other values, before its step is done again.</summary>
internal static class RunEdit
{
    /// <returns>What the fields were before, for the history.</returns>
    /// <exception cref="RefusedException">A field can't be edited, or a value is not of its form.</exception>
    public static string Apply(Workflow workflow, Run run, IReadOnlyDictionary<string, string?> edits)
    {
        var state = JsonNode.Parse(run.State)!.AsObject();
        var changes = new List<string>();
        foreach (var (path, value) in edits)
        {
            if (!workflow.EditableFields.TryGetValue(path, out var label))
            {
                throw new RefusedException($"{path} can't be edited here. Correct it in the system that owns it.");
            }

            var old = JsonPath.Read(state, path);
            JsonPath.Write(state, path, Typed(old, value, label));
            changes.Add($"{label}: {JsonPath.Text(old) ?? "empty"} → {value ?? "empty"}");
        }

        run.State = state.ToJsonString();
        try
        {
            workflow.Describe(run);
        }
        catch (JsonException problem)
        {
            throw new RefusedException($"The new value is not of the right form: {problem.Message}");
        }

        return string.Join("; ", changes);
    }

    private static JsonValue? Typed(JsonNode? old, string? value, string label)
    {
        if (value is null)
        {
            return null;
        }

        if (old?.GetValueKind() != JsonValueKind.Number)
        {
            return JsonValue.Create(value);
        }

        return decimal.TryParse(value, NumberStyles.Number, CultureInfo.InvariantCulture, out var number)
            ? JsonValue.Create(number)
            : throw new RefusedException($"{label} must be a number, such as 1250.50.");
    }
}
