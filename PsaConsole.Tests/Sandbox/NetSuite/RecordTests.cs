using System.Net;

namespace PsaConsole.Tests.Sandbox.NetSuite;

public sealed class RecordTests(RunningSandbox sandbox) : IClassFixture<RunningSandbox>
{
    [Fact]
    public async Task Upsert_twice_gives_one_record()
    {
        var client = await sandbox.NetSuiteAsync();
        for (var time = 0; time < 2; time++)
        {
            using var answer = await client.CallAsync("PUT", "record/v1/customer/eid:upsert-1", new { companyName = "Twice Ltd", subsidiary = new { id = "2" }, terms = new { externalId = "Net 30" } });
            Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
            Assert.Null(answer.Headers.Location);
        }

        Assert.Equal("1", Assert.Single(await client.RowsAsync("SELECT COUNT(*) AS found FROM customer WHERE externalid = 'upsert-1'"))["found"]);
        var customer = await client.ReadAsync("record/v1/CUSTOMER/eid:upsert-1");
        Assert.Equal("Net 30", customer.GetProperty("terms").GetProperty("refName").GetString());
        Assert.Equal("GBP", (await client.ReadAsync($"record/v1/currency/{customer.GetProperty("currency").GetProperty("id")}")).GetProperty("symbol").GetString());
        await (await client.CallAsync("PUT", "record/v1/customer/eid:up|sert", new { companyName = "X", subsidiary = "1" })).RefusedAsync(HttpStatusCode.BadRequest, "INVALID_REQUEST");
    }

    [Fact]
    public async Task Created_record_is_read_changed_and_deleted()
    {
        var client = await sandbox.NetSuiteAsync();
        var id = await client.CreateAsync("customer", new { companyName = "Short Life", subsidiary = "1", creditLimit = 100.5m });
        using (var changed = await client.CallAsync("PATCH", $"record/v1/customer/{id}", new { creditLimit = (decimal?)null, custentity_psac_credit_hold = true }))
        {
            Assert.Equal(HttpStatusCode.NoContent, changed.StatusCode);
            Assert.EndsWith($"/services/rest/record/v1/customer/{id}", changed.Headers.Location!.ToString());
        }

        var read = await client.ReadAsync($"record/v1/customer/{id}?fields=creditLimit,custentity_psac_credit_hold,isInactive");
        Assert.False(read.TryGetProperty("creditLimit", out _));
        Assert.True(read.GetProperty("custentity_psac_credit_hold").GetBoolean());
        Assert.False(read.TryGetProperty("companyName", out _));
        using (var deleted = await client.CallAsync("DELETE", $"record/v1/customer/{id}"))
        {
            Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        }

        await (await client.CallAsync("GET", $"record/v1/customer/{id}")).RefusedAsync(HttpStatusCode.NotFound, "NONEXISTENT_ID");
    }

    [Fact]
    public async Task Unknown_field_is_dropped_unless_the_client_asks_to_be_told()
    {
        var client = await sandbox.NetSuiteAsync();
        var body = new { companyName = "Misspelt", subsidiary = "1", emial = "x@example.com" };
        using (var silent = await client.CallAsync("POST", "record/v1/customer", body))
        {
            Assert.Equal(HttpStatusCode.NoContent, silent.StatusCode);
            Assert.Contains("emial", silent.Headers.GetValues("Warning").Single());
        }

        var refusal = await (await client.CallAsync("POST", "record/v1/customer", body, ("X-NetSuite-PropertyNameValidation", "Error"))).RefusedAsync(HttpStatusCode.BadRequest, "INVALID_CONTENT");
        Assert.Equal("emial", refusal.GetProperty("o:errorPath").GetString());
    }

