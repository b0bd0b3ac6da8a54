using Microsoft.Extensions.DependencyInjection;
using PsaConsole.Engine.Connectors;
using PsaConsole.Engine.Model;

namespace PsaConsole.Tests.Connectors.Microsoft365;

public sealed class Microsoft365ConnectorTests : IAsyncLifetime
{
    private StandIn microsoft365 = null!;
    private ServiceProvider provider = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private ICollaboration Collaboration => provider.GetRequiredService<ICollaboration>();

    private static Notice Notice => new()
    {
        Title = "HND-002 Contract data is missing",
        Text = "Deal [Acme](http://evil.example) <b>lacks</b> a purchase order.",
        Facts = [new("Client", "Acme & Sons"), new("Value", "120,000.00 EUR")],
        Link = "https://console.example/cases/7",
    };

    public async ValueTask InitializeAsync()
    {
        microsoft365 = await StandIn.StartAsync();
        provider = microsoft365.Connect();
    }

    public async ValueTask DisposeAsync()
    {
        await provider.DisposeAsync();
        await microsoft365.DisposeAsync();
    }

    [Fact]
    public async Task Notice_is_posted_as_a_card_that_opens_the_console()
    {
        Assert.Equal("ntf:7:open", await Collaboration.Channel.WriteAsync("ntf:7:open", Notice, null, Token));

        var (path, authorization, body) = Assert.Single(microsoft365.Calls);
        Assert.Equal((StandIn.WebhookPath, null), (path, authorization));
        var card = body!["attachments"]![0]!["content"]!;
        Assert.Equal(Notice.Title, card["body"]![0]!["text"]!.ToString());
        Assert.Equal(@"Deal \[Acme\](http://evil.example) <b>lacks</b> a purchase order.", card["body"]![1]!["text"]!.ToString());
        Assert.Equal("120,000.00 EUR", card["body"]![2]!["facts"]![1]!["value"]!.ToString());
        Assert.Equal(Notice.Link, card["actions"]![0]!["url"]!.ToString());
    }

    [Fact]
    public async Task Notice_is_mailed_with_our_key_and_encoded_text()
    {
        await Collaboration.Mail.WriteAsync("ntf:7:open", Notice, null, Token);

        var (path, authorization, body) = Assert.Single(microsoft365.Calls);
        Assert.Equal((StandIn.MailPath, "Bearer graph-token"), (path, authorization));
        var message = body!["message"]!;
        Assert.Equal("ntf:7:open", message["internetMessageHeaders"]![0]!["value"]!.ToString());
        Assert.Equal(["a@northwind.example", "b@northwind.example"], message["toRecipients"]!.AsArray().Select(to => to!["emailAddress"]!["address"]!.ToString()));
        Assert.Contains("&lt;b&gt;lacks&lt;/b&gt;", message["body"]!["content"]!.ToString(), StringComparison.Ordinal);
        Assert.Contains("Acme &amp; Sons", message["body"]!["content"]!.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(400, "ErrorInvalidRecipients", ErrorClass.Business)]
    [InlineData(401, "InvalidAuthenticationToken", ErrorClass.Auth)]
    [InlineData(403, "ErrorAccessDenied", ErrorClass.Business)]
    [InlineData(404, "Request_ResourceNotFound", ErrorClass.Business)]
    [InlineData(410, "resyncRequired", ErrorClass.CursorLost)]
    [InlineData(429, "ApplicationThrottled", ErrorClass.Transient)]
    [InlineData(503, "serviceNotAvailable", ErrorClass.Transient)]
    [InlineData(504, "timeout", ErrorClass.Ambiguous)]
    [InlineData(509, "bandwidth", ErrorClass.Transient)]
    public async Task Refused_mail_has_its_class(int status, string code, ErrorClass expected)
    {
        microsoft365.Answers[StandIn.MailPath] = (status, $$$"""{"error":{"code":"{{{code}}}","message":"No."}}""", status == 429 ? "17" : null);
        var failed = await Assert.ThrowsAsync<ConnectorException>(() => Collaboration.Mail.WriteAsync("key", Notice, null, Token));
        Assert.Equal((expected, code, status), (failed.Class, failed.VendorCode, failed.Status));
        Assert.Equal(status == 429 ? TimeSpan.FromSeconds(17) : null, failed.RetryAfter);
        Assert.Equal(status == 401 ? 2 : 1, microsoft365.Calls.Count);
    }

    [Theory]
    [InlineData(401, ErrorClass.Business)]
    [InlineData(404, ErrorClass.Business)]
    [InlineData(429, ErrorClass.Transient)]
    [InlineData(502, ErrorClass.Ambiguous)]
    public async Task Refused_card_never_stops_mail_and_never_shows_the_address(int status, ErrorClass expected)
    {
        microsoft365.Answers[StandIn.WebhookPath] = (status, "refused", null);
        var failed = await Assert.ThrowsAsync<ConnectorException>(() => Collaboration.Channel.WriteAsync("key", Notice, null, Token));
        Assert.Equal(expected, failed.Class);
        Assert.DoesNotContain("sig=", failed.ToString() + failed.Call, StringComparison.Ordinal);
        await Collaboration.Mail.WriteAsync("key", Notice, null, Token);
    }

    [Fact]
    public async Task Answer_that_is_no_json_breaks_the_contract()
    {
        microsoft365.Answers["/v1.0/users"] = (200, "<html>", null);
        var failed = await Assert.ThrowsAsync<ConnectorException>(() => Collaboration.ProbeAsync(Token));
        Assert.Equal(ErrorClass.Contract, failed.Class);
    }
}
