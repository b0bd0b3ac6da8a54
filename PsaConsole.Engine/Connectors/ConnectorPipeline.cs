using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Polly;
using Polly.CircuitBreaker;
using Polly.RateLimiting;
using Polly.Retry;
using Polly.Timeout;

namespace PsaConsole.Engine.Connectors;

/// <summary>
/// The named HTTP client of a connector: calls in flight limited, then reads repeated within seconds, then the circuit (3.0.3), then the time of one attempt.
/// What takes minutes is the runner's to repeat.
/// </summary>
internal static class ConnectorPipeline
{
    public const int MaximumAnswerBytes = 32 * 1024 * 1024;

    private const int Repeats = 2;
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(60);

    public static readonly HttpRequestOptionsKey<CallKind> Kind = new("PsaConsole.CallKind");

    public static void AddConnectorClient<TOptions>(this IServiceCollection services, string systemName)
        where TOptions : ConnectorOptions
    {
        var client = services.AddHttpClient(systemName, http => http.Timeout = Timeout.InfiniteTimeSpan)
            // The factory's own log writes addresses, and the address of a webhook is a secret.
            .RemoveAllLoggers()
            .UseSocketsHttpHandler((handler, provider) =>
            {
                var inside = provider.GetRequiredService<IOptions<TOptions>>().Value.AllowPrivateNetwork;
                handler.ConnectCallback = (context, cancellationToken) => AddressGuard.ConnectAsync(context.DnsEndPoint, inside, cancellationToken);
                handler.PooledConnectionLifetime = TimeSpan.FromMinutes(5);
                handler.ConnectTimeout = TimeSpan.FromSeconds(10);
                handler.AllowAutoRedirect = false;
                handler.AutomaticDecompression = DecompressionMethods.All;
                handler.UseCookies = false;
            });
        client.AddResilienceHandler("calls", (pipeline, context) =>
        {
            var provider = context.ServiceProvider;
            var options = provider.GetRequiredService<IOptions<TOptions>>().Value;
            var health = provider.GetRequiredService<ConnectorHealth>().Recorder(systemName);
            Build(pipeline, options, new CallBudget(provider.GetRequiredService<CallBudgets>(), options.Concurrency, health), health, provider.GetRequiredService<TimeProvider>());
        });
        client.AddHttpMessageHandler(provider => new QuotaKeeper(provider.GetServices<DailyQuota>().FirstOrDefault(quota => quota.SystemName == systemName)));
        client.AddHttpMessageHandler(provider => new CallRecorder(
            systemName,
            provider.GetRequiredService<ConnectorHealth>().Recorder(systemName),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILoggerFactory>().CreateLogger("PsaConsole.Engine.Connectors." + systemName)));
    }

    private static void Build(ResiliencePipelineBuilder<HttpResponseMessage> pipeline, ConnectorOptions options, CallBudget budget, HealthRecorder health, TimeProvider clock)
    {
        pipeline.TimeProvider = clock;
        pipeline
            .AddRateLimiter(new RateLimiterStrategyOptions { RateLimiter = call => budget.AcquireAsync(call.Context.CancellationToken) })
            .AddRetry(new RetryStrategyOptions<HttpResponseMessage>
            {
                MaxRetryAttempts = Repeats,
                BackoffType = DelayBackoffType.Exponential,
                Delay = TimeSpan.FromMilliseconds(300),
                UseJitter = true,
                ShouldHandle = attempt => ValueTask.FromResult(
                    IsRepeatable(attempt.Context)
                    && (IsThrottled(attempt.Outcome) || IsFault(attempt.Outcome))
                    && (Asked(attempt.Outcome, clock) ?? TimeSpan.Zero) <= LongestWait),
                DelayGenerator = attempt => ValueTask.FromResult(Asked(attempt.Outcome, clock)),
            })
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions<HttpResponseMessage>
            {
                FailureRatio = 0.5,
                MinimumThroughput = 20,
                SamplingDuration = Window,
                BreakDuration = Window,
                ShouldHandle = attempt => ValueTask.FromResult(IsFault(attempt.Outcome)),
                OnOpened = _ => Note(health, CircuitState.Open),
                OnHalfOpened = _ => Note(health, CircuitState.HalfOpen),
                OnClosed = _ => Note(health, CircuitState.Closed),
            })
            .AddTimeout(TimeSpan.FromSeconds(options.TimeoutSeconds));
    }

    private static ValueTask Note(HealthRecorder health, CircuitState state)
    {
        health.CircuitIs(state);
        return ValueTask.CompletedTask;
    }

    private static bool IsRepeatable(ResilienceContext context) =>
        context.GetRequestMessage() is { } request && request.Options.TryGetValue(Kind, out var kind) && kind != CallKind.Write;

    private static bool IsThrottled(Outcome<HttpResponseMessage> outcome) => outcome.Result?.StatusCode == HttpStatusCode.TooManyRequests;

    /// <summary>The system does not work. A throttled or refused call is no fault: it works and says no.</summary>
    private static bool IsFault(Outcome<HttpResponseMessage> outcome) =>
        outcome.Exception is HttpRequestException or TimeoutRejectedException || outcome.Result?.StatusCode is HttpStatusCode.RequestTimeout or >= HttpStatusCode.InternalServerError;

    private static TimeSpan? Asked(Outcome<HttpResponseMessage> outcome, TimeProvider clock) => outcome.Result?.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } => date > clock.GetUtcNow() ? date - clock.GetUtcNow() : TimeSpan.Zero,
        _ => null,
    };
}
