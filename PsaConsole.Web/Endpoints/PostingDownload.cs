using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using PsaConsole.Engine.Access;
using PsaConsole.Engine.Workflows.Postings;
using PsaConsole.Web.Components.Pages.Audit;
using PsaConsole.Web.Security;

namespace PsaConsole.Web.Endpoints;

/// <summary>Sends the postings of a span of days as a workbook.</summary>
public static class PostingDownload
{
    private const string Workbook = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

    public static void MapPostingDownload(this IEndpointRouteBuilder routes) =>
        routes.MapPost(ConsoleUrls.PostingWorkbook(), SendAsync).RequireAuthorization();

    private static async Task<IResult> SendAsync(HttpContext context, PostingExport export, [FromForm] string? from, [FromForm] string? to, [FromForm] string? reason)
    {
        var actor = ConsoleIdentity.ActorOf(context.User);
        if (AuditPage.Day(from) is not { } first || AuditPage.Day(to) is not { } last || reason is { Length: > 2000 })
        {
            return Results.StatusCode(StatusCodes.Status400BadRequest);
        }

        try
        {
            var lines = await export.TakeAsync(actor, first, last, reason, context.RequestAborted);
            using var body = new MemoryStream();
            PostingWorkbook.Write(body, lines, first, last);
            return Results.File(body.ToArray(), Workbook, string.Create(CultureInfo.InvariantCulture, $"postings-{first:yyyyMMdd}-{last:yyyyMMdd}.xlsx"));
        }
        catch (RefusedException)
        {
            return Results.StatusCode(PostingExport.PermissionOf(actor).Allowed ? StatusCodes.Status400BadRequest : StatusCodes.Status403Forbidden);
        }
    }
}
