using Microsoft.Extensions.Options;

namespace PsaConsole.Engine.Connectors;

/// <summary>
/// What every connector is configured with, in the section Connectors:{System}; a vendor's own options add its credentials.
/// A connector of which nothing is configured stays registered, and every call says which keys are missing.
/// </summary>
public abstract class ConnectorOptions
{
    /// <summary>Root address of the system; the one that the vendor gave the customer.</summary>
    public Uri? Url { get; set; }

    /// <summary>Calls in flight at once; more wait.</summary>
    public int Concurrency { get; set; } = 8;

    /// <summary>Calls a day (UTC) that all replicas together may make; null for as many as are needed.</summary>
    public int? DailyCalls { get; set; }

    /// <summary>Part of <see cref="DailyCalls"/>, in percent, that only postings and what a person has tried again may use.</summary>
    public int DailyReserve { get; set; } = 10;

    /// <summary>Longest time that one attempt of one call may take, in seconds.</summary>
    public int TimeoutSeconds { get; set; } = 30;

    /// <summary>What proves that a notice posted to /hooks/{system} comes from the system; without it none is taken. See docs/operators.md.</summary>
    public string? NoticeSecret { get; set; }

    /// <summary>
    /// Hosts at which the system may be called besides those of its addresses, such as where its sign-in sends the console on to; <c>*.example.com</c> stands for all
    /// below example.com.
    /// </summary>
    public string[] AllowedHosts { get; set; } = [];

    /// <summary>The system stands inside of the house: its name may stand for a private address.</summary>
    public bool AllowPrivateNetwork { get; set; }

    /// <summary>Whether the configuration names this address: nothing is sent elsewhere.</summary>
    internal bool Allows(Uri address) => AddressGuard.Names(address, Addresses, AllowedHosts);

    /// <summary>Every address of the configuration.</summary>
    protected virtual IEnumerable<Uri> Addresses => Url is null ? [] : [Url];

    /// <summary>What the vendor needs besides <see cref="Url"/>: name of the key and its value.</summary>
    protected abstract IEnumerable<(string Key, string? Value)> Credentials { get; }

    /// <summary>Keys that are needed and not set, Url among them.</summary>
    public IReadOnlyList<string> MissingKeys =>
        [.. Credentials.Prepend((nameof(Url), Url?.OriginalString)).Where(pair => string.IsNullOrWhiteSpace(pair.Item2)).Select(pair => pair.Item1)];

    /// <summary>True when nothing at all is set: the customer does not use this system, or not yet.</summary>
    internal bool IsAbsent => MissingKeys.Count == Credentials.Count() + 1;
}

/// <summary>Refuses, at start, a connector that is configured in part or out of bounds; the message names the key, never its value.</summary>
internal sealed class ConnectorOptionsCheck<TOptions>(string section) : IValidateOptions<TOptions>
    where TOptions : ConnectorOptions
{
    public ValidateOptionsResult Validate(string? name, TOptions options)
    {
        List<string> faults = [];
        if (!options.IsAbsent)
        {
            faults.AddRange(options.MissingKeys.Select(key => $"{section}:{key} is not set, though other keys of {section} are. Set it, or remove the others."));
        }

        if (options.Url is { } url && (!url.IsAbsoluteUri || url.Scheme is not ("http" or "https")))
        {
            faults.Add($"{section}:Url must be an absolute http or https address.");
        }

        if (options.AllowedHosts.FirstOrDefault(host => Uri.CheckHostName(host.StartsWith("*.", StringComparison.Ordinal) ? host[2..] : host) == UriHostNameType.Unknown) is { } wrong)
        {
            faults.Add($"{section}:AllowedHosts holds {wrong}, which is neither a host nor *. with a host behind it.");
        }

        if (options.Concurrency is < 1 or > 100)
        {
            faults.Add($"{section}:Concurrency must be from 1 to 100.");
        }

        if (options.DailyCalls is < 1)
        {
            faults.Add($"{section}:DailyCalls must be at least 1; leave it out for as many calls as are needed.");
        }

        if (options.DailyReserve is < 0 or > 90)
        {
            faults.Add($"{section}:DailyReserve must be from 0 to 90 percent.");
        }

        if (options.TimeoutSeconds is < 1 or > 600)
        {
            faults.Add($"{section}:TimeoutSeconds must be from 1 to 600.");
        }

        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }
}
