using System.Globalization;
using PsaConsole.Sandbox.Core;

namespace PsaConsole.Sandbox.Salesforce;

/// <summary>Counts the calls of the last 24 hours against the org's allowance.</summary>
internal sealed class ApiUsage(SandboxClock clock)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<long, int> _perHour = [];

    /// <summary>100,000 and 5,000 for each of 400 users: an Unlimited Edition org of this firm's size.</summary>
    public int Most { get; set; } = 2_100_000;

    public string Header => string.Create(CultureInfo.InvariantCulture, $"api-usage={Used()}/{Most}");

    /// <summary>Counts a call.</summary>
    /// <exception cref="SalesforceRefusal">REQUEST_LIMIT_EXCEEDED: the allowance is used up.</exception>
    public void Count()
    {
        lock (_lock)
        {
            var hour = Hour();
            if (Sum(hour) >= Most)
            {
                throw SalesforceRefusal.Call(403, "REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.");
            }

            _perHour[hour] = _perHour.GetValueOrDefault(hour) + 1;
        }
    }

    public RestReply Limits() => new(200, writer =>
    {
        writer.WriteStartObject();
        writer.WriteStartObject("DailyApiRequests");
        writer.WriteNumber("Max", Most);
        writer.WriteNumber("Remaining", Math.Max(0, Most - Used()));
        writer.WriteEndObject();
        writer.WriteStartObject("DailyBulkV2QueryJobs");
        writer.WriteNumber("Max", 10_000);
        writer.WriteNumber("Remaining", 10_000);
        writer.WriteEndObject();
        writer.WriteEndObject();
    });

    private int Used()
    {
        lock (_lock)
        {
            return Sum(Hour());
        }
    }

    private int Sum(long hour)
    {
        foreach (var old in _perHour.Keys.Where(counted => counted <= hour - 24 || counted > hour).ToList())
        {
            _perHour.Remove(old);
        }

        return _perHour.Values.Sum();
    }

    private long Hour() => clock.GetUtcNow().Ticks / TimeSpan.TicksPerHour;
}
