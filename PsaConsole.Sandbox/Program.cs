using System.Runtime.InteropServices;
using PsaConsole.Sandbox;

SandboxOptions options;
try
{
    options = SandboxOptions.Parse(args);
}
catch (ArgumentException mistake)
{
    await Console.Error.WriteLineAsync(mistake.Message);
    return 2;
}

using var stop = new CancellationTokenSource();
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);

try
{
    await using var sandbox = await SandboxHost.StartAsync(options, stop.Token);
    Console.WriteLine($"Sandbox ready: {sandbox.Url("control")} ({string.Join(", ", sandbox.Vendors.Select(vendor => $"{vendor.Name} {sandbox.Url(vendor.Name)}"))})");
    await sandbox.RunUntilAsync(stop.Token);
    return 0;
}
catch (IOException taken)
{
    await Console.Error.WriteLineAsync($"The sandbox can't start: {taken.Message} Choose other ports by --port, or another folder by --data.");
    return 1;
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    return 0;
}

void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    stop.Cancel();
}
