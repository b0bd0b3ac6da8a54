using Microsoft.Extensions.DependencyInjection;
using PsaConsole.Engine.Connectors;
using PsaConsole.Engine.Connectors.NetSuite;
using PsaConsole.Engine.Model;
using PsaConsole.Engine.Workflows;
using PsaConsole.Tests.Sandbox.NetSuite;

namespace PsaConsole.Tests.Connectors.NetSuite;

/// <summary>What each way of failing is told as. Every test has a sandbox and connectors of its own: circuits and faults are shared by all calls.</summary>
public sealed class NetSuiteFaultTests : IAsyncLifetime
{
    private const string Records = "/services/rest/record/v1/";
    private readonly ConnectedEngine engine = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private IErp Erp => engine.Get<IErp>();

    public ValueTask InitializeAsync() => engine.InitializeAsync();

    public ValueTask DisposeAsync() => engine.DisposeAsync();

    [Theory]
    [InlineData("status:400", ErrorClass.Business, "USER_ERROR")]
    [InlineData("status:401", ErrorClass.Transient, "INVALID_LOGIN")]
    [InlineData("status:403", ErrorClass.Business, "INSUFFICIENT_PERMISSION")]
    [InlineData("status:500", ErrorClass.Ambiguous, "UNEXPECTED_ERROR")]
    [InlineData("status:502", ErrorClass.Ambiguous, "UNEXPECTED_ERROR")]
    [InlineData("status:503", ErrorClass.Transient, "SERVICE_UNAVAILABLE")]
    [InlineData("throttle", ErrorClass.Transient, "CONCURRENCY_LIMIT_EXCEEDED")]
    [InlineData("drop", ErrorClass.Ambiguous, null)]
    [InlineData("commit-then-drop", ErrorClass.Ambiguous, null)]
    [InlineData("commit-then-status:500", ErrorClass.Ambiguous, "UNEXPECTED_ERROR")]
    public async Task Failed_write_has_its_class(string effect, ErrorClass expected, string? code)
    {
        await engine.FaultAsync(new { system = "netsuite", method = "PUT", effect });
        var failed = await Assert.ThrowsAsync<ConnectorException>(() => Erp.Clients.WriteAsync("psac-client-1", Sample.Client("Alster GmbH", "DE01"), null, Token));
        Assert.Equal((expected, code), (failed.Class, failed.VendorCode));
        Assert.Equal($"PUT {Records}customer/eid:psac-client-1", failed.Call);
    }

    [Theory]
    [InlineData("customer")]
    [InlineData("customerSubsidiaryRelationship")]
    [InlineData("billingSchedule")]
    [InlineData("job")]
    public async Task Lost_answer_to_any_kind_of_create_leaves_one_record(string record)
    {
        await engine.FaultAsync(new { system = "netsuite", method = "PUT", path = Records + record + "/", effect = "commit-then-drop", count = 1 });
        var lost = 0;

        var client = await RepeatedAsync(Erp.Clients, "psac-client-1", Sample.Client("Alster GmbH", "DE01", "GB01"));
        var firm = engine.Sandbox.Host.Firm;
        var wanted = Sample.Project(BillingType.FixedInterval, "DE01-1", client, firm.Deals[0].ProjectManager, firm.RateCards[0].Name);
        var project = await RepeatedAsync(Erp.Projects, "psac-project-1", wanted);

        var account = await engine.Sandbox.NetSuiteAsync();
        Assert.Equal(client, Assert.Single(await account.RowsAsync("SELECT id FROM customer WHERE companyname = 'Alster GmbH'"))["id"]);
        Assert.Equal(2, (await account.RowsAsync($"SELECT id FROM customersubsidiaryrelationship WHERE entity = {client}")).Count);
        Assert.Single(await account.RowsAsync("SELECT id FROM billingschedule WHERE name LIKE 'DE01-1%'"));
        Assert.Equal(project, Assert.Single(await account.RowsAsync("SELECT id FROM job WHERE entityid = 'DE01-1'"))["id"]);
        Assert.Equal(wanted.Schedule.Count, (await Erp.Projects.ReadAsync(project, Token))!.Schedule.Count);
        Assert.InRange(lost, 0, 1);

        // As the runner does: the step is repeated in doubt after an answer was lost.
        async Task<string> RepeatedAsync<T>(ITarget<T> target, string key, T value)
            where T : class
        {
            try
            {
                return await target.EnsureAsync(key, value, null, inDoubt: false, Token);
            }
            catch (ConnectorException problem) when (problem.Class == ErrorClass.Ambiguous)
            {
                lost++;
                return await target.EnsureAsync(key, value, null, inDoubt: true, Token);
            }
        }
    }

