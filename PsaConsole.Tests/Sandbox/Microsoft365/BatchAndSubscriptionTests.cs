using System.Net;
using System.Text.Json;

namespace PsaConsole.Tests.Sandbox.Microsoft365;

public sealed class BatchAndSubscriptionTests(RunningSandbox sandbox) : IClassFixture<RunningSandbox>
{
    [Fact]
    public async Task Parts_of_a_batch_answer_for_themselves()
    {
        await using var own = await RunningSandbox.StartAsync();
        var client = await own.GraphAsync();
        await own.FaultAsync(new { system = "microsoft365", path = $"/v1.0/users/{own.Address(1)}", effect = "throttle", count = 1 });
        using var answer = await client.CallAsync("POST", "$batch", new
        {
            requests = new object[]
            {
                new { id = "1", method = "GET", url = $"/users/{own.Address(0)}?$select=mail" },
                new { id = "2", method = "GET", url = $"/users/{own.Address(1)}" },
                new { id = "3", method = "GET", url = "/users/nobody@northwind.example" },
                new { id = "4", method = "GET", url = "/users", dependsOn = Third },
                new { id = "5", method = "POST", url = $"/users/{own.Sender()}/sendMail", headers = new Dictionary<string, string> { ["Content-Type"] = "application/json" }, body = GraphCalls.Mail(own.Address(0), "In a batch") },
            },
        });
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var parts = (await RunningSandbox.JsonAsync(answer)).GetProperty("responses").EnumerateArray().ToDictionary(part => part.GetProperty("id").GetString()!);
        Assert.Equal([200, 429, 404, 424, 202], parts.OrderBy(part => part.Key).Select(part => part.Value.GetProperty("status").GetInt32()));
        Assert.Equal(own.Address(0), parts["1"].GetProperty("body").GetProperty("mail").GetString());
        Assert.True(parts["2"].GetProperty("headers").TryGetProperty("Retry-After", out _));
        Assert.Equal("Request_ResourceNotFound", parts["3"].GetProperty("body").GetProperty("error").GetProperty("code").GetString());
    }

    [Fact]
    public async Task Batch_of_more_than_twenty_is_refused()
    {
        var requests = Enumerable.Range(1, 21).Select(number => new { id = $"{number}", method = "GET", url = "/users" });
        await (await (await sandbox.GraphAsync()).CallAsync("POST", "$batch", new { requests })).RefusedAsync(HttpStatusCode.BadRequest, "MaximumValueExceeded");
    }

    [Fact]
    public async Task Subscription_is_made_after_its_address_answered_and_tells_of_changes()
    {
        await using var own = await RunningSandbox.StartAsync();
        await using var receiver = await GraphNoticeReceiver.StartAsync();
        var client = await own.GraphAsync();
        using var made = await client.CallAsync("POST", "subscriptions", Order(receiver.Url));
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        var subscription = await RunningSandbox.JsonAsync(made);
        Assert.Equal("our secret", subscription.GetProperty("clientState").GetString());
        var id = subscription.GetProperty("id").GetString();

        using var changed = await client.CallAsync("PATCH", $"users/{own.Address(4)}", new { department = "Cloud" });
        Assert.Equal(HttpStatusCode.NoContent, changed.StatusCode);
        var notice = JsonDocument.Parse(await receiver.NextAsync()).RootElement.GetProperty("value")[0];
        Assert.Equal((id, "our secret", "updated"), (notice.GetProperty("subscriptionId").GetString(), notice.GetProperty("clientState").GetString(), notice.GetProperty("changeType").GetString()));
        var user = (await client.ReadAsync($"users/{own.Address(4)}")).GetProperty("id").GetString();
        Assert.Equal(user, notice.GetProperty("resourceData").GetProperty("id").GetString());

        using var renewed = await client.CallAsync("PATCH", $"subscriptions/{id}", new { expirationDateTime = DateTimeOffset.UtcNow.AddDays(20) });
        Assert.Equal(HttpStatusCode.OK, renewed.StatusCode);
        Assert.Single((await client.ReadAsync("subscriptions")).GetProperty("value").EnumerateArray());
        using var ended = await client.CallAsync("DELETE", $"subscriptions/{id}");
        Assert.Equal(HttpStatusCode.NoContent, ended.StatusCode);
        await (await client.CallAsync("PATCH", $"subscriptions/{id}", new { expirationDateTime = DateTimeOffset.UtcNow.AddDays(1) })).RefusedAsync(HttpStatusCode.NotFound, "ResourceNotFound");
    }

    [Fact]
    public async Task Subscription_is_refused_when_its_address_does_not_answer_the_token_or_it_would_last_too_long()
    {
        await using var receiver = await GraphNoticeReceiver.StartAsync();
        var client = await sandbox.GraphAsync();
        await (await client.CallAsync("POST", "subscriptions", Order(receiver.Url + "/wrong"))).RefusedAsync(HttpStatusCode.BadRequest, "ValidationError");
        await (await client.CallAsync("POST", "subscriptions", Order(receiver.Url, days: 40))).RefusedAsync(HttpStatusCode.BadRequest, "InvalidRequest");
        await (await client.CallAsync("POST", "subscriptions", Order(receiver.Url, resource: "planets"))).RefusedAsync(HttpStatusCode.BadRequest, "ExtensionError");
    }

    private static readonly string[] Third = ["3"];

    private static object Order(string url, int days = 1, string resource = "users") => new
    {
        changeType = "updated,deleted",
        notificationUrl = url,
        resource,
        expirationDateTime = DateTimeOffset.UtcNow.AddDays(days),
        clientState = "our secret",
    };
}
