using System.Text.Json.Nodes;

namespace PsaConsole.Tests.Web.Api;

/// <summary>Compares two OpenAPI documents: what of the older one a program that was written against it would miss in the newer one. Pure.</summary>
internal static class ApiDocument
{
    /// <summary>Everything that breaks such a program, in words; nothing when it goes on working.</summary>
    public static IReadOnlyList<string> Breaks(JsonNode published, JsonNode served)
    {
        var breaks = new List<string>();
        foreach (var (path, operations) in published["paths"]!.AsObject())
        {
            foreach (var (method, operation) in operations!.AsObject())
            {
                if (served["paths"]?[path]?[method] is not { } now)
                {
                    breaks.Add($"{method} {path} is gone");
                    continue;
                }

                CompareOperation($"{method} {path}", operation!, now, breaks);
            }
        }

        foreach (var (name, schema) in published["components"]?["schemas"]?.AsObject() ?? [])
        {
            CompareSchema(name, schema!, served["components"]?["schemas"]?[name], breaks);
        }

        return breaks;
    }

    private static void CompareOperation(string name, JsonNode published, JsonNode served, List<string> breaks)
    {
        var known = Parameters(published);
        breaks.AddRange(known.Keys.Except(Parameters(served).Keys).Select(parameter => $"{name}: parameter {parameter} is gone"));
        breaks.AddRange(Parameters(served)
            .Where(parameter => parameter.Value["required"]?.GetValue<bool>() is true && known.GetValueOrDefault(parameter.Key)?["required"]?.GetValue<bool>() is not true)
            .Select(parameter => $"{name}: parameter {parameter.Key} is needed now"));
        foreach (var (status, response) in published["responses"]!.AsObject())
        {
            var (before, now) = (SchemaOf(response!), SchemaOf(served["responses"]?[status]));
            if (before is not null && !JsonNode.DeepEquals(before, now))
            {
                breaks.Add($"{name}: answer {status} was {before.ToJsonString()} and is {now?.ToJsonString() ?? "gone"}");
            }
        }
    }

    private static void CompareSchema(string name, JsonNode published, JsonNode? served, List<string> breaks)
    {
        if (served is null)
        {
            breaks.Add($"{name} is gone");
            return;
        }

        foreach (var (field, type) in published["properties"]?.AsObject() ?? [])
        {
            if (!JsonNode.DeepEquals(Bare(type), Bare(served["properties"]?[field])))
            {
                breaks.Add($"{name}.{field} was {type!.ToJsonString()} and is {served["properties"]?[field]?.ToJsonString() ?? "gone"}");
            }
        }

        var needed = Texts(served["required"]).Except(Texts(published["required"]));
        breaks.AddRange(IsAsked(name) ? needed.Select(field => $"{name}.{field} is needed now") : Texts(published["required"]).Except(Texts(served["required"])).Select(field => $"{name}.{field} may be missing now"));
        breaks.AddRange(Texts(published["enum"]).Except(Texts(served["enum"])).Select(value => $"{name} has no value {value} any more"));
    }

    // Bodies of requests are named for what is asked; of them more must not be demanded, of answers not less be given.
    private static bool IsAsked(string schema) => schema is "ApiCaseAction" or "ApiDecide" or "ApiServiceRequest";

    private static Dictionary<string, JsonNode> Parameters(JsonNode operation) =>
        (operation["parameters"]?.AsArray() ?? []).ToDictionary(parameter => parameter!["name"]!.GetValue<string>(), parameter => parameter!);

    private static JsonNode? SchemaOf(JsonNode? response) => (response?["content"] as JsonObject)?.FirstOrDefault().Value?["schema"];

    // Words about a field may change.
    private static JsonNode? Bare(JsonNode? type)
    {
        var copy = type?.DeepClone();
        (copy as JsonObject)?.Remove("description");
        return copy;
    }

    private static IEnumerable<string> Texts(JsonNode? array) => (array as JsonArray ?? []).Select(item => item!.ToString());
}
