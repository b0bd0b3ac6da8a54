using Microsoft.EntityFrameworkCore;
using PsaConsole.Engine.Exceptions;
using PsaConsole.Engine.Exceptions.Groups;
using PsaConsole.Engine.Inbox;
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

    /// <summary>A client that projects were set up for.</summary>
    public Guid Client { get; private set; }

    /// <summary>An action on many cases that stopped.</summary>
    public long Group { get; private set; }

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
        await GroupAsync();
        await HoldLaneAsync();
    }

    public ValueTask DisposeAsync() => _firm.DisposeAsync();

    /// <summary>A retry of all that is open, which its canary stopped.</summary>
    private async Task GroupAsync()
    {
        await using var store = _firm.OpenStore();
        var cases = await store.ExceptionCases.Where(item => item.Status == CaseStatus.Open).OrderBy(item => item.Id).ToListAsync(TestContext.Current.CancellationToken);
        var now = TimeProvider.System.GetUtcNow();
        var group = new GroupAction
        {
            Action = CaseAction.Retry,
            Reason = "The tax codes are filled in",
            Chosen = "all open cases",
            StartedBy = "sample:FinanceController",
            StartedByName = "Finance controller",
            Roles = ["FinanceController"],
            Requested = cases.Count,
            ToDo = cases.Count - 1,
            Status = GroupStatus.Stopped,
            Why = "1 of 1 failed: the cause remains. Nothing more was asked for.",
            WaveTo = 1,
            StartedAt = now,
            MovedAt = now,
            EndedAt = now,
        };
        store.GroupActions.Add(group);
        await store.SaveChangesAsync(TestContext.Current.CancellationToken);
        store.GroupMembers.AddRange(cases.Select((about, index) => new GroupMember
        {
            GroupId = group.Id,
            Position = index + 1,
            CaseId = about.Id,
            Version = about.Version,
            Result = index == 0 ? MemberResult.Failed : index == cases.Count - 1 ? MemberResult.Skipped : MemberResult.Waiting,
            Text = index == 0 ? about.Message : index == cases.Count - 1 ? "Needs the role Finance operations or Finance controller." : null,
            SettledAt = index == 0 || index == cases.Count - 1 ? now : null,
        }));
        await store.SaveChangesAsync(TestContext.Current.CancellationToken);
        Group = group.Id;
    }

    /// <summary>A change at the head of its lane that can't be read at the moment, with another behind it.</summary>
    private async Task HoldLaneAsync()
    {
        var now = TimeProvider.System.GetUtcNow();
        await using var store = _firm.OpenStore();
        store.Lanes.Add(new Lane { Key = "consultant:workday:W-1042", ReadyAt = now.AddMinutes(20), Arrivals = 1 });
        store.InboxItems.AddRange(Enumerable.Range(1, 2).Select(revision => new InboxItem
        {
            SystemName = "workday",
            SourceType = "consultant",
            SourceId = "W-1042",
            Revision = $"sample-{revision}",
            LaneKey = "consultant:workday:W-1042",
            OccurredAt = now,
            ReceivedAt = now,
            Attempts = revision == 1 ? 6 : 0,
            ResumeAt = revision == 1 ? now.AddMinutes(20) : null,
            Outcome = revision == 1 ? "workday answered 503: the report is being built. It is tried again." : null,
        }));
        await store.SaveChangesAsync(TestContext.Current.CancellationToken);
        Client = await store.Clients.OrderBy(client => client.LegalName).Select(client => client.Id).FirstAsync(TestContext.Current.CancellationToken);
    }

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
