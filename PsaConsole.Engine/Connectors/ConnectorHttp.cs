using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Polly.CircuitBreaker;
using Polly.RateLimiting;
using Polly.Timeout;

namespace PsaConsole.Engine.Connectors;

/// <summary>
/// The way of every call to one outside system: signed in, bounded in time, size and number, repeated where that is safe,
/// its health recorded, and every failure told as a <see cref="ConnectorException"/> of the right class. One for each vendor, living as long as the process.
/// </summary>
public abstract class ConnectorHttp : IDisposable
{
    private readonly ConnectorOptions options;
    private readonly IHttpClientFactory clients;
    private readonly HealthRecorder health;
    private readonly TimeProvider clock;

    protected ConnectorHttp(string systemName, ConnectorOptions options, IHttpClientFactory clients, ConnectorHealth health, TimeProvider clock)
    {
        SystemName = systemName;
        this.options = options;
        this.clients = clients;
        this.health = health.Recorder(systemName);
        this.clock = clock;
        Token = new AccessToken(clock, IssueAsync);
    }

    public string SystemName { get; }

    /// <summary>Name of its section below Connectors, for messages.</summary>
    protected virtual string ConfigurationName => SystemName;

    private AccessToken Token { get; }

    /// <summary>Asks the vendor for an access token; <see cref="RequestTokenAsync"/> does the call.</summary>
    protected abstract Task<IssuedToken> IssueAsync(CancellationToken cancellationToken);

    /// <summary>What a refusal means; the vendor's own codes first, then <see cref="ByStatus"/>.</summary>
    protected abstract ConnectorException Classify(WireAnswer answer, CallKind kind);

    /// <summary>Whether a refusal says that the token has ended, so that a new one may help.</summary>
    protected virtual bool IsTokenRefusal(WireAnswer answer) => answer.Status == (int)HttpStatusCode.Unauthorized;

    /// <summary>Whether the vendor's code says that it was one call too many, where the status does not.</summary>
    protected virtual bool IsThrottle(string? vendorCode) => false;

    /// <summary>Headers that every signed-in call carries.</summary>
    protected virtual void Prepare(HttpRequestMessage request)
    {
    }

    /// <summary>Looks at every good answer, such as for the quota that its headers tell.</summary>
    protected virtual void Observe(WireAnswer answer)
    {
    }

    protected void RecordQuota(long used, long limit) => health.Quota(used, limit);

    /// <summary>
    /// Sends a signed-in call; a relative address is taken from the token's instance or the configured Url. Renews the token once when it is refused.
    /// </summary>
    /// <returns>The vendor's good answer (2xx).</returns>
    /// <exception cref="ConnectorException">Anything else.</exception>
    public async Task<WireAnswer> SendAsync(HttpRequestMessage request, CallKind kind, CancellationToken cancellationToken)
    {
        try
        {
            Admit(kind);
            var token = await Token.GetAsync(cancellationToken);
            var answer = await AttemptAsync(request, token, kind, cancellationToken);
            if (!answer.IsSuccess && IsTokenRefusal(answer))
            {
                Token.Refused(token);
                token = await Token.GetAsync(cancellationToken);
                answer = await AttemptAsync(request, token, kind, cancellationToken);
            }

            return Accepted(answer, kind);
        }
        catch (ConnectorException problem)
        {
            health.Failed(problem);
            throw;
        }
    }

    /// <summary>Sends a call that carries its secret in its address or body.</summary>
    protected async Task<WireAnswer> SendAnonymousAsync(HttpRequestMessage request, CallKind kind, CancellationToken cancellationToken)
    {
        try
        {
            Admit(kind);
            return Accepted(await AttemptAsync(request, null, kind, cancellationToken), kind);
        }
        catch (ConnectorException problem)
        {
            health.Failed(problem);
            throw;
        }
    }

    /// <summary>Sends a token request; a refusal of it is a refusal of our credentials.</summary>
    protected async Task<JsonObject> RequestTokenAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var answer = await AttemptAsync(request, null, CallKind.Read, cancellationToken);
        if (answer.IsSuccess)
        {
            return answer.Object();
        }

        if (answer.Status is 408 or 429 or >= 500)
        {
            throw ByStatus(answer, CallKind.Read, null, null);
        }

        // Some vendors throttle with the status of a refusal, and say so in their own code only.
        if (Classify(answer, CallKind.Read) is { Class: ErrorClass.Transient } busy)
        {
            throw busy;
        }

