using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Npgsql;
using PsaConsole.Engine.Store;

namespace PsaConsole.Benchmarks;

/// <summary>The whole product on this machine, each part in a process of its own: PostgreSQL with full durability, the sandbox, the console.</summary>
internal sealed class FirmUnderLoad : IAsyncDisposable
{
    private const int MostInOneCall = 200;
    private static readonly string[] Systems = ["salesforce", "kantata", "workday", "netsuite", "microsoft365"];

    private readonly string _folder;
    private readonly PrivatePostgres _postgres;
    private readonly OwnProcess _sandbox;
    private readonly HttpClient _control;
    private readonly HttpClient _salesforce;

    private FirmUnderLoad(string folder, PrivatePostgres postgres, OwnProcess sandbox, OwnProcess console, HttpClient salesforce)
    {
        _folder = folder;
        _postgres = postgres;
        _sandbox = sandbox;
        Console = console;
        _control = new HttpClient { BaseAddress = sandbox.Address, Timeout = TimeSpan.FromMinutes(5) };
        _salesforce = salesforce;
        Database = NpgsqlDataSource.Create(postgres.ConnectionString);
    }

    public OwnProcess Console { get; }

    public NpgsqlDataSource Database { get; }

    public static async Task<FirmUnderLoad> StartAsync(CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("psaconsole-bench-").FullName;
        var postgres = await PrivatePostgres.StartAsync(folder, cancellationToken);
        var port = FreePorts(6);
        var address = new Uri($"http://127.0.0.1:{port}");
        var sandbox = await OwnProcess.StartAsync("PsaConsole.Sandbox.dll", "/clock", address, new Dictionary<string, string>(), ["--port", $"{port}"], cancellationToken);
        var own = new Uri($"http://127.0.0.1:{FreePorts(1)}");
        var settings = new Dictionary<string, string>
        {
            ["ConnectionStrings__PsaConsole"] = postgres.ConnectionString,
            ["Sandbox__Url"] = address.ToString(),
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
            ["ASPNETCORE_URLS"] = own.ToString(),
            ["Logging__LogLevel__Default"] = "Warning",
            ["DetailedErrors"] = "true",
        };
        var console = await OwnProcess.StartAsync("PsaConsole.Web.dll", "/health/ready", own, settings, [], cancellationToken);
        return new FirmUnderLoad(folder, postgres, sandbox, console, await SignInAsync(address, cancellationToken));
    }

    /// <summary>Every call to every vendor takes this many milliseconds longer from now on.</summary>
    public async Task SlowDownAsync(int milliseconds, CancellationToken cancellationToken)
    {
        using var cleared = await _control.DeleteAsync(new Uri("/faults", UriKind.Relative), cancellationToken);
        foreach (var system in milliseconds == 0 ? [] : Systems)
        {
            using var set = await _control.PostAsJsonAsync("/faults", new { system, effect = $"latency:{milliseconds}" }, cancellationToken);
            set.EnsureSuccessStatusCode();
        }
    }

    /// <summary>Sound deals of every billing type, ready to be won.</summary>
    public async Task<IReadOnlyList<string>> PrepareAsync(int count, CancellationToken cancellationToken)
    {
        using var answer = await _control.PostAsJsonAsync("/deals", new { count, name = $"Bench {Guid.NewGuid().ToString("n")[..8]}" }, cancellationToken);
        answer.EnsureSuccessStatusCode();
        var made = await answer.Content.ReadFromJsonAsync<JsonObject>(cancellationToken);
        return [.. made!["ids"]!.AsArray().Select(id => (string)id!)];
    }

    /// <summary>Wins deals through Salesforce's own API.</summary>
    public async Task WinAsync(IReadOnlyList<string> deals, CancellationToken cancellationToken)
    {
        foreach (var part in deals.Chunk(MostInOneCall))
        {
            var records = part.Select(id => new { attributes = new { type = "Opportunity" }, id, StageName = "Closed Won" });
            using var answer = await _salesforce.PatchAsync(new Uri("composite/sobjects", UriKind.Relative), JsonContent.Create(new { allOrNone = true, records }), cancellationToken);
            answer.EnsureSuccessStatusCode();
        }
    }

