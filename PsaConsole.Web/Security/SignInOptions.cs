using PsaConsole.Engine.Access;

namespace PsaConsole.Web.Security;

/// <summary>How people prove who they are. <see cref="Development"/> asks for nothing and serves this machine only.</summary>
public enum SignInMode
{
    /// <summary>Not chosen: the console refuses to start and says what to set.</summary>
    Unset,

    /// <summary>Sample users by role, offered to loopback connections in the Development environment.</summary>
    Development,

    /// <summary>A Microsoft Entra ID tenant, through Microsoft.Identity.Web.</summary>
    EntraId,

    /// <summary>Any other OpenID Connect provider: code flow with PKCE.</summary>
    OpenIdConnect,
}

/// <summary>The configuration section <c>SignIn</c>.</summary>
public sealed class SignInOptions
{
    public const string Section = "SignIn";

    public SignInMode Mode { get; init; }

    /// <summary>The claim that carries groups or application roles: <c>roles</c>, <c>groups</c>, or whatever the provider calls it.</summary>
    public string RoleClaim { get; init; } = "roles";

    /// <summary>Console role → values of <see cref="RoleClaim"/> that grant it. A value that equals a role's name grants that role unasked.</summary>
    public Dictionary<string, string[]> Roles { get; init; } = [];

    /// <summary>The claim that carries what grants scopes; empty for <see cref="RoleClaim"/>.</summary>
    public string ScopeClaim { get; init; } = "";

    /// <summary>
    /// Value of <see cref="ScopeClaim"/> → legal entities, regions and practices that it grants. Without any entry everybody sees everything; with some, somebody whom
    /// none of them names sees nothing of any legal entity.
    /// </summary>
    public Dictionary<string, ScopeGrant> Scopes { get; init; } = [];

    /// <summary>Sample users of the development sign-in who see a part of the firm, beside one for each role who sees all of it.</summary>
    public Dictionary<string, SamplePerson> Samples { get; init; } = [];

    public OpenIdConnectSettings OpenIdConnect { get; init; } = new();

    public ApiSettings Api { get; init; } = new();
}

/// <summary>The configuration section <c>SignIn:Api</c>: access tokens of the provider that open the API. Keys open it without any of this.</summary>
public sealed class ApiSettings
{
    /// <summary>For whom a token has to be made out; empty to take keys only.</summary>
    public string Audience { get; init; } = "";

    /// <summary>Who makes the tokens out, where that is another address than for signing in; always to be set for Entra ID.</summary>
    public string Authority { get; init; } = "";
}

/// <summary>The configuration section <c>SignIn:OpenIdConnect</c>. Entra ID has its own, <c>SignIn:EntraId</c>, in the shape of Microsoft.Identity.Web.</summary>
public sealed class OpenIdConnectSettings
{
    public string Authority { get; init; } = "";
    public string ClientId { get; init; } = "";
    public string ClientSecret { get; init; } = "";
    public string DisplayName { get; init; } = "your organisation";
    public string NameClaim { get; init; } = "name";
    public string[] Scopes { get; init; } = ["openid", "profile", "email"];
}
