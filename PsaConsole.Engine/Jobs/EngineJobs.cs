using Hangfire;
using Microsoft.Extensions.Logging;
using PsaConsole.Engine.Access;
using PsaConsole.Engine.Exceptions.Groups;
using PsaConsole.Engine.Inbox;
using PsaConsole.Engine.Notices;
using PsaConsole.Engine.Retention;

namespace PsaConsole.Engine.Jobs;

/// <summary>
/// What Hangfire triggers: the lane pump of each replica, the poll of each system, the watch over the pump. Hangfire retries none of them; the rows
/// of inbox and lanes are the truth, a job is a nudge.
/// </summary>
[AutomaticRetry(Attempts = 0)]
public sealed class EngineJobs(
    LanePump pump, Poller poller, SystemWatch systems, NoticeDesk desk, GroupRunner groups, AnsweredRequests requests, Housekeeper house, Replica replica, IBackgroundJobClient jobs, ILogger<EngineJobs> logger)
{
    /// <summary>Pumps lanes until the server stops. A job that was meant for a process that is gone ends at once.</summary>
    public async Task PumpAsync(Guid replicaId, CancellationToken cancellationToken)
    {
        if (replicaId != replica.Id)
        {
            logger.LogInformation("Replica {ReplicaId} is gone; its pump is not taken over, its lanes are.", replicaId);
            return;
        }

        await pump.RunAsync(cancellationToken);
    }

    /// <summary>Reads what changed in a system.</summary>
    public Task PollAsync(string systemName, CancellationToken cancellationToken) => poller.PollAsync(systemName, cancellationToken);

    /// <summary>Tells teams what is due to be told.</summary>
    public Task NotifyAsync(CancellationToken cancellationToken) => desk.DeliverAsync(cancellationToken);

    /// <summary>Carries on what people have asked of many cases.</summary>
    public Task ActOnGroupsAsync(CancellationToken cancellationToken) => groups.WorkAsync(cancellationToken);

    /// <summary>Raises a case for a system that is down, and closes it when the system is back.</summary>
    public Task WatchSystemsAsync(CancellationToken cancellationToken) => systems.LookAsync(cancellationToken);

    /// <summary>Removes what is not kept any longer.</summary>
    public Task TidyAsync(CancellationToken cancellationToken) => requests.TidyAsync(cancellationToken);

    /// <summary>Applies what 9-access 9.3 says about how long things are kept.</summary>
    public Task KeepHouseAsync(CancellationToken cancellationToken) => house.RunAsync(cancellationToken);

    /// <summary>Starts this replica's pump again when it does not look for work any more.</summary>
    public void Watch()
    {
        if (!pump.IsRunning)
        {
            StartPump();
        }
    }

    /// <summary>Asks Hangfire to run this replica's pump; only this process has the queue.</summary>
    public void StartPump()
    {
        var id = replica.Id;
        jobs.Enqueue<EngineJobs>(QueueOf(id), job => job.PumpAsync(id, CancellationToken.None));
    }

    /// <summary>Name of the queue that only this replica's server serves.</summary>
    public static string QueueOf(Guid replicaId) => $"pump-{replicaId:n}";
}