    /// <summary>Waits until every one of these deals is verified; answers how long after <paramref name="won"/> each was, in seconds.</summary>
    /// <exception cref="InvalidOperationException">One of them stopped: the figures would mean nothing.</exception>
    public async Task<IReadOnlyList<double>> VerifiedAsync(IReadOnlyDictionary<string, DateTimeOffset> won, CancellationToken cancellationToken)
    {
        using var again = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        while (await again.WaitForNextTickAsync(cancellationToken))
        {
            var runs = await RunsAsync([.. won.Keys], cancellationToken);
            if (runs.FirstOrDefault(run => run.Status == "Parked") is { Message: { } stopped })
            {
                throw new InvalidOperationException($"A deal stopped, so nothing was measured: {stopped}");
            }

            if (runs.Count(run => run.Status == "Completed") == won.Count)
            {
                return [.. runs.Select(run => (run.EndedAt!.Value - won[run.Deal]).TotalSeconds)];
            }
        }

        throw new OperationCanceledException(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        _salesforce.Dispose();
        _control.Dispose();
        await Console.DisposeAsync();
        await _sandbox.DisposeAsync();
        await Database.DisposeAsync();
        await _postgres.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task<List<(string Deal, string Status, string? Message, DateTimeOffset? EndedAt)>> RunsAsync(string[] deals, CancellationToken cancellationToken)
    {
        await using var command = Database.CreateCommand(
            "select split_part(business_key, ':', 3), status, message, ended_at from run where business_key = any (select 'opportunity:salesforce:' || id || ':win1' from unnest($1) id)");
        command.Parameters.Add(new NpgsqlParameter { Value = deals });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var runs = new List<(string, string, string?, DateTimeOffset?)>();
        while (await reader.ReadAsync(cancellationToken))
        {
            runs.Add((reader.GetString(0), reader.GetString(1), reader.IsDBNull(2) ? null : reader.GetString(2), reader.IsDBNull(3) ? null : await reader.GetFieldValueAsync<DateTimeOffset>(3, cancellationToken)));
        }

        return runs;
    }

    private static async Task<HttpClient> SignInAsync(Uri sandbox, CancellationToken cancellationToken)
    {
        using var index = new HttpClient { BaseAddress = sandbox };
        index.DefaultRequestHeaders.Accept.ParseAdd("application/json");
        var systems = (await index.GetFromJsonAsync<JsonObject>("/", cancellationToken))!["systems"]!.AsArray();
        var salesforce = systems.Single(system => (string?)system!["name"] == "salesforce")!;
        var client = new HttpClient { BaseAddress = new Uri(new Uri((string)salesforce["url"]!), "/services/data/v66.0/"), Timeout = TimeSpan.FromMinutes(5) };
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "client_credentials",
            ["client_id"] = (string)salesforce["credentials"]!["clientId"]!,
            ["client_secret"] = (string)salesforce["credentials"]!["clientSecret"]!,
        });
        using var answer = await client.PostAsync(new Uri("/services/oauth2/token", UriKind.Relative), form, cancellationToken);
        var token = (await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonObject>(cancellationToken))!["access_token"];
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", (string)token!);
        return client;
    }

    /// <summary>The first of so many ports in a row that nobody listens on.</summary>
    internal static int FreePorts(int count)
    {
        while (true)
        {
            using var first = new TcpListener(IPAddress.Loopback, 0);
            first.Start();
            var port = ((IPEndPoint)first.LocalEndpoint).Port;
            if (port + count <= 65_000 && Enumerable.Range(port + 1, count - 1).All(IsFree))
            {
                return port;
            }
        }

        static bool IsFree(int port)
        {
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                return true;
            }
            catch (SocketException)
            {
                return false;
            }
        }
    }
}
