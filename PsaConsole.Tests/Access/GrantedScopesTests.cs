using Microsoft.Extensions.Options;
using PsaConsole.Engine;
using PsaConsole.Engine.Access;
using PsaConsole.Engine.Finance;
using PsaConsole.Web.Security;

namespace PsaConsole.Tests.Access;

/// <summary>A scope with a slip of the pen would open nothing and tell nobody: the console says so and does not start.</summary>
public sealed class GrantedScopesTests
{
    private static readonly EntityPacks Packs = new(Options.Create(new EngineOptions()));

    [Fact]
    public void Scopes_that_name_what_there_is_are_taken() => Assert.Empty(Problems(new ScopeGrant { LegalEntities = ["DE01"], Regions = ["EU", "GB"], Practices = [ScopeGrant.PracticesOf(Packs)[0]] }, new ScopeGrant { Everything = true }));

    [Fact]
    public void Each_setting_that_names_nothing_is_named()
    {
        var problems = Problems(new ScopeGrant { LegalEntities = ["DE1"] }, new ScopeGrant { Regions = ["Atlantis"] }, new ScopeGrant { Practices = ["Alchemy"] });

        Assert.Equal(["SignIn:Scopes:0: There is no legal entity DE1.", "SignIn:Scopes:1: There is no legal entity in a region Atlantis.", "SignIn:Scopes:2: There is no practice Alchemy."], problems.Select(problem => problem.Split(" Correct it")[0]));
    }

    private static IReadOnlyList<string> Problems(params ScopeGrant[] grants) =>
        GrantedScopes.Problems(new SignInOptions { Scopes = grants.Select((grant, index) => (grant, index)).ToDictionary(item => $"{item.index}", item => item.grant) }, Packs);
}
