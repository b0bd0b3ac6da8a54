using System.Globalization;
using Microsoft.AspNetCore.WebUtilities;
using PsaConsole.Engine.Audit;

namespace PsaConsole.Web;

/// <summary>Every address of the console. Pages and mails link through here, so that an address changes in one place.</summary>
public static class ConsoleUrls
{
    public static string Today() => "/";

    public static string Exceptions(string? state = null, string? code = null, string? search = null, string? after = null, long? selected = null) => With(
        "/exceptions",
        ("state", state),
        ("code", code),
        ("q", search),
        ("after", after),
        ("case", selected?.ToString(CultureInfo.InvariantCulture)));

    /// <summary>The queue with all of its filters.</summary>
    public static string ExceptionView(params (string Name, string? Value)[] query) => With("/exceptions", query);

    public static string Approvals(string? state = null, string? search = null, string? after = null, long? selected = null) => With(
        "/approvals",
        ("state", state),
        ("q", search),
        ("after", after),
        ("approval", selected?.ToString(CultureInfo.InvariantCulture)));

    public static string Engagements(string? search = null, string? state = null, string? after = null) =>
        With("/engagements", ("state", state), ("q", search), ("after", after));

    public static string Postings(string? search = null, string? state = null, string? after = null, Guid? selected = null) =>
        With("/postings", ("state", state), ("q", search), ("after", after), ("posting", selected?.ToString()));

    public static string Billing(string? search = null, string? state = null, string? after = null, Guid? selected = null) =>
        With("/billing", ("state", state), ("q", search), ("after", after), ("milestone", selected?.ToString()));

    public static string PostingWorkbook() => "/postings/workbook";

    public static string Engagement(Guid id) => $"/engagements/{id}";

    public static string Groups(long? after = null) => With("/exceptions/groups", ("after", after?.ToString(CultureInfo.InvariantCulture)));

    /// <param name="result">Members with this result only.</param>
    public static string Group(long id, string? result = null, int? after = null) =>
        With($"/exceptions/groups/{id}", ("result", result), ("after", after?.ToString(CultureInfo.InvariantCulture)));

    public static string Assignment() => "/exceptions/assignment";

    public static string Case(long id) => $"/exceptions/{id}";

    public static string Staffing(string? state = null, string? scale = null, string? from = null, string? search = null, string? after = null, string? person = null) =>
        With("/staffing", ("state", state), ("scale", scale), ("from", from), ("q", search), ("after", after), ("person", person));

    public static string People(string? search = null, string? standing = null, string? after = null) =>
        With("/people", ("standing", standing), ("q", search), ("after", after));

    public static string Person(string employeeId) => $"/people/{Uri.EscapeDataString(employeeId)}";

    public static string Clients(string? search = null, string? after = null) => With("/clients", ("q", search), ("after", after));

    public static string Client(Guid id) => $"/clients/{id}";

    public static string Systems() => "/systems";

    public static string Lanes(string? state = null, string? after = null) => With("/lanes", ("state", state), ("after", after));

    public static string Permissions(string? area = null) => With("/permissions", ("area", area));

    public static string Audit() => "/audit";

    /// <param name="before">Where the page begins: entries older than this one.</param>
    public static string Audit(AuditFilter filter, long? before = null) => With(
        Audit(),
        ("person", filter.Person),
        ("action", filter.Action),
        ("entity", filter.Entity),
        ("from", filter.From?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)),
        ("to", filter.To?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)),
        ("refused", filter.RefusedOnly ? "true" : null),
        ("before", before?.ToString(CultureInfo.InvariantCulture)));

    public static string AuditExport() => "/audit/export";

    public static string SignIn(string? returnUrl = null) => With("/sign-in", ("returnUrl", returnUrl));

    public static string StartDevelopmentSession() => "/session/development";

    public static string StartProviderSession(string? returnUrl = null) => With("/session/provider", ("returnUrl", returnUrl));

    public static string EndProviderSession() => "/session/provider/end";

    public static string SignOut() => "/session/end";

    public static string Failure(int status) => $"/failure/{status}";

    /// <summary>Where version 1 of the API begins.</summary>
    public const string Api = "/api/v1";

    public static string ApiDocument() => Api + "/openapi.json";

    public static string Hook(string system) => $"/hooks/{system}";

    public static string Live() => "/health/live";

    public static string Ready() => "/health/ready";

    /// <summary>The address if it stays on this console, else the start page: nobody is sent elsewhere after signing in.</summary>
    public static string Local(string? address) =>
        address is ['/', ..] && !address.StartsWith("//", StringComparison.Ordinal) && !address.StartsWith("/\\", StringComparison.Ordinal)
            ? address
            : Today();

    internal static string With(string path, params (string Name, string? Value)[] query) => QueryHelpers.AddQueryString(
        path,
        query.Where(part => !string.IsNullOrEmpty(part.Value)).Select(part => KeyValuePair.Create(part.Name, part.Value)));
}
