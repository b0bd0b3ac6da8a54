using Microsoft.EntityFrameworkCore;
using PsaConsole.Engine;
using PsaConsole.Engine.Exceptions;
using PsaConsole.Engine.Store;
using PsaConsole.Engine.Workflows;
using PsaConsole.Sandbox.Core;
using PsaConsole.Tests.Sandbox;

namespace PsaConsole.Tests.Workflows;

/// <summary>The sample firm at work, whether its engine runs in the tests' own process or in a console of its own.</summary>
public interface IWorkingFirm
{
    RunningSandbox Sandbox { get; }

    Task<EngineDbContext> OpenStoreAsync();
}

/// <summary>What happens in a working firm, and waiting for it.</summary>
public static class WorkingFirm
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static Table Table(this IWorkingFirm firm, string system, string name) => firm.Sandbox.Host.Vendor(system).Store[name];

    /// <summary>Waits until the newest run of the deal is as wanted; says how it stands when it does not become so.</summary>
    public static async Task<Run> RunOfAsync(this IWorkingFirm firm, string dealId, Func<Run, bool> wanted)
    {
        using var again = new PeriodicTimer(TimeSpan.FromMilliseconds(40));
        var until = TimeProvider.System.GetUtcNow() + Patience;
        Run? run = null;
        while (await again.WaitForNextTickAsync(Token))
        {
            await using var store = await firm.OpenStoreAsync();
            run = await store.Runs.AsNoTracking().Include(item => item.Steps).Where(item => item.LaneKey.EndsWith(dealId)).OrderByDescending(item => item.StartedAt).FirstOrDefaultAsync(Token);
            if (run is not null && wanted(run))
            {
                return run;
            }

            if (TimeProvider.System.GetUtcNow() > until)
            {
                Assert.Fail($"The run of {dealId} did not get there in time: {run?.Status} at {run?.StepKey}: {run?.Message}\n{await EngineState.DescribeAsync(store, dealId)}");
            }
        }

        throw new OperationCanceledException(Token);
    }

    /// <summary>How severe a case must be that was raised then, with so much money: its kind's severity, or a step more (<see cref="CaseWeight"/>).</summary>
    public static string Weight(this ExceptionCase about) =>
        CaseWeight.Of(CaseKinds.Of(about.Code), about.Exposure, new EngineOptions().MuchMoney, ServiceClock.Default.WorkingDaysLeftInMonth(about.RaisedAt)).ToString();

    public static Task<Run> CompletedAsync(this IWorkingFirm firm, string dealId) => firm.RunOfAsync(dealId, run => run.Status == RunStatus.Completed);

    public static Task<Run> ParkedAsync(this IWorkingFirm firm, string dealId) => firm.RunOfAsync(dealId, run => run.Status == RunStatus.Parked);

    public static async Task ClearFaultsAsync(this IWorkingFirm firm)
    {
        using var answer = await firm.Sandbox.Control.DeleteAsync(new Uri("/faults", UriKind.Relative), Token);
        answer.EnsureSuccessStatusCode();
    }
}
