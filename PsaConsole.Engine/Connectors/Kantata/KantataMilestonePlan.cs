using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using PsaConsole.Engine.Mapping;
using PsaConsole.Engine.Model;

namespace PsaConsole.Engine.Connectors.Kantata;

/// <summary>
/// Brings a workspace's billing milestones to a schedule: those of a wanted name are changed in place and keep their story, what is not wanted is deleted, what is
/// missing is created, with a deliverable of its own where something must be accepted and no phase stands for it.
/// </summary>
internal sealed class KantataMilestonePlan(KantataHttp http, MappingSets mappings)
{
    private const string Stories = "stories";
    private const string Milestones = "billing_milestones";
    private const string Kind = "billing_milestone";
    private const string Title = "title";

    /// <summary>"2 Go-live" is called Go-live.</summary>
    public static string NameOf(string title) =>
        title.Split(' ', 2) is [var number, var name] && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out _) ? name : title;

    public async Task ChangeAsync(string workspace, IReadOnlyList<ScheduleEntry> wanted, string currency, CancellationToken cancellationToken)
    {
        var held = await ListAsync(Milestones, workspace, cancellationToken);
        var missing = new List<ScheduleEntry>();
        foreach (var entry in wanted)
        {
            if (held.Find(item => NameOf(item[Title]!.ToString()) == entry.Name) is not { } same)
            {
                missing.Add(entry);
                continue;
            }

            held.Remove(same);
            var changed = new JsonObject(Wire(entry, currency).Where(field => field.Key is not "billing_type" && Text(same[field.Key]) != Text(field.Value)).Select(field => KeyValuePair.Create(field.Key, field.Value?.DeepClone())));
            if (changed.Count > 0)
            {
                await http.UpdateAsync(Milestones, Kind, same["id"]!.ToString(), changed, cancellationToken);
            }
        }

        foreach (var item in held)
        {
            await http.DeleteAsync(Milestones, item["id"]!.ToString(), cancellationToken);
        }

        await CreateAsync(workspace, missing, currency, cancellationToken);
    }

    private async Task CreateAsync(string workspace, List<ScheduleEntry> missing, string currency, CancellationToken cancellationToken)
    {
        if (missing.Count == 0)
        {
            return;
        }

        var stories = await ListAsync(Stories, workspace, cancellationToken);
        List<JsonObject> deliverables = [.. missing.Where(entry => entry.AcceptanceRequired && StoryOf(entry, stories) is null).Select(Deliverable)];
        stories.AddRange(await http.CreateAllAsync(Stories, [.. deliverables.Select(story => In(workspace, story))], cancellationToken));
        await http.CreateAllAsync(Milestones, [.. missing.Select(entry => In(workspace, WithStory(entry, Wire(entry, currency), stories)))], cancellationToken);
    }

    private JsonObject WithStory(ScheduleEntry entry, JsonObject wire, List<JsonObject> stories)
    {
        if (entry.AcceptanceRequired)
        {
            wire["story_id"] = StoryOf(entry, stories)?["id"]?.DeepClone();
        }

        return wire;
    }

    /// <summary>The phase that the entry is for, or its own deliverable.</summary>
    private JsonObject? StoryOf(ScheduleEntry entry, List<JsonObject> stories)
    {
        var title = Deliverable(entry)[Title]?.ToString();
        return stories.Find(item => item["story_type"]?.ToString() == "milestone" && item[Title]?.ToString() == entry.Phase) ?? stories.Find(item => item[Title]?.ToString() == title);
    }

    private JsonObject Deliverable(ScheduleEntry entry) => mappings.Write("kantata.acceptance.write", entry);

    private JsonObject Wire(ScheduleEntry entry, string currency)
    {
        var source = JsonSerializer.SerializeToNode(entry, MappingSets.Json)!.AsObject();
        source["currency"] = currency;
        return mappings.Write("kantata.milestone.write", source);
    }

    private Task<List<JsonObject>> ListAsync(string resource, string workspace, CancellationToken cancellationToken) =>
        http.ListAsync(resource, $"workspace_id={Uri.EscapeDataString(workspace)}&order=created_at:asc", cancellationToken);

    private static JsonObject In(string workspace, JsonObject record)
    {
        record["workspace_id"] = workspace;
        return record;
    }

    private static string? Text(JsonNode? node) => node is null ? null : JsonPath.Text(node);
}
