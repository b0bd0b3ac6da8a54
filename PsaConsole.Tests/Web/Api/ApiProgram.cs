using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using PsaConsole.Engine.Access;
using PsaConsole.Engine.Store;

namespace PsaConsole.Tests.Web.Api;

/// <summary>A program that talks to the console's API over HTTP, with a key of its own or without one.</summary>
internal sealed class ApiProgram : IDisposable
{
    private readonly HttpClient _client;

    private ApiProgram(Uri console, string? key)
    {
        _client = new HttpClient { BaseAddress = console };
        _client.DefaultRequestHeaders.Authorization = key is null ? null : new AuthenticationHeaderValue("Bearer", key);
    }

    public static ApiProgram With(Uri console, string? key) => new(console, key);

    /// <summary>A program with these roles: a security administrator gives it its key.</summary>
    public static Task<ApiProgram> WithRolesAsync(Uri console, string connection, params string[] roles) => WithScopeAsync(console, connection, DataScope.Everything, roles);

    /// <summary>A program with these roles for a part of the firm.</summary>
    public static async Task<ApiProgram> WithScopeAsync(Uri console, string connection, DataScope scope, params string[] roles) =>
        new(console, await KeysOf(connection).IssueAsync(Guardian, "sample program", roles.ToHashSet(), scope, 30, "for a test", TestContext.Current.CancellationToken));

    public static Actor Guardian { get; } = new("guardian", "Guardian", new HashSet<string> { Roles.SecurityAdministrator });

    public static ApiKeys KeysOf(string connection) =>
        new(new PooledDbContextFactory<EngineDbContext>(new DbContextOptionsBuilder<EngineDbContext>().UseNpgsql(connection).Options), TimeProvider.System);

    public Task<ApiReply> GetAsync(string path) => SendAsync(new HttpRequestMessage(HttpMethod.Get, path));

    /// <param name="key">The Idempotency-Key; null sends none.</param>
    public Task<ApiReply> PostAsync(string path, object body, string? key) => PostAsync(path, JsonContent.Create(body), key);

    public Task<ApiReply> PostAsync(string path, HttpContent body, string? key)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = body };
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        return SendAsync(request);
    }

    public void Dispose() => _client.Dispose();

    private async Task<ApiReply> SendAsync(HttpRequestMessage request)
    {
        using (request)
        {
            using var answer = await _client.SendAsync(request, TestContext.Current.CancellationToken);
            var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            return new ApiReply((int)answer.StatusCode, answer.Content.Headers.ContentType?.MediaType, answer.Headers.Location?.ToString(), answer.Headers.Contains("Idempotency-Replayed"), text);
        }
    }
}

/// <summary>What the API answered.</summary>
internal sealed record ApiReply(int Status, string? Type, string? Location, bool Replayed, string Text)
{
    public JsonNode Body => JsonNode.Parse(Text) ?? throw new JsonException("The answer is empty.");

    /// <summary>The sentence of a problem document.</summary>
    public string Problem => Type == "application/problem+json" ? Body["detail"]?.GetValue<string>() ?? "" : throw new InvalidOperationException($"{Status} {Type}: {Text}");
}
