using System.Net;
using System.Net.Sockets;
using Microsoft.EntityFrameworkCore;

namespace PsaConsole.Tests.Web;

public sealed class SignInTests(OpenConsole console) : IClassFixture<OpenConsole>
{
    [Fact]
    public async Task A_page_sends_strangers_to_sign_in_and_back()
    {
        using var client = Local();

        using var answer = await client.GetAsync("/?q=acme", TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.Equal("/sign-in?returnUrl=%2F%3Fq%3Dacme", answer.Headers.Location?.PathAndQuery);
    }

    [Fact]
    public async Task A_sample_user_signs_in_and_is_named_by_the_role()
    {
        using var client = Local();

        using var signedIn = await client.SignInAsync("DeliveryOperations", "/permissions");
        var page = await client.GetStringAsync("/", TestContext.Current.CancellationToken);

        Assert.Equal("/permissions", signedIn.Headers.Location?.OriginalString);
        Assert.Contains("Delivery operations", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Signing_in_and_out_is_recorded_as_one_session()
    {
        using var client = Local();
        using var signedIn = await client.SignInAsync("HrPartner", "/");
        var page = await client.GetStringAsync("/", TestContext.Current.CancellationToken);
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["__RequestVerificationToken"] = DevelopmentSession.TokenIn(page),
            ["stay"] = "",
        });

        using var signedOut = await client.PostAsync("/session/end", form, TestContext.Current.CancellationToken);

        await using var store = console.OpenStore();
        var entries = await store.AuditEntries.Where(entry => entry.Actor == "sample:HrPartner").OrderBy(entry => entry.Id).ToListAsync(TestContext.Current.CancellationToken);
        Assert.Equal(["session.begun", "session.ended"], entries.Select(entry => entry.Action));
        Assert.NotNull(entries[0].Session);
        Assert.Equal(entries[0].Session, entries[1].Session);
        Assert.Contains("HrPartner", entries[0].After, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_session_cookie_is_kept_from_scripts_and_other_sites()
    {
        using var client = Local();

        using var signedIn = await client.SignInAsync("Auditor", "/");

        var cookie = Assert.Single(signedIn.Headers.GetValues("Set-Cookie"), value => value.StartsWith("psaconsole.session", StringComparison.Ordinal));
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=lax", cookie, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("https://elsewhere.example/")]
    [InlineData("//elsewhere.example/")]
    [InlineData("/\\elsewhere.example/")]
    public async Task Nobody_is_sent_elsewhere_after_signing_in(string returnUrl)
    {
        using var client = Local();

        using var signedIn = await client.SignInAsync("Auditor", returnUrl);

        Assert.Equal("/", signedIn.Headers.Location?.OriginalString);
    }

    [Fact]
    public async Task A_sign_in_without_the_form_of_our_page_is_refused()
    {
        using var client = Local();
        using var form = new FormUrlEncodedContent(new Dictionary<string, string> { ["role"] = "FinanceController" });

        using var answer = await client.PostAsync("/session/development", form, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Fact]
    public async Task The_development_sign_in_is_not_offered_to_other_machines()
    {
        using var client = console.Console.NewClient();
        client.BaseAddress = new UriBuilder(console.Local) { Host = await OwnAddressAsync() }.Uri;

        var page = await client.GetStringAsync("/sign-in", TestContext.Current.CancellationToken);

        Assert.DoesNotContain("name=\"role\"", page, StringComparison.Ordinal);
        Assert.Contains("serves the machine it runs on", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Host", "elsewhere.example")]
    [InlineData("X-Forwarded-For", "203.0.113.7")]
    public async Task A_request_that_speaks_for_another_machine_can_not_sign_in(string header, string value)
    {
        using var client = Local();
        var fields = await client.SignInFormAsync("FinanceController", "/");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/session/development") { Content = fields };
        request.Headers.TryAddWithoutValidation(header, value);

        using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    [Fact]
    public async Task A_sample_session_ends_when_it_arrives_from_another_machine()
    {
        using var client = Local();
        using var signedIn = await client.SignInAsync("FinanceController", "/");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        request.Headers.Add("X-Forwarded-For", "203.0.113.7");

        using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.StartsWith("/sign-in", answer.Headers.Location?.PathAndQuery, StringComparison.Ordinal);
    }

    private HttpClient Local() => console.NewClient();

    // The address of this machine's outward interface: connecting a datagram socket picks it without sending anything.
    private static async Task<string> OwnAddressAsync()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        await socket.ConnectAsync("192.0.2.1", 9, TestContext.Current.CancellationToken);
        return ((IPEndPoint)socket.LocalEndPoint!).Address.ToString();
    }
}
