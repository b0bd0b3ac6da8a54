using System.Net;

namespace PsaConsole.Tests.Sandbox.Salesforce;

public sealed class CompositeTests(RunningSandbox sandbox) : IClassFixture<RunningSandbox>
{
    private const string Root = "/services/data/v66.0/sobjects/";

    [Fact]
    public async Task Later_call_uses_the_result_of_an_earlier_one()
    {
        var client = await sandbox.SalesforceAsync();
        using var answer = await client.PostAsync("composite", new
        {
            allOrNone = true,
            compositeRequest = new object[]
            {
                new { method = "POST", url = Root + "Account", referenceId = "client", body = new { Name = "Composite client" } },
                new { method = "POST", url = Root + "Opportunity", referenceId = "deal", body = new { Name = "Composite deal", AccountId = "@{client.id}", StageName = "Proposal", CloseDate = "2026-05-05" } },
                new { method = "GET", url = Root + "Opportunity/@{deal.id}?fields=AccountId", referenceId = "read" },
            },
        });
        var parts = (await RunningSandbox.JsonAsync(answer)).GetProperty("compositeResponse");
        Assert.Equal([201, 201, 200], parts.EnumerateArray().Select(part => part.GetProperty("httpStatusCode").GetInt32()));
        Assert.Equal(parts[0].GetProperty("body").GetProperty("id").GetString(), parts[2].GetProperty("body").GetProperty("AccountId").GetString());
        Assert.StartsWith(Root + "Account/001", parts[0].GetProperty("httpHeaders").GetProperty("Location").GetString());
    }

    [Fact]
    public async Task Failed_part_undoes_all_when_asked_for_all_or_none()
    {
        var client = await sandbox.SalesforceAsync();
        using var answer = await client.PostAsync("composite", new
        {
            allOrNone = true,
            compositeRequest = new object[]
            {
                new { method = "POST", url = Root + "Account", referenceId = "one", body = new { Name = "Rolled back" } },
                new { method = "POST", url = Root + "Opportunity", referenceId = "two", body = new { Name = "No stage" } },
                new { method = "POST", url = Root + "Account", referenceId = "three", body = new { Name = "Rolled back" } },
            },
        });
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var parts = (await RunningSandbox.JsonAsync(answer)).GetProperty("compositeResponse");
        Assert.Equal(
            ["PROCESSING_HALTED", "REQUIRED_FIELD_MISSING", "PROCESSING_HALTED"],
            parts.EnumerateArray().Select(part => part.GetProperty("body")[0].GetProperty("errorCode").GetString()!));
        Assert.Empty(await client.NamesAsync("SELECT Name FROM Account WHERE Name = 'Rolled back'"));
    }

    [Fact]
    public async Task Collection_answers_for_each_record_in_order()
    {
        var client = await sandbox.SalesforceAsync();
        using var answer = await client.PatchAsync("composite/sobjects/Account/PsaConsole_Id__c", new
        {
            allOrNone = false,
            records = new object[]
            {
                new { attributes = new { type = "Account" }, PsaConsole_Id__c = "batch-1", Name = "Batch 1" },
                new { attributes = new { type = "Account" }, PsaConsole_Id__c = "batch-2", Payment_Terms__c = "Net 3", Name = "Batch 2" },
                new { attributes = new { type = "Account" }, PsaConsole_Id__c = "batch-1", Name = "Batch 1 again" },
            },
        });
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var results = await RunningSandbox.JsonAsync(answer);
        Assert.Equal([true, false, true], results.EnumerateArray().Select(result => result.GetProperty("success").GetBoolean()));
        Assert.True(results[0].GetProperty("created").GetBoolean());
        Assert.False(results[2].GetProperty("created").GetBoolean());
        Assert.Equal("INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", results[1].GetProperty("errors")[0].GetProperty("statusCode").GetString());
    }

    [Fact]
    public async Task More_than_200_records_are_refused()
    {
        var client = await sandbox.SalesforceAsync();
        var records = Enumerable.Range(0, 201).Select(number => new { attributes = new { type = "Account" }, Name = $"Many {number}" });
        await (await client.PostAsync("composite/sobjects", new { allOrNone = false, records })).RefusedAsync(HttpStatusCode.BadRequest, "EXCEEDED_MAX_RECORDS");
    }
}
