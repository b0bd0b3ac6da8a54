using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using PsaConsole.Engine.Access;
using PsaConsole.Tests.Sandbox;

namespace PsaConsole.Tests.Web.Api;

/// <summary>The engine's services as a program uses them: the real console at work on the sample firm.</summary>
public sealed class ApiServiceTests(OpenFirm firm) : IClassFixture<OpenFirm>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Program_asks_for_the_projects_of_a_won_deal_and_follows_them_to_their_verified_end()
    {
        using var program = await ApiProgram.WithRolesAsync(firm.Local, firm.Connection, Roles.DeliveryOperations);
        var deal = firm.Sandbox.NewDeal("Percent Complete", "Asked for", firm.Sandbox.IsOfOneEntity);
        await firm.Sandbox.WinAsync(deal);

        var asked = await program.PostAsync("/api/v1/services/project-provisioning", new { recordId = deal }, "set up " + deal);
        var again = await program.PostAsync("/api/v1/services/project-provisioning", new { recordId = deal }, "set up " + deal);

        Assert.Equal(202, asked.Status);
        Assert.Equal((asked.Text, asked.Location, true), (again.Text, again.Location, again.Replayed));
        var taken = await UntilAsync(() => program.GetAsync(asked.Location!), answer => answer["status"]!.GetValue<string>() is not "Waiting");
        var journey = taken["journey"]!.GetValue<string>();
        var ended = await UntilAsync(() => program.GetAsync(journey), answer => answer["journey"]!["status"]!.GetValue<string>() is "Completed" or "Parked");
        Assert.Equal("Completed", ended["journey"]!["status"]!.GetValue<string>());
        Assert.All(ended["steps"]!.AsArray(), step => Assert.Equal("Done", step!["status"]!.GetValue<string>()));

        var number = ended["journey"]!["projectNumber"]!.GetValue<string>();
        Assert.Single(firm.Sandbox.Host.Vendor("netsuite").Store["job"].Scan(), job => job.Text("entityId") == number);
        Assert.Equal(ended.ToJsonString(), (await program.GetAsync($"/api/v1/journeys/{number}")).Body.ToJsonString());
        await using var store = firm.OpenStore();
        Assert.Equal(1, await store.Runs.CountAsync(run => run.BusinessKey.StartsWith($"opportunity:salesforce:{deal}:"), Token));
    }

    [Fact]
    public async Task Worker_whom_nothing_changed_about_is_brought_to_the_other_systems_anew()
    {
        using var program = await ApiProgram.WithRolesAsync(firm.Local, firm.Connection, Roles.IntegrationAdministrator);
        var worker = await KnownWorkerAsync();

        var asked = await program.PostAsync("/api/v1/services/consultant-profile", new { recordId = worker }, Guid.NewGuid().ToString());
        var taken = await UntilAsync(() => program.GetAsync(asked.Location!), answer => answer["status"]!.GetValue<string>() is not "Waiting");

        Assert.NotNull(taken["journey"]);
    }

    [Fact]
    public async Task Only_who_may_try_again_may_ask_for_a_service()
    {
        using var program = await ApiProgram.WithRolesAsync(firm.Local, firm.Connection, Roles.IntegrationAdministrator);

        var refused = await program.PostAsync("/api/v1/services/approved-time-posting", new { recordId = "1" }, "refused");
        var nothing = await program.PostAsync("/api/v1/services/consultant-profile", new { recordId = " " }, "nothing");

        Assert.Equal(403, refused.Status);
        Assert.Contains("Finance", refused.Problem, StringComparison.Ordinal);
        Assert.Equal(422, nothing.Status);
        await using var store = firm.OpenStore();
        Assert.True(await store.AuditEntries.AnyAsync(entry => entry.Action == "service.asked" && !entry.Allowed, Token));
        Assert.False(await store.InboxItems.AnyAsync(item => item.SourceType == "time-entry" && item.SourceId == "1", Token));
    }

    /// <summary>Somebody of whom the console has taken note.</summary>
    private async Task<string> KnownWorkerAsync()
    {
        await using var store = firm.OpenStore();
        using var again = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (await again.WaitForNextTickAsync(Token))
        {
            var known = await store.SystemRecords.AsNoTracking().Where(record => record.SourceType == "consultant")
                .Where(record => !store.InboxItems.Any(item => item.SourceType == "consultant" && item.SourceId == record.SourceId && item.Status == Engine.Inbox.InboxStatus.Waiting))
                .Where(record => !store.Runs.Any(run => run.LaneKey == "consultant:workday:" + record.SourceId && run.EndedAt == null))
                .Select(record => record.SourceId).FirstOrDefaultAsync(Token);
            if (known is not null)
            {
                return known;
            }
        }

        throw new InvalidOperationException("Nobody came.");
    }

    private static async Task<JsonNode> UntilAsync(Func<Task<ApiReply>> read, Func<JsonNode, bool> met)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, Token);
        using var again = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        while (await again.WaitForNextTickAsync(either.Token))
        {
            var reply = await read();
            Assert.Equal(200, reply.Status);
            if (met(reply.Body))
            {
                return reply.Body;
            }
        }

        throw new InvalidOperationException("It did not come to that.");
    }
}
