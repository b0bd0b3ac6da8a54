using System.Security.Claims;
using PsaConsole.Web.Security;

namespace PsaConsole.Tests.Web;

public sealed class ConsoleIdentityTests
{
    private static readonly SignInOptions Options = new()
    {
        RoleClaim = "groups",
        Roles = new() { ["FinanceController"] = ["grp-fin-control"], ["Auditor"] = ["grp-audit", "grp-external-audit"] },
    };

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

    private static ClaimsPrincipal Sign(params Claim[] claims) => ConsoleIdentity.OfProvider(new(new ClaimsIdentity(claims, "test")), Options);
}
