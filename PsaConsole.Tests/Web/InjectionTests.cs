using System.Net;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using PsaConsole.Engine.Access;
using PsaConsole.Tests.Web.Api;

namespace PsaConsole.Tests.Web;

/// <summary>Text that means something to SQL is text (ASVS 5.3.4), and only what is mapped answers, to its own origin (14.5).</summary>
public sealed partial class InjectionTests(OpenConsole console) : IClassFixture<OpenConsole>
{
    private static readonly string[] Hostile =
    [
        "'; drop table run; --", "' or '1'='1", "\" or 1=1 --", "1); delete from exception_case; --", "%' union select secret_hash::text from api_key --", "\\'; select pg_sleep(30); --",
        "$1", "{0}", "%", "_", "\\", "' || (select version()) || '", "{\"a\":1}", "now()",
    ];

    private static readonly string[] Projects = ["PsaConsole.Engine", "PsaConsole.Web"];

    private static readonly HttpStatusCode[] NoAnswer =
        [HttpStatusCode.MethodNotAllowed, HttpStatusCode.NotFound, HttpStatusCode.Unauthorized, HttpStatusCode.BadRequest, HttpStatusCode.NotImplemented];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Whatever_is_asked_through_the_api_is_a_value_and_never_a_statement()
    {
        await AddAsync("An honest deal");
        using var auditor = await ApiProgram.WithRolesAsync(console.Local, console.Connection, Roles.Auditor);
        var before = await CountAsync();
        var paths = (await auditor.GetAsync("/api/v1/openapi.json")).Body["paths"]!.AsObject();
        var asked = 0;
        foreach (var (path, operations) in paths.Where(path => path.Value!["get"]?["parameters"] is not null))
        {
            foreach (var name in operations!["get"]!["parameters"]!.AsArray().Select(parameter => parameter!["name"]!.GetValue<string>()))
            {
                foreach (var text in Hostile)
                {
                    asked++;
                    var value = Uri.EscapeDataString(text);
                    var url = path.Contains($"{{{name}}}", StringComparison.Ordinal) ? path.Replace($"{{{name}}}", value, StringComparison.Ordinal) : $"{path}?{name}={value}";
                    var reply = await PatientAsync(auditor, url);
                    Assert.True(reply.Status is 200 or 400 or 404 or 422, $"{url} answered {reply.Status}: {reply.Text}");
                }
            }
        }

        Assert.True(asked > 100, $"only {asked} were asked");
        Assert.Equal(before, await CountAsync());
    }

    [Fact]
    public void No_statement_is_put_together_from_texts()
    {
        // Names of roles and channels are ours and can't be parameters; what makes a database or grants a role quotes them.
        string[] known = ["ChangeFeed.cs", "Replica.cs", "DatabaseRights.cs", "PrivatePostgres.cs", "PostgresAccount.cs", "ChangeStatements.cs"];
        var faults = Projects
            .SelectMany(project => Directory.EnumerateFiles(Path.Combine(Repository.Root, project), "*.cs", SearchOption.AllDirectories))
            .Where(file => !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal) && !file.Contains("/Migrations/", StringComparison.Ordinal))
            .Where(file => !known.Contains(Path.GetFileName(file)))
            .Where(file => Composed().IsMatch(File.ReadAllText(file)));

        Assert.Empty(faults);
    }

    [Theory]
    [InlineData("TRACE", "/sign-in")]
    [InlineData("PUT", "/api/v1/exceptions")]
    [InlineData("DELETE", "/api/v1/exceptions/1")]
    [InlineData("PATCH", "/api/v1/exceptions/1/actions")]
    [InlineData("PUT", "/hooks/salesforce")]
    [InlineData("DELETE", "/exceptions/1")]
    [InlineData("CONNECTED", "/health/live")]
    public async Task Method_that_nothing_is_mapped_for_is_not_answered(string method, string path)
    {
        using var client = console.NewClient();
        using var request = new HttpRequestMessage(new HttpMethod(method), path);

        using var answer = await client.SendAsync(request, Token);

        Assert.Contains(answer.StatusCode, NoAnswer);
    }

    [Theory]
    [InlineData("/sign-in")]
    [InlineData("/api/v1/exceptions")]
    [InlineData("/api/v1/openapi.json")]
    [InlineData("/health/ready")]
    public async Task No_other_origin_is_let_in(string path)
    {
        using var client = console.NewClient();
        foreach (var method in new[] { HttpMethod.Get, HttpMethod.Options })
        {
            using var request = new HttpRequestMessage(method, path);
            request.Headers.Add("Origin", "https://elsewhere.example");
            request.Headers.Add("Access-Control-Request-Method", "POST");
            request.Headers.Add("Access-Control-Request-Headers", "authorization");

            using var answer = await client.SendAsync(request, Token);

            Assert.DoesNotContain(answer.Headers, header => header.Key.StartsWith("Access-Control", StringComparison.OrdinalIgnoreCase));
        }
    }

    /// <summary>SQL as an interpolated string where nothing makes parameters of it, or put together with a plus.</summary>
    [GeneratedRegex("""(SqlRaw(Async)?|SqlQueryRaw(<\w+>)?|new Npgsql(Batch)?Command)\(\s*(\$|"[^"]*"\s*\+)|CommandText\s*=\s*\$""")]
    private static partial Regex Composed();

    private static async Task<ApiReply> PatientAsync(ApiProgram program, string url)
    {
        while (true)
        {
            if (await program.GetAsync(url) is { Status: not 429 } reply)
            {
                return reply;
            }
        }
    }

    private async Task AddAsync(string title)
    {
        await using var store = console.OpenStore();
        SampleQueue.AddStopped(store, title, TimeProvider.System.GetUtcNow());
        await store.SaveChangesAsync(Token);
    }

    private async Task<(int Runs, int Cases, int Keys)> CountAsync()
    {
        await using var store = console.OpenStore();
        return (await store.Runs.CountAsync(Token), await store.ExceptionCases.CountAsync(Token), await store.ApiKeys.CountAsync(Token));
    }
}