    [Theory]
    [InlineData("status:500")]
    [InlineData("status:503")]
    [InlineData("throttle")]
    [InlineData("drop")]
    public async Task Read_is_repeated_over_a_passing_fault(string effect)
    {
        await Erp.ProbeAsync(Token);
        await engine.FaultAsync(new { system = "netsuite", method = "GET", effect, count = 2 });
        Assert.Null(await Erp.Projects.FindAsync("psac-project-none", Token));
    }

    [Fact]
    public async Task Expired_token_is_renewed_without_notice()
    {
        await Erp.ProbeAsync(Token);
        await engine.FaultAsync(new { system = "netsuite", effect = "expire-token", count = 1 });
        await Erp.ProbeAsync(Token);
        Assert.Equal(2, await engine.CallsAsync(NetSuiteCalls.TokenPath, 2));
    }

    [Fact]
    public async Task Paused_connector_still_answers_a_probe()
    {
        engine.Health.Pause("netsuite", "Credentials are being renewed.");
        await Erp.ProbeAsync(Token);
        Assert.Equal(ErrorClass.CircuitOpen, (await Assert.ThrowsAsync<ConnectorException>(() => Erp.Projects.ReadAsync("1", Token))).Class);
    }

    [Fact]
    public async Task Many_calls_at_once_stay_below_the_accounts_limit()
    {
        await engine.FaultAsync(new { system = "netsuite", method = "GET", effect = "latency:20" });
        await Task.WhenAll(Enumerable.Range(0, 30).Select(index => Erp.Projects.FindAsync($"psac-project-{index}", Token)));
        Assert.Equal(0, engine.Health.Of("netsuite").Failures);
    }

    [Theory]
    [InlineData("certificateId", "privateKeyPem", false)]
    [InlineData("ecCertificateId", "ecPrivateKeyPem", false)]
    [InlineData("certificateId", "ecPrivateKeyPem", true)]
    [InlineData("certificateId", null, true)]
    public async Task Sign_in_takes_an_rsa_or_an_elliptic_key_and_refusals_show_no_secret(string certificate, string? key, bool refused)
    {
        var index = engine.Sandbox.Host.Vendor("netsuite").Credentials;
        await using var provider = await engine.ConnectAsync(new()
        {
            ["Connectors:netsuite:Url"] = engine.Sandbox.Host.Url("netsuite").ToString(),
            ["Connectors:netsuite:Account"] = index["account"]!.ToString(),
            ["Connectors:netsuite:ClientId"] = index["clientId"]!.ToString(),
            ["Connectors:netsuite:CertificateId"] = index[certificate]!.ToString(),
            ["Connectors:netsuite:PrivateKeyPem"] = key is null ? "not-a-key-4711" : index[key]!.ToString(),
        });
        var probe = provider.GetRequiredService<IErp>().ProbeAsync(Token);
        if (!refused)
        {
            await probe;
            return;
        }

        var failed = await Assert.ThrowsAsync<ConnectorException>(() => probe);
        Assert.Equal(ErrorClass.Auth, failed.Class);
        Assert.Contains("Connectors:netsuite", failed.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("4711", failed.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("PRIVATE KEY", failed.ToString() + failed.Answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("RCRD_HAS_BEEN_CHANGED", "", 400, ErrorClass.Transient)]
    [InlineData("USER_ERROR", "Record has been changed.", 400, ErrorClass.Transient)]
    [InlineData("SSS_REQUEST_LIMIT_EXCEEDED", "", 400, ErrorClass.Transient)]
    [InlineData("WS_REQUEST_BLOCKED", "", 400, ErrorClass.Transient)]
    [InlineData("UNEXPECTED_ERROR", "", 500, ErrorClass.Ambiguous)]
    [InlineData("USER_ERROR", "The period is closed.", 400, null)]
    [InlineData("RCRD_LOCKED_BY_WF", "", 400, null)]
    public void Code_decides_before_the_status(string code, string message, int status, ErrorClass? expected) =>
        Assert.Equal(expected, NetSuiteErrors.ClassOf(code, message, status, CallKind.Write));
}
