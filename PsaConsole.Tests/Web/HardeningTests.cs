using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Npgsql;

namespace PsaConsole.Tests.Web;

/// <summary>What a console has to withstand that stands in a network: proxies, hostile text in its log, a database in the wrong hands.</summary>
public sealed class HardeningTests(PostgresFixture postgres)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Key_ring_in_the_database_is_worth_nothing_without_the_certificate()
    {
        var connection = await postgres.CreateDatabaseAsync();
        using var folder = TemporaryFolder.Create();
        var (first, second) = (Certificate(folder, "first"), Certificate(folder, "second"));
        string cookie;
        await using (var console = await StartAsync(connection, new() { ["Keys__Certificate"] = first, ["Keys__CertificatePassword"] = "open sesame" }))
        {
            cookie = await SignInAsync(console);
        }

        var ring = await RingAsync(connection);
        Assert.Contains("EncryptedData", ring, StringComparison.Ordinal);
        Assert.DoesNotContain("masterKey", ring, StringComparison.Ordinal);

        // Another certificate is in use now, and what the first has encrypted is still read.
        await using (var renewed = await StartAsync(connection, new()
        {
            ["Keys__Certificate"] = second,
            ["Keys__CertificatePassword"] = "open sesame",
            ["Keys__Earlier__0__Certificate"] = first,
            ["Keys__Earlier__0__CertificatePassword"] = "open sesame",
        }))
        {
            Assert.Equal(HttpStatusCode.OK, await OpenAsync(renewed, cookie));
        }

        // With the database alone nobody goes on with the session.
        await using var thief = await StartAsync(connection, []);
        Assert.Equal(HttpStatusCode.Redirect, await OpenAsync(thief, cookie));
    }

    [Theory]
    [InlineData("Keys__Certificate", "/nowhere.pfx", "Keys:Certificate names /nowhere.pfx, which can't be read")]
    [InlineData("Proxy__Networks__0", "the proxy", "holds the proxy, which is neither an address nor a network")]
    public async Task What_can_not_be_meant_is_refused_at_start(string key, string value, string words)
    {
        var (code, output) = await ConsoleProcess.RunAsync(new Dictionary<string, string> { ["ConnectionStrings__PsaConsole"] = await postgres.CreateDatabaseAsync(), [key] = value }, Token);

        Assert.Equal(78, code);
        Assert.Contains(words, output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Behind_a_known_proxy_that_ends_tls_cookies_are_secure_and_callers_are_who_they_are()
    {
        await using var behind = await StartAsync(await postgres.CreateDatabaseAsync(), new() { ["Proxy__Networks__0"] = "127.0.0.1", ["ASPNETCORE_ENVIRONMENT"] = "Production", ["SignIn__Mode"] = "OpenIdConnect", ["SignIn__OpenIdConnect__Authority"] = "https://127.0.0.1:9", ["SignIn__OpenIdConnect__ClientId"] = "x" });
        await using var alone = await StartAsync(await postgres.CreateDatabaseAsync(), new() { ["ASPNETCORE_ENVIRONMENT"] = "Production", ["SignIn__Mode"] = "OpenIdConnect", ["SignIn__OpenIdConnect__Authority"] = "https://127.0.0.1:9", ["SignIn__OpenIdConnect__ClientId"] = "x" });

        Assert.Contains("secure", await CookieAsync(behind, ("X-Forwarded-Proto", "https")), StringComparison.OrdinalIgnoreCase);
        // Whoever is no known proxy claims in vain.
        Assert.DoesNotContain("secure", await CookieAsync(alone, ("X-Forwarded-Proto", "https")), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Hostile_text_makes_no_line_of_its_own_in_the_log()
    {
        using var vendor = new HttpListener();
        var port = FreePort();
        vendor.Prefixes.Add($"http://127.0.0.1:{port}/");
        vendor.Start();
        _ = RefuseAsync(vendor);
        await using var console = await StartAsync(await postgres.CreateDatabaseAsync(), new()
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Production",
            ["SignIn__Mode"] = "OpenIdConnect",
            ["SignIn__OpenIdConnect__Authority"] = "https://127.0.0.1:9",
            ["SignIn__OpenIdConnect__ClientId"] = "x",
            ["Engine__PollSeconds"] = "1",
            ["Connectors__salesforce__Url"] = $"http://127.0.0.1:{port}",
            ["Connectors__salesforce__ClientId"] = "id",
            ["Connectors__salesforce__ClientSecret"] = "a-secret",
        });
        using var again = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (!console.Output.Contains("forged", StringComparison.Ordinal))
        {
            await again.WaitForNextTickAsync(Token);
        }

        Assert.All(console.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries), line => Assert.Equal(JsonValueKind.Object, JsonDocument.Parse(line).RootElement.ValueKind));
        Assert.DoesNotContain(console.Output.Split('\n'), line => line.StartsWith("forged", StringComparison.Ordinal));
    }

    private static async Task RefuseAsync(HttpListener vendor)
    {
        while (vendor.IsListening)
        {
            HttpListenerContext call;
            try
            {
                call = await vendor.GetContextAsync();
            }
            catch (Exception closed) when (closed is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            call.Response.StatusCode = 400;
            await using var body = call.Response.OutputStream;
            await body.WriteAsync("""{"error":"invalid","error_description":"no\nforged: everything is well\r\nforged"}"""u8.ToArray());
        }
    }

    private static async Task<ConsoleProcess> StartAsync(string connection, Dictionary<string, string> settings) =>
        await ConsoleProcess.StartAsync(new Dictionary<string, string>(settings) { ["ConnectionStrings__PsaConsole"] = connection }, Token);

    private static async Task<string> SignInAsync(ConsoleProcess console)
    {
        using var client = console.NewClient();
        var page = await client.GetStringAsync(new Uri("/sign-in", UriKind.Relative), Token);
        const string Field = "name=\"__RequestVerificationToken\" value=\"";
        var token = page[(page.IndexOf(Field, StringComparison.Ordinal) + Field.Length)..];
        using var form = new FormUrlEncodedContent(new Dictionary<string, string> { ["role"] = "Auditor", ["__RequestVerificationToken"] = token[..token.IndexOf('"', StringComparison.Ordinal)] });
        using var answer = await client.PostAsync(new Uri("/session/development", UriKind.Relative), form, Token);
        return answer.Headers.GetValues("Set-Cookie").Single(value => value.StartsWith("psaconsole.session=", StringComparison.Ordinal)).Split(';')[0];
    }

    private static async Task<HttpStatusCode> OpenAsync(ConsoleProcess console, string cookie)
    {
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = console.Address };
        client.DefaultRequestHeaders.Add("Cookie", cookie);
        client.DefaultRequestHeaders.Accept.ParseAdd("text/html");
        using var answer = await client.GetAsync(new Uri("/permissions", UriKind.Relative), Token);
        return answer.StatusCode;
    }

    private static async Task<string> CookieAsync(ConsoleProcess console, (string Name, string Value) header)
    {
        using var client = console.NewClient();
        client.DefaultRequestHeaders.Add(header.Name, header.Value);
        client.DefaultRequestHeaders.Add("X-Forwarded-For", "203.0.113.9");
        using var answer = await client.GetAsync(new Uri("/sign-in", UriKind.Relative), Token);
        return string.Join(';', answer.Headers.GetValues("Set-Cookie"));
    }

    private static async Task<string> RingAsync(string connection)
    {
        await using var database = NpgsqlDataSource.Create(connection);
        await using var read = database.CreateCommand("select string_agg(xml, '') from data_protection_keys");
        return (string)(await read.ExecuteScalarAsync(Token))!;
    }

    private static string Certificate(TemporaryFolder folder, string name)
    {
        using var key = RSA.Create(2048);
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSelfSigned(now.AddDays(-1), now.AddDays(30));
        var file = Path.Combine(folder.Path, name + ".pfx");
        File.WriteAllBytes(file, certificate.Export(X509ContentType.Pkcs12, "open sesame"));
        return file;
    }

    private static int FreePort()
    {
        using var probe = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
