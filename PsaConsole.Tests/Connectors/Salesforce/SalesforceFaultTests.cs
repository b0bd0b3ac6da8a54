using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using PsaConsole.Engine.Connectors;
using PsaConsole.Engine.Connectors.Salesforce;
using PsaConsole.Engine.Model;
using PsaConsole.Tests.Sandbox;

namespace PsaConsole.Tests.Connectors.Salesforce;

/// <summary>What each way of failing is told as. Every test has a sandbox and connectors of its own: circuits and faults are shared by all calls.</summary>
public sealed class SalesforceFaultTests : IAsyncLifetime
{
    private const string DealPath = "/services/data/v66.0/sobjects/Opportunity";
    private readonly ConnectedEngine engine = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private ICrm Crm => engine.Get<ICrm>();

    public ValueTask InitializeAsync() => engine.InitializeAsync();

    public ValueTask DisposeAsync() => engine.DisposeAsync();

    [Theory]
    [InlineData("status:400", ErrorClass.Transient, "UNABLE_TO_LOCK_ROW")]
    [InlineData("status:403", ErrorClass.Business, "INSUFFICIENT_ACCESS")]
    [InlineData("status:404", ErrorClass.Business, "NOT_FOUND")]
    [InlineData("status:500", ErrorClass.Transient, "UNKNOWN_EXCEPTION")]
    [InlineData("status:502", ErrorClass.Ambiguous, null)]
    [InlineData("status:503", ErrorClass.Transient, "SERVER_UNAVAILABLE")]
    [InlineData("status:504", ErrorClass.Ambiguous, null)]
    [InlineData("status:401", ErrorClass.Auth, "INVALID_SESSION_ID")]
    [InlineData("throttle", ErrorClass.Transient, "REQUEST_LIMIT_EXCEEDED")]
    [InlineData("outage", ErrorClass.Transient, "SERVER_UNAVAILABLE")]
    [InlineData("drop", ErrorClass.Ambiguous, null)]
    [InlineData("commit-then-drop", ErrorClass.Ambiguous, null)]
    [InlineData("commit-then-status:504", ErrorClass.Ambiguous, null)]
    public async Task Failed_write_has_its_class_and_is_sent_once(string effect, ErrorClass expected, string? code)
    {
        await Crm.ProbeAsync(Token);
        await engine.FaultAsync(new { system = "salesforce", method = "PATCH", effect });

        var failed = await Assert.ThrowsAsync<ConnectorException>(() => Crm.HandOffs.WriteAsync("op", Status, null, Token));

        Assert.Equal((expected, code), (failed.Class, failed.VendorCode));
        Assert.Equal($"PATCH {DealPath}/{Status.OpportunityId}", failed.Call);
        var sent = effect == "status:401" ? 2 : 1;
        Assert.Equal(sent, await engine.CallsAsync(Status.OpportunityId, sent));
        Assert.Equal(expected, engine.Health.Of("salesforce").LastErrorClass);
    }

    [Theory]
    [InlineData("status:500")]
    [InlineData("status:502")]
    [InlineData("outage")]
    [InlineData("drop")]
    public async Task Read_is_repeated_over_a_passing_fault(string effect)
    {
        await Crm.ProbeAsync(Token);
        await engine.FaultAsync(new { system = "salesforce", method = "GET", effect, count = 2 });
        Assert.Null(await Crm.ReadOpportunityAsync("006000000000000AAA", null, Token));
        Assert.Equal(2, engine.Health.Of("salesforce").Failures);
    }

    [Fact]
    public async Task Older_state_than_was_told_of_is_not_taken_for_the_deal()
    {
        var deal = engine.Sandbox.Host.Vendor("salesforce").Store["Opportunity"].Scan().First(item => !item.Flag("IsWon")).Id;
        var before = (await Crm.ReadOpportunityAsync(deal, null, Token))!;
        using var later = await engine.Sandbox.Control.PostAsJsonAsync("/clock", new { now = engine.Sandbox.Host.World.Clock.GetUtcNow().AddMinutes(10) }, Token);
        await engine.Sandbox.ChangeDealAsync(deal, new { StageName = "Closed Won" });
        var won = (await Crm.ReadOpportunityAsync(deal, null, Token))!;
        Assert.True(won.ModifiedAt > before.ModifiedAt);

        await engine.FaultAsync(new { system = "salesforce", path = "^.*FROM%20Opportunity%20WHERE", effect = "stale-read:60000", count = 2 });
        Assert.Equal(before.ModifiedAt, (await Crm.ReadOpportunityAsync(deal, null, Token))!.ModifiedAt);
        var failed = await Assert.ThrowsAsync<ConnectorException>(() => Crm.ReadOpportunityAsync(deal, won.ModifiedAt, Token));

        Assert.Equal(ErrorClass.Transient, failed.Class);
        Assert.True((await Crm.ReadOpportunityAsync(deal, won.ModifiedAt, Token))!.IsWon);
    }

    [Theory]
    [InlineData("status:502")]
    [InlineData("drop")]
    public async Task Read_that_goes_on_failing_is_transient(string effect)
    {
        await Crm.ProbeAsync(Token);
        await engine.FaultAsync(new { system = "salesforce", method = "GET", effect });
        var failed = await Assert.ThrowsAsync<ConnectorException>(() => Crm.ReadOpportunityAsync("006000000000000AAA", null, Token));
        Assert.Equal(ErrorClass.Transient, failed.Class);
        Assert.Equal(3, await engine.CallsAsync("/query", 3));
    }

    [Fact]
    public async Task Expired_token_is_renewed_without_notice()
    {
        await Crm.ProbeAsync(Token);
        await engine.FaultAsync(new { system = "salesforce", effect = "expire-token", count = 1 });
        await Crm.ProbeAsync(Token);
        Assert.Equal(2, await engine.CallsAsync("/services/oauth2/token", 2));
    }

