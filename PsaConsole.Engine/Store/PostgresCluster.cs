using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using System.Security.Cryptography;

namespace PsaConsole.Engine.Store;

/// <summary>
/// The files of a private cluster: <c>postgres/cluster</c> (PostgreSQL's own), <c>postgres/password</c> (mode 0600) and
/// <c>postgres/server.log</c> inside the data folder, and the programs and the account that it runs with.
/// </summary>
internal sealed class PostgresCluster
{
    private const string SettingsFile = "psaconsole.conf";
    private const string ClosedToOthersHome = "/var/lib/psaconsole";
    private const long LargestLog = 10 * 1024 * 1024;

    private readonly string _home;

    private PostgresCluster(string home, PostgresAccount account, PostgresBinaries binaries)
    {
        _home = home;
        Account = account;
        Binaries = binaries;
    }

    public PostgresAccount Account { get; }

    public PostgresBinaries Binaries { get; }

    public string Folder => ClusterIn(_home);

    public string LogFile => Path.Combine(_home, "server.log");

    public string Password => File.ReadAllText(PasswordFile).Trim();

    private string PasswordFile => Path.Combine(_home, "password");

    /// <summary>Opens the cluster of the data folder, making it first when there is none.</summary>
    [SupportedOSPlatform("linux")]
    public static async Task<PostgresCluster> OpenAsync(
        string dataFolder, PostgresDurability durability, CancellationToken cancellationToken)
    {
        var account = PostgresAccount.OfThisProcess();
        var home = await HomeAsync(dataFolder, account, cancellationToken);
        var cluster = new PostgresCluster(home, account, PostgresBinaries.Find(MajorOf(ClusterIn(home))));
        if (!Directory.Exists(cluster.Folder))
        {
            await cluster.InitialiseAsync(durability, cancellationToken);
        }
        else if (!File.Exists(cluster.PasswordFile))
        {
            throw new PrivatePostgresException(
                $"The database in {cluster.Folder} is there but its password file {cluster.PasswordFile} is not: put the file back from a backup.");
        }

        return cluster;
    }

    /// <summary>Writes the settings for the next start and returns the port: the one of last time when it is free, so that tools find it again.</summary>
    public int WriteSettings(PostgresDurability durability)
    {
        var file = Path.Combine(Folder, SettingsFile);
        var port = FreePort(LastPort(file));
        File.WriteAllText(file, PostgresSettings.Text(port, durability));
        return port;
    }

    /// <summary>Keeps one earlier log, so that the log of a server that runs for years stays bounded by its restarts.</summary>
    public void RollLog()
    {
        if (File.Exists(LogFile) && new FileInfo(LogFile).Length > LargestLog)
        {
            File.Move(LogFile, LogFile + ".1", overwrite: true);
        }
    }

    [SupportedOSPlatform("linux")]
    private async Task InitialiseAsync(PostgresDurability durability, CancellationToken cancellationToken)
    {
        await File.WriteAllTextAsync(PasswordFile, "", cancellationToken);
        File.SetUnixFileMode(PasswordFile, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await File.WriteAllTextAsync(PasswordFile, RandomNumberGenerator.GetHexString(48, lowercase: true), cancellationToken);
        await Account.OwnAsync(PasswordFile, cancellationToken);

        // Made beside its place and renamed when whole: a first start that is killed half way leaves no half cluster.
        var unfinished = Folder + ".new";
        if (Directory.Exists(unfinished))
        {
            Directory.Delete(unfinished, recursive: true);
        }

        // C.UTF-8 sorts by code point: unlike ICU's or the language's own order it never changes with the operating system,
        // which would quietly break the unique indexes that idempotency rests on.
        string[] arguments =
        [
            "-D", unfinished, "--username=postgres", $"--pwfile={PasswordFile}", "--auth=scram-sha-256",
            "--encoding=UTF8", "--locale=C.UTF-8", "--data-checksums",
            .. durability == PostgresDurability.None ? ["--no-sync"] : Array.Empty<string>(),
        ];
        var initdb = await Account.RunAsync(Binaries.Initdb, arguments, cancellationToken);
        initdb.ThrowUnlessZero($"Making the database in {Folder} failed");
        await File.AppendAllTextAsync(
            Path.Combine(unfinished, "postgresql.conf"), $"\ninclude_if_exists = '{SettingsFile}'\n", cancellationToken);
        Directory.Move(unfinished, Folder);
    }

    /// <summary>
    /// The folder for the cluster. Below a folder that is closed to others (root's own home) the server's account cannot reach the data
    /// folder; the cluster then stands in /var/lib/psaconsole and the data folder links to it.
    /// </summary>
    [SupportedOSPlatform("linux")]
    private static async Task<string> HomeAsync(string dataFolder, PostgresAccount account, CancellationToken cancellationToken)
    {
        var home = Path.Combine(dataFolder, "postgres");
        if (new DirectoryInfo(home).LinkTarget is { } linked)
        {
            return linked;
        }

        await MakePrivateAsync(home, account, cancellationToken);
        if (await account.CanWriteAsync(home, cancellationToken))
        {
            return home;
        }

        if (account.UserName is null || Directory.EnumerateFileSystemEntries(home).Any())
        {
            throw new PrivatePostgresException(
                $"The account {account.UserName ?? Environment.UserName} may not write in {home}: " +
                "start the console with the account that made the folder, or choose another folder (Data:Folder).");
        }

        Directory.CreateDirectory(ClosedToOthersHome);
        var elsewhere = Path.Combine(ClosedToOthersHome, RandomNumberGenerator.GetHexString(12, lowercase: true));
        await MakePrivateAsync(elsewhere, account, cancellationToken);
        Directory.Delete(home);
        Directory.CreateSymbolicLink(home, elsewhere);
        return elsewhere;
    }

    [SupportedOSPlatform("linux")]
    private static async Task MakePrivateAsync(string folder, PostgresAccount account, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(folder) || !Directory.EnumerateFileSystemEntries(folder).Any())
        {
            Directory.CreateDirectory(folder);
            File.SetUnixFileMode(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            await account.OwnAsync(folder, cancellationToken);
        }
    }

    private static string ClusterIn(string home) => Path.Combine(home, "cluster");

    private static int? MajorOf(string cluster)
    {
        var version = Path.Combine(cluster, "PG_VERSION");
        return File.Exists(version) ? int.Parse(File.ReadAllText(version).Trim(), CultureInfo.InvariantCulture) : null;
    }

    private static int LastPort(string settings) =>
        File.Exists(settings) && PostgresSettings.PortIn(File.ReadLines(settings)) is int port ? port : 0;

    private static int FreePort(int wanted)
    {
        using var probe = new TcpListener(IPAddress.Loopback, wanted);
        try
        {
            probe.Start();
        }
        catch (SocketException) when (wanted != 0)
        {
            return FreePort(0);
        }

        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
