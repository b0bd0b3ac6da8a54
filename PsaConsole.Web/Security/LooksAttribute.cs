using System.Reflection;
using Microsoft.AspNetCore.Authorization;
using PsaConsole.Engine.Access;

namespace PsaConsole.Web.Security;

/// <summary>
/// The page is open to whoever may look at the records of one of these rights (9-access 9.1). A page without it is open to everybody who is signed in, and decides
/// itself what it shows them.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class LooksAttribute(params Right[] rights) : AuthorizeAttribute("looks:" + string.Join(',', rights))
{
    /// <summary>Whether the page opens for this person.</summary>
    public bool Allows(Actor actor) => rights.Any(right => Decision.OfLooking(actor, right).Allowed);

    /// <summary>Whether the page of that type opens for this person.</summary>
    public static bool Opens(Type page, Actor actor) => page.GetCustomAttribute<LooksAttribute>()?.Allows(actor) ?? true;

    /// <summary>The policy by which the page of that type opens; null where it opens for everybody.</summary>
    public static string? PolicyOf(Type page) => page.GetCustomAttribute<LooksAttribute>()?.Policy;

    /// <summary>The roles that the page of that type opens for, in words; null where it opens for everybody.</summary>
    public static string? WhoOpens(Type page)
    {
        if (page.GetCustomAttribute<LooksAttribute>() is not { } looks)
        {
            return null;
        }

        var roles = RightsMatrix.RoleOrder.Where(role => looks.Allows(new Actor("", "", new HashSet<string> { role }))).Select(Decision.Words).ToList();
        return string.Join(", ", roles);
    }

    /// <summary>Makes the policies that the pages of the console name.</summary>
    internal static void AddPolicies(AuthorizationOptions options)
    {
        foreach (var looks in typeof(LooksAttribute).Assembly.GetTypes().Select(page => page.GetCustomAttribute<LooksAttribute>()).OfType<LooksAttribute>().DistinctBy(looks => looks.Policy))
        {
            options.AddPolicy(looks.Policy!, policy => policy.RequireAuthenticatedUser().RequireAssertion(
                context => context.User.Identity?.IsAuthenticated is true && looks.Allows(ConsoleIdentity.ActorOf(context.User))));
        }
    }
}
