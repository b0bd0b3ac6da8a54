using System.Net;

namespace PsaConsole.Tests.Sandbox.Salesforce;

public sealed class RecordTests(RunningSandbox sandbox) : IClassFixture<RunningSandbox>
{
    [Fact]
    public async Task Upsert_creates_once_and_then_changes()
    {
        var client = await sandbox.SalesforceAsync();
        using var first = await client.PatchAsync("sobjects/Account/PsaConsole_Id__c/upsert-1", new { Name = "Upserted" });
        Assert.Equal(HttpStatusCode.Created, first.StatusCode);
        var created = await RunningSandbox.JsonAsync(first);
        Assert.True(created.GetProperty("created").GetBoolean());

        using var second = await client.PatchAsync("sobjects/Account/PsaConsole_Id__c/upsert-1", new { Name = "Upserted again" });
        Assert.Equal(HttpStatusCode.OK, second.StatusCode);
        var changed = await RunningSandbox.JsonAsync(second);
        Assert.False(changed.GetProperty("created").GetBoolean());
        Assert.Equal(created.GetProperty("id").GetString(), changed.GetProperty("id").GetString());
        Assert.Equal("Upserted again", (await client.ReadAsync("sobjects/Account/PsaConsole_Id__c/upsert-1?fields=Name")).GetProperty("Name").GetString());
    }

