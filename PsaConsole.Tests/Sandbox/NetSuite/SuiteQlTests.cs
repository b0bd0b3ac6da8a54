using System.Net;

namespace PsaConsole.Tests.Sandbox.NetSuite;

public sealed class SuiteQlTests(RunningSandbox sandbox) : IClassFixture<RunningSandbox>
{
    [Theory]
    [InlineData("SELECT id, symbol FROM currency WHERE symbol IN ('GBP', 'EUR') ORDER BY id DESC", "id=3;symbol=EUR|id=2;symbol=GBP")]
    [InlineData("SELECT COUNT(*) FROM subsidiary", "expr1=4")]
    [InlineData("SELECT id AS key, externalId FROM subsidiary WHERE id > 2 AND NOT externalid = 'JP01'", "key=3;externalid=DE01")]
    [InlineData("SELECT s.externalid code, BUILTIN.DF(s.currency) AS money FROM subsidiary s WHERE s.name LIKE 'GB01%'", "code=GB01;money=British Pound")]
    [InlineData("SELECT s.externalid, c.symbol FROM subsidiary s INNER JOIN currency c ON c.id = s.currency WHERE c.symbol = 'JPY'", "externalid=JP01;symbol=JPY")]
    [InlineData("SELECT c.symbol, p.externalid FROM subsidiary c2 LEFT JOIN subsidiary p ON p.id = c2.parent JOIN currency c ON c.id = c2.currency WHERE c2.id <= 2 ORDER BY c2.id", "symbol=USD|symbol=GBP;externalid=US01")]
    [InlineData("SELECT parent, COUNT(*) AS n FROM subsidiary GROUP BY parent ORDER BY n", "n=1|parent=1;n=3")]
    [InlineData("SELECT isbasecurrency FROM currency WHERE id = 1 OR (id = 2 AND symbol IS NULL)", "isbasecurrency=T")]
    [InlineData("SELECT name FROM term WHERE daysuntilnetdue BETWEEN 31 AND 50", "name=Net 45")]
    [InlineData("SELECT DISTINCT isinactive FROM term", "isinactive=F")]
    [InlineData("SELECT UPPER(name) || '!' AS n, daysuntilnetdue / 2 AS half FROM term WHERE name NOT LIKE '%0'", "n=NET 45!;half=22.5")]
    [InlineData("SELECT CASE WHEN id = 1 THEN 'one' ELSE 'more' END AS t FROM term WHERE id < 3 ORDER BY id", "t=one|t=more")]
    public async Task Query_answers_in_text_and_small_letters(string query, string expected)
    {
        var client = await sandbox.NetSuiteAsync();
        var rows = await client.RowsAsync(query);
        Assert.Equal(expected, string.Join('|', rows.Select(row => string.Join(';', row.Select(column => $"{column.Key}={column.Value}")))));
    }

    [Fact]
    public async Task Changes_are_found_by_time_and_parameters()
    {
        var client = await sandbox.NetSuiteAsync();
        var id = await client.CreateAsync("customer", new { companyName = "Recent's", subsidiary = "1", externalId = "recent-1" });
        var since = sandbox.Host.World.Clock.GetUtcNow().AddMinutes(-1).ToString("yyyy-MM-dd HH:mm:ss", System.Globalization.CultureInfo.InvariantCulture);
        var rows = await client.RowsAsync(
            """SELECT id, TO_CHAR(lastmodifieddate, 'YYYY-MM-DD"T"HH24:MI:SS') AS changed FROM customer WHERE lastmodifieddate >= TO_DATE(?, 'YYYY-MM-DD HH24:MI:SS') AND companyname = ? ORDER BY id""", since, "Recent's");
        var row = Assert.Single(rows);
        Assert.Equal(id, row["id"]);
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$", row["changed"]);
        Assert.Empty(await client.RowsAsync("SELECT id FROM customer WHERE lastmodifieddate > TO_DATE('2999-01-01', 'YYYY-MM-DD')"));
        Assert.Equal(id, Assert.Single(await client.RowsAsync("SELECT id FROM customer WHERE companyname = 'Recent''s'"))["id"]);
        Assert.Matches(@"^\d{1,2}/\d{1,2}/\d{4}$", (await client.RowsAsync("SELECT hiredate FROM employee"))[0]["hiredate"]);
    }

    [Fact]
    public async Task Pages_need_an_offset_that_the_limit_divides()
    {
        var client = await sandbox.NetSuiteAsync();
        using var answer = await client.SuiteQlAsync("SELECT id FROM employee ORDER BY id", "?limit=15&offset=30");
        var page = await RunningSandbox.JsonAsync(answer);
        Assert.Equal(40, page.GetProperty("totalResults").GetInt32());
        Assert.Equal(10, page.GetProperty("count").GetInt32());
        Assert.False(page.GetProperty("hasMore").GetBoolean());
        Assert.Empty(page.GetProperty("items")[0].GetProperty("links").EnumerateArray());
        await (await client.SuiteQlAsync("SELECT id FROM employee", "?limit=10&offset=15")).RefusedAsync(HttpStatusCode.BadRequest, "INVALID_PARAMETER");
        await (await client.SuiteQlAsync("SELECT id FROM employee", "?limit=1001")).RefusedAsync(HttpStatusCode.BadRequest, "INVALID_PARAMETER");
    }

    [Theory]
    [InlineData("SELECT balance FROM customer", "Unknown identifier 'balance'")]
    [InlineData("SELECT id FROM revenueelements", "was not found")]
    [InlineData("SELECT id FROM customer WHERE", "Syntax error")]
    [InlineData("SELECT id FROM customer WHERE id = ?", "placeholders")]
    [InlineData("SELECT FOO(id) FROM customer", "FOO")]
    public async Task Wrong_query_is_refused(string query, string words)
    {
        var client = await sandbox.NetSuiteAsync();
        var detail = await (await client.SuiteQlAsync(query)).RefusedAsync(HttpStatusCode.BadRequest, "INVALID_PARAMETER");
        Assert.Contains(words, detail.GetProperty("detail").GetString());
    }

    [Fact]
    public async Task Query_must_be_transient()
    {
        var client = await sandbox.NetSuiteAsync();
        await (await client.CallAsync("POST", "query/v1/suiteql", new { q = "SELECT id FROM term" })).RefusedAsync(HttpStatusCode.BadRequest, "INVALID_HEADER");
    }

    [Fact]
    public async Task Every_table_that_integrations_read_is_there()
    {
        var client = await sandbox.NetSuiteAsync();
        foreach (var table in (string[])["billingratecard", "customer", "job", "employee", "department", "classification", "location", "term", "subsidiary", "currency", "accountingperiod", "transaction", "transactionline", "customersubsidiaryrelationship"])
        {
            Assert.NotEmpty(await client.RowsAsync($"SELECT * FROM {table} ORDER BY id"));
        }

        Assert.Contains(await client.RowsAsync("SELECT externalid FROM billingratecard"), row => row["externalid"].StartsWith("standard-us01-", StringComparison.Ordinal));
        Assert.All(await client.RowsAsync("SELECT type, tranid FROM transaction"), row => Assert.Equal("CustInvc", row["type"]));
    }
}
