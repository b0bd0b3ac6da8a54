using System.Net;

namespace PsaConsole.Tests.Sandbox.Salesforce;

public sealed class SoqlTests(SoqlTests.Sample sample) : IClassFixture<SoqlTests.Sample>
{
    /// <summary>Five accounts with known fields among those of the firm.</summary>
    public sealed class Sample : IAsyncLifetime
    {
        private readonly RunningSandbox _sandbox = new();

        public HttpClient Client { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            await _sandbox.InitializeAsync();
            Client = await _sandbox.SalesforceAsync();
            var parent = await Client.CreateAsync("Account", new { Name = "Zz Alpha", Type = "Prospect", Segment__c = "Soql", BillingCountryCode = "US", Requires_PO__c = true });
            await Client.CreateAsync("Account", new { Name = "Zz Beta", Type = "Customer", Segment__c = "Soql", ParentId = parent, BillingCountryCode = "DE" });
            await Client.CreateAsync("Account", new { Name = "Zz Gamma_1", Type = "Customer", Segment__c = "Soql", ParentId = parent[..15] });
            await Client.CreateAsync("Account", new { Name = "Zz O'Hara", Type = "Partner", Segment__c = "Soql", PsaConsole_Id__c = "soql-4" });
            var deal = await Client.CreateAsync("Opportunity", new { Name = "Zz Deal", AccountId = parent, StageName = "Proposal", CloseDate = "2026-03-31", Amount = 1000.5m });
            await Client.CreateAsync("Delivery_Phase__c", new { Name = "Zz One", Opportunity__c = deal, Sequence__c = 1 });
            await Client.CreateAsync("Delivery_Phase__c", new { Name = "Zz Two", Opportunity__c = deal, Sequence__c = 2 });
        }

        public ValueTask DisposeAsync() => _sandbox.DisposeAsync();
    }

    [Theory]
    [InlineData("Name = 'zz alpha'", "Zz Alpha")]
    [InlineData("Segment__c = 'Soql' AND Type != 'Customer'", "Zz Alpha", "Zz O'Hara")]
    [InlineData("Segment__c = 'Soql' AND ParentId != null", "Zz Beta", "Zz Gamma_1")]
    [InlineData("Segment__c = 'Soql' AND BillingCountryCode = null", "Zz Gamma_1", "Zz O'Hara")]
    [InlineData("Segment__c = 'Soql' AND BillingCountryCode != 'US'", "Zz Beta", "Zz Gamma_1", "Zz O'Hara")]
    [InlineData("Name LIKE 'Zz%a'", "Zz Alpha", "Zz Beta", "Zz O'Hara")]
    [InlineData("Name LIKE 'Zz _eta'", "Zz Beta")]
    [InlineData("Name LIKE 'Zz%\\_1'", "Zz Gamma_1")]
    [InlineData("Name = 'Zz O\\'Hara'", "Zz O'Hara")]
    [InlineData("Segment__c = 'Soql' AND Type IN ('Prospect', 'Partner')", "Zz Alpha", "Zz O'Hara")]
    [InlineData("Segment__c = 'Soql' AND Type NOT IN ('Prospect', 'Partner')", "Zz Beta", "Zz Gamma_1")]
    [InlineData("Segment__c = 'Soql' AND (NOT Type = 'Customer')", "Zz Alpha", "Zz O'Hara")]
    [InlineData("Segment__c = 'Soql' AND (Type = 'Prospect' OR (Type = 'Customer' AND BillingCountryCode = 'DE'))", "Zz Alpha", "Zz Beta")]
    [InlineData("Segment__c = 'Soql' AND Requires_PO__c = true", "Zz Alpha")]
    [InlineData("Parent.Name = 'Zz Alpha'", "Zz Beta", "Zz Gamma_1")]
    [InlineData("Segment__c = 'Soql' AND Id IN (SELECT AccountId FROM Opportunity WHERE Amount > 1000)", "Zz Alpha")]
    [InlineData("Segment__c = 'Soql' AND CreatedDate = TODAY AND SystemModstamp >= 2020-01-01T00:00:00Z", "Zz Alpha", "Zz Beta", "Zz Gamma_1", "Zz O'Hara")]
    [InlineData("Segment__c = 'Soql' AND SystemModstamp < 2020-01-01T00:00:00+02:00")]
    [InlineData("PsaConsole_Id__c = 'SOQL-4'", "Zz O'Hara")]
    public async Task Condition_finds_exactly_the_accounts_that_meet_it(string condition, params string[] names)
        => Assert.Equal(names, await sample.Client.NamesAsync($"SELECT Id, Name FROM Account WHERE {condition} ORDER BY Name"));

