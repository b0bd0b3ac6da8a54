using System.Text.Json.Nodes;
using PsaConsole.Sandbox.Core;

namespace PsaConsole.Sandbox.Microsoft365;

/// <summary>Free and busy times, and the settings of a mailbox. https://learn.microsoft.com/graph/api/calendar-getschedule</summary>
internal sealed class GraphSchedule(RecordStore store, GraphUsers users, Func<string> root)
{
    private const int MostSchedules = 20;
    private const int MostDays = 62;
    private static readonly string[] WorkDays = ["monday", "tuesday", "wednesday", "thursday", "friday"];

    public GraphReply Read(GraphCall call, string key)
    {
        _ = users.Find(key) ?? throw GraphRefusal.NoMailbox(key);
        var body = call.Object();
        var (start, end) = (GraphTime.Read(body["startTime"], "startTime"), GraphTime.Read(body["endTime"], "endTime"));
        var interval = body["availabilityViewInterval"] is { } sent ? (int)sent : 30;
        if (body["schedules"] is not JsonArray { Count: > 0 } schedules || schedules.Count > MostSchedules)
        {
            throw new GraphRefusal(400, "ErrorInvalidParameter", $"The parameter 'schedules' needs 1 to {MostSchedules} addresses.");
        }

        if (interval is < 5 or > 1440)
        {
            throw new GraphRefusal(400, "ErrorInvalidMergedFreeBusyInterval", "The merged free/busy interval value is invalid. It must be from 5 to 1440 minutes.");
        }

        if (end <= start || end - start > TimeSpan.FromDays(MostDays))
        {
            throw new GraphRefusal(400, "ErrorTimeRangeTooLarge", $"The requested time duration is not valid: the end must be after the start, by {MostDays} days at most.");
        }

        var zoneName = GraphTime.Preferred(call) ?? "UTC";
        var zone = GraphTime.Zone(zoneName);
        var value = schedules.Select(address => (JsonNode)Information(address?.ToString() ?? "", start, end, interval, zone, zoneName));
        return new GraphReply(200, GraphJson.Collection($"{root()}/$metadata#Collection(microsoft.graph.scheduleInformation)", value, null))
        {
            PreferenceApplied = GraphTime.Preferred(call) is null ? null : $"outlook.timezone=\"{zoneName}\"",
        };
    }

    public GraphReply Settings(string key)
    {
        var user = users.Find(key) ?? throw GraphRefusal.NoMailbox(key);
        return new GraphReply(200, Settings(user));
    }

    public GraphReply ChangeSettings(GraphCall call, string key)
    {
        var user = users.Find(key) ?? throw GraphRefusal.NoMailbox(key);
        var body = call.Object();
        var values = new Dictionary<string, object?>();
        foreach (var (name, value) in body)
        {
            switch (name.ToLowerInvariant())
            {
                case "automaticrepliessetting" when value is JsonObject replies: values["automaticRepliesSetting"] = Merge(Replies(user), replies); break;
                case "timezone" when value is not null: values["timeZone"] = GraphTime.Zone(value.ToString()) is not null ? value.ToString() : null; break;
                case "@odata.context" or "@odata.type": break;
                default: throw GraphRefusal.Body($"The property '{name}' does not exist on type 'microsoft.graph.mailboxSettings' or can't be changed.");
            }
        }

        return new GraphReply(200, Settings(store.Update(Microsoft365Schema.Users, user.Id, values)));
    }

    private JsonObject Settings(Record user) => new()
    {
        ["@odata.context"] = $"{root()}/$metadata#users('{user.Id}')/mailboxSettings",
        ["archiveFolder"] = "AAMkAGI1archive",
        ["timeZone"] = user.Text("timeZone") ?? "UTC",
        ["delegateMeetingMessageDeliveryOptions"] = "sendToDelegateOnly",
        ["dateFormat"] = "yyyy-MM-dd",
        ["timeFormat"] = "HH:mm",
        ["userPurpose"] = user.Text("userType") is null ? "shared" : "user",
        ["automaticRepliesSetting"] = Replies(user),
        ["language"] = new JsonObject { ["locale"] = user.Text("preferredLanguage") ?? "en-US", ["displayName"] = user.Text("preferredLanguage") ?? "en-US" },
        ["workingHours"] = WorkingHours(user),
    };

