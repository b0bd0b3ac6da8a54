using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;
using PsaConsole.Engine.Model;

namespace PsaConsole.Engine.Connectors.Microsoft365;

/// <summary>
/// Notices by mail. Graph accepts a message and says no more, and can't be asked for a message by our header; the header lets people and
/// rules of the mailbox tell a repeated message. https://learn.microsoft.com/graph/api/user-sendmail
/// </summary>
internal sealed class NoticeMail(GraphHttp http, IOptions<Microsoft365Options> options) : ITarget<Notice>
{
    private const int LongestSubject = 250;

    /// <summary>Always null: messages can't be filtered by an internet header.</summary>
    public Task<string?> FindAsync(string key, CancellationToken cancellationToken) => Task.FromResult<string?>(null);

    /// <summary>Sends the message; the id is the key, as Graph gives none.</summary>
    public async Task<string> WriteAsync(string key, Notice record, string? id, CancellationToken cancellationToken)
    {
        var sender = options.Value.MailSender ?? "";
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri($"/v1.0/users/{Uri.EscapeDataString(sender)}/sendMail", UriKind.Relative))
        {
            Content = Wire.Json(new JsonObject { ["message"] = Message(key, record, record.To.Count > 0 ? record.To : options.Value.Recipients), ["saveToSentItems"] = true }),
        };
        await http.SendAsync(request, CallKind.Write, cancellationToken);
        return key;
    }

    /// <summary>Always null: see <see cref="FindAsync"/>.</summary>
    public Task<Notice?> ReadAsync(string id, CancellationToken cancellationToken) => Task.FromResult<Notice?>(null);

    /// <summary>Leaves the message: it is in other people's mailboxes.</summary>
    public Task WithdrawAsync(string id, CancellationToken cancellationToken) => Task.CompletedTask;

    private static JsonObject Message(string key, Notice notice, IReadOnlyList<string> recipients) => new()
    {
        ["subject"] = notice.Title.Length > LongestSubject ? notice.Title[..(LongestSubject - 1)] + "…" : notice.Title,
        ["body"] = new JsonObject { ["contentType"] = "HTML", ["content"] = Html(notice) },
        ["toRecipients"] = new JsonArray([.. recipients.Select(address => (JsonNode)new JsonObject { ["emailAddress"] = new JsonObject { ["address"] = address } })]),
        ["internetMessageHeaders"] = new JsonArray(new JsonObject { ["name"] = "x-psaconsole-id", ["value"] = key }),
    };

    private static string Html(Notice notice)
    {
        var html = new StringBuilder().Append("<p>").Append(WebUtility.HtmlEncode(notice.Text)).Append("</p>");
        if (notice.Facts.Count > 0)
        {
            html.Append("<table>");
            foreach (var (name, value) in notice.Facts)
            {
                html.Append("<tr><th align=\"left\">").Append(WebUtility.HtmlEncode(name)).Append("</th><td>").Append(WebUtility.HtmlEncode(value)).Append("</td></tr>");
            }

            html.Append("</table>");
        }

        return html.Append("<p><a href=\"").Append(WebUtility.HtmlEncode(notice.Link)).Append("\">Open</a></p>").ToString();
    }
}