        var error = answer.TryJson() as JsonObject;
        var reason = $"{error?["error"]} {error?["error_description"]}".Trim();
        throw Problem(answer, ErrorClass.Auth, error?["error"]?.ToString(), $"{SystemName} refuses our credentials ({(reason.Length == 0 ? $"status {answer.Status}" : reason)}). Check Connectors:{ConfigurationName}.");
    }

    /// <summary>Fails with the keys that are missing, before a call is made without them.</summary>
    protected void RequireConfiguration()
    {
        if (options.MissingKeys is { Count: > 0 } missing)
        {
            throw new ConnectorException(SystemName, ErrorClass.Auth, $"{SystemName} is not configured: set {string.Join(", ", missing.Select(key => $"Connectors:{ConfigurationName}:{key}"))}.");
        }
    }

    /// <summary>The class by HTTP status alone (3.0.3), for what the vendor's own code does not tell.</summary>
    protected ConnectorException ByStatus(WireAnswer answer, CallKind kind, string? vendorCode, string? vendorMessage)
    {
        var errorClass = answer.Status switch
        {
            401 or 403 => ErrorClass.Auth,
            408 or 429 => ErrorClass.Transient,
            502 or 504 when kind == CallKind.Write => ErrorClass.Ambiguous,
            >= 500 => ErrorClass.Transient,
            >= 400 => ErrorClass.Business,
            _ => ErrorClass.Contract,
        };
        return Problem(answer, errorClass, vendorCode, $"{SystemName} refused {answer.Call}: {vendorMessage ?? $"status {answer.Status}"}");
    }

    /// <summary>True when answers of this system are not to be kept with a case.</summary>
    protected virtual bool AnswersArePrivate => false;

    protected ConnectorException Problem(WireAnswer answer, ErrorClass errorClass, string? vendorCode, string message) =>
        new(SystemName, errorClass, message)
        {
            VendorCode = vendorCode,
            Status = answer.Status,
            RetryAfter = answer.RetryAfter(clock.GetUtcNow()),
            Call = answer.Call,
            Answer = answer.Shown,
            IsThrottled = answer.Status == (int)HttpStatusCode.TooManyRequests || IsThrottle(vendorCode),
        };

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
        {
            Token.Dispose();
        }
    }

    private void Admit(CallKind kind)
    {
        RequireConfiguration();
        if (kind != CallKind.Probe && health.PauseReason is { } reason)
        {
            throw new ConnectorException(SystemName, ErrorClass.CircuitOpen, $"{SystemName} is paused: {reason} Resume it on the Systems page.");
        }
    }

    private WireAnswer Accepted(WireAnswer answer, CallKind kind)
    {
        Observe(answer);
        if (!answer.IsSuccess)
        {
            throw Classify(answer, kind);
        }

        if (kind != CallKind.Write)
        {
            health.ReadWell();
        }

        return answer;
    }

    private async Task<WireAnswer> AttemptAsync(HttpRequestMessage request, IssuedToken? token, CallKind kind, CancellationToken cancellationToken)
    {
        RequireConfiguration();
        var copy = Copy(request, token?.Instance ?? options.Url!);
        var call = $"{copy.Method} {copy.RequestUri!.AbsolutePath}";
        if (!options.Allows(copy.RequestUri))
        {
            throw new ConnectorException(
                SystemName, ErrorClass.Contract,
                $"{call} would go to {copy.RequestUri.Host}, which the configuration of {SystemName} does not name. Nothing was sent. If the system did move, add the host to Connectors:{ConfigurationName}:AllowedHosts.")
            {
                Call = call,
            };
        }

        copy.Options.Set(ConnectorPipeline.Kind, kind);
        if (token is not null)
        {
            copy.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token.Value);
            Prepare(copy);
        }

        try
        {
            // The named client's innermost handler has already read the body whole: what follows can't fail on the wire.
            using var response = await clients.CreateClient(SystemName).SendAsync(copy, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            return new WireAnswer(SystemName, call, (int)response.StatusCode, response.Headers, response.Headers.Location, await response.Content.ReadAsByteArrayAsync(cancellationToken)) { IsPrivate = AnswersArePrivate };
        }
        catch (BrokenCircuitException open)
        {
            throw new ConnectorException(SystemName, ErrorClass.CircuitOpen, $"{SystemName} failed too often, so nothing is sent to it for a minute. {call} was not sent.", open) { Call = call, RetryAfter = open.RetryAfter };
        }
        catch (RateLimiterRejectedException full)
        {
            throw new ConnectorException(SystemName, ErrorClass.Transient, $"Too many calls to {SystemName} wait already. {call} was not sent.", full) { Call = call, RetryAfter = full.RetryAfter };
        }
        catch (TimeoutRejectedException late)
        {
            throw Lost(call, kind, $"did not answer within {options.TimeoutSeconds} s", late);
        }
        catch (HttpRequestException large) when (large.HttpRequestError == HttpRequestError.ConfigurationLimitExceeded)
        {
            throw new ConnectorException(SystemName, ErrorClass.Contract, $"{SystemName} answered {call} with more than {ConnectorPipeline.MaximumAnswerBytes / 1024 / 1024} MB. Ask for less at a time.", large) { Call = call };
        }
        catch (HttpRequestException elsewhere) when (elsewhere.InnerException is ForbiddenAddressException forbidden)
        {
            throw new ConnectorException(SystemName, ErrorClass.Contract, $"{forbidden.Message} {call} was not sent.", elsewhere) { Call = call };
        }
        catch (HttpRequestException unreached) when (NothingWasSent(unreached))
        {
            throw new ConnectorException(SystemName, ErrorClass.Transient, $"{SystemName} can't be reached ({unreached.HttpRequestError}). {call} was not sent.", unreached) { Call = call };
        }
        catch (HttpRequestException cut)
        {
            throw Lost(call, kind, $"cut the connection ({cut.HttpRequestError})", cut);
        }
    }

    private ConnectorException Lost(string call, CallKind kind, string what, Exception cause) => kind == CallKind.Write
        ? new ConnectorException(SystemName, ErrorClass.Ambiguous, $"{SystemName} {what}. {call} may have been done: look it up by its key before it is sent again.", cause) { Call = call }
        : new ConnectorException(SystemName, ErrorClass.Transient, $"{SystemName} {what} on {call}.", cause) { Call = call };

    private static bool NothingWasSent(HttpRequestException problem) => problem.HttpRequestError
        is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError;

    /// <summary>A message may be sent once only, and a renewed token needs a second attempt.</summary>
    private static HttpRequestMessage Copy(HttpRequestMessage request, Uri root)
    {
        var copy = new HttpRequestMessage(request.Method, new Uri(root, request.RequestUri!)) { Content = request.Content };
        foreach (var header in request.Headers)
        {
            copy.Headers.TryAddWithoutValidation(header.Key, header.Value);
        }

        return copy;
    }
}
