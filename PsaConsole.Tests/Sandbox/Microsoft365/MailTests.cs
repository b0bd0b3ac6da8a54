using System.Net;

namespace PsaConsole.Tests.Sandbox.Microsoft365;

public sealed class MailTests(RunningSandbox sandbox) : IClassFixture<RunningSandbox>
{
    [Fact]
    public async Task Sent_mail_is_accepted_without_a_body_and_reaches_the_mailbox()
    {
        var (client, to, subject) = (await sandbox.GraphAsync(), sandbox.Address(1), $"Approval {Guid.NewGuid()}");
        using var answer = await client.CallAsync("POST", $"users/{sandbox.Sender()}/sendMail", GraphCalls.Mail(to, subject, ("x-psaconsole-id", "op-1")));
        Assert.Equal((HttpStatusCode.Accepted, 0), (answer.StatusCode, (await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken)).Length));
        var inbox = await client.ReadAsync($"users/{to}/mailFolders/inbox/messages?$filter=subject eq '{subject}'&$select=subject,bodyPreview,from,isRead,internetMessageHeaders");
        var mail = inbox.GetProperty("value").EnumerateArray().Single();
        Assert.Equal(("Ready & waiting", false), (mail.GetProperty("bodyPreview").GetString(), mail.GetProperty("isRead").GetBoolean()));
        Assert.Equal(sandbox.Sender(), mail.GetProperty("from").GetProperty("emailAddress").GetProperty("address").GetString());
        Assert.Equal("op-1", mail.GetProperty("internetMessageHeaders")[0].GetProperty("value").GetString());
        var sent = await client.ReadAsync($"users/{sandbox.Sender()}/messages?$search=\"subject:{subject}\"");
        Assert.False(sent.GetProperty("value").EnumerateArray().Single().TryGetProperty("internetMessageHeaders", out _));

        var delivered = (await sandbox.Control.ReadAsync("/delivered?system=microsoft365&kind=mail")).GetProperty("delivered").EnumerateArray();
        Assert.Single(delivered, item => item.GetProperty("subject").GetString() == subject);
        Assert.Contains(sandbox.Host.World.Calls.Find("microsoft365", null, null, 1000), call => call.Key == "op-1");
    }

    [Fact]
    public async Task Messages_come_ten_at_a_time_newest_first()
    {
        var (client, to) = (await sandbox.GraphAsync(), sandbox.Address(9));
        for (var number = 1; number <= 12; number++)
        {
            using var answer = await client.CallAsync("POST", $"users/{sandbox.Sender()}/sendMail", GraphCalls.Mail(to, $"Notice {number}"));
            Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        }

        var page = await client.ReadAsync($"users/{to}/messages?$select=subject");
        Assert.Equal(10, page.GetProperty("value").GetArrayLength());
        Assert.Equal("Notice 12", page.GetProperty("value")[0].GetProperty("subject").GetString());
        var rest = await client.ReadAsync(page.GetProperty("@odata.nextLink").GetString()!);
        Assert.Equal(["Notice 2", "Notice 1"], rest.GetProperty("value").EnumerateArray().Select(mail => mail.GetProperty("subject").GetString()));
        Assert.False(rest.TryGetProperty("@odata.nextLink", out _));
    }

    [Fact]
    public async Task Wrong_mail_is_refused_in_graphs_words()
    {
        var (client, send) = (await sandbox.GraphAsync(), $"users/{sandbox.Sender()}/sendMail");
        await (await client.CallAsync("POST", send, GraphCalls.Mail("a@b.example", "x", ("Reply-By", "1")))).RefusedAsync(HttpStatusCode.BadRequest, "InvalidInternetMessageHeader");
        await (await client.CallAsync("POST", send, GraphCalls.Mail("nobody", "x"))).RefusedAsync(HttpStatusCode.BadRequest, "ErrorInvalidRecipients");
        await (await client.CallAsync("POST", send, new { message = new { subject = "x", colour = "red" } })).RefusedAsync(HttpStatusCode.BadRequest, "RequestBodyRead");
        await (await client.CallAsync("POST", send, new { subject = "x" })).RefusedAsync(HttpStatusCode.BadRequest, "RequestBodyRead");
        await (await client.CallAsync("POST", "users/nobody@northwind.example/sendMail", GraphCalls.Mail("a@b.example", "x"))).RefusedAsync(HttpStatusCode.NotFound, "ErrorInvalidUser");
        await (await client.CallAsync("GET", $"users/{sandbox.Sender()}/messages?$search=\"x\"&$filter=isRead eq true")).RefusedAsync(HttpStatusCode.BadRequest, "SearchWithFilter");
    }

    [Fact]
    public async Task Throttled_call_is_told_when_to_come_back()
    {
        await using var own = await RunningSandbox.StartAsync();
        var client = await own.GraphAsync();
        await own.FaultAsync(new { system = "microsoft365", path = "/v1.0/users", effect = "throttle", count = 1 });
        using var answer = await client.CallAsync("GET", "users");
        Assert.NotNull(answer.Headers.RetryAfter?.Delta);
        await answer.RefusedAsync(HttpStatusCode.TooManyRequests, "ApplicationThrottled");
    }
}
