using System.Globalization;

namespace PsaConsole.Engine.Store;

/// <summary>The settings file of the private server: small footprint on two cores, nothing lost at a crash.</summary>
internal static class PostgresSettings
{
    private const string Port = "port = ";

    public static string Text(int port, PostgresDurability durability)
    {
        var durable = durability == PostgresDurability.Full ? "on" : "off";
        return string.Create(CultureInfo.InvariantCulture, $"""
            # Written by the console at each start. Settings of your own: ALTER SYSTEM, which wins over this file.
            # TCP on the loopback with a password, no unix socket: a socket's path may have 107 bytes only, which a deep data folder
            # exceeds, and one under /tmp can be swept away while the server runs.
            listen_addresses = '127.0.0.1'
            {Port}{port}
            unix_socket_directories = ''
            password_encryption = 'scram-sha-256'
            max_connections = 400
            shared_buffers = '128MB'
            work_mem = '8MB'
            maintenance_work_mem = '64MB'
            effective_cache_size = '512MB'
            max_wal_size = '512MB'
            random_page_cost = 1.1
            jit = off
            fsync = {durable}
            synchronous_commit = {durable}
            full_page_writes = {durable}
            timezone = 'UTC'
            log_timezone = 'UTC'
            lc_messages = 'C'
            log_line_prefix = '%m [%p] %d '
            log_min_messages = 'warning'
            """) + "\n";
    }

    public static int? PortIn(IEnumerable<string> settings) =>
        settings.FirstOrDefault(line => line.StartsWith(Port, StringComparison.Ordinal)) is { } line
            ? int.Parse(line[Port.Length..], CultureInfo.InvariantCulture)
            : null;
}
