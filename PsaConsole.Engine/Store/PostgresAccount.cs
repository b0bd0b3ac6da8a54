using System.Diagnostics;

namespace PsaConsole.Engine.Store;

/// <summary>
/// Runs PostgreSQL's programs as an account that PostgreSQL accepts: the console's own, or, since the server refuses root,
/// <c>postgres</c> (else <c>nobody</c>) when the console runs as root.
/// </summary>
internal sealed class PostgresAccount(string? userName)
{
    private static readonly string[] Candidates = ["postgres", "nobody"];

    /// <summary>Null when the programs run as the console's own account.</summary>
    public string? UserName { get; } = userName;

    public static PostgresAccount OfThisProcess()
    {
        if (!Environment.IsPrivilegedProcess)
        {
            return new PostgresAccount(userName: null);
        }

        var known = File.ReadLines("/etc/passwd").Select(line => line.Split(':')[0]).ToHashSet();
        return new PostgresAccount(Candidates.FirstOrDefault(known.Contains) ?? throw new PrivatePostgresException(
            "PostgreSQL refuses to run as root and there is neither an account postgres nor nobody: " +
            "add one (adduser --system postgres), or start the console as another user."));
    }

    /// <summary>Hands a file or folder that root made to the account.</summary>
    public async Task OwnAsync(string path, CancellationToken cancellationToken)
    {
        if (UserName is not null)
        {
            var chown = await RunAsync(user: null, "chown", [UserName + ":", path], cancellationToken);
            chown.ThrowUnlessZero($"Handing {path} to the account {UserName} failed");
        }
    }

    /// <summary>Whether the account may write in the folder: a parent that is closed to others bars it.</summary>
    public async Task<bool> CanWriteAsync(string folder, CancellationToken cancellationToken) =>
        (await RunAsync("test", ["-w", folder], cancellationToken)).ExitCode == 0;

    public Task<Outcome> RunAsync(string program, IEnumerable<string> arguments, CancellationToken cancellationToken) =>
        RunAsync(UserName, program, arguments, cancellationToken);

    private static async Task<Outcome> RunAsync(
        string? user, string program, IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        // Descriptors that the console inherited (a build lock, a caller's pipe) would be held open by the server for ever.
        const string CloseInherited = "exec 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&-; exec \"$@\"";
        var start = new ProcessStartInfo("/bin/sh", ["-c", CloseInherited, "sh", program, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        };
        if (user is not null)
        {
            start.UserName = user;
        }

        // The server shall not carry the console's secrets, nor be steered by the caller's PG… variables.
        start.Environment.Clear();
        start.Environment["PATH"] = "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin";
        start.Environment["LC_ALL"] = "C.UTF-8";

        using var process = Process.Start(start) ?? throw new PrivatePostgresException($"{program} could not be started.");
        process.StandardInput.Close();
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
            var error = process.StandardError.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            return new Outcome(process.ExitCode, $"{await error}\n{await output}".Trim());
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw;
        }
    }

    internal sealed record Outcome(int ExitCode, string Output)
    {
        public void ThrowUnlessZero(string whatFailed)
        {
            if (ExitCode != 0)
            {
                throw new PrivatePostgresException($"{whatFailed} (exit code {ExitCode}): {Output}");
            }
        }
    }
}
