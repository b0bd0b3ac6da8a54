using PsaConsole.Engine.Connectors;

namespace PsaConsole.Tests.Connectors.Salesforce;

/// <summary>Entries of billing schedules are records of their own, whose saving Salesforce does not tell of with their deal.</summary>
public sealed class ScheduleEntryTests(ConnectedEngine engine) : IClassFixture<ConnectedEngine>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Entry_of_a_schedule_that_is_saved_is_a_change_of_its_deal()
    {
        var store = engine.Sandbox.Host.Vendor("salesforce").Store;
        var source = engine.Get<IEnumerable<IChangeSource>>().Single(candidate => candidate.SystemName == "salesforce");
        var cursor = await EndAsync(source, null);
        var entry = store["Billing_Schedule_Entry__c"].Scan().First();

        // Salesforce's stamps are whole seconds: what is saved within the second of its creation is new.
        using var again = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (engine.Sandbox.Host.World.Clock.GetUtcNow() - entry.Created < TimeSpan.FromSeconds(1.1))
        {
            await again.WaitForNextTickAsync(Token);
        }

        store.Update("Billing_Schedule_Entry__c", entry.Id, new Dictionary<string, object?> { ["Due_Date__c"] = entry.Date("Due_Date__c")!.Value.AddDays(3) });

        var page = await source.ReadChangesAsync(cursor, Token);

        var change = Assert.Single(page.Changes, IsOfEntry);
        Assert.Equal(("opportunity", entry.Text("Opportunity__c")), (change.SourceType, change.SourceId));
        Assert.DoesNotContain((await source.ReadChangesAsync(page.Cursor, Token)).Changes, IsOfEntry);

        // A young deal may be told of once more beside it.
        bool IsOfEntry(Change told) => told.Payload!["Id"]!.ToString() == entry.Id;
    }

    private static async Task<string> EndAsync(IChangeSource source, string? cursor)
    {
        var page = await source.ReadChangesAsync(cursor, Token);
        return page.More ? await EndAsync(source, page.Cursor) : page.Cursor;
    }
}
