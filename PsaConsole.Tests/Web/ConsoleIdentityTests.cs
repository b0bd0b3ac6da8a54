using System.Security.Claims;
using PsaConsole.Engine;
using PsaConsole.Engine.Access;
using PsaConsole.Engine.Finance;
using PsaConsole.Web.Security;

namespace PsaConsole.Tests.Web;

public sealed class ConsoleIdentityTests
{
    private static readonly SignInOptions Options = new()
    {
        RoleClaim = "groups",
        Roles = new() { ["FinanceController"] = ["grp-fin-control"], ["Auditor"] = ["grp-audit", "grp-external-audit"] },
    };

    private static readonly SignInOptions Scoped = new()
    {
        RoleClaim = "groups",
        Scopes = new()
        {
            ["grp-de"] = new() { LegalEntities = ["DE01"] },
            ["grp-islands"] = new() { Regions = ["GB"] },
            ["grp-nowhere"] = new() { Regions = ["Atlantis"] },
            ["grp-data"] = new() { Practices = ["Data"] },
            ["grp-all"] = new() { Everything = true },
        },
    };

    private static readonly EntityPacks Packs = new(Microsoft.Extensions.Options.Options.Create(new EngineOptions()));

    [Fact]
    public void Groups_become_roles_by_configuration()
    {
        var person = Sign(new("sub", "u-17"), new("name", "Sample"), new("groups", "grp-external-audit"), new("groups", "grp-unknown"));

        Assert.True(person.IsInRole("Auditor"));
        Assert.False(person.IsInRole("FinanceController"));
    }

    [Fact]
    public void A_list_that_arrives_both_as_claims_and_as_json_grants_each_role_once()
    {
        var person = Sign(new("sub", "u-17"), new("groups", "grp-fin-control"), new("groups", """["grp-fin-control","grp-audit"]"""));

        Assert.Equal(["FinanceController", "Auditor"], person.FindAll(ConsoleIdentity.Role).Select(claim => claim.Value));
    }

    [Fact]
    public void A_role_named_as_ours_needs_no_configuration()
    {
        var person = Sign(new("sub", "u-17"), new("groups", "Executive"));

        Assert.True(person.IsInRole("Executive"));
    }

    [Fact]
    public void Only_what_the_console_needs_is_kept()
    {
        var person = Sign(new("sub", "u-17"), new("name", "Sample"), new("address", "1 Some Street"), new("birthdate", "1990-01-01"));

        Assert.DoesNotContain(person.Claims, claim => claim.Type is "address" or "birthdate");
    }

    [Fact]
    public void Somebody_without_a_subject_is_nobody()
    {
        Assert.Throws<InvalidOperationException>(() => Sign(new Claim("name", "Sample")));
    }

    [Fact]
    public void Without_any_scope_configured_everybody_sees_everything()
    {
        Assert.True(ConsoleIdentity.ActorOf(Sign(new Claim("sub", "u-17"))).Scope.IsEverything);
    }

    [Fact]
    public void Groups_become_scopes_and_several_add_up()
    {
        var scope = ScopeOf(new("groups", "grp-de"), new("groups", """["grp-islands","grp-unknown"]"""));

        Assert.Equal(["DE01", "GB01"], scope.LegalEntities);
        Assert.Equal(["GB"], scope.Regions);
        Assert.Null(scope.Practices);
    }

    [Fact]
    public void Practices_narrow_what_the_legal_entities_give()
    {
        var scope = ScopeOf(new("groups", "grp-de"), new("groups", "grp-data"));

        Assert.Equal("legal entity DE01; practice Data", scope.Words);
        Assert.Null(ScopeOf(new Claim("groups", "grp-data")).LegalEntities);
    }

    [Fact]
    public void Somebody_whom_no_scope_names_sees_nothing_and_a_region_without_entities_is_nothing()
    {
        Assert.Equal([], ScopeOf(new Claim("groups", "grp-unknown")).LegalEntities);
        Assert.Equal([], ScopeOf(new Claim("groups", "grp-nowhere")).LegalEntities);
        Assert.True(ScopeOf(new("groups", "grp-all"), new("groups", "grp-de")).IsEverything);
    }

    [Fact]
    public void Somebody_whose_session_says_nothing_of_a_scope_sees_nothing()
    {
        var old = new ClaimsPrincipal(new ClaimsIdentity([new("sub", "u-17"), new("role", "Auditor")], "test"));

        Assert.Equal([], ConsoleIdentity.ActorOf(old).Scope.LegalEntities);
    }

    private static DataScope ScopeOf(params Claim[] claims) =>
        ConsoleIdentity.ActorOf(ConsoleIdentity.OfProvider(new(new ClaimsIdentity([new Claim("sub", "u-17"), .. claims], "test")), Scoped, Packs)).Scope;

    private static ClaimsPrincipal Sign(params Claim[] claims) => ConsoleIdentity.OfProvider(new(new ClaimsIdentity(claims, "test")), Options, Packs);
}
