using System.Net;

namespace PsaConsole.Tests.Sandbox.Microsoft365;

public sealed class TeamsCardTests(RunningSandbox sandbox) : IClassFixture<RunningSandbox>
{
    private string Webhook => (string)sandbox.Host.Vendor("microsoft365").Credentials["teamsWebhookUrl"]!;

    [Fact]
    public async Task Card_is_accepted_without_a_body_and_shown_as_delivered()
    {
        var text = $"Approval needed {Guid.NewGuid()}";
        using var answer = await sandbox.Client("microsoft365").CallAsync("POST", Webhook, Message(text));
        Assert.Equal((HttpStatusCode.Accepted, 0), (answer.StatusCode, (await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken)).Length));
        var cards = (await sandbox.Control.ReadAsync("/delivered?system=microsoft365&kind=card")).GetProperty("delivered").EnumerateArray();
        var card = Assert.Single(cards, item => item.GetProperty("subject").GetString() == text);
        Assert.Equal("AdaptiveCard", card.GetProperty("content").GetProperty("type").GetString());
    }

    [Fact]
    public async Task Address_without_its_signature_is_refused()
    {
        var client = sandbox.Client("microsoft365");
        await (await client.CallAsync("POST", Webhook[..Webhook.LastIndexOf('&')], Message("x"))).RefusedAsync(HttpStatusCode.Unauthorized, "DirectApiAuthorizationRequired");
        await (await client.CallAsync("POST", Webhook + "x", Message("x"))).RefusedAsync(HttpStatusCode.Unauthorized, "DirectApiAuthorizationRequired");
        await (await client.CallAsync("POST", Webhook.Replace("/workflows/3", "/workflows/4", StringComparison.Ordinal), Message("x"))).RefusedAsync(HttpStatusCode.NotFound, "WorkflowNotFound");
    }

    public static TheoryData<object> WrongCards { get; } =
    [
        new { type = "text", attachments = new[] { Attachment() } },
        new { type = "message" },
        new { type = "message", attachments = Array.Empty<object>() },
        new { type = "message", attachments = new[] { Attachment(contentType: "application/vnd.microsoft.teams.card.o365connector") } },
        new { type = "message", attachments = new[] { Attachment(type: "MessageCard") } },
        new { type = "message", attachments = new[] { Attachment(version: "2.0") } },
    ];

    [Theory]
    [MemberData(nameof(WrongCards), DisableDiscoveryEnumeration = true)]
    public async Task Message_that_is_no_card_is_refused(object message)
        => await (await sandbox.Client("microsoft365").CallAsync("POST", Webhook, message)).RefusedAsync(HttpStatusCode.BadRequest, "TriggerInputSchemaMismatch");

    [Fact]
    public async Task Card_of_more_than_28_KB_is_refused()
        => await (await sandbox.Client("microsoft365").CallAsync("POST", Webhook, Message(new string('x', 28 * 1024)))).RefusedAsync(HttpStatusCode.RequestEntityTooLarge, "RequestEntityTooLarge");

    private static object Message(string text) => new { type = "message", attachments = new[] { Attachment(text) } };

    private static object Attachment(string text = "Hello", string contentType = "application/vnd.microsoft.card.adaptive", string type = "AdaptiveCard", string version = "1.4")
        => new { contentType, contentUrl = (string?)null, content = new { type, version, body = new[] { new { type = "TextBlock", text, wrap = true } } } };
}
