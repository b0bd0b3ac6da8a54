using System.Text.Json.Nodes;

namespace PsaConsole.Engine.Connectors.NetSuite;

/// <summary>
/// How the milestones of a billing schedule become others. A line that is named by its id is changed in place and keeps that it was completed; one without an
/// id is added; one is only removed by replacing them all, so that one which is not wanted becomes a new one where it can.
/// </summary>
/// <param name="Lines">What is sent.</param>
/// <param name="Replaces">All lines are sent, and take the place of those that are there.</param>
internal sealed record ScheduleLines(JsonArray Lines, bool Replaces)
{
    private const string Name = "comments";
    private const string Completed = "milestoneCompleted";
    private static readonly string[] Kept = ["milestoneDate", "milestoneAmount", Name, Completed, "milestoneActualCompletionDate", "projectTask"];

    public static ScheduleLines Between(IReadOnlyList<JsonObject> held, IReadOnlyList<JsonObject> wanted)
    {
        var (left, pairs, added) = (held.ToList(), new List<(JsonObject Held, JsonObject Wanted)>(), new List<JsonObject>());
        foreach (var line in wanted)
        {
            if (left.Find(item => item[Name]?.ToString() == line[Name]?.ToString()) is { } same)
            {
                left.Remove(same);
                pairs.Add((same, line));
            }
            else
            {
                added.Add(line);
            }
        }

        foreach (var line in added.ToList())
        {
            if (left.Find(item => item[Completed]?.GetValue<bool>() != true) is { } free)
            {
                left.Remove(free);
                added.Remove(line);
                pairs.Add((free, line));
            }
        }

        return left.Count == 0
            ? new(new JsonArray([.. pairs.Where(pair => !WireState.Holds(pair.Held, pair.Wanted)).Select(Changed), .. added.Select(line => line.DeepClone())]), Replaces: false)
            : new(new JsonArray([.. held.Select(line => pairs.Find(pair => pair.Held == line)).Where(pair => pair.Held is not null).Select(Whole), .. added.Select(line => line.DeepClone())]), Replaces: true);
    }

    private static JsonObject Changed((JsonObject Held, JsonObject Wanted) pair)
    {
        var line = pair.Wanted.DeepClone().AsObject();
        line["id"] = pair.Held["id"]!.DeepClone();
        return line;
    }

    private static JsonObject Whole((JsonObject Held, JsonObject Wanted) pair)
    {
        var line = new JsonObject(pair.Held.Where(field => Kept.Contains(field.Key)).Select(field => KeyValuePair.Create(field.Key, field.Value?.DeepClone())));
        foreach (var (field, value) in pair.Wanted)
        {
            line[field] = value?.DeepClone();
        }

        return line;
    }
}
