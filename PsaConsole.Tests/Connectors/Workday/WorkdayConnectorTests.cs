using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using PsaConsole.Engine.Connectors;
using PsaConsole.Engine.Mapping;
using PsaConsole.Engine.Model;
using PsaConsole.Sandbox.Core;
using PsaConsole.Sandbox.Workday;

namespace PsaConsole.Tests.Connectors.Workday;

public sealed class WorkdayConnectorTests(ConnectedEngine engine) : IClassFixture<ConnectedEngine>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private IHr Hr => engine.Get<IHr>();

    private RecordStore Store => engine.Sandbox.Host.Vendor("workday").Store;

    private SandboxClock Clock => engine.Sandbox.Host.World.Clock;

    private HumanResources Office => new(Store, Clock);

    private IChangeSource Source => engine.Get<IEnumerable<IChangeSource>>().Single(candidate => candidate.SystemName == "workday");

    [Fact]
    public async Task Every_consultant_is_read_with_what_staffing_needs()
    {
        var people = (await Hr.ReadConsultantsAsync(Token)).ToDictionary(person => person.EmployeeId);
        Assert.All(engine.Sandbox.Host.Firm.Consultants.Take(19), expected =>
        {
            var person = people[expected.Number];
            Assert.Equal((expected.Name, expected.Email, expected.Role, expected.Level), (person.Name, person.Email, person.JobProfile, person.Level));
            Assert.Equal((expected.LegalEntity, expected.CostCenter, expected.Country), (person.LegalEntity, person.CostCenter, person.Country));
            Assert.Equal((expected.Fte, expected.WeeklyHours, expected.Billable, expected.RemoteAllowed), (person.FullTimeEquivalent, person.WeeklyHours, person.Billable, person.RemoteAllowed));
            Assert.Equal((expected.HireDate, expected.TerminationDate), (person.HiredOn!.Value, person.LastWorkingDay));
            Assert.Equal(expected.Skills.Select(skill => (skill.Name, skill.Level)), person.Skills.Select(skill => (skill.Skill, skill.Level)));
        });
    }

    [Fact]
    public async Task Lone_skill_and_no_skill_are_lists_all_the_same()
    {
        Store.Update("worker", Worker("E0021").Id, new Dictionary<string, object?> { ["skills"] = new System.Text.Json.Nodes.JsonArray(new System.Text.Json.Nodes.JsonObject { ["Skill"] = "COBOL", ["Level"] = "3" }) });
        Store.Update("worker", Worker("E0022").Id, new Dictionary<string, object?> { ["skills"] = new System.Text.Json.Nodes.JsonArray() });
        // A connector of its own: the shared one may know a roster of a moment ago.
        await using var other = await engine.ConnectAsync([]);
        var people = (await other.GetRequiredService<IHr>().ReadConsultantsAsync(Token)).ToDictionary(person => person.EmployeeId);
        Assert.Equal(("COBOL", 3), Assert.Single(people["E0021"].Skills) is var skill ? (skill.Skill, skill.Level) : default);
        Assert.Empty(people["E0022"].Skills);
    }

    [Fact]
    public async Task Approved_absences_count_in_hours_and_nothing_of_why_is_taken_along()
    {
        var worker = Worker("E0023");
        var weekly = worker.Number("weeklyHours")!.Value;
        var monday = new DateOnly(2031, 3, 3);
        Office.ApproveTimeOff(worker, monday, 4m, "Sick Leave", "Illness", "Doctor's note, confidential");
        var days = Office.ApproveTimeOff(worker, monday.AddDays(1), 0.5m, "Vacation", "", null);
        Store.Update("timeOff", days.Id, new Dictionary<string, object?> { ["unit"] = "Days" });
        Office.ApproveTimeOff(worker, monday.AddDays(2), 8m, "Vacation", "", null, status: "Submitted");
        Office.ApproveTimeOff(worker, monday.AddDays(60), 8m, "Vacation", "", null);
        Office.ApproveLeave(worker, monday.AddDays(4), monday.AddDays(40), "Parental Leave", "Birth of a child");

        var found = await Hr.ReadAbsencesAsync(["E0023"], new DateRange(monday, monday.AddDays(11)), Token);

        var email = worker.Text("email")!;
        Assert.Equal(
            [
                new Commitment(email, new DateRange(monday, monday), 4m),
                new Commitment(email, new DateRange(monday.AddDays(1), monday.AddDays(1)), weekly / 10m),
                new Commitment(email, new DateRange(monday.AddDays(4), monday.AddDays(11)), weekly / 5m * 6m),
            ],
            found);
    }

    [Fact]
    public async Task More_absences_than_a_page_holds_are_all_read()
    {
        var worker = Worker("E0024");
        var first = new DateOnly(2032, 1, 1);
        for (var day = 0; day < 130; day++)
        {
            Office.ApproveTimeOff(worker, first.AddDays(day), 1m, "Vacation", "", null);
        }

        var found = await Hr.ReadAbsencesAsync(["E0024"], new DateRange(first, first.AddDays(200)), Token);
        Assert.Equal(130, found.Select(commitment => commitment.Dates.From).Distinct().Count());
        Assert.Empty(await Hr.ReadAbsencesAsync([], new DateRange(first, null), Token));
    }

    [Fact]
    public async Task Nothing_private_of_any_person_leaves_the_connector()
    {
        var cursor = (await Source.ReadChangesAsync(null, Token)).Cursor;
        foreach (var entry in Store["timeOff"].Scan().Take(1).ToList())
        {
            Store.Update("timeOff", entry.Id, new Dictionary<string, object?> { ["comment"] = "private-comment", ["reason"] = "private-reason", ["type"] = "Private Type" });
        }

        Office.ChangeJob(Worker("E0025").Id, Clock.Today, new() { ["level"] = "L5" });
        var ids = Store["worker"].Scan().Select(worker => worker.Text("employeeId")!).ToList();
        var taken = JsonSerializer.Serialize(
            new object[]
            {
                await Hr.ReadConsultantsAsync(Token),
                await Hr.ReadAbsencesAsync(ids, new DateRange(Clock.Today.AddDays(-90), Clock.Today.AddDays(90)), Token),
                await Source.ReadChangesAsync(cursor, Token),
            },
            MappingSets.Json);

        string[] absences = ["Vacation", "Sick", "Leave", "Illness", "bereavement", "Medical", "Doctor", "private-", "Private Type", "Resignation"];
        var people = Store["worker"].Scan().SelectMany(worker => (string?[])[
            worker.Text("homeAddress"), worker.Text("homePhone"), worker.Text("homeEmail"), worker.Text("nationalId"), worker.Text("maritalStatus"), worker.Text("gender"),
            worker.Date("birthDate")?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)]);
        Assert.All([.. absences, .. people.OfType<string>()], secret => Assert.DoesNotContain($"\"{secret}", taken, StringComparison.Ordinal));
        Assert.DoesNotContain("private-", taken, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Entered_change_is_reported_once()
    {
        var cursor = (await Source.ReadChangesAsync(null, Token)).Cursor;
        Office.ChangeJob(Worker("E0026").Id, Clock.Today.AddDays(-1), new() { ["fte"] = 0.5m });

        // A window ends with the second that has passed, so a change of this second comes with the next one.
        List<string> first;
        do
        {
            first = await RevisionsAsync(cursor, "E0026");
        }
        while (first.Count == 0);

        Assert.Equal(first, await RevisionsAsync(cursor, "E0026"));
    }

    [Fact]
    public async Task Change_that_was_entered_long_ago_is_another_one_on_the_day_it_takes_effect()
    {
        var entered = Clock.GetUtcNow().AddDays(-40);
        Office.Hire(WorkdaySeed.Worker(engine.Sandbox.Host.Firm.Consultants[5] with { Number = "E9001", Email = "e9001@northwind.example", HireDate = Clock.Today, TerminationDate = null }, new Random(1)), entered);
        var cursor = JsonSerializer.Serialize(Clock.GetUtcNow().AddMinutes(-10), MappingSets.Json);

        var change = Assert.Single((await Source.ReadChangesAsync(cursor, Token)).Changes, change => change.SourceId == "E9001");

        Assert.Contains("-effective-", change.Revision, StringComparison.Ordinal);
        Assert.Equal(change.Revision, Assert.Single((await Source.ReadChangesAsync(cursor, Token)).Changes, again => again.SourceId == "E9001").Revision);
        Assert.Equal(ErrorClass.CursorLost, (await Assert.ThrowsAsync<ConnectorException>(() => Source.ReadChangesAsync("lost", Token))).Class);
    }

    private async Task<List<string>> RevisionsAsync(string cursor, string number) =>
        [.. (await Source.ReadChangesAsync(cursor, Token)).Changes.Where(change => change.SourceId == number).Select(change => change.Revision).Distinct()];

    private PsaConsole.Sandbox.Core.Record Worker(string number) => Store["worker"].FirstBy("employeeId", number)!;
}
