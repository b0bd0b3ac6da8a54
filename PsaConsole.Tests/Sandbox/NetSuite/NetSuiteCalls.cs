using System.Buffers.Text;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace PsaConsole.Tests.Sandbox.NetSuite;

/// <summary>The calls of the REST services that the tests make.</summary>
internal static class NetSuiteCalls
{
    public const string TokenPath = "/services/rest/auth/oauth2/v1/token";

    /// <summary>A client that has signed in; addresses start below /services/rest/.</summary>
    public static async Task<HttpClient> NetSuiteAsync(this RunningSandbox sandbox)
    {
        var client = sandbox.Client("netsuite");
        client.BaseAddress = new Uri(client.BaseAddress!, "/services/rest/");
        using var answer = await client.TokenAsync(sandbox.Assertion());
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", (await RunningSandbox.JsonAsync(answer)).GetProperty("access_token").GetString());
        return client;
    }

    /// <summary>A signed assertion; changes replace header fields and claims.</summary>
    public static string Assertion(this RunningSandbox sandbox, string algorithm = "PS256", Dictionary<string, object>? claims = null)
    {
        var credentials = sandbox.Host.Vendor("netsuite").Credentials;
        var isCurve = algorithm.StartsWith("ES", StringComparison.Ordinal);
        var now = sandbox.Host.World.Clock.GetUtcNow().ToUnixTimeSeconds();
        var payload = new Dictionary<string, object>
        {
            ["iss"] = (string)credentials["clientId"]!,
            ["scope"] = new[] { "rest_webservices" },
            ["aud"] = "https://1234567-sb1.suitetalk.api.netsuite.com" + TokenPath,
            ["iat"] = now,
            ["exp"] = now + 3_600,
        };
        foreach (var (name, value) in claims ?? [])
        {
            payload[name] = value;
        }

        var header = new { typ = "JWT", alg = algorithm, kid = (string)credentials[isCurve ? "ecCertificateId" : "certificateId"]! };
        var signed = $"{Part(header)}.{Part(payload)}";
        var bytes = Encoding.ASCII.GetBytes(signed);
        if (isCurve)
        {
            using var curve = ECDsa.Create();
            curve.ImportFromPem((string)credentials["ecPrivateKeyPem"]!);
            return $"{signed}.{Base64Url.EncodeToString(curve.SignData(bytes, HashAlgorithmName.SHA256))}";
        }

        using var key = RSA.Create();
        key.ImportFromPem((string)credentials["privateKeyPem"]!);
        return $"{signed}.{Base64Url.EncodeToString(key.SignData(bytes, HashAlgorithmName.SHA256, algorithm == "RS256" ? RSASignaturePadding.Pkcs1 : RSASignaturePadding.Pss))}";
    }

    public static async Task<HttpResponseMessage> TokenAsync(this HttpClient client, string assertion)
    {
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "client_credentials",
            ["client_assertion_type"] = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            ["client_assertion"] = assertion,
        });
        return await client.PostAsync(TokenPath, form, TestContext.Current.CancellationToken);
    }

    public static async Task<HttpResponseMessage> CallAsync(this HttpClient client, string method, string path, object? body = null, params IEnumerable<(string Name, string Value)> headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        request.Content = body is null ? null : JsonContent.Create(body, options: Plain);
        return await client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    /// <summary>Creates a record and gives its id, the last part of Location.</summary>
    public static async Task<string> CreateAsync(this HttpClient client, string type, object fields)
    {
        using var answer = await client.CallAsync("POST", $"record/v1/{type}", fields);
        Assert.True(answer.StatusCode == HttpStatusCode.NoContent, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        return answer.Headers.Location!.Segments[^1];
    }

    public static async Task<JsonElement> ReadAsync(this HttpClient client, string path)
    {
        using var answer = await client.CallAsync("GET", path);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await RunningSandbox.JsonAsync(answer);
    }

    public static Task<HttpResponseMessage> SuiteQlAsync(this HttpClient client, string query, string page = "", params object[] parameters)
        => client.CallAsync("POST", $"query/v1/suiteql{page}", new { q = query, @params = parameters }, ("Prefer", "transient"));

    /// <summary>The rows of a query, each as name=value pairs in the order of the answer.</summary>
    public static async Task<List<Dictionary<string, string>>> RowsAsync(this HttpClient client, string query, params object[] parameters)
    {
        using var answer = await client.SuiteQlAsync(query, "", parameters);
        Assert.True(answer.StatusCode == HttpStatusCode.OK, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        return [.. (await RunningSandbox.JsonAsync(answer)).GetProperty("items").EnumerateArray().Select(row =>
            row.EnumerateObject().Where(column => column.Name != "links").ToDictionary(column => column.Name, column => column.Value.GetString()!))];
    }

    /// <summary>Asserts an nsError of this status and code, and gives its first detail.</summary>
    public static async Task<JsonElement> RefusedAsync(this HttpResponseMessage answer, HttpStatusCode status, string code)
    {
        using (answer)
        {
            var body = await answer.BodyAsync();
            Assert.Equal(status, answer.StatusCode);
            Assert.Equal("application/vnd.oracle.resource+json; type=error", answer.Content.Headers.ContentType?.ToString());
            Assert.Equal((int)status, body.GetProperty("status").GetInt32());
            var detail = body.GetProperty("o:errorDetails")[0];
            Assert.Equal(code, detail.GetProperty("o:errorCode").GetString());
            return detail;
        }
    }

    /// <summary>The body, which may be read again.</summary>
    public static async Task<JsonElement> BodyAsync(this HttpResponseMessage answer)
        => JsonSerializer.Deserialize<JsonElement>(await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));

    private static string Part(object part) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(part));

    /// <summary>Property names as they are written.</summary>
    private static JsonSerializerOptions Plain { get; } = new();
}
