using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace PsaConsole.Tests.Sandbox.Microsoft365;

/// <summary>The calls of Graph and of the tenant's token endpoint that the tests make.</summary>
internal static class GraphCalls
{
    /// <summary>A client that has signed in; addresses start below /v1.0/.</summary>
    public static async Task<HttpClient> GraphAsync(this RunningSandbox sandbox)
    {
        var client = sandbox.Client("microsoft365");
        client.BaseAddress = new Uri(client.BaseAddress!, "/v1.0/");
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", await sandbox.GraphTokenAsync(client));
        return client;
    }

    public static async Task<string> GraphTokenAsync(this RunningSandbox sandbox, HttpClient client)
    {
        using var answer = await sandbox.SignInAsync(client);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return (await RunningSandbox.JsonAsync(answer)).GetProperty("access_token").GetString()!;
    }

    /// <summary>Asks for a token; changes replace fields of the form (null removes one).</summary>
    public static async Task<HttpResponseMessage> SignInAsync(this RunningSandbox sandbox, HttpClient client, string? tenant = null, params IEnumerable<(string Name, string? Value)> changes)
    {
        var credentials = sandbox.Host.Vendor("microsoft365").Credentials;
        var form = new Dictionary<string, string>
        {
            ["grant_type"] = "client_credentials",
            ["client_id"] = (string)credentials["clientId"]!,
            ["client_secret"] = (string)credentials["clientSecret"]!,
            ["scope"] = "https://graph.microsoft.com/.default",
        };
        foreach (var (name, value) in changes)
        {
            form.Remove(name);
            if (value is not null)
            {
                form[name] = value;
            }
        }

        using var content = new FormUrlEncodedContent(form);
        return await client.PostAsync($"/{tenant ?? (string)credentials["tenantId"]!}/oauth2/v2.0/token", content, TestContext.Current.CancellationToken);
    }

    public static async Task<HttpResponseMessage> CallAsync(this HttpClient client, string method, string path, object? body = null, params IEnumerable<(string Name, string Value)> headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Content = body is null ? null : JsonContent.Create(body, options: Plain);
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    public static async Task<JsonElement> ReadAsync(this HttpClient client, string path)
    {
        using var answer = await client.CallAsync("GET", path);
        Assert.True(answer.StatusCode == HttpStatusCode.OK, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        return await RunningSandbox.JsonAsync(answer);
    }

    /// <summary>Asserts an error body of Graph with this status and code, and gives the error.</summary>
    public static async Task<JsonElement> RefusedAsync(this HttpResponseMessage answer, HttpStatusCode status, string code)
    {
        using (answer)
        {
            var error = (await RunningSandbox.JsonAsync(answer)).GetProperty("error");
            Assert.Equal((status, code), (answer.StatusCode, error.GetProperty("code").GetString()));
            return error;
        }
    }

    /// <summary>The addresses of the first users of the firm.</summary>
    public static string Address(this RunningSandbox sandbox, int consultant) => sandbox.Host.Firm.Consultants[consultant].Email;

    public static string Sender(this RunningSandbox sandbox) => (string)sandbox.Host.Vendor("microsoft365").Credentials["mailSender"]!;

    /// <summary>A message as the documentation writes it.</summary>
    public static object Mail(string to, string subject, params IEnumerable<(string Name, string Value)> headers) => new
    {
        message = new
        {
            subject,
            body = new { contentType = "HTML", content = "<p>Ready &amp; waiting</p>" },
            toRecipients = new[] { new { emailAddress = new { address = to } } },
            internetMessageHeaders = headers.Select(header => new { name = header.Name, value = header.Value }),
        },
        saveToSentItems = true,
    };

    /// <summary>Property names as they are written.</summary>
    private static JsonSerializerOptions Plain { get; } = new();
}
