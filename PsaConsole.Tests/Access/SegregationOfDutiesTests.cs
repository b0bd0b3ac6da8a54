using Microsoft.EntityFrameworkCore;
using PsaConsole.Engine.Access;
using PsaConsole.Engine.Audit;
using PsaConsole.Engine.Exceptions;
using PsaConsole.Tests.Audit;

namespace PsaConsole.Tests.Access;

/// <summary>SoD-1 to SoD-10 of domain/9 §9.2, in the rules and in the actions.</summary>
public sealed class SegregationOfDutiesTests(PostgresFixture postgres)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("SoD-1", Duty.Request, Duty.Approve)]
    [InlineData("SoD-2", Duty.EditRates, Duty.Approve)]
    [InlineData("SoD-2", Duty.EditRates, Duty.Post)]
    [InlineData("SoD-3", Duty.CreateProject, Duty.ApproveBilling)]
    [InlineData("SoD-4", Duty.AuthorRule, Duty.ActivateRule)]
    [InlineData("SoD-5", Duty.PrepareReconciliation, Duty.ReviewReconciliation)]
    [InlineData("SoD-5", Duty.CorrectErp, Duty.PrepareReconciliation)]
    [InlineData("SoD-5", Duty.CorrectErp, Duty.ReviewReconciliation)]
    [InlineData("SoD-6", Duty.Book, Duty.OverrideConflict)]
    [InlineData("SoD-9", Duty.SubmitTime, Duty.ApproveTime)]
    public void Nobody_does_both_on_one_object(string rule, Duty first, Duty then)
    {
        var person = Person(Roles.FinanceController);

        Assert.Equal(rule, SegregationOfDuties.Of(person, then, new HashSet<Duty> { first }, 100_001m, true)?.Rule);
        Assert.Null(SegregationOfDuties.Of(person, then, new HashSet<Duty>(), 100_001m, true));
        Assert.Null(SegregationOfDuties.Of(person, first, new HashSet<Duty>(), 100_001m, true));
    }

    [Theory]
    [InlineData(100_000, false)]
    [InlineData(100_001, true)]
    [InlineData(null, true)]
    public void SoD3_Who_created_a_project_may_approve_its_small_billing_events_only(int? amount, bool refused) => Assert.Equal(
        refused, SegregationOfDuties.Of(Person(Roles.FinanceController), Duty.ApproveBilling, new HashSet<Duty> { Duty.CreateProject }, amount, false) is not null);

    [Fact]
    public void SoD6_Who_booked_may_override_a_conflict_up_to_medium() =>
        Assert.Null(SegregationOfDuties.Of(Person(Roles.ResourceManager), Duty.OverrideConflict, new HashSet<Duty> { Duty.Book }, null, false));

    [Theory]
    [InlineData("SoD-8", Roles.SecurityAdministrator, Roles.FinanceController)]
    [InlineData("SoD-8", Roles.SecurityAdministrator, Roles.Executive)]
    [InlineData("SoD-8", Roles.SecurityAdministrator, Roles.IntegrationAdministrator)]
    [InlineData("SoD-10", Roles.Auditor, Roles.DeliveryOperations)]
    [InlineData("SoD-7", Roles.IntegrationAdministrator, Roles.FinanceOperations)]
    [InlineData(null, Roles.ResourceManager, Roles.DeliveryOperations)]
    [InlineData(null, Roles.Executive, Roles.GovernanceBoard)]
    public void Some_roles_are_not_held_together(string? rule, string one, string other) =>
        Assert.Equal(rule, SegregationOfDuties.OfRoles(new HashSet<string> { one, other })?.Rule);

    [Fact]
    public void SoD7_and_SoD10_An_integration_administrator_approves_nothing_and_an_auditor_changes_nothing()
    {
        Assert.Equal("SoD-7", SegregationOfDuties.Of(Person(Roles.IntegrationAdministrator), Duty.Approve, new HashSet<Duty>(), null, false)?.Rule);
        Assert.Equal("SoD-7", SegregationOfDuties.Of(Person(Roles.IntegrationAdministrator), Duty.EditFinancialFields, new HashSet<Duty>(), null, false)?.Rule);
        Assert.Null(SegregationOfDuties.Of(Person(Roles.IntegrationAdministrator), Duty.Change, new HashSet<Duty>(), null, false));
        Assert.Equal("SoD-10", SegregationOfDuties.Of(Person(Roles.Auditor), Duty.Change, new HashSet<Duty>(), null, false)?.Rule);
    }

    [Fact]
    public async Task Roles_that_conflict_are_refused_when_they_are_granted_and_security_gets_a_case()
    {
        await using var audit = await AuditStore.CreateAsync(postgres, Token);
        var guard = audit.Get<DutyGuard>();

        Assert.Empty(await guard.GrantAsync(Person(Roles.SecurityAdministrator, Roles.FinanceController), Token));
        Assert.Equal([Roles.Auditor], await guard.GrantAsync(Person(Roles.Auditor), Token));

        await using var store = await audit.OpenAsync(Token);
        Assert.Equal("GOV-951", Assert.Single(await store.ExceptionCases.ToListAsync(Token)).Code);
        var entry = Assert.Single(await store.AuditEntries.ToListAsync(Token));
        Assert.Equal(("access.grant", false, "p:1"), (entry.Action, entry.Allowed, entry.Actor));
    }

    [Fact]
    public async Task Who_edited_a_case_does_not_approve_it_and_the_attempt_is_a_case_and_an_entry()
    {
        await using var audit = await AuditStore.CreateAsync(postgres, Token);
        var id = await RaiseAsync(audit);
        await using (var store = await audit.OpenAsync(Token))
        {
            store.AuditEntries.Add(new() { At = DateTimeOffset.UnixEpoch, Actor = "p:1", Action = "exception.edit-and-retry", Entity = $"case:{id}" });
            await store.SaveChangesAsync(Token);
        }

        var refused = await Assert.ThrowsAsync<RefusedException>(() =>
            audit.Get<CaseActions>().ApproveAsync(Person(Roles.FinanceController), id, 0, "mine", Token));
        await audit.Get<CaseActions>().ApproveAsync(Person(Roles.FinanceController) with { Id = "p:2" }, id, 0, "another's", Token);

        Assert.StartsWith("SoD-1", refused.Message, StringComparison.Ordinal);
        await using var after = await audit.OpenAsync(Token);
        Assert.Single(await after.ExceptionCases.Where(item => item.Code == "GOV-951").ToListAsync(Token));
        Assert.Equal([false, true], await after.AuditEntries.Where(entry => entry.Action == "exception.approve").OrderBy(entry => entry.Id).Select(entry => entry.Allowed).ToListAsync(Token));
    }

    [Fact]
    public async Task An_action_is_recorded_with_the_role_that_allowed_it_and_what_was_before_and_after()
    {
        await using var audit = await AuditStore.CreateAsync(postgres, Token);
        var id = await RaiseAsync(audit);

        await audit.Get<CaseActions>().AssignAsync(Person(Roles.Executive, Roles.ResourceManager) with { Session = "s-1" }, id, 0, "p:9", Token);
        await Assert.ThrowsAsync<RefusedException>(() => audit.Get<CaseActions>().AssignAsync(Person(Roles.Executive), id, 1, "p:9", Token));

        await using var store = await audit.OpenAsync(Token);
        var entries = await store.AuditEntries.OrderBy(entry => entry.Id).ToListAsync(Token);
        Assert.Equal([(true, Roles.ResourceManager, "s-1"), (false, Roles.Executive, null)], entries.Select(entry => (entry.Allowed, entry.Role, entry.Session)));
        Assert.Contains("Open", entries[0].Before, StringComparison.Ordinal);
        Assert.Contains("p:9", entries[0].After, StringComparison.Ordinal);
        Assert.Contains("Needs the role", entries[1].After, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Decision_on_what_has_changed_and_edit_beyond_ones_rights_are_refusals_of_the_trail()
    {
        await using var audit = await AuditStore.CreateAsync(postgres, Token);
        var id = await RaiseAsync(audit);
        var delivery = Person(Roles.DeliveryOperations);
        var actions = audit.Get<CaseActions>();

        var stale = await Assert.ThrowsAsync<RefusedException>(() => actions.AssignAsync(delivery, id, 7, "p:9", Token));
        var edit = await Assert.ThrowsAsync<RefusedException>(() =>
            actions.EditAndRetryAsync(delivery, id, 0, new Dictionary<string, string?> { ["corrections.sellingEntity"] = "GB01" }, "ours", Token));
        var check = await Assert.ThrowsAsync<RefusedException>(() => audit.Get<AuditCheck>().RunAsync(delivery, Token));

        Assert.Equal([RefusedBecause.Stale, RefusedBecause.Right, RefusedBecause.Right], new[] { stale, edit, check }.Select(refused => refused.Because));
        Assert.StartsWith("corrections.sellingEntity: Needs the role", edit.Message, StringComparison.Ordinal);
        await using var store = await audit.OpenAsync(Token);
        Assert.Equal(
            [("exception.assign", false), ("exception.edit-and-retry", false), ("audit.checked", false)],
            (await store.AuditEntries.OrderBy(entry => entry.Id).ToListAsync(Token)).Select(entry => (entry.Action, entry.Allowed)));
    }

    private static Actor Person(params string[] roles) => new("p:1", "P", roles.ToHashSet(StringComparer.Ordinal));

    private static async Task<long> RaiseAsync(AuditStore audit)
    {
        await using var store = await audit.OpenAsync(Token);
        var raised = new ExceptionCase
        {
            Code = "HND-010",
            BusinessKey = "deal:1",
            Subject = "Deal",
            Message = "Deal and schedule don't add up.",
            Findings = "[]",
            Severity = "High",
            OwnerGroup = "Finance",
            RaisedAt = DateTimeOffset.UnixEpoch,
        };
        store.ExceptionCases.Add(raised);
        await store.SaveChangesAsync(Token);
        return raised.Id;
    }
}
