using System.Net;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using PsaConsole.Engine.Connectors;

namespace PsaConsole.Tests.Connectors;

/// <summary>A connector, and the credentials that it carries, go where the configuration says and nowhere else.</summary>
public sealed class AddressGuardTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("https://acme.my.salesforce.com/x", true)]
    [InlineData("https://ACME.my.salesforce.com/x", true)]
    [InlineData("https://acme--uat.sandbox.my.salesforce.com/x", true)]
    [InlineData("http://acme.my.salesforce.com/x", false)]
    [InlineData("https://acme.my.salesforce.com.evil.example/x", false)]
    [InlineData("https://my.salesforce.com/x", false)]
    [InlineData("https://evilmy.salesforce.com/x", false)]
    [InlineData("https://169.254.169.254/latest/meta-data", false)]
    [InlineData("file:///etc/passwd", false)]
    public void Only_hosts_of_the_configuration_are_called(string address, bool allowed) =>
        Assert.Equal(allowed, AddressGuard.Names(new Uri(address), [new Uri("https://acme.my.salesforce.com")], ["*.sandbox.my.salesforce.com"]));

    [Theory]
    [InlineData("93.184.216.34", false, false)]
    [InlineData("2606:2800:220:1::1", false, false)]
    [InlineData("10.1.2.3", true, false)]
    [InlineData("172.31.255.255", true, false)]
    [InlineData("172.32.0.1", false, false)]
    [InlineData("192.168.1.1", true, false)]
    [InlineData("127.0.0.1", true, false)]
    [InlineData("::1", true, false)]
    [InlineData("::ffff:10.0.0.1", true, false)]
    [InlineData("fd00::1", true, false)]
    [InlineData("169.254.169.254", true, true)]
    [InlineData("::ffff:169.254.169.254", true, true)]
    [InlineData("0.0.0.0", true, true)]
    [InlineData("255.255.255.255", true, true)]
    [InlineData("fe80::1", true, true)]
    public void Addresses_inside_of_the_house_are_called_when_they_are_meant_and_some_never(string address, bool unlessMeant, bool always)
    {
        Assert.Equal(unlessMeant, AddressGuard.Forbids(IPAddress.Parse(address), insideToo: false));
        Assert.Equal(always, AddressGuard.Forbids(IPAddress.Parse(address), insideToo: true));
    }

    [Fact]
    public async Task Name_that_leads_inside_of_the_house_is_not_followed()
    {
        // A name of this machine's own that is no literal and not localhost: what a rebinding attack looks like from here.
        var name = Dns.GetHostName();
        await using var provider = Provide($"http://{name}:9");

        var problem = await Assert.ThrowsAsync<ConnectorException>(() => provider.GetRequiredService<ICrm>().ProbeAsync(Token));

        Assert.Equal(ErrorClass.Contract, problem.Class);
        Assert.Contains("inside of the house", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sign_in_that_names_another_host_does_not_get_the_token_sent_there()
    {
        var told = new List<string>();
        using var elsewhere = Listen(out var otherPort, _ => "{}", told);
        using var vendor = Listen(out var port, _ => $$"""{"access_token":"secret","instance_url":"http://localhost:{{otherPort}}"}""", []);
        await using var provider = Provide($"http://127.0.0.1:{port}");

        var problem = await Assert.ThrowsAsync<ConnectorException>(() => provider.GetRequiredService<ICrm>().ProbeAsync(Token));

        Assert.Contains("localhost, which the configuration of salesforce does not name", problem.Message, StringComparison.Ordinal);
        Assert.Empty(told);
        await using var allowed = Provide($"http://127.0.0.1:{port}", "localhost");
        await allowed.GetRequiredService<ICrm>().ProbeAsync(Token);
        Assert.Contains("Bearer secret", told);
    }

    [Fact]
    public void Pattern_that_is_none_is_refused_at_start()
    {
        using var provider = Provide("https://acme.my.salesforce.com", "https://*");
        Assert.Contains("AllowedHosts holds https://*", Assert.ThrowsAny<Exception>(() => provider.GetRequiredService<ICrm>()).Message, StringComparison.Ordinal);
    }

    private static ServiceProvider Provide(string url, string? allowedHost = null) => ConnectedEngine.Provide(new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
    {
        ["Connectors:salesforce:Url"] = url,
        ["Connectors:salesforce:ClientId"] = "id",
        ["Connectors:salesforce:ClientSecret"] = "a-secret",
        ["Connectors:salesforce:AllowedHosts:0"] = allowedHost,
    }.Where(pair => pair.Value is not null)).Build());

    /// <summary>A real HTTP server that answers everything alike and notes who identified themselves.</summary>
    private static HttpListener Listen(out int port, Func<HttpListenerRequest, string> answer, List<string> told)
    {
        using (var probe = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0))
        {
            probe.Start();
            port = ((IPEndPoint)probe.LocalEndpoint).Port;
        }

        var listener = new HttpListener();
        listener.Prefixes.Add($"http://127.0.0.1:{port}/");
        listener.Prefixes.Add($"http://localhost:{port}/");
        listener.Start();
        _ = ServeAsync(listener, answer, told);
        return listener;
    }

    private static async Task ServeAsync(HttpListener listener, Func<HttpListenerRequest, string> answer, List<string> told)
    {
        while (listener.IsListening)
        {
            HttpListenerContext call;
            try
            {
                call = await listener.GetContextAsync();
            }
            catch (Exception closed) when (closed is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            if (call.Request.Headers["Authorization"] is { } shown)
            {
                told.Add(shown);
            }

            call.Response.ContentType = "application/json";
            await using var body = call.Response.OutputStream;
            await body.WriteAsync(System.Text.Encoding.UTF8.GetBytes(answer(call.Request)));
        }
    }
}
