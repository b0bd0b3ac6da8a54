using System.Net.Http.Json;
using System.Text.Json;
using PsaConsole.Engine.Connectors;
using PsaConsole.Engine.Inbox;
using PsaConsole.Engine.Model;

namespace PsaConsole.Tests.Connectors.Salesforce;

public sealed class SalesforceConnectorTests(ConnectedEngine engine) : IClassFixture<ConnectedEngine>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private ICrm Crm => engine.Get<ICrm>();

    [Fact]
    public async Task Every_deal_of_the_firm_is_read_in_full()
    {
        var client = await engine.Sandbox.SalesforceAsync();
        var books = engine.Sandbox.Host.Firm.RateCards.ToDictionary(card => card.Name);
        var ids = await IdsByDescriptionAsync(client);
        foreach (var expected in engine.Sandbox.Host.Firm.Deals.Take(40))
        {
            var deal = await Crm.ReadOpportunityAsync(ids[$"Sample deal {expected.Key}."], null, Token);

            Assert.NotNull(deal);
            Assert.Equal(expected.Name, deal.Name);
            Assert.Equal(expected.Currency, deal.Currency);
            Assert.Equal(expected.Amount, deal.Amount);
            Assert.Equal((expected.Start, expected.End), (deal.PlannedStart!.Value, deal.PlannedEnd!.Value));
            Assert.Equal(expected.Lines.Count, deal.Lines.Count);
            Assert.Equal(expected.Schedule.Select(entry => entry.Amount), deal.Schedule.Select(entry => entry.Amount));
            Assert.Equal(expected.Phases.Select(phase => (phase.Name, phase.PlannedHours)), deal.Phases.Select(phase => (phase.Name, phase.PlannedHours)));
            Assert.Equal(expected.Roles.Select(role => role.Hours).Order(), deal.Roles.Select(role => role.Hours).Order());
            Assert.Equal(expected.RateCard, deal.RateCard);
            Assert.Equal(expected.RateCard is null ? 0 : books[expected.RateCard].Rates.Count, deal.Rates.Count);
            Assert.Equal(!expected.Internal, deal.Contract is not null);
        }
    }

    [Fact]
    public async Task Client_is_read_with_its_terms()
    {
        var expected = engine.Sandbox.Host.Firm.Clients[0];
        var id = await IdOfAsync(await engine.Sandbox.SalesforceAsync(), "Account", expected.Name);

        var client = await Crm.ReadClientAsync(id, Token);

        Assert.NotNull(client);
        Assert.Equal((expected.Name, expected.Country, expected.Currency), (client.LegalName, client.Country, client.Currency));
        Assert.Equal((expected.PaymentTerms, expected.TaxRegistration, expected.CreditHold), (client.PaymentTerms, client.TaxRegistration, client.OnCreditHold));
        Assert.Equal((expected.City, expected.PostalCode), (client.BillTo?.City, client.BillTo?.PostalCode));
    }

    [Fact]
    public async Task Missing_deal_is_nothing_and_a_malformed_id_is_refused()
    {
        Assert.Null(await Crm.ReadOpportunityAsync("006000000000000AAA", null, Token));
        var refused = await Assert.ThrowsAsync<ConnectorException>(() => Crm.ReadOpportunityAsync("x' OR Name != '", null, Token));
        Assert.Equal(ErrorClass.Business, refused.Class);
    }

    [Fact]
    public async Task Hand_off_is_written_read_back_and_cleared()
    {
        var deal = await NewDealAsync("Hand-off deal");
        var status = new HandOffStatus { OpportunityId = deal, ProjectNumber = "DE01-2026-0007", PsaProjectId = "77", ErpProjectId = "88", Status = "Project open", Message = "All checks passed" };

        var id = await Crm.HandOffs.WriteAsync("op:1", status, null, Token);
        Assert.Equal(deal, id);
        Assert.Equal(status, await Crm.HandOffs.ReadAsync(id, Token));

        await Crm.HandOffs.WriteAsync("op:1", status with { Message = null }, id, Token);
        Assert.Null((await Crm.HandOffs.ReadAsync(id, Token))!.Message);

        await Crm.HandOffs.WithdrawAsync(id, Token);
        await Crm.HandOffs.WithdrawAsync(id, Token);
        Assert.Null(await Crm.HandOffs.ReadAsync(id, Token));
    }

    [Fact]
    public async Task Changes_come_once_each_over_all_pages_and_rounds()
    {
        var source = engine.Get<IEnumerable<IChangeSource>>().Single(candidate => candidate.SystemName == "salesforce");
        var (first, cursor) = await RoundAsync(source, null);
        Assert.NotEmpty(first);
        Assert.Equal(engine.Sandbox.Host.Firm.Clients.Count, first.Count(change => change.SourceType == "client"));

        var added = new List<string>();
        for (var index = 0; index < 5; index++)
        {
            added.Add(await NewDealAsync($"Changed deal {index}"));
        }

        (var second, cursor) = await RoundAsync(source, cursor);
        Assert.All(added, id => Assert.Single(second, change => change.SourceId == id));

        var client = await engine.Sandbox.SalesforceAsync();
        using var won = await client.PatchAsJsonAsync($"sobjects/Opportunity/{added[0]}", new { StageName = "Closed Won" }, Token);
        won.EnsureSuccessStatusCode();
        (var third, cursor) = await RoundAsync(source, cursor);
        var change = Assert.Single(third, change => change.SourceId == added[0]);
        Assert.Equal("Closed Won", change.Payload!["StageName"]!.ToString());
        Assert.NotEqual(second.Single(earlier => earlier.SourceId == added[0]).Revision, change.Revision);
        Assert.InRange(cursor.Length, 1, SourceCursor.Longest);
    }

    [Fact]
    public async Task Quota_and_latency_are_seen_in_health()
    {
        await Crm.ProbeAsync(Token);
        var health = engine.Health.Of("salesforce");
        Assert.True(health.QuotaUsed > 0);
        Assert.True(health.QuotaLimit > health.QuotaUsed);
        Assert.True(health.P95Milliseconds >= health.MedianMilliseconds);
        Assert.NotNull(health.LastGoodReadAt);
        Assert.Equal(CircuitState.Closed, health.Circuit);
    }

    private static async Task<(List<Change> Changes, string Cursor)> RoundAsync(IChangeSource source, string? cursor)
    {
        var changes = new List<Change>();
        for (var more = true; more;)
        {
            var page = await source.ReadChangesAsync(cursor, Token);
            changes.AddRange(page.Changes);
            (cursor, more) = (page.Cursor, page.More);
        }

        Assert.Equal(changes.Count, changes.DistinctBy(change => (change.SourceId, change.Revision)).Count());
        return (changes, cursor!);
    }

    private async Task<string> NewDealAsync(string name)
    {
        var client = await engine.Sandbox.SalesforceAsync();
        using var answer = await client.PostAsJsonAsync("sobjects/Opportunity", new { Name = name, StageName = "Proposal", CloseDate = "2026-05-05", CurrencyIsoCode = "EUR" }, Token);
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync<JsonElement>(Token)).GetProperty("id").GetString()!;
    }

    private static async Task<Dictionary<string, string>> IdsByDescriptionAsync(HttpClient client)
    {
        var answer = await client.GetFromJsonAsync<JsonElement>("query?q=" + Uri.EscapeDataString("SELECT Id, Description FROM Opportunity"), Token);
        return answer.GetProperty("records").EnumerateArray().Where(deal => deal.GetProperty("Description").GetString() is not null)
            .ToDictionary(deal => deal.GetProperty("Description").GetString()!, deal => deal.GetProperty("Id").GetString()!);
    }

    private static async Task<string> IdOfAsync(HttpClient client, string type, string name)
    {
        var soql = $"SELECT Id FROM {type} WHERE Name = '{name.Replace("'", "\\'", StringComparison.Ordinal)}'";
        var answer = await client.GetFromJsonAsync<JsonElement>("query?q=" + Uri.EscapeDataString(soql), Token);
        return answer.GetProperty("records")[0].GetProperty("Id").GetString()!;
    }
}
