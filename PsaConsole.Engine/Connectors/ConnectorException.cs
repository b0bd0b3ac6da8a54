namespace PsaConsole.Engine.Connectors;

/// <summary>What a failed call means for what to do next (3-workflows 3.0.3).</summary>
public enum ErrorClass
{
    /// <summary>The same call may succeed later: time-outs before sending, throttling, 5xx, locks.</summary>
    Transient,

    /// <summary>The target may have done it: the answer to a write was lost. Look up by key before any resend.</summary>
    Ambiguous,

    /// <summary>The target refuses what was asked, and will again: validation, closed period, missing reference.</summary>
    Business,

    /// <summary>Our credentials are refused even after one renewal: the connector pauses (INT-902).</summary>
    Auth,

    /// <summary>The answer is not of the form that the vendor promises (INT-904).</summary>
    Contract,

    /// <summary>The position in a change stream is gone: read everything again (INT-905).</summary>
    CursorLost,

    /// <summary>The circuit of this connector is open: nothing was sent, and no attempt is spent (INT-907).</summary>
    CircuitOpen,

    /// <summary>The calls that we may make today are used: nothing was sent, and no attempt is spent (INT-903 when it lasts).</summary>
    QuotaSpent,
}

/// <summary>A call to an outside system failed. The message says which object and what to do, and never holds a secret.</summary>
public sealed class ConnectorException(string systemName, ErrorClass errorClass, string message, Exception? inner = null) : Exception(message, inner)
{
    public string SystemName { get; } = systemName;

    public ErrorClass Class { get; } = errorClass;

    /// <summary>The vendor's own code, such as UNABLE_TO_LOCK_ROW.</summary>
    public string? VendorCode { get; init; }

    /// <summary>HTTP status, when there was an answer.</summary>
    public int? Status { get; init; }

    /// <summary>How long the vendor asks us to wait.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>It was one call too many, as the vendor says or our own quota: work that waits for it counts towards INT-903.</summary>
    public bool IsThrottled { get; init; }

    /// <summary>Method and path of the call, without host, query secrets or body.</summary>
    public string? Call { get; init; }

    /// <summary>The vendor's answer, bounded, for the case's request-and-answer view.</summary>
    public string? Answer { get; init; }
}
