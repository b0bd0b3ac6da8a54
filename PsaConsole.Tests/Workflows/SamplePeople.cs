using System.Net.Http.Json;
using Microsoft.EntityFrameworkCore;
using PsaConsole.Engine.Access;
using PsaConsole.Engine.Exceptions;
using PsaConsole.Engine.Inbox;
using PsaConsole.Engine.Model;
using PsaConsole.Engine.Workflows;
using PsaConsole.Sandbox.Workday;
using Record = PsaConsole.Sandbox.Core.Record;

namespace PsaConsole.Tests.Workflows;

/// <summary>What the people department of the sample firm does, and how a person then stands in each system.</summary>
internal sealed class SamplePeople(IWorkingFirm firm)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public HumanResources Office { get; } = new(firm.Sandbox.Host.Vendor("workday").Store, firm.Sandbox.Host.World.Clock);

    public DateOnly Today => firm.Sandbox.Host.World.Clock.Today;

    /// <summary>The last day that has begun wherever people work: just after midnight here it is yesterday in America.</summary>
    public DateOnly TodayEverywhere => Today.AddDays(-1);

    /// <summary>Somebody who is employed in this legal entity, whom no test has taken yet.</summary>
    public PsaConsole.Sandbox.Firm.Consultant Somebody(string entity, int index) =>
        firm.Sandbox.Host.Firm.Consultants.Where(person => person.LegalEntity == entity && person is { Billable: true, TerminationDate: null, Role: "Consultant" or "Senior Consultant" or "Architect" or "Analyst" }).ElementAt(index);

    /// <summary>A new person like another one, with a name and number of their own.</summary>
    public static PsaConsole.Sandbox.Firm.Consultant Like(PsaConsole.Sandbox.Firm.Consultant other, string number, DateOnly hired) =>
        other with { Number = number, FirstName = "Nova", LastName = number, Email = $"nova.{number}@northwind.example".ToLowerInvariant(), HireDate = hired };

    public Record Hire(PsaConsole.Sandbox.Firm.Consultant person, bool contingent = false) =>
        Office.Hire(new Dictionary<string, object?>(WorkdaySeed.Worker(person, new Random(1))) { ["contingent"] = contingent });

    public Record Worker(string number) => firm.Table("workday", "worker").FirstBy("employeeId", number)!;

    public Record? User(string email) => firm.Table("kantata", "users").FirstBy("email_address", email);

    public Record? Membership(string email) => User(email) is { } user ? firm.Table("kantata", "account_memberships").FindBy("user_id", user.Id).Single() : null;

    public string? RoleOf(string email) => firm.Table("kantata", "roles").Find(Membership(email)?.Text("default_role_id"))?.Text("name");

    /// <summary>The value of a field of the account's own.</summary>
    public string? Field(string email, string name)
    {
        var field = firm.Table("kantata", "custom_fields").Scan().Single(item => item.Text("name") == name && item.Text("subject_type") == "user").Id;
        return firm.Table("kantata", "custom_field_values").FindBy("subject_id", User(email)!.Id).SingleOrDefault(value => value.Text("custom_field_id") == field && value.Text("subject_type") == "User")?.Text("value");
    }

    /// <summary>The employees or vendors with the address, by legal entity.</summary>
    public Dictionary<string, Record> InErp(string email, string table = "employee") =>
        firm.Table("netsuite", table).FindBy("email", email).ToDictionary(person => firm.Table("netsuite", "subsidiary").Find(person.Text("subsidiary"))!.Text("externalId")!);

    public void GiveAccount(string email, bool enabled = true) => firm.Sandbox.Host.Vendor("microsoft365").Store.Insert("users", new Dictionary<string, object?>
    {
        ["userPrincipalName"] = email,
        ["mail"] = email,
        ["displayName"] = email,
        ["accountEnabled"] = enabled,
    });

    public async Task<PersonRow?> RowAsync(string number)
    {
        await using var store = await firm.OpenStoreAsync();
        return await store.People.AsNoTracking().SingleOrDefaultAsync(person => person.EmployeeId == number, Token);
    }

    public async Task<List<InboxItem>> InboxAsync(string sourceType, string number)
    {
        await using var store = await firm.OpenStoreAsync();
        return await store.InboxItems.AsNoTracking().Where(item => item.SourceType == sourceType && item.SourceId == number).OrderBy(item => item.Id).ToListAsync(Token);
    }

    /// <summary>The newest run of the person's profile, as wanted.</summary>
    public Task<Run> RunOfAsync(string number, Func<Run, bool> wanted) => firm.RunOfAsync($"consultant:workday:{number}", wanted);

    public Task<Run> ParkedAsync(string number) => RunOfAsync(number, run => run.Status == RunStatus.Parked);

    /// <summary>The person's run that has completed with this effect.</summary>
    public async Task<Run> CompletedAsync(string number, Func<bool> holds)
    {
        var run = await RunOfAsync(number, run => run.Status == RunStatus.Parked || (run.Status == RunStatus.Completed && holds()));
        Assert.True(run.Status == RunStatus.Completed, $"{run.StepKey}: {run.Message}");
        return run;
    }

    /// <summary>Settles a case as the resource manager does, and waits until the run has come to rest.</summary>
    public async Task<Run> SettleAsync(CaseActions actions, ExceptionCase about, string? account = null)
    {
        var manager = new Actor("tests:resources", "Resource manager", new HashSet<string> { Roles.ResourceManager });
        await (account is null
            ? actions.RetryAsync(manager, about.Id, about.Version, "tests", Token)
            : actions.EditAndRetryAsync(manager, about.Id, about.Version, new Dictionary<string, string?> { ["account"] = account }, "tests", Token));
        return await RunOfAsync(about.BusinessKey.Split(':')[2], run => run.Status is RunStatus.Completed or RunStatus.Parked);
    }

    /// <summary>Moves the sandbox's clock.</summary>
    public async Task MoveSandboxAsync(DateTimeOffset now)
    {
        using var answer = await firm.Sandbox.Control.PostAsJsonAsync("/clock", new { now }, Token);
        answer.EnsureSuccessStatusCode();
    }
}
