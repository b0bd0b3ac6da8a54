using System.Globalization;
using System.Security.Claims;
using PsaConsole.Engine.Access;
using PsaConsole.Engine.Inbox;
using PsaConsole.Web.Security;

namespace PsaConsole.Web.Endpoints.Api;

/// <summary><c>/api/v1/services</c>: what the engine does for one record when it is asked to, and what became of it.</summary>
public static class ApiServices
{
    private const string Path = ConsoleUrls.Api + "/services";

    public static void MapApiServices(this IEndpointRouteBuilder api)
    {
        var services = api.MapGroup("/services").WithTags("Services");
        Map(services, "project-provisioning", Service.ProjectProvisioning, "Set up the projects of a won opportunity of the CRM, or take up again what stopped");
        Map(services, "consultant-profile", Service.ConsultantProfile, "Bring a worker of HR to the systems that need them");
        Map(services, "client-master", Service.ClientMaster, "Bring a client of the CRM to the systems that hold it, and take over what the ERP owns of it");
        Map(services, "approved-time-posting", Service.ApprovedTimePosting, "Post an approved time entry of the PSA, or correct what is posted");
        Map(services, "approved-expense-posting", Service.ApprovedExpensePosting, "Post an approved expense of the PSA, or correct what is posted");
        services.MapGet("/requests/{id:long}", ReadAsync).WithSummary("What became of a request").ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static void Map(IEndpointRouteBuilder services, string name, Service service, string summary) => services
        .MapPost("/" + name, (HttpContext context, ApiServiceRequest asked, ServiceDesk desk) => AskAsync(context, service, asked, desk))
        .WithSummary(summary)
        .Produces<ApiServiceAnswer>(StatusCodes.Status202Accepted)
        .Once();

    private static async Task<ApiAnswer> AskAsync(HttpContext context, Service service, ApiServiceRequest asked, ServiceDesk desk)
    {
        var actor = ConsoleIdentity.ActorOf(context.User);
        var id = await desk.AskAsync(actor, service, asked.RecordId, OnceFilter.KeyOf(context), context.RequestAborted);
        return new ApiAnswer(StatusCodes.Status202Accepted, await FindAsync(desk, actor, id, context.RequestAborted), string.Create(CultureInfo.InvariantCulture, $"{Path}/requests/{id}"));
    }

    private static async Task<ApiServiceAnswer> ReadAsync(long id, ClaimsPrincipal person, ServiceDesk desk, CancellationToken cancellationToken)
    {
        var actor = ApiProblems.DemandLooking(person, Right.SeeDashboards);
        return await FindAsync(desk, actor, id, cancellationToken);
    }

    private static async Task<ApiServiceAnswer> FindAsync(ServiceDesk desk, Actor actor, long id, CancellationToken cancellationToken) =>
        await desk.FindAsync(actor, id, cancellationToken) is { } item
            ? new ApiServiceAnswer(item.Id, item.SystemName, item.SourceType, item.SourceId, item.Status, item.Outcome, item.RunId, item.RunId is { } run ? ApiJourneys.Url(run) : null, item.ReceivedAt)
            : throw new RefusedException($"There is no request {id}.", RefusedBecause.Missing);
}

/// <summary>What is to be done for which record.</summary>
/// <param name="RecordId">The record's id in the system that owns it.</param>
public sealed record ApiServiceRequest(string RecordId) : IApiRequest;

/// <summary>How far a request came. It is taken up in the order of its record's lane.</summary>
/// <param name="Outcome">What became of it, in words; null while it waits.</param>
/// <param name="Journey">Address of the journey that it began or joined.</param>
public sealed record ApiServiceAnswer(long Id, string System, string RecordType, string RecordId, InboxStatus Status, string? Outcome, Guid? JourneyId, string? Journey, DateTimeOffset ReceivedAt);
