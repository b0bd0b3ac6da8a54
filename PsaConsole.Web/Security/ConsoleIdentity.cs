using System.Security.Claims;
using System.Text.Json;
using PsaConsole.Engine.Access;
using PsaConsole.Engine.Finance;
using PsaConsole.Engine.Mapping;

namespace PsaConsole.Web.Security;

/// <summary>The one shape of a signed-in person, whichever way they signed in: subject, name, e-mail, roles.</summary>
public static class ConsoleIdentity
{
    public const string Subject = "sub";
    public const string Name = "name";
    public const string Email = "email";
    public const string Role = "role";

    /// <summary>What of the firm's data the person sees, as JSON (<see cref="DataScope"/>). Without it they see nothing.</summary>
    public const string Scope = "scope";

    /// <summary>Names the session in the audit trail.</summary>
    public const string SessionId = "sid";

    /// <summary>How the person signed in: the value <see cref="DevelopmentMethod"/> marks a sample user.</summary>
    public const string Method = "amr";

    public const string DevelopmentMethod = "development";

    /// <summary>A program with a key, not a person.</summary>
    private const string KeyMethod = "key";

    /// <summary>What the subject of a sample user begins with; the role follows.</summary>
    public const string SamplePrefix = "sample:";

    /// <summary>A sample user: named by the role, never a person.</summary>
    public static ClaimsPrincipal OfSampleUser(ConsoleRole role) => OfSampleUser(role.Name, role.Title, role.Name, DataScope.Everything);

    /// <summary>A sample user who sees a part of the firm.</summary>
    public static ClaimsPrincipal OfSampleUser(string key, string title, string role, DataScope scope) => Of(
        SamplePrefix + key, title, $"{key.ToLowerInvariant()}@example.com", [role], scope, DevelopmentMethod);

    /// <summary>
    /// A person as the provider described them. Only what the console needs is kept, so that the cookie stays small, and roles are
    /// read from plain claims and from JSON arrays alike: some providers send the same list once in each form.
    /// </summary>
    public static ClaimsPrincipal OfProvider(ClaimsPrincipal external, SignInOptions options, EntityPacks packs)
    {
        var subject = First(external, "oid", Subject, ClaimTypes.NameIdentifier)
            ?? throw new InvalidOperationException("The identity provider sent no subject claim (oid or sub): nobody can be held to account without one.");
        var name = First(external, options.OpenIdConnect.NameClaim, Name, "preferred_username", ClaimTypes.Name) ?? subject;
        var email = First(external, Email, "preferred_username", ClaimTypes.Email) ?? "";
        var granted = external.FindAll(options.RoleClaim).SelectMany(claim => Values(claim.Value)).ToHashSet(StringComparer.Ordinal);
        var roles = ConsoleRole.All
            .Select(role => role.Name)
            .Where(role => granted.Contains(role) || options.Roles.GetValueOrDefault(role, []).Any(granted.Contains));
        return Of(subject, name, email, roles, ScopeOf(external, options, packs), "provider");
    }

    /// <summary>A program that proved itself with its key.</summary>
    public static ClaimsPrincipal OfProgram(Actor program) => Of(program.Id, program.Name, "", program.Roles, program.Scope, KeyMethod, program.Session);

    /// <summary>The same person with these roles only.</summary>
    public static ClaimsPrincipal WithRoles(ClaimsPrincipal person, IReadOnlySet<string> roles)
    {
        var identity = (ClaimsIdentity)person.Identity!;
        foreach (var claim in identity.FindAll(Role).Where(claim => !roles.Contains(claim.Value)).ToList())
        {
            identity.RemoveClaim(claim);
        }

        return person;
    }

    /// <summary>The signed-in person as the engine's use cases know them.</summary>
    public static Actor ActorOf(ClaimsPrincipal person) => new(
        First(person, Subject) ?? throw new InvalidOperationException("Nobody is signed in."),
        First(person, Name) ?? "",
        person.FindAll(Role).Select(claim => claim.Value).ToHashSet(StringComparer.Ordinal))
    {
        Session = First(person, SessionId),
        Email = First(person, Email),
        IsPerson = !person.HasClaim(Method, KeyMethod),
        Scope = First(person, Scope) is { } scope ? JsonSerializer.Deserialize<DataScope>(scope, MappingSets.Json)! : DataScope.Nothing,
    };

    /// <summary>Everything where the configuration grants no scopes at all; else what the person's groups come to together.</summary>
    private static DataScope ScopeOf(ClaimsPrincipal external, SignInOptions options, EntityPacks packs)
    {
        var granted = external.FindAll(options.ScopeClaim is { Length: > 0 } claim ? claim : options.RoleClaim).SelectMany(item => Values(item.Value)).ToHashSet(StringComparer.Ordinal);
        return options.Scopes.Count == 0 ? DataScope.Everything : ScopeGrant.Sum([.. options.Scopes.Where(scope => granted.Contains(scope.Key)).Select(scope => scope.Value)], packs);
    }

    private static ClaimsPrincipal Of(string subject, string name, string email, IEnumerable<string> roles, DataScope scope, string method, string? session = null) => new(
        new ClaimsIdentity(
            [new(Subject, subject), new(Name, name), new(Email, email), new(Method, method), new(SessionId, session ?? Guid.NewGuid().ToString("n")),
                new(Scope, JsonSerializer.Serialize(scope, MappingSets.Json)), .. roles.Select(role => new Claim(Role, role))],
            "PsaConsole", Name, Role));

    private static string? First(ClaimsPrincipal principal, params string[] types) =>
        types.Select(principal.FindFirst).FirstOrDefault(claim => !string.IsNullOrWhiteSpace(claim?.Value))?.Value;

    private static string[] Values(string value)
    {
        if (!value.StartsWith('['))
        {
            return [value];
        }

        try
        {
            return JsonSerializer.Deserialize<string[]>(value) ?? [];
        }
        catch (JsonException)
        {
            // A role's name may itself begin with a bracket: then it is no list.
            return [value];
        }
    }
}
