using System.Net;
using System.Net.Http.Headers;

namespace PsaConsole.Tests.Sandbox.Salesforce;

public sealed class QueryPagingTests(RunningSandbox sandbox) : IClassFixture<RunningSandbox>
{
    [Fact]
    public async Task Pages_follow_each_other_until_done()
    {
        var client = await sandbox.SalesforceAsync();
        client.DefaultRequestHeaders.Add("Sforce-Query-Options", "batchSize=200");
        var page = await client.QueryAsync("SELECT Id FROM PricebookEntry");
        var total = page.GetProperty("totalSize").GetInt32();
        var ids = new List<string>();
        while (true)
        {
            ids.AddRange(page.GetProperty("records").EnumerateArray().Select(row => row.GetProperty("Id").GetString()!));
            if (page.GetProperty("done").GetBoolean())
            {
                break;
            }

            Assert.Equal(200, page.GetProperty("records").GetArrayLength());
            page = await client.ReadAsync(page.GetProperty("nextRecordsUrl").GetString()!);
        }

        Assert.False(page.TryGetProperty("nextRecordsUrl", out _));
        Assert.Equal(total, ids.Distinct().Count());
    }

    [Fact]
    public async Task Locator_dies_with_its_session()
    {
        var client = await sandbox.SalesforceAsync();
        client.DefaultRequestHeaders.Add("Sforce-Query-Options", "batchSize=200");
        var next = (await client.QueryAsync("SELECT Id FROM PricebookEntry")).GetProperty("nextRecordsUrl").GetString();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", await sandbox.SalesforceTokenAsync(client));
        await (await client.GetAsync(next, TestContext.Current.CancellationToken)).RefusedAsync(HttpStatusCode.BadRequest, "INVALID_QUERY_LOCATOR");
    }

    [Fact]
    public async Task Eleventh_open_cursor_closes_the_first()
    {
        var client = await sandbox.SalesforceAsync();
        client.DefaultRequestHeaders.Add("Sforce-Query-Options", "batchSize=200");
        var locators = new List<string>();
        for (var count = 0; count < 11; count++)
        {
            locators.Add((await client.QueryAsync("SELECT Id FROM PricebookEntry")).GetProperty("nextRecordsUrl").GetString()!);
        }

        await (await client.GetAsync(locators[0], TestContext.Current.CancellationToken)).RefusedAsync(HttpStatusCode.BadRequest, "INVALID_QUERY_LOCATOR");
        Assert.Equal(200, (await client.ReadAsync(locators[10])).GetProperty("records").GetArrayLength());
    }

    [Fact]
    public async Task Deleted_records_are_seen_by_queryAll_and_deleted_only()
    {
        var client = await sandbox.SalesforceAsync();
        var id = await client.CreateAsync("Account", new { Name = "Gone tomorrow" });
        using var answer = await client.DeleteAsync($"sobjects/Account/{id}", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);

        Assert.Equal(0, (await client.QueryAsync($"SELECT Id FROM Account WHERE Id = '{id}'")).GetProperty("totalSize").GetInt32());
        var all = await client.ReadAsync($"queryAll?q={Uri.EscapeDataString($"SELECT Id, IsDeleted FROM Account WHERE Id = '{id}'")}");
        Assert.True(all.GetProperty("records")[0].GetProperty("IsDeleted").GetBoolean());

        var (start, end) = (Stamp(TimeSpan.FromMinutes(-10)), Stamp(TimeSpan.FromMinutes(5)));
        var deleted = await client.ReadAsync($"sobjects/Account/deleted?start={start}&end={end}");
        Assert.Contains(id, deleted.GetProperty("deletedRecords").EnumerateArray().Select(row => row.GetProperty("id").GetString()));
        var updated = await client.ReadAsync($"sobjects/Account/updated?start={start}&end={end}");
        Assert.DoesNotContain(id, updated.GetProperty("ids").EnumerateArray().Select(row => row.GetString()));
        Assert.NotEqual(0, updated.GetProperty("ids").GetArrayLength());
        await (await client.GetAsync($"sobjects/Account/{id}", TestContext.Current.CancellationToken)).RefusedAsync(HttpStatusCode.NotFound, "ENTITY_IS_DELETED");
    }

    private string Stamp(TimeSpan away)
        => Uri.EscapeDataString((sandbox.Host.World.Clock.GetUtcNow() + away).ToString("yyyy-MM-dd'T'HH:mm:ss'+00:00'", System.Globalization.CultureInfo.InvariantCulture));
}
