using PsaConsole.Engine.Access;
using PsaConsole.Engine.Approvals;
using PsaConsole.Engine.Model;

namespace PsaConsole.Tests.Approvals;

public sealed class ApprovalRightsTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 10, 12, 0, 0, TimeSpan.Zero);
    private static readonly DateOnly Today = new(2026, 3, 10);

    [Fact]
    public void Only_the_role_whose_turn_it_is_decides()
    {
        var about = Waiting([Roles.DeliveryOperations, Roles.FinanceController]);
        Assert.True(May(Person("1", Roles.DeliveryOperations), about));
        Assert.Contains("Needs the role Delivery operations", Why(Person("2", Roles.FinanceController), about), StringComparison.Ordinal);

        about.Decisions.Add(Decided("1", null));
        Assert.True(May(Person("2", Roles.FinanceController), about));
    }

    [Theory]
    [InlineData("anna")]
    [InlineData("ANNA@EXAMPLE.COM")]
    public void Whoever_asked_does_not_decide(string requester)
    {
        var anna = Person("anna", Roles.FinanceController) with { Email = "anna@example.com" };
        Assert.Contains("SoD-1: You asked for this", Why(anna, Waiting([Roles.FinanceController], requester)), StringComparison.Ordinal);
        Assert.True(May(Person("ben", Roles.FinanceController), Waiting([Roles.FinanceController], requester)));
    }

    [Fact]
    public void Nobody_decides_twice_in_a_chain_whatever_roles_they_hold()
    {
        var about = Waiting([Roles.DeliveryOperations, Roles.FinanceController]);
        about.Decisions.Add(Decided("1", null));
        Assert.Contains("another person", Why(Person("1", Roles.DeliveryOperations, Roles.FinanceController), about), StringComparison.Ordinal);
    }

    [Fact]
    public void Deputy_decides_on_the_days_of_the_delegation_and_on_no_other()
    {
        var about = Waiting([Roles.FinanceController]);
        var deputy = Person("deputy", Roles.FinanceOperations);
        Assert.True(May(deputy, about, Delegated("boss", "deputy", -1, 0)));
        Assert.False(May(deputy, about, Delegated("boss", "deputy", -3, -1)));
        Assert.False(May(deputy, about, Delegated("boss", "deputy", 1, 3)));
        Assert.False(May(deputy, about, Delegated("boss", "somebody", -1, 1)));
    }

    [Fact]
    public void Deputy_of_the_requester_does_not_decide_nor_does_the_requester_as_deputy()
    {
        Assert.Contains("asked for this", Why(Person("deputy"), Waiting([Roles.FinanceController], "boss"), Delegated("boss", "deputy", 0, 0)), StringComparison.Ordinal);
        Assert.Contains("SoD-1: You asked for this", Why(Person("deputy"), Waiting([Roles.FinanceController], "deputy"), Delegated("boss", "deputy", 0, 0)), StringComparison.Ordinal);
    }

    [Fact]
    public void Deputy_and_the_one_in_whose_place_they_act_count_as_one_in_a_chain()
    {
        var about = Waiting([Roles.FinanceController, Roles.FinanceController]);
        about.Decisions.Add(Decided("boss", null));
        Assert.False(May(Person("deputy"), about, Delegated("boss", "deputy", 0, 0)));

        about.Decisions.Clear();
        about.Decisions.Add(Decided("deputy", "boss"));
        Assert.False(May(Person("boss", Roles.FinanceController), about));
        Assert.True(May(Person("third", Roles.FinanceController), about));
    }

    [Theory]
    [InlineData(Roles.IntegrationAdministrator)]
    [InlineData(Roles.SecurityAdministrator)]
    [InlineData(Roles.Auditor)]
    public void Technical_and_auditing_roles_decide_nothing_whatever_else_they_hold(string role) =>
        Assert.Contains("SoD-", Why(Person("1", role, Roles.FinanceController), Waiting([Roles.FinanceController])), StringComparison.Ordinal);

    [Fact]
    public void What_has_expired_or_is_decided_is_not_decided_again()
    {
        var about = Waiting([Roles.FinanceController]);
        var controller = Person("1", Roles.FinanceController);
        Assert.False(ApprovalRights.Of(controller, about, [], about.ExpiresAt, Today).Permission.Allowed);

        about.Close(ApprovalStatus.Void, Now, "changed");
        Assert.Contains("nothing is left", Why(controller, about), StringComparison.Ordinal);
    }

    [Fact]
    public void Chain_grows_with_the_amount_and_a_credit_counts_by_its_size()
    {
        ApprovalTier[] tiers =
        [
            new(ApprovalKind.ProjectCreation, 1_000_000m, Roles.FinanceController),
            new(ApprovalKind.ProjectCreation, 0m, Roles.DeliveryOperations),
            new(ApprovalKind.ProjectCreation, 250_000m, Roles.FinanceController),
        ];
        Assert.Equal([Roles.DeliveryOperations], Chain(250_000m, tiers));
        Assert.Equal([Roles.DeliveryOperations, Roles.FinanceController], Chain(250_000.01m, tiers));
        Assert.Equal([Roles.DeliveryOperations, Roles.FinanceController, Roles.FinanceController], Chain(-1_000_001m, tiers));
        Assert.Equal([Roles.FinanceController], ApprovalTier.Chain(ApprovalKind.Margin, new Money(5m, "EUR"), tiers));
    }

    [Fact]
    public void Controller_has_the_last_word_where_a_pack_lets_a_role_decide_beyond_its_limit()
    {
        ApprovalTier[] tiers = [new(ApprovalKind.ProjectCreation, 0m, Roles.DeliveryOperations)];
        Assert.Equal([Roles.DeliveryOperations], Chain(250_000m, tiers));
        Assert.Equal([Roles.DeliveryOperations, Roles.FinanceController], Chain(250_000.01m, tiers));
    }

    private static IReadOnlyList<string> Chain(decimal amount, ApprovalTier[] tiers) => ApprovalTier.Chain(ApprovalKind.ProjectCreation, new Money(amount, "EUR"), tiers);

    private static bool May(Actor actor, Approval about, params Delegation[] delegations) => ApprovalRights.Of(actor, about, delegations, Now, Today).Permission.Allowed;

    private static string Why(Actor actor, Approval about, params Delegation[] delegations) => ApprovalRights.Of(actor, about, delegations, Now, Today).Permission.Why ?? "";

    private static Actor Person(string id, params string[] roles) => new(id, id, roles.ToHashSet(StringComparer.Ordinal));

    private static Delegation Delegated(string from, string to, int first, int last) => new()
    {
        Delegator = from,
        DelegatorName = from,
        Deputy = to,
        Role = Roles.FinanceController,
        From = Today.AddDays(first),
        Until = Today.AddDays(last),
        GrantedAt = Now.AddDays(-9),
    };

    private static ApprovalDecision Decided(string actor, string? onBehalfOf) => new()
    {
        Actor = actor,
        ActorName = actor,
        OnBehalfOf = onBehalfOf,
        Role = Roles.FinanceController,
        Approved = true,
        Reason = "fine",
        At = Now,
    };

    private static Approval Waiting(string[] chain, params string[] requesters) => new()
    {
        Kind = ApprovalKind.ProjectCreation,
        RunId = Guid.Empty,
        StepKey = "approval",
        Key = "PL12:DE01",
        Subject = "Deal",
        Reason = "It is large.",
        LegalEntity = "DE01",
        Amount = 2_000_000m,
        Currency = "EUR",
        Changes = "[]",
        Records = [],
        Requesters = requesters,
        Chain = chain,
        Fingerprint = "f",
        RequestedAt = Now.AddDays(-1),
        ExpiresAt = Now.AddDays(9),
    };
}
