using PsaConsole.Engine.Exceptions;
using PsaConsole.Engine.Model;
using PsaConsole.Engine.Workflows;

namespace PsaConsole.Tests.Workflows;

public sealed class ConsultantProfileTests(RunningFirm firm) : IClassFixture<RunningFirm>
{
    private readonly SamplePeople people = new(firm);

    [Fact]
    public async Task New_hire_is_set_up_everywhere_and_waits_only_for_their_account()
    {
        var hired = SamplePeople.Like(people.Somebody("DE01", 0), "E9001", people.Today.AddDays(-1));
        people.Hire(hired);

        var parked = await people.ParkedAsync("E9001");
        Assert.Equal("identity", parked.StepKey);
        var missing = Assert.Single(await firm.CasesAsync(parked));
        Assert.Equal(("RES-205", CaseStatus.Open), (missing.Code, missing.Status));
        var employee = people.InErp(hired.Email)["DE01"];
        Assert.Equal((hired.Role, false, true), (people.RoleOf(hired.Email), employee.Flag("isInactive"), employee.Flag("isJobResource")));
        Assert.Equal(("E9001", hired.Level, "DE01"), (people.Field(hired.Email, "Employee ID"), people.Field(hired.Email, "Level"), people.Field(hired.Email, "Legal Entity")));

        // Staffing is told, on the person's lane, before anybody has made the account.
        var told = await people.InboxAsync(ConsultantProfile.PersonChanged, "E9001");
        Assert.NotEmpty(told);
        Assert.All(told, item => Assert.Equal("person:E9001", item.LaneKey));

        people.GiveAccount("n.ova@northwind.example");
        Assert.Equal(RunStatus.Completed, (await people.SettleAsync(firm.Get<CaseActions>(), missing, account: "n.ova@northwind.example")).Status);
        Assert.Equal(CaseStatus.Resolved, Assert.Single(await firm.CasesAsync(parked)).Status);
        Assert.Equal(PersonStanding.Active, (await people.RowAsync("E9001"))!.Standing);
    }

    [Fact]
    public async Task Promotion_reaches_psa_and_erp_of_somebody_who_was_there_before_us()
    {
        var person = people.Somebody("US01", 0);
        var (user, employee) = (people.User(person.Email)!.Id, people.InErp(person.Email)["US01"].Id);
        people.Office.ChangeJob(people.Worker(person.Number).Id, people.TodayEverywhere, new() { ["jobProfile"] = "Architect", ["level"] = "L5" });
        await people.CompletedAsync(person.Number, () => people.RoleOf(person.Email) == "Architect");

        Assert.Equal((user, "Architect", "L5"), (people.User(person.Email)!.Id, people.RoleOf(person.Email), people.Field(person.Email, "Level")));
        Assert.Equal((employee, "Architect"), Assert.Single(people.InErp(person.Email)).Value is var found ? (found.Id, found.Text("title")) : default);
    }

    [Fact]
    public async Task Transfer_ends_the_record_of_one_legal_entity_and_starts_one_of_the_other()
    {
        var person = people.Somebody("GB01", 0);
        people.Office.ChangeJob(people.Worker(person.Number).Id, people.Today, new() { ["company"] = "DE01", ["costCenter"] = "CC-DE01-DATA" });
        await people.CompletedAsync(person.Number, () => people.InErp(person.Email) is var placed && placed.ContainsKey("DE01") && placed["GB01"].Date("releasedate") is not null);

        var records = people.InErp(person.Email);
        Assert.Equal((true, people.Today.AddDays(-1)), (records["GB01"].Flag("isInactive"), records["GB01"].Date("releasedate")!.Value));
        Assert.Equal((false, people.Today), (records["DE01"].Flag("isInactive"), records["DE01"].Date("hireDate")!.Value));
        Assert.Equal("DE01", people.Field(person.Email, "Legal Entity"));

        // Taken back: the first record is in use again, the other one is not.
        people.Office.ChangeJob(people.Worker(person.Number).Id, people.Today, new() { ["company"] = "GB01", ["costCenter"] = person.CostCenter });
        await people.CompletedAsync(person.Number, () => people.InErp(person.Email)["DE01"].Flag("isInactive"));
        records = people.InErp(person.Email);
        Assert.Equal((false, true), (records["GB01"].Flag("isInactive"), records["DE01"].Flag("isInactive")));
        Assert.Null(records["GB01"].Date("releasedate"));
    }

    [Fact]
    public async Task Leaver_is_made_inactive_and_comes_back_as_the_same_person()
    {
        var person = people.Somebody("US01", 1);
        var worker = people.Worker(person.Number).Id;
        people.Office.Terminate(worker, people.Today.AddDays(-40), "Resignation");
        await people.CompletedAsync(person.Number, () => people.Membership(person.Email)!["disabled_at"] is not null);
        Assert.NotNull(people.Membership(person.Email)!["disabled_at"]);
        Assert.True(Assert.Single(people.InErp(person.Email)).Value.Flag("isInactive"));
        var row = await people.RowAsync(person.Number);
        Assert.Equal(PersonStanding.Left, row!.Standing);

        people.Office.Rehire(worker, people.Today.AddDays(-2), []);
        await people.CompletedAsync(person.Number, () => people.Membership(person.Email)!["disabled_at"] is null);
        Assert.Null(people.Membership(person.Email)!["disabled_at"]);
        var employee = Assert.Single(people.InErp(person.Email)).Value;
        Assert.Equal((false, people.Today.AddDays(-2)), (employee.Flag("isInactive"), employee.Date("hireDate")!.Value));
        Assert.Null(employee.Date("releasedate"));
        var again = await people.RowAsync(person.Number);
        Assert.Equal((row.Id, PersonStanding.Active), (again!.Id, again.Standing));
    }

