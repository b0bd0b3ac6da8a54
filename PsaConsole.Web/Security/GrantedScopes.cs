using Microsoft.Extensions.Options;
using PsaConsole.Engine.Finance;

namespace PsaConsole.Web.Security;

/// <summary>The scopes that the configuration grants. One that names nothing that there is would open nothing, and nobody would see why: the console does not start.</summary>
public static class GrantedScopes
{
    /// <exception cref="StartRefusedException">A grant names a legal entity, region or practice that there is not; the message names each.</exception>
    public static void Check(IServiceProvider services)
    {
        var problems = Problems(services.GetRequiredService<IOptions<SignInOptions>>().Value, services.GetRequiredService<EntityPacks>());
        if (problems.Count > 0)
        {
            throw new StartRefusedException(string.Join(" ", problems));
        }
    }

    /// <summary>What is wrong with the grants, each with the setting that it is in.</summary>
    public static IReadOnlyList<string> Problems(SignInOptions options, EntityPacks packs) =>
    [
        .. options.Scopes.Select(scope => (Setting: $"{SignInOptions.Section}:Scopes:{scope.Key}", Grant: scope.Value))
            .Concat(options.Samples.Select(sample => (Setting: $"{SignInOptions.Section}:Samples:{sample.Key}:Scope", Grant: sample.Value.Scope)))
            .Select(item => (item.Setting, Problem: item.Grant.Problem(packs)))
            .Where(item => item.Problem is not null)
            .Select(item => $"{item.Setting}: {item.Problem} Correct it, or add the finance pack of the legal entity (Engine:PacksFolder)."),
    ];
}
