namespace PsaConsole.Engine.Connectors;

/// <summary>
/// What one system allows us in calls a day, shared by all replicas (R67). A replica takes calls in batches of a fivehundredth of them, at most two hundred, so that
/// no call costs a write; what it has taken and not used when it ends is lost for that day. Of the last part, the reserve, only urgent work may take.
/// </summary>
/// <param name="calls">Calls a day (UTC); null when nothing is said, and nothing is counted.</param>
/// <param name="reserve">Part of them that is kept for urgent work, in percent.</param>
public sealed class DailyQuota(string systemName, int? calls, int reserve, Func<CallLedger> ledger, TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan LooksAgain = TimeSpan.FromMinutes(5);

    private readonly SemaphoreSlim turn = new(1, 1);
    private DateOnly day;
    private long ordinary;
    private long urgent;

    public string SystemName { get; } = systemName;

    public int? Calls { get; } = calls;

    /// <summary>Calls a day that work of every kind may take.</summary>
    public static long OrdinaryOf(int calls, int reserve) => calls - (long)Math.Ceiling(calls * (reserve / 100m));

    /// <summary>Calls that a replica takes at a time.</summary>
    public static long BatchOf(int calls) => Math.Clamp(calls / 500, 1, 200);

    /// <summary>Day that calls count for now.</summary>
    public static DateOnly DayOf(DateTimeOffset now) => DateOnly.FromDateTime(now.UtcDateTime);

    /// <summary>Until when work rests for which no call is left: midnight (UTC), but it looks again every five minutes, since somebody may have raised the quota.</summary>
    public static TimeSpan RestOf(DateTimeOffset now) => TimeSpan.FromTicks(Math.Min(LooksAgain.Ticks, TimeSpan.TicksPerDay - now.UtcDateTime.TimeOfDay.Ticks));

    /// <summary>Takes a call.</summary>
    /// <exception cref="ConnectorException">None is left for work of this kind: nothing may be sent.</exception>
    internal async Task TakeAsync(bool isUrgent, string call, CancellationToken cancellationToken)
    {
        if (Calls is not { } all)
        {
            return;
        }

        await turn.WaitAsync(cancellationToken);
        try
        {
            if (!await TryTakeAsync(all, isUrgent, cancellationToken))
            {
                var whose = isUrgent ? "All" : $"All but the reserve for postings and people's retries ({reserve} %)";
                throw new ConnectorException(SystemName, ErrorClass.QuotaSpent, $"{whose} of today's {all} calls to {SystemName} are used. {call} was not sent; it goes on after midnight (UTC), or when Connectors:{SystemName}:DailyCalls is raised.")
                {
                    Call = call,
                    RetryAfter = RestOf(clock.GetUtcNow()),
                    IsThrottled = true,
                };
            }
        }
        finally
        {
            turn.Release();
        }
    }

    public void Dispose() => turn.Dispose();

    private async Task<bool> TryTakeAsync(int all, bool isUrgent, CancellationToken cancellationToken)
    {
        var today = DayOf(clock.GetUtcNow());
        (day, ordinary, urgent) = day == today ? (day, ordinary, urgent) : (today, 0, 0);
        if (ordinary == 0)
        {
            ordinary = await ledger().TakeAsync(SystemName, today, BatchOf(all), OrdinaryOf(all, reserve), cancellationToken);
        }

        if (ordinary > 0)
        {
            ordinary--;
            return true;
        }

        if (isUrgent && urgent == 0)
        {
            urgent = await ledger().TakeAsync(SystemName, today, Math.Max(1, BatchOf(all) / 10), all, cancellationToken);
        }

        var taken = isUrgent && urgent > 0;
        urgent -= taken ? 1 : 0;
        return taken;
    }
}

/// <summary>
/// Takes a call of the day for each attempt, and sends nothing when none is left. A probe is always sent: it is how people find out. A second client of a system, such as
/// the one for the address of a channel, which no API counts, has no quota.
/// </summary>
internal sealed class QuotaKeeper(DailyQuota? quota) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (quota is not null && (!request.Options.TryGetValue(ConnectorPipeline.Kind, out var kind) || kind != CallKind.Probe))
        {
            await quota.TakeAsync(CallUrgency.IsUrgent, $"{request.Method} {request.RequestUri?.AbsolutePath}", cancellationToken);
        }

        return await base.SendAsync(request, cancellationToken);
    }
}
