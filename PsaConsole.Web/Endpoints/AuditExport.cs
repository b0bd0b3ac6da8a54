using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Mvc;
using PsaConsole.Engine.Access;
using PsaConsole.Engine.Audit;
using PsaConsole.Web.Components.Pages.Audit;
using PsaConsole.Web.Security;

namespace PsaConsole.Web.Endpoints;

/// <summary>Sends what a search of the audit trail found as CSV, streamed; the export is recorded first.</summary>
public static class AuditExport
{
    public static void MapAuditExport(this IEndpointRouteBuilder routes) =>
        routes.MapPost(ConsoleUrls.AuditExport(), ExportAsync).RequireAuthorization();

    private static async Task<IResult> ExportAsync(
        HttpContext context, AuditSearch search, TimeProvider time, [FromForm] string? person, [FromForm] string? action, [FromForm] string? entity,
        [FromForm] string? from, [FromForm] string? to, [FromForm] bool? refused, [FromForm] string? reason)
    {
        var actor = ConsoleIdentity.ActorOf(context.User);
        var filter = new AuditFilter(person, action, entity, AuditPage.Day(from), AuditPage.Day(to), refused is true, null).Bounded();
        try
        {
            await search.BeginExportAsync(actor, filter, reason is { Length: > 2000 } ? reason[..2000] : reason, context.RequestAborted);
        }
        catch (RefusedException)
        {
            return Results.StatusCode(AuditScope.PermissionOf(actor).Allowed ? StatusCodes.Status400BadRequest : StatusCodes.Status403Forbidden);
        }

        var name = string.Create(CultureInfo.InvariantCulture, $"audit-{time.GetUtcNow():yyyyMMdd-HHmmss}.csv");
        return Results.Stream(body => WriteAsync(search, actor, filter, body, context.RequestAborted), "text/csv; charset=utf-8", name);
    }

    private static async Task WriteAsync(AuditSearch search, Actor actor, AuditFilter filter, Stream body, CancellationToken cancellationToken)
    {
        await using var writer = new StreamWriter(body, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true));
        await writer.WriteAsync(Csv.Line("place", "at (UTC)", "actor", "role", "action", "object", "allowed", "reason", "before", "after", "session", "correlation", "hash before", "hash", "hashed text"));
        await foreach (var line in search.ReadAsync(actor, filter, cancellationToken))
        {
            var entry = line.Entry;
            await writer.WriteAsync(Csv.Line(
                line.Sequence?.ToString(CultureInfo.InvariantCulture), entry.At.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture),
                entry.Actor, entry.Role, entry.Action, entry.Entity, entry.Allowed ? "yes" : "no", entry.Reason, entry.Before, entry.After,
                entry.Session, entry.Correlation, line.Previous, line.Hash, line.Canonical));
        }
    }
}
