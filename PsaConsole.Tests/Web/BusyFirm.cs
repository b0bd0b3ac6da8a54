using Microsoft.EntityFrameworkCore;
using PsaConsole.Engine.Exceptions;
using PsaConsole.Engine.Workflows;
using PsaConsole.Tests.Sandbox;

namespace PsaConsole.Tests.Web;

/// <summary>The product in the middle of a working day: deals of every billing type verified, the sample firm's defective ones stopped, and two that NetSuite did not make billable.</summary>
public sealed class BusyFirm(PostgresFixture postgres) : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly OpenFirm _firm = new(postgres);

    public Uri Local => _firm.Local;

    /// <summary>The run of a verified deal.</summary>
    public Guid Verified { get; private set; }

    /// <summary>The run of the larger deal whose project is not billable.</summary>
    public Guid Stopped { get; private set; }

    /// <summary>Its case.</summary>
    public long Case { get; private set; }

    public async ValueTask InitializeAsync()
    {
        await _firm.InitializeAsync();
        var sandbox = _firm.Sandbox;
        var names = sandbox.Host.Firm.Deals.Where(deal => deal.Stage == "Negotiation").Select(deal => deal.Name).ToHashSet(StringComparer.Ordinal);
        List<string> deals = [.. sandbox.Host.Vendor("salesforce").Store["Opportunity"].Scan().Where(record => names.Contains(record.Text("Name")!) && record.Text("StageName") == "Negotiation").Select(record => record.Id)];
        await sandbox.FaultAsync(new { system = "netsuite", path = "/services/rest/record/v1/job", effect = "omit:custentity_psac_tax_code", count = 2 });
        foreach (var deal in deals)
        {
            await sandbox.WinAsync(deal);
        }

        await RestAsync(deals.Count);
    }

    public ValueTask DisposeAsync() => _firm.DisposeAsync();

    /// <summary>Waits until every deal is verified or waits for a person.</summary>
    private async Task RestAsync(int deals)
    {
        using var again = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        var until = TimeProvider.System.GetUtcNow() + Patience;
        while (await again.WaitForNextTickAsync(TestContext.Current.CancellationToken))
        {
            await using var store = _firm.OpenStore();
            var states = await store.Runs.Where(run => run.Workflow == OpportunityToProject.WorkflowName).GroupBy(run => run.Status).Select(group => new { group.Key, Count = group.Count() }).ToDictionaryAsync(group => group.Key, group => group.Count);
            if (states.GetValueOrDefault(RunStatus.Completed) + states.GetValueOrDefault(RunStatus.Parked) + states.GetValueOrDefault(RunStatus.WaitingApproval) >= deals)
            {
                var stopped = await store.ExceptionCases.OrderByDescending(item => item.Exposure).FirstAsync(item => item.Code == "HND-008" && item.Status == CaseStatus.Open);
                (Case, Stopped) = (stopped.Id, stopped.RunId!.Value);
                Verified = await store.Runs.Where(run => run.Status == RunStatus.Completed && run.Workflow == OpportunityToProject.WorkflowName).OrderByDescending(run => run.Amount).Select(run => run.Id).FirstAsync();
                return;
            }

            Assert.True(TimeProvider.System.GetUtcNow() < until, $"The firm did not come to rest: {string.Join(", ", states.Select(state => $"{state.Key} {state.Value}"))}");
        }
    }
}