    private static JsonObject Merge(JsonObject before, JsonObject changes)
    {
        foreach (var (name, value) in changes)
        {
            var known = before.FirstOrDefault(pair => pair.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Key
                ?? (name.StartsWith('@') ? null : throw GraphRefusal.Body($"The property '{name}' does not exist on type 'microsoft.graph.automaticRepliesSetting'."));
            if (known is not null)
            {
                before[known] = value?.DeepClone();
            }
        }

        return before["status"]?.ToString() is "disabled" or "alwaysEnabled" or "scheduled" ? before : throw GraphRefusal.Body("Requested value for 'status' was not found: disabled, alwaysEnabled or scheduled.");
    }

    private static JsonObject Replies(Record user) => (JsonObject?)((JsonObject?)user["automaticRepliesSetting"])?.DeepClone() ?? new JsonObject
    {
        ["status"] = "disabled",
        ["externalAudience"] = "all",
        ["internalReplyMessage"] = "",
        ["externalReplyMessage"] = "",
        ["scheduledStartDateTime"] = GraphTime.Write(user.Created, TimeZoneInfo.Utc, "UTC"),
        ["scheduledEndDateTime"] = GraphTime.Write(user.Created.AddDays(1), TimeZoneInfo.Utc, "UTC"),
    };

    private static JsonObject WorkingHours(Record user) => new()
    {
        ["daysOfWeek"] = new JsonArray([.. WorkDays.Select(day => (JsonNode)day)]),
        ["startTime"] = "09:00:00.0000000",
        ["endTime"] = $"{user.Text("workDayEnd") ?? "17:00"}:00.0000000",
        ["timeZone"] = new JsonObject { ["name"] = user.Text("timeZone") ?? "UTC" },
    };

    private JsonObject Information(string address, DateTimeOffset start, DateTimeOffset end, int interval, TimeZoneInfo zone, string zoneName)
    {
        if (store[Microsoft365Schema.Users].FirstBy("mail", address) is not { } user)
        {
            return new JsonObject
            {
                ["scheduleId"] = address,
                ["availabilityView"] = "",
                ["error"] = new JsonObject { ["message"] = "Unable to resolve e-mail address " + address + " to an Active Directory object.", ["responseCode"] = "ErrorMailRecipientNotFound" },
                ["scheduleItems"] = new JsonArray(),
            };
        }

        List<Record> events = [.. store[Microsoft365Schema.Events].FindBy("user", user.Id)
            .Where(item => Start(item) < end && End(item) > start).OrderBy(Start)];
        return new JsonObject
        {
            ["scheduleId"] = address,
            ["availabilityView"] = View(events, start, end, TimeSpan.FromMinutes(interval)),
            ["scheduleItems"] = new JsonArray([.. events.Select(item => (JsonNode)new JsonObject
            {
                ["isPrivate"] = item.Flag("isPrivate"),
                ["status"] = item.Text("showAs"),
                ["subject"] = item.Flag("isPrivate") ? "" : item.Text("subject"),
                ["location"] = item.Text("location") ?? "",
                ["isMeeting"] = true,
                ["isRecurring"] = false,
                ["isException"] = false,
                ["isReminderSet"] = true,
                ["start"] = GraphTime.Write(Start(item), zone, zoneName),
                ["end"] = GraphTime.Write(End(item), zone, zoneName),
            })]),
            ["workingHours"] = WorkingHours(user),
        };
    }

    /// <summary>A digit an interval: 0 free, 1 tentative, 2 busy, 3 out of office, 4 working elsewhere; the most binding of what overlaps.</summary>
    private static string View(List<Record> events, DateTimeOffset start, DateTimeOffset end, TimeSpan interval)
    {
        var digits = new List<char>();
        for (var at = start; at < end; at += interval)
        {
            var until = at + interval;
            digits.Add(events.Where(item => Start(item) < until && End(item) > at).Select(item => item.Text("showAs") switch
            {
                "tentative" => '1',
                "oof" => '3',
                "workingElsewhere" => '4',
                "free" => '0',
                _ => '2',
            }).OrderBy(digit => "04123".IndexOf(digit, StringComparison.Ordinal)).LastOrDefault('0'));
        }

        return new string([.. digits]);
    }

    private static DateTimeOffset Start(Record item) => (DateTimeOffset)item["start"]!;

    private static DateTimeOffset End(Record item) => (DateTimeOffset)item["end"]!;
}
