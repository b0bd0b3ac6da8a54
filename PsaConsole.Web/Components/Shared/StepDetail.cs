using System.Text.Json;
using System.Text.Json.Nodes;
using PsaConsole.Engine.Access;

namespace PsaConsole.Web.Components.Shared;

/// <summary>What the engine noted with a step or a case, in the parts that people look at.</summary>
/// <param name="Compared">Fields as they should be and as they are.</param>
/// <param name="Call">Method and path of the call that failed.</param>
/// <param name="Answer">What the vendor answered, status first.</param>
public sealed record StepDetail(IReadOnlyList<ComparedField> Compared, string? Call, string? Answer)
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static StepDetail Nothing { get; } = new([], null, null);

    /// <summary>Reads a step's detail: <c>compared</c> or <c>findings</c>, and <c>call</c>, <c>status</c>, <c>answer</c>.</summary>
    /// <param name="sight">What the reader may see: the rest is masked.</param>
    public static StepDetail Read(string? json, Sight sight) => json is null ? Nothing : Of(JsonNode.Parse(json), sight);

    private static StepDetail Of(JsonNode? node, Sight sight) => node switch
    {
        JsonArray findings => new(Fields(findings, sight), null, null),
        JsonObject detail => new(
            Fields((detail["compared"] ?? detail["findings"]) as JsonArray, sight),
            Text(detail["call"]),
            AnswerOf(Text(detail["status"]), Text(detail["vendorCode"]), sight.Show(Text(detail["answer"])))),
        _ => Nothing,
    };

    private static IReadOnlyList<ComparedField> Fields(JsonArray? findings, Sight sight) =>
        [.. (findings ?? []).OfType<JsonObject>()
            .Where(finding => Text(finding["field"]) is not null)
            .Select(finding => ComparedField.Of(Text(finding["field"])!, Text(finding["expected"]), Text(finding["actual"]), sight))];

    private static string? AnswerOf(string? status, string? code, string? body)
    {
        var head = string.Join(' ', new[] { status is null ? null : $"HTTP {status}", code }.Where(part => part is not null));
        string?[] parts = [head.Length > 0 ? head : null, Pretty(body)];
        return parts.All(part => part is null) ? null : string.Join('\n', parts.Where(part => part is not null));
    }

    private static string? Pretty(string? body)
    {
        if (body is null || !(body.StartsWith('{') || body.StartsWith('[')))
        {
            return body;
        }

        try
        {
            return JsonNode.Parse(body)?.ToJsonString(Indented);
        }
        catch (JsonException)
        {
            // Answers are cut at a bound: what is no longer JSON is shown as it came.
            return body;
        }
    }

    private static string? Text(JsonNode? node) => node switch
    {
        null => null,
        JsonValue value when value.TryGetValue<string>(out var text) => text,
        _ => node.ToJsonString(),
    };
}
