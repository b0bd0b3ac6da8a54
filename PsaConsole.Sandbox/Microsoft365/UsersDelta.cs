using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using PsaConsole.Sandbox.Core;

namespace PsaConsole.Sandbox.Microsoft365;

/// <summary>
/// What changed among the users since a delta link: everything at first, then every user changed since, the deleted as @removed.
/// A change that happens while pages are read comes with the next link. https://learn.microsoft.com/graph/delta-query-overview
/// </summary>
internal sealed class UsersDelta(RecordStore store, TimeProvider clock, Func<string> root)
{
    private static readonly TimeSpan TokenLifetime = TimeSpan.FromDays(7);

    public GraphReply Read(GraphCall call)
    {
        GraphJson.Allow(call, "$select", "$top", "$skiptoken", "$deltatoken");
        var (now, newest) = (clock.GetUtcNow(), Newest());
        if (call.Option("$deltatoken") == "latest")
        {
            return Answer([], null, Link("$deltatoken", new State(newest, 0, newest, now, call.Option("$select") ?? "")), call.Option("$select"));
        }

        var state = (call.Option("$skiptoken"), call.Option("$deltatoken")) switch
        {
            ({ } skip, _) => State.Parse(skip),
            (_, { } delta) => State.Parse(delta).Begin(newest),
            _ => new State(0, 0, newest, now, call.Option("$select") ?? ""),
        };
        if (now - state.Issued > TokenLifetime)
        {
            throw new GraphRefusal(410, "syncStateNotFound", "The sync state generation is not found; the delta link is too old. Start the delta query again.") { Location = $"{root()}/users/delta" };
        }

        return Page(call, state, now);
    }

    private GraphReply Page(GraphCall call, State state, DateTimeOffset now)
    {
        var selection = state.Select.Length == 0 ? null : state.Select;
        var properties = Properties(call, selection);
        var size = GraphUsers.PageOf(call);
        var page = Changed(state).Take(size + 1).ToList();
        var value = page.Take(size).Select(user => user.Deleted ? Removed(user) : GraphJson.Entity(user, properties));
        if (page.Count <= size)
        {
            return Answer(value, null, Link("$deltatoken", new State(state.Until, 0, state.Until, now, state.Select)), selection);
        }

        var last = page[size - 1];
        var next = state with { After = state.Floor == 0 ? last.Sequence : last.Revision, Issued = now };
        var keep = call.Number("$top", 1, 999) is { } top ? $"&$top={top.ToString(CultureInfo.InvariantCulture)}" : "";
        return Answer(value, Link("$skiptoken", next) + keep, null, selection);
    }

    /// <summary>The first round goes through the users that there are; later rounds through the changes, each user's last one only.</summary>
    private IEnumerable<Record> Changed(State state) => state.Floor == 0
        ? store[Microsoft365Schema.Users].Scan().Where(user => user.Sequence > state.After)
        : store[Microsoft365Schema.Users].ScanAll().Where(user => user.Revision > Math.Max(state.Floor, state.After) && user.Revision <= state.Until).OrderBy(user => user.Revision);

    /// <summary>Soft deleted: it may be restored for 30 days, which the reason says.</summary>
    private static JsonObject Removed(Record user) => new() { ["id"] = user.Id, ["@removed"] = new JsonObject { ["reason"] = "changed" } };

    private static IReadOnlyList<string> Properties(GraphCall call, string? selection)
    {
        var asked = call with { Query = selection is null ? new Dictionary<string, string>() : new Dictionary<string, string> { ["$select"] = selection } };
        var selected = GraphJson.Selected(asked, Microsoft365Schema.UserType);
        return selected is null ? GraphJson.UserDefault : selected.Contains("id") ? selected : [.. selected, "id"];
    }

    private GraphReply Answer(IEnumerable<JsonObject> value, string? next, string? delta, string? selection)
    {
        var json = GraphJson.Collection($"{root()}/$metadata#users{(selection is null ? "" : $"({selection})")}", [], next);
        if (delta is not null)
        {
            json.Insert(1, "@odata.deltaLink", delta);
        }

        json["value"] = new JsonArray([.. value.Select(user => (JsonNode)user)]);
        return new GraphReply(200, json);
    }

    private string Link(string name, State state) => $"{root()}/users/delta?{name}={state}";

    private long Newest() => store[Microsoft365Schema.Users].ScanAll().Select(user => user.Revision).DefaultIfEmpty(1).Max();

    /// <summary>What a token holds: the round's floor and end by revision, the last one given, when it was issued and what was selected.</summary>
    private sealed record State(long Floor, long After, long Until, DateTimeOffset Issued, string Select)
    {
        /// <summary>A change after the page was cut moves a user's revision beyond <see cref="Until"/>: it comes with the next round.</summary>
        public State Begin(long newest) => this with { After = 0, Until = newest };

        public static State Parse(string token)
        {
            var bytes = new byte[token.Length];
            var text = Base64Url.TryDecodeFromChars(token, bytes, out var length) ? Encoding.UTF8.GetString(bytes, 0, length) : "";
            return text.Split('|') is [var floor, var after, var until, var issued, var select]
                && Number(floor, out var first) && Number(after, out var second) && Number(until, out var third) && Number(issued, out var fourth)
                ? new State(first, second, third, new DateTimeOffset(fourth, TimeSpan.Zero), select)
                : throw new GraphRefusal(400, "Request_BadRequest", "Badly formed token.");
        }

        public override string ToString() => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Floor}|{After}|{Until}|{Issued.UtcTicks}|{Select}")));

        private static bool Number(string text, out long number) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number <= DateTimeOffset.MaxValue.Ticks;
    }
}
