using PsaConsole.Engine.Connectors;
using PsaConsole.Engine.Model;
using PsaConsole.Engine.Policies;
using PsaConsole.Engine.Workflows;

namespace PsaConsole.Tests.Connectors.Kantata;

/// <summary>What each way of failing is told as. Every test has a sandbox and connectors of its own: circuits and faults are shared by all calls.</summary>
public sealed class KantataFaultTests : IAsyncLifetime
{
    private readonly ConnectedEngine engine = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private IPsa Psa => engine.Get<IPsa>();

    public ValueTask InitializeAsync() => engine.InitializeAsync();

    public ValueTask DisposeAsync() => engine.DisposeAsync();

    [Theory]
    [InlineData("status:400", ErrorClass.Business)]
    [InlineData("status:401", ErrorClass.Auth)]
    [InlineData("status:403", ErrorClass.Business)]
    [InlineData("status:404", ErrorClass.Business)]
    [InlineData("status:422", ErrorClass.Business)]
    [InlineData("status:500", ErrorClass.Transient)]
    [InlineData("status:502", ErrorClass.Ambiguous)]
    [InlineData("status:503", ErrorClass.Transient)]
    [InlineData("status:504", ErrorClass.Ambiguous)]
    [InlineData("throttle", ErrorClass.Transient)]
    [InlineData("drop", ErrorClass.Ambiguous)]
    [InlineData("commit-then-drop", ErrorClass.Ambiguous)]
    [InlineData("commit-then-status:504", ErrorClass.Ambiguous)]
    public async Task Failed_write_has_its_class(string effect, ErrorClass expected)
    {
        await engine.FaultAsync(new { system = "kantata", method = "POST", effect });
        var failed = await Assert.ThrowsAsync<ConnectorException>(() => Psa.Clients.WriteAsync("psac-client-1", new Client { LegalName = "Alster" }, null, Token));
        Assert.Equal(expected, failed.Class);
        Assert.Equal("POST /api/v1/workspace_groups.json", failed.Call);
    }

    [Theory]
    [InlineData("workspace_groups")]
    [InlineData("workspaces")]
    [InlineData("custom_field_values")]
    [InlineData("stories")]
    [InlineData("billing_milestones")]
    [InlineData("workspace_resources")]
    [InlineData("workspace_allocations")]
    public async Task Lost_answer_to_any_kind_of_create_leaves_one_record(string resource)
    {
        await engine.FaultAsync(new { system = "kantata", method = "POST", path = $"/api/v1/{resource}.json", effect = "commit-then-drop", count = 1 });
        var store = engine.Sandbox.Host.Vendor("kantata").Store;
        var (groups, workspaces) = (store["workspace_groups"].Count, store["workspaces"].Count);

        var client = await RepeatedAsync(Psa.Clients, "psac-client-1", new Client { LegalName = "Alster", Country = "DE" }, null);
        var project = Sample.Project(engine, "DE01-1", client);
        var id = await RepeatedAsync(Psa.Projects, "psac-project-1", project, null);
        var plan = Sample.Plan(engine, id, "EUR");
        await RepeatedAsync(Psa.Plans, "psac-project-1", plan, id);

        Assert.Equal((groups + 1, workspaces + 1), (store["workspace_groups"].Count, store["workspaces"].Count));
        Assert.Equal(2 + plan.Roles.Count, store["external_references"].Count);
        Assert.Equal(plan.Roles.Count, store["workspace_allocations"].FindBy("workspace_id", id).Count);
        Assert.Equal(3, store["custom_field_values"].FindBy("subject_id", id).Count);
        Assert.Empty(PsaContract.Compare(project, await Psa.Projects.ReadAsync(id, Token), plan, await Psa.Plans.ReadAsync(id, Token)));
    }

    [Theory]
    [InlineData("status:500")]
    [InlineData("status:503")]
    [InlineData("throttle")]
    [InlineData("drop")]
    public async Task Read_is_repeated_over_a_passing_fault(string effect)
    {
        await engine.FaultAsync(new { system = "kantata", method = "GET", effect, count = 2 });
        Assert.Null(await Psa.Projects.FindAsync("psac-project-none", Token));
    }

    [Fact]
    public async Task Refusal_that_passes_is_renewed_without_notice()
    {
        await engine.FaultAsync(new { system = "kantata", effect = "expire-token", count = 1 });
        await Psa.ProbeAsync(Token);
    }

    [Fact]
    public async Task Paused_connector_still_answers_a_probe()
    {
        engine.Health.Pause("kantata", "Credentials are being renewed.");
        await Psa.ProbeAsync(Token);
        Assert.Equal(ErrorClass.CircuitOpen, (await Assert.ThrowsAsync<ConnectorException>(() => Psa.Projects.ReadAsync("1", Token))).Class);
    }

    /// <summary>As the runner does: the step is repeated in doubt after an answer was lost.</summary>
    private static async Task<string> RepeatedAsync<T>(ITarget<T> target, string key, T value, string? id)
        where T : class
    {
        try
        {
            return await target.EnsureAsync(key, value, id, inDoubt: false, Token);
        }
        catch (ConnectorException problem) when (problem.Class == ErrorClass.Ambiguous)
        {
            return await target.EnsureAsync(key, value, id, inDoubt: true, Token);
        }
    }
}
