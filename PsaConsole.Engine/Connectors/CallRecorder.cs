using Microsoft.Extensions.Logging;

namespace PsaConsole.Engine.Connectors;

/// <summary>
/// Innermost handler of a connector's client: reads the answer whole, so that a cut within the body counts like one before it,
/// and records each attempt. Logs method, path, status and time: never a query, a header or a body.
/// </summary>
internal sealed partial class CallRecorder(string systemName, HealthRecorder health, TimeProvider clock, ILogger log) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        var status = 0;
        var down = true;
        try
        {
            var response = await base.SendAsync(request, cancellationToken);
            await response.Content.LoadIntoBufferAsync(ConnectorPipeline.MaximumAnswerBytes, cancellationToken);
            status = (int)response.StatusCode;
            // SOAP tells its refusals with status 500: a fault in XML is an answer.
            down = status is 408 or >= 500 && response.Content.Headers.ContentType?.MediaType?.EndsWith("xml", StringComparison.OrdinalIgnoreCase) is not true;
            return response;
        }
        finally
        {
            var elapsed = clock.GetElapsedTime(started);
            health.Attempted(elapsed, failed: status is 0 or 408 or 429 or >= 500, down);
            Sent(log, systemName, request.Method, request.RequestUri?.AbsolutePath, status, elapsed.TotalMilliseconds);
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "{System} {Method} {Path} answered {Status} in {Milliseconds} ms")]
    private static partial void Sent(ILogger log, string system, HttpMethod method, string? path, int status, double milliseconds);
}
