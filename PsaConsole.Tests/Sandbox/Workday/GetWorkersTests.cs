using System.Globalization;
using System.Net;
using PsaConsole.Sandbox.Workday;
using static PsaConsole.Tests.Sandbox.Workday.WorkdayCalls;

namespace PsaConsole.Tests.Sandbox.Workday;

public sealed class GetWorkersTests(RunningSandbox sandbox) : IClassFixture<RunningSandbox>
{
    private DateOnly Today => sandbox.Host.World.Clock.Today;

    private HumanResources Office => new(sandbox.Host.Vendor("workday").Store, sandbox.Host.World.Clock);

    [Fact]
    public async Task Pages_cover_everybody_once()
    {
        await using var own = await RunningSandbox.StartAsync();
        var client = await own.WorkdayAsync();
        var ids = new List<string>();
        for (var page = 1; page <= 3; page++)
        {
            var (status, response) = await client.GetWorkersAsync($"<bsvc:Response_Filter><bsvc:Page>{page}</bsvc:Page><bsvc:Count>15</bsvc:Count></bsvc:Response_Filter>");
            Assert.Equal(HttpStatusCode.OK, status);
            Assert.Equal("3", response.Value("Total_Pages"));
            ids.AddRange(response.EmployeeIds());
        }

        Assert.Equal(40, ids.Distinct().Count());
        Assert.Equal(40, ids.Count);
    }

    [Fact]
    public async Task Response_group_says_which_parts_are_written()
    {
        var client = await sandbox.WorkdayAsync();
        var (_, response) = await client.GetWorkersAsync(Reference("Employee_ID", "E0001") + "<bsvc:Response_Group><bsvc:Include_Reference>1</bsvc:Include_Reference><bsvc:Include_Employment_Information>1</bsvc:Include_Employment_Information><bsvc:Include_Transaction_Log_Data>1</bsvc:Include_Transaction_Log_Data></bsvc:Response_Group>");
        var worker = Assert.Single(response.Descendants(Wd + "Worker"));
        Assert.Equal("1", worker.Value("Active"));
        Assert.Equal("100", worker.Value("Full_Time_Equivalent_Percentage"));
        Assert.Empty(worker.Descendants(Wd + "Personal_Data"));
        Assert.NotEmpty(worker.Descendants(Wd + "Transaction_Log_Entry"));

        // What a client should leave alone is there as well.
        var (_, everything) = await client.GetWorkersAsync(Reference("WID", worker.Descendants(Wd + "ID").First().Value));
        Assert.NotEmpty(everything.Value("Birth_Date")!);
        Assert.Equal("COMPANY", everything.Value("Organization_Type_Reference"));
    }

    [Fact]
    public async Task Window_of_entry_finds_what_was_entered_within_it()
    {
        var client = await sandbox.WorkdayAsync();
        var worker = sandbox.Host.Vendor("workday").Store["worker"].FirstBy("employeeId", "E0020")!;
        var from = sandbox.Host.World.Clock.GetUtcNow();
        Office.ChangeJob(worker.Id, Today, new() { ["fte"] = 0.6m });
        var (_, response) = await client.GetWorkersAsync(Window("Updated", from, sandbox.Host.World.Clock.GetUtcNow()));
        Assert.Contains("E0020", response.EmployeeIds());
        var (_, before) = await client.GetWorkersAsync(Window("Updated", from.AddYears(-90), from.AddYears(-80)));
        Assert.Empty(before.EmployeeIds());
    }

    [Fact]
    public async Task Termination_that_lies_ahead_shows_when_it_takes_effect()
    {
        var client = await sandbox.WorkdayAsync();
        var store = sandbox.Host.Vendor("workday").Store;
        var worker = store["worker"].Scan().Last(candidate => candidate.Date("terminationDate") is null);
        var last = Today.AddDays(400);
        Office.Terminate(worker.Id, last, "Resignation", sandbox.Host.World.Clock.GetUtcNow().AddDays(-10));

        var at = new DateTimeOffset(last.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);
        var (_, effective) = await client.GetWorkersAsync(Window("Effective", at.AddDays(-1), at.AddDays(1)));
        Assert.Equal([worker.Text("employeeId")!], effective.EmployeeIds());

        var (_, today) = await client.GetWorkersAsync(Reference("WID", worker.Id));
        Assert.Equal("1", today.Value("Active"));
        Assert.Null(today.Value("Termination_Date"));
        var (_, later) = await client.GetWorkersAsync(Reference("WID", worker.Id) + $"<bsvc:Response_Filter><bsvc:As_Of_Effective_Date>{Iso(last.AddDays(1))}</bsvc:As_Of_Effective_Date></bsvc:Response_Filter>");
        Assert.Equal("0", later.Value("Active"));
        Assert.Equal(Iso(last), later.Value("Termination_Date"));
    }

    [Fact]
    public async Task Hire_that_lies_ahead_is_not_active_yet()
    {
        await using var own = await RunningSandbox.StartAsync();
        var client = await own.WorkdayAsync();
        var start = own.Host.World.Clock.Today.AddDays(20);
        new HumanResources(own.Host.Vendor("workday").Store, own.Host.World.Clock).Hire(WorkdaySeed.Worker(
            own.Host.Firm.Consultants[5] with { Number = "E9001", Email = "e9001@northwind.example", HireDate = start }, new Random(1)));
        var (_, response) = await client.GetWorkersAsync(Reference("Employee_ID", "E9001"));
        Assert.Equal("0", response.Value("Active"));
        Assert.Null(response.Value("Position_ID"));
        var (_, later) = await client.GetWorkersAsync(Reference("Employee_ID", "E9001") + $"<bsvc:Response_Filter><bsvc:As_Of_Effective_Date>{Iso(start)}</bsvc:As_Of_Effective_Date></bsvc:Response_Filter>");
        Assert.Equal("1", later.Value("Active"));
    }

    [Fact]
    public async Task Wrong_request_is_a_validation_fault()
    {
        var client = await sandbox.WorkdayAsync();
        var now = sandbox.Host.World.Clock.GetUtcNow();
        foreach (var parts in new[]
        {
            Reference("Employee_ID", "E4711"),
            Window("Updated", now, now.AddDays(1)),
            Window("Updated", now.AddDays(-1), now).Replace("Updated_From", "Unknown_From", StringComparison.Ordinal),
            "<bsvc:Response_Filter><bsvc:Count>5000</bsvc:Count></bsvc:Response_Filter>",
        })
        {
            var (status, fault) = await client.GetWorkersAsync(parts);
            Assert.Equal(HttpStatusCode.InternalServerError, status);
            Assert.NotEmpty(fault.Descendants(Wd + "Validation_Fault").Single().Value("Message")!);
        }
    }

    private static string Iso(DateOnly date) => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
