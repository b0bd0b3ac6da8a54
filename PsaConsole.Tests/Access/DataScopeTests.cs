using PsaConsole.Engine.Access;
using PsaConsole.Engine.Approvals;
using PsaConsole.Engine.Exceptions;
using PsaConsole.Engine.Inbox;

namespace PsaConsole.Tests.Access;

/// <summary>Every role with every action, within its own scope and outside of it (R110): a scope takes rights away and never gives one.</summary>
public sealed class DataScopeTests
{
    private static readonly DataScope Germany = new() { LegalEntities = ["DE01"] };
    private static readonly DataScope GermanData = new() { LegalEntities = ["DE01"], Practices = ["Data"] };

    [Fact]
    public void Every_role_does_within_its_scope_what_it_may_and_nothing_outside_of_it()
    {
        var walked = 0;
        foreach (var (role, kind, action) in from role in RightsMatrix.RoleOrder from kind in CaseKinds.All from action in Enum.GetValues<CaseAction>() where action != CaseAction.None select (role, kind, action))
        {
            foreach (var amount in new decimal?[] { null, 400m, 20_000m })
            {
                Permission Asked(DataScope scope, DataPlace place) => CaseRights.Of(
                    new Actor("p", "P", new HashSet<string> { role }) { Scope = scope }, action, new CaseStake(kind.Code, "p", amount, amount is null ? null : "EUR") { Place = place });

                var unscoped = Asked(DataScope.Everything, DataPlace.Of("DE01", "Data"));
                foreach (var inside in new[] { DataPlace.Of("DE01", "Data"), DataPlace.Of("DE01", null), DataPlace.House })
                {
                    walked++;
                    Assert.Equal(unscoped, Asked(GermanData, inside));
                }

                foreach (var outside in new[] { DataPlace.Of("GB01", "Data"), DataPlace.Of("DE01", "Cloud"), DataPlace.Of(null, "Data"), new DataPlace(["DE01", "GB01"], ["Data"]) })
                {
                    walked++;
                    Assert.False(Asked(GermanData, outside).Allowed, $"{role} may {action} {kind.Code} outside of the scope");
                }
            }
        }

        Assert.True(walked > 20_000, $"only {walked} were walked");
    }

    [Fact]
    public void Every_right_of_the_matrix_ends_where_the_scope_does()
    {
        foreach (var (right, role) in from right in Enum.GetValues<Right>() from role in RightsMatrix.RoleOrder select (right, role))
        {
            var actor = new Actor("p", "P", new HashSet<string> { role }) { Scope = Germany };
            var areas = Enum.GetValues<Extent>().ToHashSet();
            var free = Decision.Of(actor with { Scope = DataScope.Everything }, right, new RightSubject { OwnedBy = "p", Areas = areas, Place = DataPlace.Of("GB01", null) });

            Assert.False(Decision.Of(actor, right, new RightSubject { OwnedBy = "p", Areas = areas, Place = DataPlace.Of("GB01", null) }).Allowed);
            Assert.Equal(free, Decision.Of(actor, right, new RightSubject { OwnedBy = "p", Areas = areas, Place = DataPlace.Of("DE01", null) }));
        }
    }

    [Fact]
    public void Services_are_asked_for_within_the_scope_only()
    {
        foreach (var (service, role) in from service in Enum.GetValues<Service>() from role in RightsMatrix.RoleOrder select (service, role))
        {
            var actor = new Actor("p", "P", new HashSet<string> { role }) { Scope = Germany };

            Assert.False(ServiceDesk.PermissionOf(actor, service, DataPlace.Of("GB01", null)).Allowed);
            Assert.False(ServiceDesk.PermissionOf(actor, service, DataPlace.Of(null, null)).Allowed);
            Assert.Equal(ServiceDesk.PermissionOf(actor with { Scope = DataScope.Everything }, service, DataPlace.House), ServiceDesk.PermissionOf(actor, service, DataPlace.Of("DE01", null)));
        }
    }

    [Fact]
    public void Approvals_are_decided_within_the_scope_only_by_deputies_too()
    {
        var now = new DateTimeOffset(2026, 3, 13, 16, 30, 0, TimeSpan.Zero);
        var controller = new Actor("c", "C", new HashSet<string> { Roles.FinanceController }) { Scope = Germany };
        var deputy = new Actor("d", "D", new HashSet<string> { Roles.FinanceOperations }) { Scope = Germany };
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        var delegation = new Delegation { Delegator = "c", DelegatorName = "C", Deputy = "d", Role = Roles.FinanceController, From = today, Until = today, GrantedAt = now };

        Assert.True(ApprovalRights.Of(controller, Asked("DE01", now), [], now, today).Permission.Allowed);
        Assert.True(ApprovalRights.Of(deputy, Asked("DE01", now), [delegation], now, today).Permission.Allowed);
        foreach (var actor in new[] { controller, deputy })
        {
            var verdict = ApprovalRights.Of(actor, Asked("GB01", now), [delegation], now, today);
            Assert.Equal("It is outside of your scope, which is legal entity DE01.", verdict.Permission.Why);
        }
    }

    [Fact]
    public void What_two_legal_entities_share_is_changed_by_who_has_both()
    {
        var shared = new DataPlace(["DE01", "GB01"], []);

        Assert.Equal("It also concerns GB01, outside of your scope, which is legal entity DE01.", Germany.WhyOutside(shared));
        Assert.Null((Germany with { LegalEntities = ["DE01", "GB01"] }).WhyOutside(shared));
        Assert.Null(DataScope.Everything.WhyOutside(shared));
    }

    [Fact]
    public void Nobody_gives_more_than_they_have()
    {
        Assert.True(Germany.Contains(GermanData));
        Assert.False(GermanData.Contains(Germany));
        Assert.False(Germany.Contains(DataScope.Everything));
        Assert.True(DataScope.Everything.Contains(DataScope.Everything));
    }

    private static Approval Asked(string legalEntity, DateTimeOffset now) => new()
    {
        Kind = ApprovalKind.ProjectCreation,
        RunId = Guid.CreateVersion7(),
        StepKey = "approval",
        Key = "PL12",
        Subject = "A large deal",
        Reason = "It is large.",
        LegalEntity = legalEntity,
        Amount = 2_000_000m,
        Currency = "EUR",
        Changes = "[]",
        Records = [],
        Requesters = ["lead@example.com"],
        Chain = [Roles.FinanceController],
        Fingerprint = "f",
        RequestedAt = now,
        ExpiresAt = now.AddDays(1),
    };
}
