using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;

namespace PsaConsole.Sandbox.Control;

/// <summary>The page that a browser sees at the control API's root.</summary>
internal static class IndexPage
{
    private const string Head = """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>PsaConsole sandbox</title>
        <style>
        body { font: 15px/1.5 system-ui, sans-serif; max-width: 62rem; margin: 2rem auto; padding: 0 1rem; color: #1c2733; background: #fff; }
        h1 { font-size: 1.5rem; margin-bottom: .25rem; } h2 { font-size: 1.1rem; margin-top: 2rem; }
        table { border-collapse: collapse; width: 100%; } th, td { text-align: left; vertical-align: top; padding: .4rem .75rem .4rem 0; border-bottom: 1px solid #d8dee4; }
        code { font: 13px ui-monospace, monospace; overflow-wrap: anywhere; } summary { cursor: pointer; }
        @media (prefers-color-scheme: dark) { body { color: #e6edf3; background: #0d1117; } th, td { border-color: #30363d; } a { color: #79c0ff; } }
        </style>
        </head>
        <body>
        """;

    private static readonly (string Call, string Does)[] Calls =
    [
        ("POST /deals {\"count\":20,\"billingType\":\"Retainer\"}", "More sound deals, ready to be won in Salesforce; answers their ids"),
        ("POST /activity {\"days\":1,\"speed\":\"instant\"}", "The firm's next business days"),
        ("GET /activity", "What happened, as facts to check against"),
        ("POST /firm {\"consultants\":400,\"seed\":1}", "Replaces the firm by a new one"),
        ("POST /faults {\"system\":\"salesforce\",\"effect\":\"throttle\",\"count\":3}", "Sets a fault; GET lists them, DELETE clears them"),
        ("GET /calls?system=salesforce&since=…", "Calls received; GET /calls/summary counts them"),
        ("POST /notices {\"system\":\"salesforce\",\"url\":\"…\"}", "Where change notices are sent"),
        ("GET /delivered?system=microsoft365", "Cards and mails that reached people"),
        ("POST /clock {\"now\":\"2026-03-31T22:00:00Z\"}", "The sandbox's date and time"),
    ];

    public static string Render(SandboxHost host)
    {
        var (page, encode) = (new StringBuilder(Head), HtmlEncoder.Default);
        page.Append(CultureInfo.InvariantCulture, $"<h1>The outside world on one machine</h1><p>{host.Firm.Consultants.Count} consultants, {host.Firm.Clients.Count} clients, {host.Firm.Deals.Count} deals, generated from seed {host.Firm.Seed}. It is {host.World.Clock.GetUtcNow():yyyy-MM-dd HH:mm} UTC here.</p>");
        page.Append("<h2>Systems</h2><table><tr><th scope=\"col\">System</th><th scope=\"col\">Address</th><th scope=\"col\">Records</th><th scope=\"col\">Sample credentials</th></tr>");
        foreach (var vendor in host.Vendors)
        {
            var url = encode.Encode(vendor.Url.GetLeftPart(UriPartial.Authority));
            var records = vendor.Store.Tables.Sum(table => table.Count).ToString("N0", CultureInfo.InvariantCulture);
            page.Append(CultureInfo.InvariantCulture, $"<tr><td>{encode.Encode(vendor.Name)}</td><td><a href=\"{url}\">{url}</a></td><td>{records}</td><td><details><summary>show</summary><code>{encode.Encode(vendor.Credentials.ToJsonString())}</code></details></td></tr>");
        }

        page.Append("</table><h2>Control</h2><table><tr><th scope=\"col\">Call</th><th scope=\"col\">Does</th></tr>");
        foreach (var (call, does) in Calls)
        {
            page.Append(CultureInfo.InvariantCulture, $"<tr><td><code>{encode.Encode(call)}</code></td><td>{encode.Encode(does)}</td></tr>");
        }

        page.Append("</table><p><a href=\"/activity\">Activity</a> · <a href=\"/faults\">Faults</a> · <a href=\"/calls?limit=200\">Calls</a> · <a href=\"/calls/summary\">Call counts</a> · <a href=\"/notices\">Notices</a> · <a href=\"/delivered\">Delivered</a> · <a href=\"/firm\">Firm</a></p></body></html>");
        return page.ToString();
    }
}
