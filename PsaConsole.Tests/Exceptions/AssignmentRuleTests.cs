using Microsoft.EntityFrameworkCore;
using PsaConsole.Engine.Access;
using PsaConsole.Engine.Exceptions;
using PsaConsole.Engine.Exceptions.Assignment;
using PsaConsole.Engine.Notices;
using PsaConsole.Engine.Policies;
using PsaConsole.Tests.Workflows;

namespace PsaConsole.Tests.Exceptions;

/// <summary>New cases go by themselves to whom the rules say, and whoever is given one is told, once.</summary>
public sealed class AssignmentRuleTests(RunningFirm firm) : IClassFixture<RunningFirm>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("HND-008", "Finance", "DE01", "entity")]
    [InlineData("HND-008", "Finance", "GB01", "code")]
    [InlineData("HND-010", "Finance", null, "area")]
    [InlineData("TIM-403", "Finance", null, "team")]
    [InlineData("STF-301", "ResourceManagement", null, null)]
    public void Rule_that_says_most_about_a_case_holds(string code, string team, string? entity, string? expected)
    {
        AssignmentRule[] rules = [Rule(1, "HND", null, null, "area"), Rule(2, "HND-008", null, null, "code"), Rule(3, null, "Finance", null, "team"), Rule(4, null, null, "DE01", "entity")];

        Assert.Equal(expected, AssignmentRule.Pick(rules, code, team, entity)?.Assignee);
    }

    [Fact]
    public async Task New_case_goes_to_person_and_team_of_its_rule_and_they_are_told_once()
    {
        var ada = new Actor($"tests:ada-{Guid.NewGuid():n}", "Ada", new HashSet<string> { Roles.DeliveryOperations }) { Session = Guid.NewGuid().ToString("n"), Email = "ada@example.com" };
        await firm.Get<Sessions>().BegunAsync(ada, Token);
        var rules = firm.Get<AssignmentRules>();
        await Assert.ThrowsAsync<RefusedException>(() => rules.AddAsync(new Actor("tests:auditor", "Auditor", new HashSet<string> { Roles.Auditor }), new RuleDraft("HND-006", "", "", ada.Id, ""), "tests", Token));
        await Assert.ThrowsAsync<RefusedException>(() => rules.AddAsync(RunningFirm.Operations, new RuleDraft("", "", "", ada.Id, ""), "tests", Token));
        await Assert.ThrowsAsync<RefusedException>(() => rules.AddAsync(RunningFirm.Operations, new RuleDraft("XYZ", "", "", ada.Id, ""), "tests", Token));
        await rules.AddAsync(RunningFirm.Operations, new RuleDraft("hnd-006", "", "", ada.Id, "Finance"), "Ada knows them all", Token);

        var about = await RaiseAsync();

        Assert.Equal((ada.Id, "Finance"), (about.Assignee, about.OwnerGroup));
        var told = Assert.Single(await ToldAsync(about));
        Assert.Equal((ada.Id, "ada@example.com"), (told.Person, told.Address));
        var actions = firm.Get<CaseActions>();
        await actions.AssignAsync(RunningFirm.Operations, about.Id, about.Version, RunningFirm.Operations.Id, Token);
        Assert.Single(await ToldAsync(about));
        await actions.AssignAsync(RunningFirm.Operations, about.Id, about.Version + 1, ada.Id, Token);
        Assert.Single(await ToldAsync(about));
        await actions.AssignAsync(RunningFirm.Operations, about.Id, about.Version + 2, "tests:grace", Token);
        Assert.Equal(["tests:grace", ada.Id], (await ToldAsync(about)).Select(notice => notice.Person).Order(StringComparer.Ordinal).Reverse());

        await rules.RemoveAsync(RunningFirm.Operations, Assert.Single(await rules.ListAsync(Token)).Id, Token);
        Assert.Null((await RaiseAsync()).Assignee);
    }

    private static AssignmentRule Rule(long id, string? code, string? team, string? entity, string to) => new()
    {
        Id = id,
        Code = code,
        Team = team,
        LegalEntity = entity,
        Assignee = to,
        Reason = "tests",
        WrittenBy = "tests",
        WrittenByName = "Tests",
        WrittenAt = DateTimeOffset.UnixEpoch,
    };

    private async Task<ExceptionCase> RaiseAsync()
    {
        await using var store = await firm.OpenStoreAsync();
        var raised = await firm.Get<CaseBook>().RaiseAsync(store, new CaseSubject($"tests:{Guid.NewGuid():n}", "Given away"), [new Finding("tests", "HND-006", "tests", "Raised by a test.")], Token);
        await store.SaveChangesAsync(Token);
        return raised[0];
    }

    private async Task<List<TeamNotice>> ToldAsync(ExceptionCase about)
    {
        await using var store = await firm.OpenStoreAsync();
        return await store.TeamNotices.AsNoTracking().Where(notice => notice.CaseId == about.Id && notice.Stage == NoticeStage.Assigned).ToListAsync(Token);
    }
}
