using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace PsaConsole.Tests.Sandbox.Salesforce;

/// <summary>The calls of the REST API that the tests make.</summary>
internal static class SalesforceCalls
{
    public static async Task<JsonElement> QueryAsync(this HttpClient client, string soql)
    {
        using var answer = await client.GetAsync($"query?q={Uri.EscapeDataString(soql)}", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await RunningSandbox.JsonAsync(answer);
    }

    public static async Task<string[]> NamesAsync(this HttpClient client, string soql)
        => [.. (await client.QueryAsync(soql)).GetProperty("records").EnumerateArray().Select(row => row.GetProperty("Name").GetString()!)];

    public static async Task<string> CreateAsync(this HttpClient client, string type, object fields)
    {
        using var answer = await client.PostAsJsonAsync($"sobjects/{type}", fields, Plain, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        return (await RunningSandbox.JsonAsync(answer)).GetProperty("id").GetString()!;
    }

    public static Task<HttpResponseMessage> PatchAsync(this HttpClient client, string path, object fields)
        => client.PatchAsJsonAsync(path, fields, Plain, TestContext.Current.CancellationToken);

    public static Task<HttpResponseMessage> PostAsync(this HttpClient client, string path, object fields)
        => client.PostAsJsonAsync(path, fields, Plain, TestContext.Current.CancellationToken);

    public static Task<JsonElement> ReadAsync(this HttpClient client, string path)
        => client.GetFromJsonAsync<JsonElement>(path, TestContext.Current.CancellationToken);

    /// <summary>Asserts that the call was refused with this status and code, and gives the error.</summary>
    public static async Task<JsonElement> RefusedAsync(this HttpResponseMessage answer, HttpStatusCode status, string code)
    {
        using (answer)
        {
            var body = await RunningSandbox.JsonAsync(answer);
            Assert.Equal(status, answer.StatusCode);
            Assert.Equal(JsonValueKind.Array, body.ValueKind);
            Assert.Equal(code, body[0].GetProperty("errorCode").GetString());
            return body[0];
        }
    }

    /// <summary>Property names as they are written.</summary>
    private static JsonSerializerOptions Plain { get; } = new();
}
