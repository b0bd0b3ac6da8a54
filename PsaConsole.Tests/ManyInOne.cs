using System.Runtime.CompilerServices;

namespace PsaConsole.Tests;

/// <summary>Vendors, engines and a sign-in provider of several tests live in this one process, on few cores.</summary>
internal static class ManyInOne
{
    private const int Threads = 64;

    /// <summary>What one of them blocks must not hold up another's answer until the pool has grown, a thread a second.</summary>
    [ModuleInitializer]
    internal static void HaveThreadsReady() => ThreadPool.SetMinThreads(Threads, Threads);
}
