using System.Text.Json.Nodes;
using PsaConsole.Engine.Model;

namespace PsaConsole.Engine.Connectors.Microsoft365;

/// <summary>
/// Notices as Adaptive Cards in the team's channel. A workflow accepts a card and says no more: it can't be found by key, read back or taken back,
/// so a notice whose answer was lost is for the sender to decide on.
/// </summary>
internal sealed class TeamsChannel(TeamsHttp http) : ITarget<Notice>
{
    // A workflow takes 28 KB in all.
    private const int LongestText = 6_000;
    private const int LongestFact = 300;
    private const int MostFacts = 20;

    /// <summary>Always null: a workflow can't be asked.</summary>
    public Task<string?> FindAsync(string key, CancellationToken cancellationToken) => Task.FromResult<string?>(null);

    /// <summary>Posts the card; the id is the key, as the workflow gives none.</summary>
    public async Task<string> WriteAsync(string key, Notice record, string? id, CancellationToken cancellationToken)
    {
        using var card = Wire.Json(Message(record));
        await http.PostAsync(card, cancellationToken);
        return key;
    }

    /// <summary>Always null: a workflow can't be asked.</summary>
    public Task<Notice?> ReadAsync(string id, CancellationToken cancellationToken) => Task.FromResult<Notice?>(null);

    /// <summary>Leaves the card: what people have read stays read.</summary>
    public Task WithdrawAsync(string id, CancellationToken cancellationToken) => Task.CompletedTask;

    private static JsonObject Message(Notice notice) => new()
    {
        ["type"] = "message",
        ["attachments"] = new JsonArray(new JsonObject
        {
            ["contentType"] = "application/vnd.microsoft.card.adaptive",
            ["contentUrl"] = null,
            ["content"] = Card(notice),
        }),
    };

    private static JsonObject Card(Notice notice)
    {
        var body = new JsonArray(
            new JsonObject { ["type"] = "TextBlock", ["text"] = Plain(notice.Title, LongestFact), ["weight"] = "Bolder", ["size"] = "Medium", ["wrap"] = true },
            new JsonObject { ["type"] = "TextBlock", ["text"] = Plain(notice.Text, LongestText), ["wrap"] = true });
        if (notice.Facts.Count > 0)
        {
            var facts = notice.Facts.Take(MostFacts).Select(fact => (JsonNode)new JsonObject { ["title"] = Plain(fact.Key, LongestFact), ["value"] = Plain(fact.Value, LongestFact) });
            body.Add((JsonNode)new JsonObject { ["type"] = "FactSet", ["facts"] = new JsonArray([.. facts]) });
        }

        return new JsonObject
        {
            ["$schema"] = "http://adaptivecards.io/schemas/adaptive-card.json",
            ["type"] = "AdaptiveCard",
            ["version"] = "1.4",
            ["body"] = body,
            ["actions"] = new JsonArray(new JsonObject { ["type"] = "Action.OpenUrl", ["title"] = "Open", ["url"] = notice.Link }),
        };
    }

    /// <summary>Cards read Markdown: a client's name must not become a link or a format.</summary>
    private static string Plain(string text, int longest)
    {
        var bounded = text.Length > longest ? text[..(longest - 1)] + "…" : text;
        return string.Concat(bounded.Select(character => character is '\\' or '[' or ']' or '*' or '_' ? $"\\{character}" : character.ToString()));
    }
}
