using Hangfire;
using PsaConsole.Engine.Audit;

namespace PsaConsole.Engine.Jobs;

/// <summary>What keeps the audit trail provable: entries are linked within seconds, the chain is checked and anchored every night.</summary>
[AutomaticRetry(Attempts = 0)]
public sealed class AuditJobs(AuditLinker linker, AuditCheck check, AuditAnchors anchors)
{
    public Task LinkAsync(CancellationToken cancellationToken) => linker.LinkAsync(cancellationToken);

    /// <summary>Anchors only what holds: a broken chain must not get an anchor that agrees with it.</summary>
    public async Task CheckAsync(CancellationToken cancellationToken)
    {
        var result = await check.RunAsync(null, cancellationToken);
        if (result.FirstBad is null)
        {
            await anchors.WriteAsync(cancellationToken);
        }
    }
}
