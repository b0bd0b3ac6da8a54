using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Microsoft.OpenApi;
using PsaConsole.Engine.Access;
using PsaConsole.Web.Security;
using JsonOptions = Microsoft.AspNetCore.Http.Json.JsonOptions;

namespace PsaConsole.Web.Endpoints.Api;

/// <summary>
/// Requests that change something carry an <c>Idempotency-Key</c>: sent again under the same key they are answered as before, and nothing is done again.
/// What was refused is not kept: put right, it may be asked under the same key.
/// </summary>
public static class OnceFilter
{
    public const string Header = "Idempotency-Key";

    /// <summary>For endpoints whose answer is an <see cref="ApiAnswer"/>.</summary>
    public static RouteHandlerBuilder Once(this RouteHandlerBuilder route) => route.AddEndpointFilter(AnswerOnceAsync)
        .AddOpenApiOperationTransformer((operation, _, _) =>
        {
            (operation.Parameters ??= []).Add(new OpenApiParameter
            {
                Name = Header,
                In = ParameterLocation.Header,
                Required = true,
                Description = "A text of your own choosing, new for each thing that you ask for.",
                Schema = new OpenApiSchema { Type = JsonSchemaType.String, MaxLength = AnsweredRequests.LongestKey },
            });
            return Task.CompletedTask;
        })
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status409Conflict)
        .ProducesProblem(StatusCodes.Status422UnprocessableEntity);

    /// <summary>The key that the caller chose.</summary>
    public static string KeyOf(HttpContext context) => context.Request.Headers[Header].ToString();

    private static async ValueTask<object?> AnswerOnceAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        var key = KeyOf(http);
        if (key.Length is 0 or > AnsweredRequests.LongestKey)
        {
            throw new RefusedException($"Send a header {Header} with a text of your own choosing, up to {AnsweredRequests.LongestKey} letters, new for each thing that you ask for.");
        }

        var requests = http.RequestServices.GetRequiredService<AnsweredRequests>();
        var json = http.RequestServices.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;
        var actor = ConsoleIdentity.ActorOf(http.User).Id;
        if (await requests.BeginAsync(actor, key, Fingerprint(context, json), http.RequestAborted) is { } known)
        {
            http.Response.Headers["Idempotency-Replayed"] = "true";
            return Answer(known.Status!.Value, known.Location, known.Body!);
        }

        try
        {
            var answer = (ApiAnswer)(await next(context))!;
            var body = JsonSerializer.Serialize(answer.Body, answer.Body.GetType(), json);

            // What was done is done, whether the caller still listens or not.
            await requests.AnswerAsync(actor, key, answer.Status, "application/json", answer.Location, body, CancellationToken.None);
            return Answer(answer.Status, answer.Location, body);
        }
        catch (RefusedException)
        {
            await requests.ForgetAsync(actor, key, CancellationToken.None);
            throw;
        }

        IResult Answer(int status, string? location, string body)
        {
            if (location is not null)
            {
                http.Response.Headers.Location = location;
            }

            return Results.Text(body, "application/json", Encoding.UTF8, status);
        }
    }

    /// <summary>Stands for the address and what was bound from the body.</summary>
    private static string Fingerprint(EndpointFilterInvocationContext context, JsonSerializerOptions json)
    {
        var asked = context.Arguments.OfType<IApiRequest>().Select(request => JsonSerializer.Serialize(request, request.GetType(), json));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{context.HttpContext.Request.Path}\n{string.Join('\n', asked)}")));
    }
}

/// <summary>The body of a request that changes something.</summary>
public interface IApiRequest;

/// <summary>What a request that changed something is answered; <see cref="OnceFilter"/> keeps and sends it.</summary>
public sealed record ApiAnswer(int Status, object Body, string? Location = null) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext) => throw new InvalidOperationException("An endpoint that answers with this is marked Once.");
}