    [Theory]
    [InlineData("SELECT Name FROM Account WHERE Segment__c = 'Soql' ORDER BY Name DESC LIMIT 2", "Zz O'Hara", "Zz Gamma_1")]
    [InlineData("SELECT Name FROM Account WHERE Segment__c = 'Soql' ORDER BY Name LIMIT 2 OFFSET 1", "Zz Beta", "Zz Gamma_1")]
    [InlineData("SELECT Name FROM Account WHERE Segment__c = 'Soql' ORDER BY BillingCountryCode NULLS LAST, Name DESC", "Zz Beta", "Zz Alpha", "Zz O'Hara", "Zz Gamma_1")]
    [InlineData("SELECT Name FROM Account WHERE Segment__c = 'Soql' ORDER BY BillingCountryCode, Name", "Zz Gamma_1", "Zz O'Hara", "Zz Beta", "Zz Alpha")]
    [InlineData("select name from opportunity where name = 'zz deal' and amount = 1000.50 and closedate = 2026-03-31", "Zz Deal")]
    public async Task Order_and_cut_are_kept(string soql, params string[] names) => Assert.Equal(names, await sample.Client.NamesAsync(soql));

    [Fact]
    public async Task Parents_and_children_are_nested_in_the_row()
    {
        var answer = await sample.Client.QueryAsync(
            "SELECT Id, Account.Name, Account.Parent.Name, Contract.Status, Amount, CloseDate, SystemModstamp, (SELECT Name FROM Delivery_Phases__r ORDER BY Sequence__c DESC), (SELECT Id FROM OpportunityLineItems) FROM Opportunity WHERE Name = 'Zz Deal'");
        var row = Assert.Single(answer.GetProperty("records").EnumerateArray());
        Assert.Equal("Opportunity", row.GetProperty("attributes").GetProperty("type").GetString());
        Assert.Equal("Zz Alpha", row.GetProperty("Account").GetProperty("Name").GetString());
        Assert.Equal("null", row.GetProperty("Account").GetProperty("Parent").GetRawText());
        Assert.Equal("null", row.GetProperty("Contract").GetRawText());
        Assert.Equal("1000.5", row.GetProperty("Amount").GetRawText());
        Assert.Equal("2026-03-31", row.GetProperty("CloseDate").GetString());
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000\+0000$", row.GetProperty("SystemModstamp").GetString()!);
        Assert.Equal(["Zz Two", "Zz One"], row.GetProperty("Delivery_Phases__r").GetProperty("records").EnumerateArray().Select(child => child.GetProperty("Name").GetString()!));
        Assert.Equal("null", row.GetProperty("OpportunityLineItems").GetRawText());
    }

    [Fact]
    public async Task Count_gives_a_number_and_no_rows()
    {
        var answer = await sample.Client.QueryAsync("SELECT COUNT() FROM Account WHERE Segment__c = 'Soql'");
        Assert.Equal(4, answer.GetProperty("totalSize").GetInt32());
        Assert.Equal(0, answer.GetProperty("records").GetArrayLength());
    }

    [Theory]
    [InlineData("SELECT Id FROM Account WHERE Name = 'a' AND Type = 'b' OR Type = 'c'", "MALFORMED_QUERY")]
    [InlineData("SELECT Id FROM Account WHERE", "MALFORMED_QUERY")]
    [InlineData("SELECT Id FROM Account WHERE Name = 'open", "MALFORMED_QUERY")]
    [InlineData("SELECT Id FROM Account LIMIT x", "MALFORMED_QUERY")]
    [InlineData("SELECT Id, Nothing__c FROM Account", "INVALID_FIELD")]
    [InlineData("SELECT Id, Nobody.Name FROM Account", "INVALID_FIELD")]
    [InlineData("SELECT Id FROM Account WHERE Nothing__c = 1", "INVALID_FIELD")]
    [InlineData("SELECT Id FROM Opportunity WHERE CloseDate > '2026-01-01'", "INVALID_FIELD")]
    [InlineData("SELECT Id FROM Opportunity WHERE Amount > 'lots'", "INVALID_FIELD")]
    [InlineData("SELECT Id FROM Account WHERE Id = 'no id'", "INVALID_QUERY_FILTER_OPERATOR")]
    [InlineData("SELECT Id FROM Invoice__c", "INVALID_TYPE")]
    [InlineData("SELECT Id, (SELECT Id FROM Invoices__r) FROM Account", "INVALID_TYPE")]
    public async Task Wrong_query_is_refused_with_its_code(string soql, string code)
    {
        var answer = await sample.Client.GetAsync($"query?q={Uri.EscapeDataString(soql)}", TestContext.Current.CancellationToken);
        await answer.RefusedAsync(HttpStatusCode.BadRequest, code);
    }
}