    [Fact]
    public async Task Refused_credentials_are_an_auth_failure_that_names_the_section_and_no_secret()
    {
        var index = engine.Sandbox.Host.Vendor("salesforce").Credentials;
        await using var provider = await engine.ConnectAsync(new()
        {
            ["Connectors:salesforce:Url"] = engine.Sandbox.Host.Url("salesforce").ToString(),
            ["Connectors:salesforce:ClientId"] = index["clientId"]!.ToString(),
            ["Connectors:salesforce:ClientSecret"] = "wrong-secret-value",
        });
        var failed = await Assert.ThrowsAsync<ConnectorException>(() => provider.GetRequiredService<ICrm>().ProbeAsync(Token));
        Assert.Equal((ErrorClass.Auth, "invalid_client"), (failed.Class, failed.VendorCode));
        Assert.Contains("Connectors:salesforce", failed.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("wrong-secret-value", failed.ToString() + failed.Answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Write_without_an_answer_in_time_is_ambiguous()
    {
        await using var provider = await engine.ConnectAsync(new() { ["Connectors:salesforce:TimeoutSeconds"] = "1" });
        await engine.FaultAsync(new { system = "salesforce", method = "PATCH", effect = "hang" });
        var failed = await Assert.ThrowsAsync<ConnectorException>(() => provider.GetRequiredService<ICrm>().HandOffs.WriteAsync("op", Status, null, Token));
        Assert.Equal(ErrorClass.Ambiguous, failed.Class);
    }

    [Fact]
    public async Task Unreachable_system_is_transient_even_for_a_write()
    {
        await using var provider = await engine.ConnectAsync(new()
        {
            ["Connectors:salesforce:Url"] = "http://127.0.0.1:1",
            ["Connectors:salesforce:ClientId"] = "id",
            ["Connectors:salesforce:ClientSecret"] = "secret",
        });
        var failed = await Assert.ThrowsAsync<ConnectorException>(() => provider.GetRequiredService<ICrm>().HandOffs.WriteAsync("op", Status, null, Token));
        Assert.Equal(ErrorClass.Transient, failed.Class);
    }

    [Fact]
    public async Task Long_outage_opens_the_circuit_and_nothing_more_is_sent()
    {
        await Crm.ProbeAsync(Token);
        await engine.FaultAsync(new { system = "salesforce", effect = "outage" });
        ErrorClass last = ErrorClass.Transient;
        for (var call = 0; call < 25 && last != ErrorClass.CircuitOpen; call++)
        {
            last = (await Assert.ThrowsAsync<ConnectorException>(() => Crm.HandOffs.WriteAsync("op", Status, null, Token))).Class;
        }

        Assert.Equal(ErrorClass.CircuitOpen, last);
        Assert.Equal(CircuitState.Open, engine.Health.Of("salesforce").Circuit);
        var sent = await engine.CallsAsync(Status.OpportunityId, 0);
        await Assert.ThrowsAsync<ConnectorException>(() => Crm.HandOffs.WriteAsync("op", Status, null, Token));
        Assert.Equal(sent, await engine.CallsAsync(Status.OpportunityId, 0));
    }

    [Fact]
    public async Task Paused_connector_sends_a_probe_and_nothing_else()
    {
        engine.Health.Pause("salesforce", "Credentials are being renewed.");
        var refused = await Assert.ThrowsAsync<ConnectorException>(() => Crm.HandOffs.WriteAsync("op", Status, null, Token));
        Assert.Equal(ErrorClass.CircuitOpen, refused.Class);
        Assert.Equal(0, await engine.CallsAsync(Status.OpportunityId, 0));
        await Crm.ProbeAsync(Token);
        engine.Health.Resume("salesforce");
        Assert.Null(await Crm.ReadOpportunityAsync("006000000000000AAA", null, Token));
    }

    [Fact]
    public async Task Used_up_daily_quota_waits_for_hours_not_seconds()
    {
        await Crm.ProbeAsync(Token);
        engine.Sandbox.Host.Vendor("salesforce").LimitCalls(1);
        var failed = await Assert.ThrowsAsync<ConnectorException>(() => Crm.ProbeAsync(Token));
        Assert.Equal((ErrorClass.Transient, "REQUEST_LIMIT_EXCEEDED"), (failed.Class, failed.VendorCode));
        Assert.Equal(TimeSpan.FromHours(1), failed.RetryAfter);
    }

    [Fact]
    public async Task Unknown_api_version_is_a_broken_contract()
    {
        await using var provider = await engine.ConnectAsync(new() { ["Connectors:salesforce:ApiVersion"] = "99.0" });
        var failed = await Assert.ThrowsAsync<ConnectorException>(() => provider.GetRequiredService<ICrm>().ProbeAsync(Token));
        Assert.Equal((ErrorClass.Contract, "UNSUPPORTED_API_VERSION"), (failed.Class, failed.VendorCode));
    }

    [Theory]
    [InlineData("CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", "trigger: UNABLE_TO_LOCK_ROW, unable to obtain", ErrorClass.Transient)]
    [InlineData("CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", "trigger: Price is wrong", ErrorClass.Business)]
    [InlineData("QUERY_TIMEOUT", "", ErrorClass.Transient)]
    [InlineData("EXCEEDED_ID_LIMIT", "", ErrorClass.CursorLost)]
    [InlineData("DUPLICATE_VALUE", "", null)]
    public void Code_decides_before_the_status(string code, string message, ErrorClass? expected) => Assert.Equal(expected, SalesforceErrors.ClassOf(code, message));

    private static HandOffStatus Status => new() { OpportunityId = "006000000000009AAA", Status = "Project open" };
}