    public static TheoryData<string, object, string, string> Mistakes => new()
    {
        { "customer", new { email = "a@example.com" }, "USER_ERROR", "Please enter value(s) for: companyName" },
        { "customer", new { companyName = "X", subsidiary = "99" }, "USER_ERROR", "Invalid Field Value 99 for the following field: subsidiary" },
        { "customer", new { companyName = "X", subsidiary = new { externalId = "FR01" } }, "INVALID_KEY_OR_REF", "FR01" },
        { "customer", new { companyName = "X", subsidiary = "1", creditLimit = "much" }, "INVALID_CONTENT", "creditLimit" },
        { "customer", new { companyName = "X", subsidiary = "1", addressBook = new { items = new[] { new { addressBookAddress = new { country = "XX" } } } } }, "USER_ERROR", "country" },
        { "job", new { companyName = "X", subsidiary = "1" }, "USER_ERROR", "Customer" },
        { "subsidiary", new { name = "X" }, "INSUFFICIENT_PERMISSION", "Permission Violation" },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public async Task Broken_rule_is_refused_in_words(string type, object body, string code, string words)
    {
        var client = await sandbox.NetSuiteAsync();
        using var answer = await client.CallAsync("POST", $"record/v1/{type}", body);
        var detail = await answer.RefusedAsync(code == "INSUFFICIENT_PERMISSION" ? HttpStatusCode.Forbidden : HttpStatusCode.BadRequest, code);
        Assert.Contains(words.Replace("companyName", "Company Name", StringComparison.Ordinal), detail.GetProperty("detail").GetString());
    }

    [Fact]
    public async Task Project_needs_a_subsidiary_of_its_customer()
    {
        var client = await sandbox.NetSuiteAsync();
        var customer = await client.CreateAsync("customer", new { companyName = "Two Homes", subsidiary = new { externalId = "US01" } });
        var job = new { companyName = "Abroad", entityId = "P-ABROAD", parent = new { id = customer }, subsidiary = new { externalId = "DE01" }, jobBillingType = new { id = "4" }, entityStatus = "2", estimatedTime = "120:30" };
        await (await client.CallAsync("PUT", "record/v1/job/eid:abroad", job)).RefusedAsync(HttpStatusCode.BadRequest, "USER_ERROR");

        await client.CreateAsync("customersubsidiaryrelationship", new { entity = customer, subsidiary = "3", externalId = "two-homes-de" });
        using (var created = await client.CallAsync("PUT", "record/v1/job/eid:abroad", job))
        {
            Assert.Equal(HttpStatusCode.NoContent, created.StatusCode);
        }

        var read = await client.ReadAsync("record/v1/job/eid:abroad");
        Assert.Equal("Time and Materials", read.GetProperty("jobBillingType").GetProperty("refName").GetString());
        Assert.Equal("4", (await client.ReadAsync("record/v1/job/eid:abroad?simpleEnumFormat=true")).GetProperty("jobBillingType").GetString());
        await (await client.CallAsync("DELETE", $"record/v1/customer/{customer}")).RefusedAsync(HttpStatusCode.BadRequest, "USER_ERROR");
        await (await client.CallAsync("POST", "record/v1/job", job)).RefusedAsync(HttpStatusCode.BadRequest, "USER_ERROR");
    }

    [Fact]
    public async Task Inactive_record_cannot_be_referred_to()
    {
        var client = await sandbox.NetSuiteAsync();
        var department = await client.CreateAsync("department", new { name = "Closing down", externalId = "CC-OLD", isInactive = true });
        var detail = await (await client.CallAsync("POST", "record/v1/employee", new { firstName = "A", lastName = "B", subsidiary = "1", department = new { id = department } })).RefusedAsync(HttpStatusCode.BadRequest, "USER_ERROR");
        Assert.Contains("inactive", detail.GetProperty("detail").GetString());
    }

    [Fact]
    public async Task Time_in_a_closed_period_is_refused()
    {
        var client = await sandbox.NetSuiteAsync();
        var employee = Assert.Single(await client.RowsAsync("SELECT id FROM employee ORDER BY id FETCH FIRST 1 ROWS ONLY"))["id"];
        var closed = (await client.RowsAsync("SELECT TO_CHAR(startdate, 'YYYY-MM-DD') AS day FROM accountingperiod WHERE closed = 'T' AND isyear = 'F' ORDER BY startdate"))[0]["day"];
        var detail = await (await client.CallAsync("POST", "record/v1/timeBill", new { employee, tranDate = closed, hours = "7:30" })).RefusedAsync(HttpStatusCode.BadRequest, "USER_ERROR");
        Assert.Contains("period", detail.GetProperty("detail").GetString());
        await (await client.CallAsync("POST", "record/v1/timeBill", new { employee, tranDate = "2030-01-02", hours = 7.5 })).RefusedAsync(HttpStatusCode.BadRequest, "INVALID_CONTENT");
    }

    [Fact]
    public async Task Sublist_lines_are_merged_unless_replaced()
    {
        var client = await sandbox.NetSuiteAsync();
        var schedule = new { name = "Milestones of P-1", scheduleType = "4", milestone = new { items = new[] { new { milestoneDate = "2026-05-31", milestoneAmount = 1_000.10m, comments = "Design" } } } };
        foreach (var path in (string[])["record/v1/billingSchedule/eid:lines", "record/v1/billingSchedule/eid:lines"])
        {
            using var answer = await client.CallAsync("PUT", path, schedule);
            Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        }

        // Lines without a key are added each time.
        Assert.Equal(2, (await client.ReadAsync("record/v1/billingSchedule/eid:lines?expandSubResources=true")).GetProperty("milestone").GetProperty("items").GetArrayLength());
        using (var replaced = await client.CallAsync("PUT", "record/v1/billingSchedule/eid:lines?replace=milestone", schedule))
        {
            Assert.Equal(HttpStatusCode.NoContent, replaced.StatusCode);
        }

        var read = await client.ReadAsync("record/v1/billingSchedule/eid:lines?expandSubResources=true");
        Assert.Equal(1_000.10m, Assert.Single(read.GetProperty("milestone").GetProperty("items").EnumerateArray()).GetProperty("milestoneAmount").GetDecimal());
        Assert.False((await client.ReadAsync("record/v1/billingSchedule/eid:lines")).GetProperty("milestone").TryGetProperty("items", out _));
    }

    [Fact]
    public async Task List_gives_ids_by_page_and_filter()
    {
        var client = await sandbox.NetSuiteAsync();
        var page = await client.ReadAsync("record/v1/employee?limit=10&offset=10");
        Assert.Equal(10, page.GetProperty("count").GetInt32());
        Assert.True(page.GetProperty("hasMore").GetBoolean());
        Assert.Equal(["links", "id"], page.GetProperty("items")[0].EnumerateObject().Select(property => property.Name));
        var first = await client.ReadAsync("record/v1/employee/eid:E0001");
        var found = await client.ReadAsync($"record/v1/employee?q={Uri.EscapeDataString($"email IS \"{first.GetProperty("email").GetString()}\" AND hireDate ON_OR_AFTER \"1/1/2001\"")}");
        Assert.Equal(first.GetProperty("id").GetString(), Assert.Single(found.GetProperty("items").EnumerateArray()).GetProperty("id").GetString());
        await (await client.CallAsync("GET", "record/v1/employee?limit=10&offset=5")).RefusedAsync(HttpStatusCode.BadRequest, "INVALID_PARAMETER");
        await (await client.CallAsync("GET", "record/v1/projectResource")).RefusedAsync(HttpStatusCode.NotFound, "NOT_FOUND");
        Assert.Contains("job", (await client.ReadAsync("record/v1/metadata-catalog")).GetProperty("items").EnumerateArray().Select(item => item.GetProperty("name").GetString()));
    }
}
