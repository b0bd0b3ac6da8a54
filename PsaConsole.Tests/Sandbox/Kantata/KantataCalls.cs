using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace PsaConsole.Tests.Sandbox.Kantata;

/// <summary>The calls of the API that the tests make.</summary>
internal static class KantataCalls
{
    /// <summary>A client with the sample token; addresses start below /api/v1/.</summary>
    public static HttpClient Kantata(this RunningSandbox sandbox)
    {
        var client = sandbox.Client("kantata");
        client.BaseAddress = new Uri(client.BaseAddress!, "/api/v1/");
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", (string)sandbox.Host.Vendor("kantata").Credentials["accessToken"]!);
        return client;
    }

    public static async Task<HttpResponseMessage> CallAsync(this HttpClient client, string method, string path, object? body = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Content = body is null ? null : JsonContent.Create(body, options: Plain);
        return await client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    public static async Task<JsonElement> ReadAsync(this HttpClient client, string path)
    {
        using var answer = await client.CallAsync("GET", path);
        Assert.True(answer.StatusCode == HttpStatusCode.OK, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        return await RunningSandbox.JsonAsync(answer);
    }

    /// <summary>The records of a list call, in the order of its results.</summary>
    public static async Task<List<JsonElement>> ListAsync(this HttpClient client, string path) => Records(await client.ReadAsync(path));

    /// <summary>Creates or changes a record, which the answer holds.</summary>
    public static async Task<JsonElement> WriteAsync(this HttpClient client, string method, string path, object body)
    {
        using var answer = await client.CallAsync(method, path, body);
        Assert.True(answer.StatusCode == HttpStatusCode.OK, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        return Records(await RunningSandbox.JsonAsync(answer))[0];
    }

    public static async Task<string> ProjectAsync(this HttpClient client, string? title = null, string currency = "EUR")
        => (await client.WriteAsync("POST", "workspaces.json", new { workspace = new { title = title ?? $"Project {Guid.NewGuid()}", currency } })).Id();

    public static List<JsonElement> Records(JsonElement envelope) =>
        [.. envelope.GetProperty("results").EnumerateArray().Select(result => envelope.GetProperty(result.GetProperty("key").GetString()!).GetProperty(result.GetProperty("id").GetString()!))];

    public static string Id(this JsonElement record) => record.GetProperty("id").GetString()!;

    public static string? Text(this JsonElement record, string field) => record.GetProperty(field).GetString();

    /// <summary>Asserts an error body with this status, and gives its first error.</summary>
    public static async Task<(string Type, string Message, string? Field)> RefusedAsync(this HttpResponseMessage answer, int status)
    {
        using (answer)
        {
            Assert.Equal(status, (int)answer.StatusCode);
            Assert.NotEmpty(answer.Headers.GetValues("x-request-id").Single());
            var error = (await RunningSandbox.JsonAsync(answer)).GetProperty("errors")[0];
            return (error.Text("type")!, error.Text("message")!, error.TryGetProperty("field", out var field) ? field.GetString() : null);
        }
    }

    /// <summary>Property names as they are written.</summary>
    private static JsonSerializerOptions Plain { get; } = new();
}
