using Microsoft.EntityFrameworkCore;
using PsaConsole.Engine.Store;
using PsaConsole.Tests.Sandbox;
using PsaConsole.Tests.Workflows;

namespace PsaConsole.Tests.Web;

/// <summary>The whole product as <c>./run</c> starts it: a sandbox with its sample firm, and the real console at work on it, in a process of its own.</summary>
public sealed class OpenFirm(PostgresFixture postgres) : IAsyncLifetime, IWorkingFirm
{
    private ConsoleProcess? _console;
    private readonly TemporaryFolder _anchors = TemporaryFolder.Create();

    public RunningSandbox Sandbox { get; } = new();

    public Uri Local => _console?.Address ?? throw new InvalidOperationException("The console was not started.");

    /// <summary>The store that the console works on.</summary>
    public EngineDbContext OpenStore() => new(new DbContextOptionsBuilder<EngineDbContext>().UseNpgsql(Connection).Options);

    public Task<EngineDbContext> OpenStoreAsync() => Task.FromResult(OpenStore());

    /// <summary>Connects to its database as the owner.</summary>
    public string Connection { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        Connection = await postgres.CreateDatabaseAsync();
        await Sandbox.InitializeAsync();
        _console = await ConsoleProcess.StartAsync(
            new Dictionary<string, string>
            {
                ["ConnectionStrings__PsaConsole"] = postgres.AsWorkingLogin(Connection),
                ["ConnectionStrings__PsaConsoleOwner"] = Connection,
                ["Engine__AnchorFolder"] = _anchors.Path,
                ["Sandbox__Url"] = Sandbox.Host.Url("control").ToString(),
                ["Engine__PollSeconds"] = "1",
                ["Engine__DependencySeconds"] = "1",
                ["Connectors__kantata__DeliverySeconds"] = "1",
            },
            CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        if (_console is not null)
        {
            await _console.DisposeAsync();
        }

        await Sandbox.DisposeAsync();
        _anchors.Dispose();
    }
}
