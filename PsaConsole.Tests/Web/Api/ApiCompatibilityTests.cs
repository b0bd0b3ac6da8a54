using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace PsaConsole.Tests.Web.Api;

/// <summary>
/// The API that is served holds what the published document, docs/openapi-v1.json, has promised. What is added is added to the published document too, by
/// <c>./run openapi</c>; what breaks it is another version.
/// </summary>
public sealed class ApiCompatibilityTests(OpenConsole console) : IClassFixture<OpenConsole>
{
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static string Published => Path.Combine(Repository.Root, "docs", "openapi-v1.json");

    [Fact]
    public async Task Program_that_was_written_against_the_published_document_goes_on_working()
    {
        var served = await ServedAsync();
        var published = File.Exists(Published) ? JsonNode.Parse(await File.ReadAllTextAsync(Published, TestContext.Current.CancellationToken))! : served;

        if (Environment.GetEnvironmentVariable("PSACONSOLE_OPENAPI") is { Length: > 0 } file)
        {
            Assert.Empty(ApiDocument.Breaks(published, served));
            await File.WriteAllTextAsync(file, served.ToJsonString(Readable) + "\n", TestContext.Current.CancellationToken);
            return;
        }

        Assert.True(File.Exists(Published), $"{Published} is missing: ./run openapi writes it.");
        Assert.Empty(ApiDocument.Breaks(published, served));
        // And nothing is served that nobody can read up on.
        Assert.Empty(ApiDocument.Breaks(served, published));
    }

    [Theory]
    [InlineData("""["paths"]["/api/v1/exceptions/{id}"]""", "is gone")]
    [InlineData("""["components"]["schemas"]["ApiCase"]["properties"]["dueAt"]""", "ApiCase.dueAt was")]
    [InlineData("""["components"]["schemas"]["ApiJourney"]""", "ApiJourney is gone")]
    [InlineData("""["paths"]["/api/v1/exceptions"]["get"]["parameters"][0]""", "parameter state is gone")]
    public async Task What_is_taken_away_is_found(string what, string words)
    {
        var (served, without) = (await ServedAsync(), await ServedAsync());
        Remove(without, what);

        Assert.Contains(ApiDocument.Breaks(served, without), problem => problem.Contains(words, StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_is_demanded_anew_and_what_changes_its_meaning_is_found()
    {
        var (served, other) = (await ServedAsync(), await ServedAsync());
        other["components"]!["schemas"]!["ApiServiceRequest"]!["required"] = new JsonArray("recordId", "reason");
        other["components"]!["schemas"]!["ApiCase"]!["properties"]!["version"] = new JsonObject { ["type"] = "string" };

        var breaks = ApiDocument.Breaks(served, other);

        Assert.Contains("ApiServiceRequest.reason is needed now", breaks);
        Assert.Contains(breaks, problem => problem.StartsWith("ApiCase.version was", StringComparison.Ordinal));
    }

    private static void Remove(JsonNode document, string path)
    {
        var parts = path.Trim('[', ']').Split("][").Select(part => part.Trim('"')).ToList();
        var at = parts.SkipLast(1).Aggregate(document, (node, part) => node[part]!);
        if (at is JsonArray list)
        {
            list.RemoveAt(int.Parse(parts[^1], System.Globalization.CultureInfo.InvariantCulture));
        }
        else
        {
            at.AsObject().Remove(parts[^1]);
        }
    }

    private async Task<JsonNode> ServedAsync()
    {
        using var client = console.NewClient();
        return JsonNode.Parse(await client.GetStringAsync(new Uri("/api/v1/openapi.json", UriKind.Relative), TestContext.Current.CancellationToken))!;
    }
}
