using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using PsaConsole.Engine.Inbox;
using PsaConsole.Engine.Store;
using PsaConsole.Engine.Workflows;
using PsaConsole.Tests.Sandbox;
using PsaConsole.Tests.Sandbox.Microsoft365;

namespace PsaConsole.Tests.Web;

/// <summary>Notices over real HTTP: the sandbox sends them as Salesforce and Microsoft 365 do, to a console that polls too seldom to matter.</summary>
public sealed class HookTests(HookTests.ToldConsole told) : IClassFixture<HookTests.ToldConsole>
{
    private const string Secret = "a secret of the tests";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Won_deal_is_handed_over_once_though_its_notices_come_twice_out_of_order_and_some_not_at_all()
    {
        foreach (var effect in new[] { "duplicate-notice", "reorder-notices", "lose-notice" })
        {
            await told.Sandbox.FaultAsync(new { system = "salesforce", effect, count = 1 });
            var deal = told.Sandbox.NewDeal("Time and Materials", effect);
            await told.Sandbox.WinAsync(deal);
            await WaitAsync(store => store.Runs.AnyAsync(run => run.LaneKey.EndsWith(deal) && run.Status == RunStatus.Completed, Token));

            await using var store = told.OpenStore();
            Assert.Single(await store.Runs.Where(run => run.LaneKey.EndsWith(deal)).ToListAsync(Token));
        }

        await using var inbox = told.OpenStore();
        Assert.True(await inbox.InboxItems.AnyAsync(item => item.SystemName == "salesforce" && item.Revision.StartsWith("notice-") && item.Status == InboxStatus.Taken, Token));
        var counts = await told.Sandbox.Control.GetFromJsonAsync<System.Text.Json.JsonElement>("/notices", Token);
        Assert.DoesNotContain(counts.EnumerateArray(), count => count.GetProperty("refused").GetInt64() > 0);
    }

    [Fact]
    public async Task Message_of_another_organisation_is_refused_and_leaves_a_line_without_its_content()
    {
        using var foreign = new StringContent(Envelope("00D999999999999AAA", "private words"), Encoding.UTF8, "text/xml");
        using var answer = await told.Client.PostAsync("/hooks/salesforce", foreign, Token);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
        await using var store = told.OpenStore();
        var line = await store.AuditEntries.Where(entry => entry.Action == "notice.refused" && entry.Entity == "system:salesforce").OrderByDescending(entry => entry.Id).FirstAsync(Token);
        Assert.False(line.Allowed);
        Assert.DoesNotContain("private", line.Reason + line.After, StringComparison.Ordinal);
        Assert.DoesNotContain("private words", told.Console.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Notices_without_records_of_interest_are_acknowledged_and_documents_with_entities_are_not_read()
    {
        using var plain = new StringContent(Envelope("00D000000000001AAA", "Contact"), Encoding.UTF8, "text/xml");
        using var taken = await told.Client.PostAsync("/hooks/salesforce", plain, Token);
        Assert.Equal(HttpStatusCode.OK, taken.StatusCode);
        Assert.Contains("<Ack>true</Ack>", await taken.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);

        using var bomb = new StringContent($"<!DOCTYPE a [<!ENTITY b \"c\">]>{Envelope("00D000000000001AAA", "&b;")}", Encoding.UTF8, "text/xml");
        using var refused = await told.Client.PostAsync("/hooks/salesforce", bomb, Token);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
    }

    [Fact]
    public async Task Unknown_system_is_not_found_and_an_enormous_notice_is_not_read()
    {
        using var small = new StringContent("{}");
        using var unknown = await told.Client.PostAsync("/hooks/somebody", small, Token);
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
        using var enormous = new ByteArrayContent(new byte[(1024 * 1024) + 1]);
        using var tooLarge = await told.Client.PostAsync("/hooks/salesforce", enormous, Token);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, tooLarge.StatusCode);
    }

    [Fact]
    public async Task Graph_proves_the_address_and_its_notices_carry_our_secret()
    {
        var graph = await told.Sandbox.GraphAsync();
        using var made = await graph.CallAsync("POST", "subscriptions", Subscription(Secret));
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        using var changed = await graph.CallAsync("PATCH", $"users/{told.Sandbox.Address(4)}", new { department = "Cloud" });
        changed.EnsureSuccessStatusCode();
        await WaitAsync(store => store.InboxItems.AnyAsync(item => item.SystemName == "microsoft365" && item.SourceType == "user", Token));

        using var forged = await told.Client.PostAsJsonAsync("/hooks/microsoft365", new { value = new[] { new { clientState = "guessed" } } }, Token);
        Assert.Equal(HttpStatusCode.Unauthorized, forged.StatusCode);
    }

    [Fact]
    public async Task Signed_notice_is_taken_once_and_only_while_it_is_fresh()
    {
        const string Body = """{"changes":[{"type":"consultant","id":"nobody-1","revision":"7"},{"type":"consultant","id":"nobody-1","revision":"7"}]}""";
        var now = TimeProvider.System.GetUtcNow();
        Assert.Equal(HttpStatusCode.Accepted, await SignedAsync(Body, now, Secret));
        Assert.Equal(HttpStatusCode.Accepted, await SignedAsync(Body, now, Secret));
        Assert.Equal(HttpStatusCode.Unauthorized, await SignedAsync(Body, now, "another secret"));
        Assert.Equal(HttpStatusCode.Unauthorized, await SignedAsync(Body, now.AddMinutes(-6), Secret));
        Assert.Equal(HttpStatusCode.Unauthorized, await SignedAsync("""{"changes":[{"type":"secret","id":"1"}]}""", now, Secret));

        await using var store = told.OpenStore();
        Assert.Single(await store.InboxItems.Where(item => item.SourceId == "nobody-1").ToListAsync(Token));
    }

    [Fact]
    public async Task Notices_that_come_together_are_all_saved()
    {
        var now = TimeProvider.System.GetUtcNow();
        var answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(number => SignedAsync($$"""{"changes":[{"type":"consultant","id":"together-{{number}}"}]}""", now, Secret)));

        Assert.All(answers, status => Assert.Equal(HttpStatusCode.Accepted, status));
        await using var store = told.OpenStore();
        Assert.Equal(200, await store.InboxItems.CountAsync(item => item.SourceId.StartsWith("together-"), Token));
    }

