using System.Text.Json;
using PsaConsole.Engine.Connectors;
using PsaConsole.Engine.Model;
using PsaConsole.Tests.Sandbox.Microsoft365;

namespace PsaConsole.Tests.Connectors.Microsoft365;

/// <summary>Every test has a sandbox and connectors of its own: circuits and faults are shared by all calls.</summary>
public sealed class Microsoft365ConnectorTests : IAsyncLifetime
{
    private const string Webhook = "/workflows/";
    private readonly ConnectedEngine engine = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private ICollaboration Collaboration => engine.Get<ICollaboration>();

    private static Notice Notice => new()
    {
        Title = "HND-002 Contract data is missing",
        Text = "Deal [Acme](http://evil.example) <b>lacks</b> a purchase order.",
        Facts = [new("Client", "Acme & Sons"), new("Value", "120,000.00 EUR")],
        Link = "https://console.example/cases/7",
    };

    public ValueTask InitializeAsync() => engine.InitializeAsync();

    public ValueTask DisposeAsync() => engine.DisposeAsync();

    [Fact]
    public async Task Notice_is_posted_as_a_card_that_opens_the_console()
    {
        Assert.Equal("ntf:7:open", await Collaboration.Channel.WriteAsync("ntf:7:open", Notice, null, Token));

        var card = Assert.Single(await DeliveredAsync("card")).GetProperty("content");
        Assert.Equal(Notice.Title, card.GetProperty("body")[0].GetProperty("text").GetString());
        Assert.Equal(@"Deal \[Acme\](http://evil.example) <b>lacks</b> a purchase order.", card.GetProperty("body")[1].GetProperty("text").GetString());
        Assert.Equal("120,000.00 EUR", card.GetProperty("body")[2].GetProperty("facts")[1].GetProperty("value").GetString());
        Assert.Equal(Notice.Link, card.GetProperty("actions")[0].GetProperty("url").GetString());
        Assert.Equal(0, await engine.CallsAsync("/oauth2/v2.0/token", 0));
    }

    [Fact]
    public async Task Longest_notice_still_fits_a_card()
    {
        var facts = Enumerable.Range(1, 200).Select(number => KeyValuePair.Create($"Fact {number}", new string('y', 2_000)));
        await Collaboration.Channel.WriteAsync("ntf:8:open", Notice with { Title = new string('t', 2_000), Text = new string('x', 100_000), Facts = [.. facts] }, null, Token);
        Assert.Single(await DeliveredAsync("card"));
    }

