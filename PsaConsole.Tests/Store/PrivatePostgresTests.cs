using System.Diagnostics;
using Npgsql;
using PsaConsole.Engine.Store;

namespace PsaConsole.Tests.Store;

public sealed class PrivatePostgresTests : IDisposable
{
    private readonly TemporaryFolder _folder = TemporaryFolder.Create();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task New_folder_gets_a_server_that_answers()
    {
        await using var postgres = await StartAsync();

        Assert.Equal("psaconsole", await ScalarAsync(postgres, "select current_database()"));
        Assert.Equal("UTF8", await ScalarAsync(postgres, "show server_encoding"));
        Assert.False(postgres.WasRunning);
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(_folder.Path, "postgres", "password")));
    }

    [Fact]
    public async Task Console_account_is_no_superuser_and_its_commits_are_durable()
    {
        await using var postgres = await PrivatePostgres.StartAsync(_folder.Path, Cancellation);

        Assert.Equal("off", await ScalarAsync(postgres, "show is_superuser"));
        Assert.Equal("on/on", await ScalarAsync(postgres, "select current_setting('fsync') || '/' || current_setting('synchronous_commit')"));
    }

    [Fact]
    public async Task Data_survive_a_restart()
    {
        await using (var first = await StartAsync())
        {
            await KeepAsync(first, "kept");
        }

        await using var second = await StartAsync();

        Assert.Equal("kept", await ScalarAsync(second, "select word from kept"));
        Assert.False(second.WasRunning);
    }

    [Fact]
    public async Task Stopping_leaves_no_server_behind()
    {
        var postgres = await StartAsync();

        await postgres.DisposeAsync();

        Assert.False(IsPostgres(postgres.ProcessId));
    }

    [Fact]
    public async Task Second_console_in_the_same_folder_is_refused()
    {
        await using var first = await StartAsync();

        var refusal = await Assert.ThrowsAsync<PrivatePostgresException>(StartAsync);

        Assert.Contains($"{_folder.Path} is in use by another console (process {Environment.ProcessId})", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(1, await ScalarAsync(first, "select 1"));
    }

    [Fact]
    public async Task Killed_server_is_recovered_by_the_next_start()
    {
        var first = await PrivatePostgres.StartAsync(_folder.Path, Cancellation);
        await KeepAsync(first, "committed");
        Kill(first.ProcessId);
        await first.DisposeAsync();

        await using var second = await StartAsync();

        Assert.Equal("committed", await ScalarAsync(second, "select word from kept"));
    }

    [Fact]
    public async Task Server_whose_console_was_killed_is_taken_over()
    {
        var first = await StartAsync();
        await KeepAsync(first, "kept");
        first.Abandon();

        await using var second = await StartAsync();

        Assert.True(second.WasRunning);
        Assert.Equal(first.ProcessId, second.ProcessId);
        Assert.Equal("kept", await ScalarAsync(second, "select word from kept"));
    }

    [Fact]
    public async Task Pid_file_that_names_a_stranger_is_not_believed()
    {
        await using (var first = await StartAsync())
        {
            await KeepAsync(first, "kept");
        }

        // A process of the server's account, so that PostgreSQL itself would take it for a live server.
        using var stranger = await StrangerAsync();
        try
        {
            var cluster = Path.Combine(_folder.Path, "postgres", "cluster");
            await File.WriteAllTextAsync(Path.Combine(cluster, "postmaster.pid"), $"{stranger.Id}\n{cluster}\n1\n5432\n\n127.0.0.1\n\nready\n", Cancellation);

            await using var second = await StartAsync();

            Assert.NotEqual(stranger.Id, second.ProcessId);
            Assert.False(stranger.HasExited);
            Assert.Equal("kept", await ScalarAsync(second, "select word from kept"));
        }
        finally
        {
            stranger.Kill();
        }
    }

    [Fact]
    public async Task First_start_that_was_killed_half_way_is_done_again()
    {
        await (await StartAsync()).DisposeAsync();
        var cluster = Path.Combine(_folder.Path, "postgres", "cluster");
        Directory.Move(cluster, cluster + ".new");
        File.Delete(Path.Combine(cluster + ".new", "PG_VERSION"));

        await using var postgres = await StartAsync();

        Assert.Equal(1, await ScalarAsync(postgres, "select 1"));
    }

    [Fact]
    public async Task Folder_below_a_closed_home_works_too()
    {
        File.SetUnixFileMode(_folder.Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

        await using (var first = await StartAsync())
        {
            await KeepAsync(first, "kept");
        }

        await using var second = await StartAsync();
        Assert.Equal("kept", await ScalarAsync(second, "select word from kept"));
    }

    [Fact]
    public async Task Two_folders_have_two_servers()
    {
        using var otherFolder = TemporaryFolder.Create();
        await using var one = await StartAsync();
        await using var other = await PrivatePostgres.StartAsync(otherFolder.Path, PostgresDurability.None, Cancellation);

        Assert.NotEqual(one.Port, other.Port);
        Assert.Equal(1, await ScalarAsync(other, "select 1"));
    }

    [Fact]
    public void Newest_programs_are_taken_for_a_new_folder_and_the_same_version_for_an_old_one()
    {
        var debian = Path.Combine(_folder.Path, "versions");
        foreach (var major in new[] { "9.6", "15", "17" })
        {
            var bin = Directory.CreateDirectory(Path.Combine(debian, major, "bin")).FullName;
            Array.ForEach(["initdb", "pg_ctl", "postgres"], program => File.WriteAllText(Path.Combine(bin, program), ""));
        }

        Assert.Equal(Path.Combine(debian, "17", "bin"), PostgresBinaries.Find(clusterMajor: null, named: null, debian, path: "").Folder);
        Assert.Equal(Path.Combine(debian, "15", "bin"), PostgresBinaries.Find(clusterMajor: 15, named: null, debian, path: "").Folder);
    }

    [Theory]
    [InlineData(null, null, "apt-get install postgresql)")]
    [InlineData(16, null, "apt-get install postgresql-16)")]
    [InlineData(null, "/nowhere", "PSACONSOLE_POSTGRES_BIN names /nowhere")]
    public void Missing_programs_are_named_with_what_to_install(int? clusterMajor, string? named, string advice)
    {
        var missing = Assert.Throws<PrivatePostgresException>(() => PostgresBinaries.Find(clusterMajor, named, _folder.Path, path: "/nowhere"));

        Assert.Contains(advice, missing.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private Task<PrivatePostgres> StartAsync() => PrivatePostgres.StartAsync(_folder.Path, PostgresDurability.None, Cancellation);

    private static async Task KeepAsync(PrivatePostgres postgres, string word) =>
        await ScalarAsync(postgres, $"create table kept (word text); insert into kept values ('{word}') returning word");

    private static async Task<object?> ScalarAsync(PrivatePostgres postgres, string sql)
    {
        await using var connection = new NpgsqlConnection(postgres.ConnectionString + ";Pooling=false");
        await connection.OpenAsync(Cancellation);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(Cancellation);
    }

    private static void Kill(int processId)
    {
        using var process = Process.GetProcessById(processId);
        process.Kill();
    }

    private static bool IsPostgres(int processId) =>
        new FileInfo($"/proc/{processId}/exe").LinkTarget?.EndsWith("postgres", StringComparison.Ordinal) == true;

    private static async Task<Process> StrangerAsync()
    {
        var start = new ProcessStartInfo("/bin/sh", ["-c", "echo up; exec sleep 600"]) { RedirectStandardOutput = true, WorkingDirectory = "/" };
        if (PostgresAccount.OfThisProcess().UserName is { } user)
        {
            start.UserName = user;
        }

        var stranger = Process.Start(start)!;
        await stranger.StandardOutput.ReadLineAsync(Cancellation);
        return stranger;
    }
}
