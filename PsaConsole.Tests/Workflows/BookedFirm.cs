using Microsoft.EntityFrameworkCore;
using PsaConsole.Engine.Connectors;
using PsaConsole.Engine.Exceptions;
using PsaConsole.Engine.Inbox;
using PsaConsole.Engine.Staffing;
using PsaConsole.Tests.Sandbox.Kantata;
using Record = PsaConsole.Sandbox.Core.Record;

namespace PsaConsole.Tests.Workflows;

/// <summary>The running firm as resource managers use it: people without work, whom they book in Kantata, and absences that HR approves.</summary>
public sealed class BookedFirm(PostgresFixture postgres) : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly HashSet<string> taken = new(StringComparer.Ordinal);

    public RunningFirm Firm { get; } = new(postgres);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>A Monday that lies far enough ahead for nobody's work of the sample firm, and before no holiday.</summary>
    public static DateOnly Monday { get; } = NextMonday(DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime).AddDays(430));

    public ValueTask InitializeAsync() => Firm.InitializeAsync();

    public ValueTask DisposeAsync() => Firm.DisposeAsync();

    /// <summary>Somebody full-time of an American entity whom no other test has.</summary>
    public (string Number, string Name, string User) NewPerson(string entity = "US01")
    {
        lock (taken)
        {
            var booked = Firm.Table("kantata", "workspace_allocations").Scan().Select(record => record.Text("user_id")).ToHashSet();
            var users = Firm.Table("kantata", "users").Scan().ToDictionary(record => record.Text("email_address")!, StringComparer.Ordinal);
            var person = Firm.Sandbox.Host.Firm.Consultants.First(item => item is { WeeklyHours: 40m, TerminationDate: null } && item.LegalEntity == entity && !taken.Contains(item.Number) && !booked.Contains(users[item.Email].Id));
            taken.Add(person.Number);
            return (person.Number, person.Name, users[person.Email].Id);
        }
    }

    /// <summary>Books somebody through Kantata's API: project, named resource, allocation.</summary>
    public async Task<string> BookAsync(string user, DateOnly from, int days, decimal hours, bool hard = false, string? notes = null, string entity = "US01")
    {
        using var kantata = Firm.Sandbox.Kantata();
        var group = (await kantata.WriteAsync("POST", "workspace_groups.json", new { workspace_group = new { name = $"Client {Guid.NewGuid()}", company = true } })).Id();
        var project = (await kantata.WriteAsync("POST", "workspaces.json", new { workspace = new { title = $"Project {Guid.NewGuid()}", currency = "USD", workspace_group_ids = new[] { group } } })).Id();
        var field = (await kantata.ListAsync("custom_fields.json?subject_type=Workspace")).First(item => item.Text("name") == "Legal Entity").Id();
        await kantata.WriteAsync("POST", "custom_field_values.json", new { custom_field_value = new { subject_type = "Workspace", subject_id = project, custom_field_id = field, value = entity } });
        var resource = (await kantata.WriteAsync("POST", "workspace_resources.json", new { workspace_resource = new { workspace_id = project, user_id = user } })).Id();
        return (await kantata.WriteAsync("POST", "workspace_allocations.json", new
        {
            workspace_allocation = new { resource_id = resource, start_date = Day(from), end_date = Day(from.AddDays(days - 1)), minutes = (int)(hours * 60m), hard, notes },
        })).Id();
    }

    public async Task ChangeAsync(string booking, object changes)
    {
        using var kantata = Firm.Sandbox.Kantata();
        await kantata.WriteAsync("PUT", $"workspace_allocations/{booking}.json", new { workspace_allocation = changes });
    }

    public Record InPsa(string booking) => Firm.Table("kantata", "workspace_allocations").Find(booking)!;

    /// <summary>HR approves an absence of whole days and tells.</summary>
    public async Task<IReadOnlyList<string>> ApproveAbsenceAsync(string number, DateOnly from, int days)
    {
        var workday = Firm.Sandbox.Host.Vendor("workday").Store;
        var worker = workday["worker"].Scan().First(record => record.Text("employeeId") == number);
        var entries = Enumerable.Range(0, days).Select(day => workday.Insert("timeOff", new Dictionary<string, object?>
        {
            ["worker"] = worker.Id,
            ["date"] = from.AddDays(day),
            ["quantity"] = 8m,
            ["unit"] = "Hours",
            ["type"] = "Vacation",
            ["status"] = "Approved",
        }).Id).ToList();
        await TellAsync(number);
        return entries;
    }

    public async Task CancelAbsenceAsync(string number, IEnumerable<string> entries)
    {
        var workday = Firm.Sandbox.Host.Vendor("workday").Store;
        foreach (var id in entries)
        {
            workday.Update("timeOff", id, new Dictionary<string, object?> { ["status"] = "Canceled" });
        }

        await TellAsync(number);
    }

    /// <summary>Waits until the assignment is as wanted; says how it stands when it does not become so.</summary>
    public async Task<AssignmentRow> AssignmentAsync(string booking, Func<AssignmentRow, bool> wanted)
    {
        AssignmentRow? row = null;
        await UntilAsync(async store =>
        {
            row = await store.Assignments.AsNoTracking().SingleOrDefaultAsync(item => item.ExternalId == booking, Token);
            return row is not null && wanted(row);
        }, () => $"Assignment {booking} stands at {row?.State}: {row?.Decision}");
        return row!;
    }

    public Task<AssignmentRow> ConfirmedAsync(string booking) => AssignmentAsync(booking, row => row is { State: AssignmentState.Confirmed, Hard: true });

    public Task<AssignmentRow> InConflictAsync(string booking) => AssignmentAsync(booking, row => row.State == AssignmentState.InConflict);

    /// <summary>Waits until the person's cases of a code stand as wanted.</summary>
    public async Task<ExceptionCase> CaseAsync(string number, string code, CaseStatus status)
    {
        ExceptionCase? found = null;
        await UntilAsync(async store =>
        {
            found = await store.ExceptionCases.AsNoTracking().Include(item => item.History).Where(item => item.BusinessKey == $"person:{number}" && item.Code == code).OrderByDescending(item => item.Id).FirstOrDefaultAsync(Token);
            return found?.Status == status;
        }, () => $"Case {code} of {number} stands at {found?.Status}: {found?.Message}");
        return found!;
    }

    public async Task UntilAsync(Func<PsaConsole.Engine.Store.EngineDbContext, Task<bool>> wanted, Func<string> standing)
    {
        using var again = new PeriodicTimer(TimeSpan.FromMilliseconds(60));
        var until = TimeProvider.System.GetUtcNow() + Patience;
        while (await again.WaitForNextTickAsync(Token))
        {
            await using var store = await Firm.OpenStoreAsync();
            if (await wanted(store))
            {
                return;
            }

            if (TimeProvider.System.GetUtcNow() > until)
            {
                var changes = await store.InboxItems.Where(item => item.SourceType != "opportunity").OrderByDescending(item => item.Id).Take(20).Select(item => $"{item.SourceType} {item.SourceId} {item.Status} {item.Outcome}").ToListAsync(Token);
                var runs = await store.Runs.OrderByDescending(run => run.UpdatedAt).Take(10).Select(run => $"{run.Title} {run.Status} {run.StepKey} {run.Message}").ToListAsync(Token);
                var errors = await store.SourceCursors.Select(cursor => $"{cursor.SystemName} {cursor.LastError}").ToListAsync(Token);
                Assert.Fail(string.Join("\n", [standing(), .. changes, .. runs, .. errors]));
            }
        }
    }

    /// <summary>What the profile sync says to the person's lane when HR changed something.</summary>
    private Task<int> TellAsync(string number) => Firm.Get<Intake>().ReceiveAsync(
        "workday", [new Change("person-changed", number, Guid.NewGuid().ToString("n"), TimeProvider.System.GetUtcNow(), null) { LaneKey = StaffingDesk.LaneOf(number) }], Token);

    private static string Day(DateOnly date) => date.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);

    private static DateOnly NextMonday(DateOnly date) => date.AddDays((8 - (int)date.DayOfWeek) % 7);
}
