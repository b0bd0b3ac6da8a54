using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using static PsaConsole.Tests.Sandbox.Workday.WorkdayCalls;

namespace PsaConsole.Tests.Sandbox.Workday;

public sealed class AbsenceAndRosterTests(RunningSandbox sandbox) : IClassFixture<RunningSandbox>
{
    [Fact]
    public async Task Roster_is_all_text_and_a_lone_skill_is_no_list()
    {
        var client = await sandbox.WorkdayAsync();
        var store = sandbox.Host.Vendor("workday").Store;
        var worker = store["worker"].FirstBy("employeeId", "E0003")!;
        store.Update("worker", worker.Id, new Dictionary<string, object?> { ["skills"] = new System.Text.Json.Nodes.JsonArray(new System.Text.Json.Nodes.JsonObject { ["Skill"] = "SQL", ["Level"] = "3" }) });

        var entries = (await client.ReadAsync(Roster + "?format=json")).GetProperty("Report_Entry").EnumerateArray().ToDictionary(entry => entry.GetProperty("Employee_ID").GetString()!);
        Assert.Equal(40, entries.Count);
        Assert.All(entries.Values, entry => Assert.All(entry.EnumerateObject().Where(column => column.Name != "Skills_group"), column => Assert.Equal(JsonValueKind.String, column.Value.ValueKind)));
        Assert.Equal(JsonValueKind.Object, entries["E0003"].GetProperty("Skills_group").ValueKind);
        Assert.Contains(entries.Values, entry => entry.GetProperty("Skills_group").ValueKind == JsonValueKind.Array);
        Assert.Matches(@"^\d{4}-\d\d-\d\d-0[78]:00$", entries["E0001"].GetProperty("Hire_Date").GetString());
        Assert.False(entries["E0001"].TryGetProperty("Manager_ID", out _));

        using var missing = await client.GetAsync(Roster + "_2?format=json", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
        Assert.Contains("<Employee_ID>E0001</Employee_ID>", await client.GetStringAsync(Roster + "?format=simplexml", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Time_off_is_read_worker_by_worker_with_what_is_private_in_it()
    {
        var client = await sandbox.WorkdayAsync();
        var workers = await client.ReadAsync(Absence + "workers?limit=100");
        Assert.Equal(40, workers.GetProperty("total").GetInt32());
        Assert.Equal(20, (await client.ReadAsync(Absence + "workers")).GetProperty("data").GetArrayLength());

        var entry = sandbox.Host.Vendor("workday").Store["timeOff"].Scan().First();
        var date = entry.Date("date")!.Value.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
        var details = await client.ReadAsync($"{Absence}workers/{entry.Text("worker")}/timeOffDetails?fromDate={date}&toDate={date}");
        var detail = details.GetProperty("data")[0];
        Assert.Equal(date, detail.GetProperty("date").GetString());
        Assert.Equal("Hours", detail.GetProperty("unit").GetProperty("descriptor").GetString());
        var status = detail.GetProperty("status").GetProperty("id").GetString();
        Assert.Equal(1, (await client.ReadAsync($"{Absence}workers/{entry.Text("worker")}/timeOffDetails?fromDate={date}&toDate={date}&status={status}")).GetProperty("total").GetInt32());
        Assert.Equal(0, (await client.ReadAsync($"{Absence}workers/{entry.Text("worker")}/timeOffDetails?toDate=1999-01-01")).GetProperty("total").GetInt32());

        foreach (var (path, expected) in new[] { ("workers?limit=101", HttpStatusCode.BadRequest), ("workers/00000000000000000000000000000000/timeOffDetails", HttpStatusCode.NotFound), ("workers/Employee_ID=E0001/timeOffDetails?fromDate=1/2/2026", HttpStatusCode.BadRequest) })
        {
            using var answer = await client.GetAsync(Absence + path, TestContext.Current.CancellationToken);
            Assert.Equal(expected, answer.StatusCode);
        }
    }

    [Fact]
    public async Task Common_service_knows_organizations_and_currencies()
    {
        var client = await sandbox.WorkdayAsync();
        const string Common = "/ccx/api/common/v1/northwind/";
        Assert.Contains((await client.ReadAsync(Common + "currencies")).GetProperty("data").EnumerateArray(), currency => currency.GetProperty("code").GetString() == "JPY" && currency.GetProperty("precision").GetInt32() == 0);
        var organization = (await client.ReadAsync(Common + "supervisoryOrganizations")).GetProperty("data")[0];
        var team = await client.ReadAsync($"{Common}supervisoryOrganizations/{organization.GetProperty("id").GetString()}/workers");
        Assert.True(team.GetProperty("total").GetInt32() > 0);
        Assert.Equal(organization.GetProperty("id").GetString(), team.GetProperty("data")[0].GetProperty("primarySupervisoryOrganization").GetProperty("id").GetString());
    }

    [Fact]
    public async Task Activity_brings_absences_and_tells_them()
    {
        await using var own = await RunningSandbox.StartAsync();
        using var answer = await own.Control.PostAsJsonAsync("/activity", new { days = 10, speed = "instant" }, TestContext.Current.CancellationToken);
        var facts = (await RunningSandbox.JsonAsync(answer)).GetProperty("facts").EnumerateArray().Where(fact => fact.GetProperty("vendor").GetString() == "workday").ToList();
        Assert.True(facts.Count(fact => fact.GetProperty("kind").GetString() == "leave-approved") >= 10);
        Assert.All(facts, fact => Assert.NotNull(own.Host.Vendor("workday").Store.Tables.Select(table => table.Find(fact.GetProperty("recordId").GetString())).FirstOrDefault(record => record is not null)));
    }
}