    [Fact]
    public async Task Upsert_by_many_callers_at_once_creates_one_record()
    {
        var client = await sandbox.SalesforceAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(number => client.PatchAsync("sobjects/Account/PsaConsole_Id__c/upsert-race", new { Name = $"Racer {number}" })));
        Assert.Equal(1, answers.Count(answer => answer.StatusCode == HttpStatusCode.Created));
        Assert.Equal(15, answers.Count(answer => answer.StatusCode == HttpStatusCode.OK));
        Array.ForEach(answers, answer => answer.Dispose());
        Assert.Equal(1, (await client.QueryAsync("SELECT Id FROM Account WHERE PsaConsole_Id__c = 'upsert-race'")).GetProperty("totalSize").GetInt32());
    }

    [Fact]
    public async Task Upsert_refuses_its_key_in_the_body_and_an_insert_when_told_so()
    {
        var client = await sandbox.SalesforceAsync();
        await (await client.PatchAsync("sobjects/Account/PsaConsole_Id__c/upsert-2", new { Name = "X", PsaConsole_Id__c = "upsert-2" })).RefusedAsync(HttpStatusCode.BadRequest, "INVALID_FIELD");
        await (await client.PatchAsync("sobjects/Account/PsaConsole_Id__c/upsert-2?updateOnly=true", new { Name = "X" })).RefusedAsync(HttpStatusCode.NotFound, "NOT_FOUND");
    }

    [Fact]
    public async Task Unique_external_id_is_refused_a_second_time()
    {
        var client = await sandbox.SalesforceAsync();
        var id = await client.CreateAsync("Account", new { Name = "First", PsaConsole_Id__c = "unique-1" });
        var error = await (await client.PostAsync("sobjects/Account", new { Name = "Second", PsaConsole_Id__c = "UNIQUE-1" })).RefusedAsync(HttpStatusCode.BadRequest, "DUPLICATE_VALUE");
        Assert.Equal($"duplicate value found: PsaConsole_Id__c duplicates value on record with id: {id}", error.GetProperty("message").GetString());
    }

    [Fact]
    public async Task Stage_decides_whether_a_deal_is_won()
    {
        var client = await sandbox.SalesforceAsync();
        var id = await client.CreateAsync("Opportunity", new { Name = "To be won", StageName = "Negotiation", CloseDate = "2026-06-30" });
        var open = await client.ReadAsync($"sobjects/Opportunity/{id}");
        Assert.False(open.GetProperty("IsClosed").GetBoolean());

        using var answer = await client.PatchAsync($"sobjects/Opportunity/{id}", new { StageName = "Closed Won" });
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        Assert.Empty(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        var won = await client.ReadAsync($"sobjects/Opportunity/{id[..15]}?fields=IsClosed,IsWon,Probability,LastStageChangeDate");
        Assert.True(won.GetProperty("IsClosed").GetBoolean());
        Assert.True(won.GetProperty("IsWon").GetBoolean());
        Assert.Equal("100.0", won.GetProperty("Probability").GetRawText());
        Assert.False(won.TryGetProperty("Name", out _));
    }

    [Theory]
    [InlineData("Opportunity", """{"Name":"X","CloseDate":"2026-01-01"}""", "REQUIRED_FIELD_MISSING", "StageName")]
    [InlineData("Opportunity", """{"Name":"X","CloseDate":"2026-01-01","StageName":"Dreaming"}""", "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", "StageName")]
    [InlineData("Opportunity", """{"Name":"X","CloseDate":"2026-01-01","StageName":"Proposal","IsWon":true}""", "INVALID_FIELD_FOR_INSERT_UPDATE", "IsWon")]
    [InlineData("Opportunity", """{"Name":"X","CloseDate":"31.12.2026","StageName":"Proposal"}""", "JSON_PARSER_ERROR", null)]
    [InlineData("Opportunity", """{"Name":"X","CloseDate":"2026-01-01","StageName":"Proposal","Nothing__c":1}""", "INVALID_FIELD", null)]
    [InlineData("Opportunity", """{"Name":"X","CloseDate":"2026-01-01","StageName":"Proposal","AccountId":"0015500000000009zz"}""", "INVALID_CROSS_REFERENCE_KEY", "AccountId")]
    [InlineData("Account", """{"Name":"X","BillingCountryCode":"XX"}""", "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", "BillingCountryCode")]
    [InlineData("Account", """{"Name":"X","AccountNumber":"12345678901234567890123456789012345678901"}""", "STRING_TOO_LONG", "AccountNumber")]
    [InlineData("Account", """{"Name":null}""", "REQUIRED_FIELD_MISSING", "Name")]
    [InlineData("Account", """{"Name":""", "JSON_PARSER_ERROR", null)]
    public async Task Wrong_record_is_refused_with_code_and_field(string type, string body, string code, string? field)
    {
        var client = await sandbox.SalesforceAsync();
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        var error = await (await client.PostAsync($"sobjects/{type}", content, TestContext.Current.CancellationToken)).RefusedAsync(HttpStatusCode.BadRequest, code);
        if (field is not null)
        {
            Assert.Equal([field], error.GetProperty("fields").EnumerateArray().Select(name => name.GetString()!));
        }
    }

    [Fact]
    public async Task Unknown_records_objects_and_versions_are_not_found()
    {
        var client = await sandbox.SalesforceAsync();
        var cancellationToken = TestContext.Current.CancellationToken;
        await (await client.GetAsync("sobjects/Account/001990000000000AAA", cancellationToken)).RefusedAsync(HttpStatusCode.NotFound, "NOT_FOUND");
        await (await client.GetAsync("sobjects/Invoice__c/describe", cancellationToken)).RefusedAsync(HttpStatusCode.NotFound, "NOT_FOUND");
        await (await client.GetAsync("/services/data/v66.0/nothing/here", cancellationToken)).RefusedAsync(HttpStatusCode.NotFound, "NOT_FOUND");
        await (await client.GetAsync("/services/data/v12.0/limits", cancellationToken)).RefusedAsync(HttpStatusCode.NotFound, "UNSUPPORTED_API_VERSION");
    }

    [Fact]
    public async Task Contract_line_follows_the_price_book_and_the_currency_of_its_deal()
    {
        var client = await sandbox.SalesforceAsync();
        var entry = (await client.QueryAsync("SELECT Id, Pricebook2Id, UnitPrice, CurrencyIsoCode FROM PricebookEntry WHERE Pricebook2.Name LIKE 'Standard GB01%' AND Product2.Role__c = 'Architect' LIMIT 1")).GetProperty("records")[0];
        var deal = await client.CreateAsync("Opportunity", new { Name = "With lines", StageName = "Proposal", CloseDate = "2026-06-30", CurrencyIsoCode = "GBP" });
        var line = await client.CreateAsync("OpportunityLineItem", new { OpportunityId = deal, PricebookEntryId = entry.GetProperty("Id").GetString(), Quantity = 10, UnitPrice = 150.25m });
        var read = await client.ReadAsync($"sobjects/OpportunityLineItem/{line}");
        Assert.Equal(1502.5m, read.GetProperty("TotalPrice").GetDecimal());
        Assert.Equal("GBP", read.GetProperty("CurrencyIsoCode").GetString());
        var after = await client.ReadAsync($"sobjects/Opportunity/{deal}");
        Assert.True(after.GetProperty("HasOpportunityLineItem").GetBoolean());
        Assert.Equal(entry.GetProperty("Pricebook2Id").GetString(), after.GetProperty("Pricebook2Id").GetString());

        var other = await client.CreateAsync("Opportunity", new { Name = "Other currency", StageName = "Proposal", CloseDate = "2026-06-30", CurrencyIsoCode = "EUR" });
        await (await client.PostAsync("sobjects/OpportunityLineItem", new { OpportunityId = other, PricebookEntryId = entry.GetProperty("Id").GetString(), Quantity = 1, UnitPrice = 1 }))
            .RefusedAsync(HttpStatusCode.BadRequest, "FIELD_INTEGRITY_EXCEPTION");
    }

    [Fact]
    public async Task Describe_tells_fields_types_and_relationships()
    {
        var client = await sandbox.SalesforceAsync();
        var describe = await client.ReadAsync("sobjects/Opportunity/describe");
        var fields = describe.GetProperty("fields").EnumerateArray().ToDictionary(field => field.GetProperty("name").GetString()!);
        Assert.Equal("currency", fields["Amount"].GetProperty("type").GetString());
        Assert.Equal("Account", fields["AccountId"].GetProperty("relationshipName").GetString());
        Assert.False(fields["IsWon"].GetProperty("updateable").GetBoolean());
        Assert.Contains("Closed Won", fields["StageName"].GetProperty("picklistValues").EnumerateArray().Select(value => value.GetProperty("value").GetString()));
        Assert.Contains("OpportunityLineItems", describe.GetProperty("childRelationships").EnumerateArray().Select(child => child.GetProperty("relationshipName").GetString()));
    }
}
