using Microsoft.EntityFrameworkCore;
using Npgsql;
using PsaConsole.Engine.Store;

namespace PsaConsole.Benchmarks.EngineLoad;

/// <summary>What the load runs on: PostgreSQL with full durability, a vendor, and replicas and peers as they are asked for, each in a process of its own.</summary>
internal sealed class LoadHouse : IAsyncDisposable
{
    private const string Program = "PsaConsole.Benchmarks.dll";

    private readonly string folder;
    private readonly PrivatePostgres postgres;
    private readonly OwnProcess vendor;

    private LoadHouse(string folder, PrivatePostgres postgres, OwnProcess vendor)
    {
        this.folder = folder;
        this.postgres = postgres;
        this.vendor = vendor;
        Vendor = new VendorCalls(vendor.Address);
    }

    public VendorCalls Vendor { get; }

    /// <summary>Processor time of the database so far.</summary>
    public TimeSpan DatabaseTime => ServerProcessor.TimeOf(postgres.ProcessId);

    public static async Task<LoadHouse> StartAsync(CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("psaconsole-bench-").FullName;
        var postgres = await PrivatePostgres.StartAsync(folder, cancellationToken);
        return new LoadHouse(folder, postgres, await PartAsync(LoadPart.Vendor, new Dictionary<string, string>(), cancellationToken));
    }

    /// <summary>Makes a database of the engine, its tables migrated and filled with the past.</summary>
    /// <param name="rows">Rows of the past in each of the tables that grow.</param>
    /// <returns>How it is connected to.</returns>
    public async Task<string> CreateDatabaseAsync(string name, int rows, CancellationToken cancellationToken)
    {
        await using (var server = NpgsqlDataSource.Create(postgres.ConnectionString))
        {
            await using var create = server.CreateCommand($"create database {name}");
            await create.ExecuteNonQueryAsync(cancellationToken);
        }

        var connection = new NpgsqlConnectionStringBuilder(postgres.ConnectionString) { Database = name, CommandTimeout = 0 }.ConnectionString;
        await using var store = new EngineDbContext(new DbContextOptionsBuilder<EngineDbContext>().UseNpgsql(connection).Options);
        await store.Database.MigrateAsync(cancellationToken);
        await LoadPast.FillAsync(store, rows, cancellationToken);
        return connection;
    }

    /// <summary>Starts a replica of the engine.</summary>
    /// <param name="lanes">Lanes that it works on side by side.</param>
    public Task<OwnProcess> StartReplicaAsync(string connection, int lanes, CancellationToken cancellationToken) => PartAsync(
        LoadPart.Replica, new Dictionary<string, string>(Settings(connection)) { ["Engine__LanesAtOnce"] = $"{lanes}", ["Engine__PollSeconds"] = "59" }, cancellationToken);

    public Task<OwnProcess> StartHangfireAsync(string connection, CancellationToken cancellationToken) => PartAsync(LoadPart.Hangfire, Settings(connection), cancellationToken);

    public async ValueTask DisposeAsync()
    {
        Vendor.Dispose();
        await vendor.DisposeAsync();
        NpgsqlConnection.ClearAllPools();
        await postgres.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    private Dictionary<string, string> Settings(string connection) => new() { ["ConnectionStrings__PsaConsole"] = connection, ["Load__Vendor"] = vendor.Address.ToString() };

    private static Task<OwnProcess> PartAsync(string part, Dictionary<string, string> settings, CancellationToken cancellationToken)
    {
        var address = new Uri($"http://127.0.0.1:{FirmUnderLoad.FreePorts(1)}");
        return OwnProcess.StartAsync(Program, "/ready", address, new Dictionary<string, string>(settings) { ["ASPNETCORE_URLS"] = address.ToString() }, [LoadPart.Verb, part], cancellationToken);
    }
}