    [Fact]
    public async Task Notice_is_mailed_to_all_recipients_with_our_key_and_encoded_text()
    {
        var recipients = new[] { engine.Sandbox.Address(1), engine.Sandbox.Address(2) };
        await using var connected = await engine.ConnectAsync(new() { ["Connectors:microsoft365:MailRecipients"] = string.Join("; ", recipients) });
        var mail = ((ICollaboration)connected.GetService(typeof(ICollaboration))!).Mail;
        Assert.Equal("ntf:7:open", await mail.WriteAsync("ntf:7:open", Notice, null, Token));

        var graph = await engine.Sandbox.GraphAsync();
        foreach (var recipient in recipients)
        {
            var inbox = await graph.ReadAsync($"users/{recipient}/mailFolders/inbox/messages?$select=subject,body,toRecipients,internetMessageHeaders");
            var message = Assert.Single(inbox.GetProperty("value").EnumerateArray());
            Assert.Equal(Notice.Title, message.GetProperty("subject").GetString());
            Assert.Equal("ntf:7:open", message.GetProperty("internetMessageHeaders")[0].GetProperty("value").GetString());
            Assert.Equal(recipients, message.GetProperty("toRecipients").EnumerateArray().Select(to => to.GetProperty("emailAddress").GetProperty("address").GetString()));
            var text = message.GetProperty("body").GetProperty("content").GetString();
            Assert.Contains("&lt;b&gt;lacks&lt;/b&gt;", text, StringComparison.Ordinal);
            Assert.Contains("Acme &amp; Sons", text, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("status:400", ErrorClass.Business)]
    [InlineData("status:401", ErrorClass.Auth)]
    [InlineData("status:403", ErrorClass.Business)]
    [InlineData("status:404", ErrorClass.Business)]
    [InlineData("status:410", ErrorClass.CursorLost)]
    [InlineData("status:503", ErrorClass.Transient)]
    [InlineData("status:504", ErrorClass.Ambiguous)]
    [InlineData("status:509", ErrorClass.Transient)]
    [InlineData("throttle", ErrorClass.Transient)]
    [InlineData("drop", ErrorClass.Ambiguous)]
    [InlineData("commit-then-drop", ErrorClass.Ambiguous)]
    public async Task Refused_mail_has_its_class_and_is_sent_once(string effect, ErrorClass expected)
    {
        await engine.FaultAsync(new { system = "microsoft365", method = "POST", path = "/v1.0/users", effect });
        var failed = await Assert.ThrowsAsync<ConnectorException>(() => Collaboration.Mail.WriteAsync("key", Notice, null, Token));
        Assert.Equal(expected, failed.Class);
        Assert.Equal(effect == "throttle", failed.RetryAfter is not null);

        // A refused sign-in is tried once more with a new token; nothing else is.
        var calls = effect == "status:401" ? 2 : 1;
        Assert.Equal(calls, await engine.CallsAsync("/sendMail", calls));
    }

    [Fact]
    public async Task Mail_that_graph_itself_refuses_says_why()
    {
        await using var connected = await engine.ConnectAsync(new() { ["Connectors:microsoft365:MailSender"] = "nobody@northwind.example", ["Connectors:microsoft365:MailRecipients"] = engine.Sandbox.Address(1) });
        var mail = ((ICollaboration)connected.GetService(typeof(ICollaboration))!).Mail;
        var failed = await Assert.ThrowsAsync<ConnectorException>(() => mail.WriteAsync("key", Notice, null, Token));
        Assert.Equal((ErrorClass.Business, "ErrorInvalidUser", 404), (failed.Class, failed.VendorCode, failed.Status));
    }

    [Fact]
    public async Task Expired_token_is_renewed_without_notice()
    {
        await Collaboration.ProbeAsync(Token);
        await engine.FaultAsync(new { system = "microsoft365", effect = "expire-token", count = 1 });
        await Collaboration.ProbeAsync(Token);
    }

    [Theory]
    [InlineData("status:401", ErrorClass.Business)]
    [InlineData("status:404", ErrorClass.Business)]
    [InlineData("throttle", ErrorClass.Transient)]
    [InlineData("status:502", ErrorClass.Ambiguous)]
    public async Task Refused_card_never_stops_mail_and_never_shows_the_address(string effect, ErrorClass expected)
    {
        await engine.FaultAsync(new { system = "microsoft365", path = Webhook, effect });
        var failed = await Assert.ThrowsAsync<ConnectorException>(() => Collaboration.Channel.WriteAsync("key", Notice, null, Token));
        Assert.Equal(expected, failed.Class);
        Assert.DoesNotContain("sig=", failed.ToString() + failed.Call, StringComparison.Ordinal);
        await Collaboration.Mail.WriteAsync("key", Notice, null, Token);
        Assert.NotEmpty(await DeliveredAsync("mail"));
    }

    [Fact]
    public async Task Address_whose_owner_is_gone_is_to_be_replaced()
    {
        var gone = new Uri(engine.Sandbox.Host.Url("microsoft365"), "/workflows/0000/triggers/manual/paths/invoke?api-version=2016-06-01&sig=secret");
        await using var connected = await engine.ConnectAsync(new() { ["Connectors:microsoft365:TeamsWebhookUrl"] = gone.ToString() });
        var failed = await Assert.ThrowsAsync<ConnectorException>(() => ((ICollaboration)connected.GetService(typeof(ICollaboration))!).Channel.WriteAsync("key", Notice, null, Token));
        Assert.Equal(ErrorClass.Business, failed.Class);
        Assert.Contains("TeamsWebhookUrl", failed.Message, StringComparison.Ordinal);
    }

    private async Task<List<JsonElement>> DeliveredAsync(string kind) =>
        [.. (await engine.Sandbox.Control.ReadAsync($"/delivered?system=microsoft365&kind={kind}")).GetProperty("delivered").EnumerateArray()];
}
