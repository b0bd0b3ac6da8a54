using System.Xml.Linq;

namespace PsaConsole.Tests.Sandbox.Salesforce;

public sealed class OutboundMessageTests
{
    private static readonly XNamespace Outbound = "http://soap.sforce.com/2005/09/outbound";
    private static readonly XNamespace Enterprise = "urn:sobject.enterprise.soap.sforce.com";

    [Fact]
    public async Task Changed_deal_is_told_until_it_is_acknowledged()
    {
        await using var sandbox = await RunningSandbox.StartAsync();
        await using var receiver = await NoticeReceiver.StartAsync(refuseFirst: 1);
        await NotifyAsync(sandbox, receiver);
        var client = await sandbox.SalesforceAsync();
        var id = await client.CreateAsync("Opportunity", new { Name = "Told", StageName = "Proposal", CloseDate = "2026-06-30", Amount = 12.5m });

        var (refused, taken) = (XDocument.Parse(await receiver.NextAsync()), XDocument.Parse(await receiver.NextAsync()));
        Assert.Equal(NoticeId(refused), NoticeId(taken));
        var record = taken.Descendants(Outbound + "sObject").Single();
        Assert.Equal(id, record.Element(Enterprise + "Id")!.Value);
        Assert.Equal("Proposal", record.Element(Enterprise + "StageName")!.Value);
        Assert.Equal("12.5", record.Element(Enterprise + "Amount")!.Value);
        Assert.StartsWith("00D000000000001", taken.Descendants(Outbound + "OrganizationId").Single().Value);
    }

    [Fact]
    public async Task Notices_can_be_doubled_lost_and_overtaken()
    {
        await using var sandbox = await RunningSandbox.StartAsync();
        await using var receiver = await NoticeReceiver.StartAsync(refuseFirst: 0);
        await NotifyAsync(sandbox, receiver);
        var client = await sandbox.SalesforceAsync();

        await sandbox.FaultAsync(new { system = "salesforce", effect = "duplicate-notice", count = 1 });
        await client.CreateAsync("Account", new { Name = "Doubled" });
        var (first, second) = (XDocument.Parse(await receiver.NextAsync()), XDocument.Parse(await receiver.NextAsync()));
        Assert.Equal(NoticeId(first), NoticeId(second));

        await sandbox.FaultAsync(new { system = "salesforce", effect = "lose-notice", count = 1 });
        await client.CreateAsync("Account", new { Name = "Lost" });
        await sandbox.FaultAsync(new { system = "salesforce", effect = "reorder-notices", count = 1 });
        await client.CreateAsync("Account", new { Name = "Overtaken" });
        await client.CreateAsync("Account", new { Name = "Overtaking" });
        Assert.Equal("Overtaking", Name(await receiver.NextAsync()));
        Assert.Equal("Overtaken", Name(await receiver.NextAsync()));
    }

    private static async Task NotifyAsync(RunningSandbox sandbox, NoticeReceiver receiver)
    {
        using var answer = await sandbox.Control.PostAsync("/notices", new { system = "salesforce", url = receiver.Url });
        answer.EnsureSuccessStatusCode();
    }

    private static string NoticeId(XDocument envelope) => envelope.Descendants(Outbound + "Notification").Single().Element(Outbound + "Id")!.Value;

    private static string Name(string envelope) => XDocument.Parse(envelope).Descendants(Enterprise + "Name").Single().Value;
}
