using System.Net;

namespace PsaConsole.Web.Security;

/// <summary>Where the sign-in that asks for nothing is allowed: in the Development environment, and from this machine.</summary>
public static class DevelopmentSignIn
{
    /// <summary>Why the console may not start in this mode and environment, or null when it may.</summary>
    public static string? WhyRefused(SignInMode mode, IHostEnvironment environment) => mode switch
    {
        SignInMode.Unset =>
            "SignIn:Mode is not set. Set it to EntraId or OpenIdConnect, or to Development on a developer's machine.",
        SignInMode.Development when !environment.IsDevelopment() =>
            $"SignIn:Mode is Development, but the environment is {environment.EnvironmentName}: anybody could be anybody. "
            + "Set SignIn:Mode to EntraId or OpenIdConnect, or run with ASPNETCORE_ENVIRONMENT=Development.",
        _ => null,
    };

    /// <summary>
    /// Whether the request was made on this machine: the connection, the name it asked for (a foreign name that resolves to loopback is
    /// a rebinding attack), and no proxy in between that speaks for somebody else.
    /// </summary>
    public static bool IsLocal(HttpContext context) =>
        context.Connection.RemoteIpAddress is { } remote
        && IPAddress.IsLoopback(remote)
        && IsLoopbackName(context.Request.Host.Host)
        && !context.Request.Headers.ContainsKey("X-Forwarded-For")
        && !context.Request.Headers.ContainsKey("Forwarded");

    private static bool IsLoopbackName(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
}