    [Fact]
    public async Task Contingent_worker_is_a_vendor()
    {
        var contractor = SamplePeople.Like(people.Somebody("US01", 0), "C9002", people.Today.AddDays(-3));
        people.GiveAccount(contractor.Email);
        people.Hire(contractor, contingent: true);
        await people.CompletedAsync("C9002", () => true);
        Assert.Empty(people.InErp(contractor.Email));
        var vendor = people.InErp(contractor.Email, "vendor")["US01"];
        Assert.Equal((true, true, false), (vendor.Flag("isPerson"), vendor.Flag("isJobResourceVend"), vendor.Flag("isInactive")));
    }

    [Fact]
    public async Task Unmapped_job_stops_before_anything_is_written_and_settles_itself_when_hr_corrects_it()
    {
        var hired = SamplePeople.Like(people.Somebody("DE01", 0), "E9003", people.Today.AddDays(-1)) with { Role = "Rocket Scientist", CostCenter = "CC-NOWHERE" };
        people.GiveAccount(hired.Email);
        var worker = people.Hire(hired);
        var parked = await people.ParkedAsync("E9003");
        Assert.Equal(["RES-201", "RES-202"], (await firm.CasesAsync(parked)).Select(item => item.Code).Order());
        Assert.Null(people.User(hired.Email));

        people.Office.ChangeJob(worker.Id, people.Today, new() { ["jobProfile"] = "Analyst", ["costCenter"] = "CC-DE01-DATA" });
        var completed = await people.RunOfAsync("E9003", run => run.Status == RunStatus.Completed);
        Assert.Equal(parked.Id, completed.Id);
        Assert.All(await firm.CasesAsync(completed), item => Assert.Equal(CaseStatus.Resolved, item.Status));
        Assert.Equal("Analyst", people.RoleOf(hired.Email));
    }

    [Fact]
    public async Task Change_of_the_past_is_done_and_finance_is_told_of_the_hours_that_are_posted()
    {
        var person = people.Somebody("DE01", 1);
        var employee = people.InErp(person.Email)["DE01"];
        people.Office.ChangeJob(people.Worker(person.Number).Id, people.Today, new() { ["fte"] = 0.9m });
        await people.CompletedAsync(person.Number, () => people.Field(person.Email, "FTE") == "0.9");

        var from = people.Today.AddDays(-20);
        foreach (var (offset, hours) in ((int, string)[])[(-25, "8:00"), (-15, "8:00"), (-3, "7:30")])
        {
            firm.Sandbox.Host.Vendor("netsuite").Store.Insert("timeBill", new Dictionary<string, object?> { ["employee"] = employee.Id, ["tranDate"] = people.Today.AddDays(offset), ["hours"] = hours });
        }

        people.Office.ChangeJob(people.Worker(person.Number).Id, from, new() { ["level"] = person.Level == "L5" ? "L4" : "L5" });
        var completed = await people.CompletedAsync(person.Number, () => people.Field(person.Email, "Level") == "L5");
        var retro = Assert.Single(await firm.CasesAsync(completed));
        Assert.Equal(("RES-204", CaseStatus.Open), (retro.Code, retro.Status));
        Assert.Contains("15.5 hours in 2 entries", retro.Message, StringComparison.Ordinal);
        Assert.Equal("L5", people.Field(person.Email, "Level"));
    }

    [Fact]
    public async Task Record_that_the_erp_keeps_inactive_is_found_when_it_is_read_back()
    {
        var hired = SamplePeople.Like(people.Somebody("DE01", 0), "E9004", people.Today.AddDays(-1));
        people.GiveAccount(hired.Email);
        await firm.FaultAsync(new { system = "netsuite", method = "PUT", path = "^/services/rest/record/v1/employee/.*person-DE01", effect = "omit:isJobResource", count = 1 });
        people.Hire(hired);
        var parked = await people.ParkedAsync("E9004");
        var missing = Assert.Single(await firm.CasesAsync(parked));
        Assert.Equal(("RES-203", "erp-verify:DE01:employee"), (missing.Code, missing.StepKey));
        Assert.Contains("Time entry allowed", missing.Message, StringComparison.Ordinal);
        firm.Sandbox.Host.Vendor("netsuite").Store.Update("employee", people.InErp(hired.Email)["DE01"].Id, new Dictionary<string, object?> { ["isJobResource"] = true });
        Assert.Equal(RunStatus.Completed, (await people.SettleAsync(firm.Get<CaseActions>(), missing)).Status);
    }

    [Fact]
    public async Task Absence_changes_nothing_elsewhere_but_staffing_looks_again()
    {
        var person = people.Somebody("US01", 2);
        people.Office.ChangeJob(people.Worker(person.Number).Id, people.TodayEverywhere, new() { ["fte"] = 0.9m });
        var run = await people.CompletedAsync(person.Number, () => people.Field(person.Email, "FTE") == "0.9");
        var told = (await people.InboxAsync(ConsultantProfile.PersonChanged, person.Number)).Count;
        people.Office.ApproveTimeOff(people.Worker(person.Number), people.Today.AddDays(3), 8m, "Sick Leave", "Illness", null);

        using var again = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while ((await people.InboxAsync(ConsultantProfile.PersonChanged, person.Number)).Count == told)
        {
            await again.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }

        Assert.Equal(run.Id, (await people.RunOfAsync(person.Number, _ => true)).Id);
    }
}