    private async Task<HttpStatusCode> SignedAsync(string body, DateTimeOffset at, string secret)
    {
        var timestamp = at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var signature = Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes($"{timestamp}.{body}")));
        using var request = new HttpRequestMessage(HttpMethod.Post, "/hooks/workday") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Add("X-PsaConsole-Timestamp", timestamp);
        request.Headers.Add("X-PsaConsole-Signature", "sha256=" + signature);
        using var answer = await told.Client.SendAsync(request, Token);
        return answer.StatusCode;
    }

    private object Subscription(string clientState) => new
    {
        changeType = "updated",
        notificationUrl = new Uri(told.Console.Address, "/hooks/microsoft365").ToString(),
        resource = "users",
        expirationDateTime = DateTimeOffset.UtcNow.AddDays(2),
        clientState,
    };

    private static string Envelope(string organisation, string type) => $"""
        <soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><soapenv:Body>
        <notifications xmlns="http://soap.sforce.com/2005/09/outbound"><OrganizationId>{organisation}</OrganizationId><Notification><Id>04l000000000001AAA</Id>
        <sObject xsi:type="sf:{type}"><Id>003000000000001AAA</Id></sObject></Notification></notifications></soapenv:Body></soapenv:Envelope>
        """;

    private async Task WaitAsync(Func<EngineDbContext, Task<bool>> wanted)
    {
        using var again = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        var until = TimeProvider.System.GetUtcNow() + Patience;
        while (await again.WaitForNextTickAsync(Token))
        {
            await using var store = told.OpenStore();
            if (await wanted(store))
            {
                return;
            }

            Assert.True(TimeProvider.System.GetUtcNow() < until, "It did not come to pass in time.");
        }
    }

    /// <summary>A console that the sandbox tells of changes.</summary>
    public sealed class ToldConsole(PostgresFixture postgres) : IAsyncLifetime
    {
        private string connection = "";

        public RunningSandbox Sandbox { get; private set; } = null!;

        public ConsoleProcess Console { get; private set; } = null!;

        public HttpClient Client { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            Sandbox = await RunningSandbox.StartAsync();
            connection = await postgres.CreateDatabaseAsync();
            Console = await ConsoleProcess.StartAsync(
                new Dictionary<string, string>
                {
                    ["ConnectionStrings__PsaConsole"] = connection,
                    ["Sandbox__Url"] = Sandbox.Host.Url("control").ToString(),
                    ["SignIn__Mode"] = "Development",
                    ["Engine__PollSeconds"] = "20",
                    ["Connectors__workday__NoticeSecret"] = Secret,
                    ["Connectors__microsoft365__NoticeSecret"] = Secret,
                },
                CancellationToken.None);
            Client = new HttpClient { BaseAddress = Console.Address };
            using var answer = await Sandbox.Control.PostAsJsonAsync("/notices", new { system = "salesforce", url = new Uri(Console.Address, "/hooks/salesforce") });
            answer.EnsureSuccessStatusCode();
        }

        public EngineDbContext OpenStore() => new(new DbContextOptionsBuilder<EngineDbContext>().UseNpgsql(connection).Options);

        public async ValueTask DisposeAsync()
        {
            Client.Dispose();
            await Console.DisposeAsync();
            await Sandbox.DisposeAsync();
        }
    }
}
