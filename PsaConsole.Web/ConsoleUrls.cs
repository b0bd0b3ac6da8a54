using Microsoft.AspNetCore.WebUtilities;

namespace PsaConsole.Web;

/// <summary>Every address of the console. Pages and mails link through here, so that an address changes in one place.</summary>
public static class ConsoleUrls
{
    public static string Today() => "/";

    public static string Exceptions() => "/exceptions";

    public static string Engagements(string? search = null) => With("/engagements", ("q", search));

    public static string Engagement(Guid id) => $"/engagements/{id}";

    public static string Case(long id) => $"/exceptions/{id}";

    public static string Systems() => "/systems";

    public static string Permissions() => "/permissions";

    public static string SignIn(string? returnUrl = null) => With("/sign-in", ("returnUrl", returnUrl));

    public static string StartDevelopmentSession() => "/session/development";

    public static string StartProviderSession(string? returnUrl = null) => With("/session/provider", ("returnUrl", returnUrl));

    public static string SignOut() => "/session/end";

    public static string Failure(int status) => $"/failure/{status}";

    public static string Live() => "/health/live";

    public static string Ready() => "/health/ready";

    /// <summary>The address if it stays on this console, else the start page: nobody is sent elsewhere after signing in.</summary>
    public static string Local(string? address) =>
        address is ['/', ..] && !address.StartsWith("//", StringComparison.Ordinal) && !address.StartsWith("/\\", StringComparison.Ordinal)
            ? address
            : Today();

    private static string With(string path, params (string Name, string? Value)[] query) => QueryHelpers.AddQueryString(
        path,
        query.Where(part => !string.IsNullOrEmpty(part.Value)).Select(part => KeyValuePair.Create(part.Name, part.Value)));
}
