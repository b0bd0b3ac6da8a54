using Hangfire;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using PsaConsole.Engine.Inbox;
using PsaConsole.Engine.Mapping;

namespace PsaConsole.Engine.Jobs;

/// <summary>Brings the engine up after the database is migrated: mapping sets, recurring jobs, this replica's pump.</summary>
public sealed class EngineStart(
    MappingSeed mappings, Poller poller, Replica replica, EngineJobs jobs, IRecurringJobManager recurring, IOptions<EngineOptions> options) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await replica.AttendAsync(cancellationToken);
        await mappings.ActivateAsync(cancellationToken);
        foreach (var system in poller.SystemNames)
        {
            recurring.AddOrUpdate<EngineJobs>($"poll {system}", job => job.PollAsync(system, CancellationToken.None), $"*/{options.Value.PollSeconds} * * * * *");
        }

        recurring.AddOrUpdate<EngineJobs>("notices", job => job.NotifyAsync(CancellationToken.None), "*/15 * * * * *");
        recurring.AddOrUpdate<EngineJobs>("groups", job => job.ActOnGroupsAsync(CancellationToken.None), "*/15 * * * * *");
        recurring.AddOrUpdate<EngineJobs>("tidy", job => job.TidyAsync(CancellationToken.None), Cron.Hourly(17));
        recurring.AddOrUpdate<EngineJobs>("keep house", job => job.KeepHouseAsync(CancellationToken.None), Cron.Daily(3, 40));
        recurring.AddOrUpdate<EngineJobs>("watch the pump", job => job.Watch(), Cron.Minutely());
        recurring.AddOrUpdate<AuditJobs>("link the audit trail", job => job.LinkAsync(CancellationToken.None), "*/10 * * * * *");
        recurring.AddOrUpdate<AuditJobs>("check and anchor the audit trail", job => job.CheckAsync(CancellationToken.None), Cron.Daily(1, 30));
        recurring.AddOrUpdate<EngineJobs>("watch the systems", job => job.WatchSystemsAsync(CancellationToken.None), Cron.Minutely());
        jobs.StartPump();
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
