using Microsoft.Extensions.DependencyInjection;
using PsaConsole.Engine.Connectors;
using PsaConsole.Engine.Model;
using PsaConsole.Tests.Sandbox.Workday;

namespace PsaConsole.Tests.Connectors.Workday;

/// <summary>What each way of failing is told as. Every test has a sandbox and connectors of its own: circuits and faults are shared by all calls.</summary>
public sealed class WorkdayFaultTests : IAsyncLifetime
{
    private readonly ConnectedEngine engine = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private IHr Hr => engine.Get<IHr>();

    private IChangeSource Source => engine.Get<IEnumerable<IChangeSource>>().Single(candidate => candidate.SystemName == "workday");

    public ValueTask InitializeAsync() => engine.InitializeAsync();

    public ValueTask DisposeAsync() => engine.DisposeAsync();

    [Theory]
    [InlineData("status:400", ErrorClass.Business)]
    [InlineData("status:401", ErrorClass.Auth)]
    [InlineData("status:403", ErrorClass.Business)]
    [InlineData("status:404", ErrorClass.Business)]
    [InlineData("status:500", ErrorClass.Transient)]
    [InlineData("outage", ErrorClass.Transient)]
    [InlineData("throttle", ErrorClass.Transient)]
    [InlineData("drop", ErrorClass.Transient)]
    public async Task Failed_report_has_its_class(string effect, ErrorClass expected)
    {
        await engine.FaultAsync(new { system = "workday", path = WorkdayCalls.Roster, effect });
        var failed = await Assert.ThrowsAsync<ConnectorException>(() => Hr.ReadConsultantsAsync(Token));
        Assert.Equal(expected, failed.Class);
        Assert.Equal("GET " + WorkdayCalls.Roster, failed.Call);
    }

    [Theory]
    [InlineData("status:400", ErrorClass.Business)]
    [InlineData("status:500", ErrorClass.Transient)]
    [InlineData("outage", ErrorClass.Transient)]
    public async Task Validation_fault_is_a_refusal_and_processing_fault_may_pass(string effect, ErrorClass expected)
    {
        await engine.FaultAsync(new { system = "workday", path = "/ccx/service/northwind/Human_Resources", effect });
        var failed = await Assert.ThrowsAsync<ConnectorException>(() => Source.ReadChangesAsync(null, Token));
        Assert.Equal(expected, failed.Class);
    }

    [Theory]
    [InlineData("status:500")]
    [InlineData("throttle")]
    [InlineData("drop")]
    public async Task Read_is_repeated_over_a_passing_fault(string effect)
    {
        await engine.FaultAsync(new { system = "workday", path = WorkdayCalls.Roster, effect, count = 2 });
        Assert.NotEmpty(await Hr.ReadConsultantsAsync(Token));
    }

    [Fact]
    public async Task Expired_token_is_renewed_for_rest_and_for_soap()
    {
        await Hr.ProbeAsync(Token);
        await engine.FaultAsync(new { system = "workday", effect = "expire-token", path = "/ccx/api", count = 1 });
        await Hr.ProbeAsync(Token);
        await engine.FaultAsync(new { system = "workday", effect = "expire-token", path = "/ccx/service", count = 1 });
        await Source.ReadChangesAsync(null, Token);
        Assert.Equal(3, await engine.CallsAsync(WorkdayCalls.TokenPath, 3));
    }

    [Fact]
    public async Task Refused_credentials_are_an_auth_failure_that_names_the_section_and_no_secret()
    {
        var index = engine.Sandbox.Host.Vendor("workday").Credentials;
        await using var provider = await engine.ConnectAsync(new()
        {
            ["Connectors:workday:Url"] = engine.Sandbox.Host.Url("workday").ToString(),
            ["Connectors:workday:Tenant"] = index["tenant"]!.ToString(),
            ["Connectors:workday:ClientId"] = index["clientId"]!.ToString(),
            ["Connectors:workday:ClientSecret"] = "wrong-secret-value",
            ["Connectors:workday:RefreshToken"] = index["refreshToken"]!.ToString(),
        });
        var failed = await Assert.ThrowsAsync<ConnectorException>(() => provider.GetRequiredService<IHr>().ProbeAsync(Token));
        Assert.Equal((ErrorClass.Auth, "invalid_client"), (failed.Class, failed.VendorCode));
        Assert.Contains("Connectors:workday", failed.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("wrong-secret-value", failed.ToString() + failed.Answer, StringComparison.Ordinal);
        Assert.DoesNotContain(index["refreshToken"]!.ToString(), failed.ToString() + failed.Answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Paused_connector_still_answers_a_probe()
    {
        engine.Health.Pause("workday", "Credentials are being renewed.");
        await Hr.ProbeAsync(Token);
        Assert.Equal(ErrorClass.CircuitOpen, (await Assert.ThrowsAsync<ConnectorException>(() => Hr.ReadAbsencesAsync(["E0001"], new DateRange(new DateOnly(2026, 1, 1), null), Token))).Class);
    }
}
