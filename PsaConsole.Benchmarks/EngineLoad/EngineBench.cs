using System.Diagnostics;
using System.Globalization;

namespace PsaConsole.Benchmarks.EngineLoad;

/// <summary>
/// The engine's own way of an event (inbox, lane, runner, committer) on the work item of design/performance.md, beside what bounds it and what it replaces, in
/// one run: HTTP alone, persistence alone, a Hangfire job an event. Rounds are interleaved, figures are medians: the machine is shared, so ratios count.
/// </summary>
internal static class EngineBench
{
    private const int Rounds = 3;
    private const int Lanes = 128;
    private const int SlowLanes = 32;
    private const int Few = 10_000;
    private const int HangfireEvents = 600;
    private const int SlowLatency = 50;
    private const int SteadyRate = 100;
    private static readonly TimeSpan Steady = TimeSpan.FromSeconds(20);

    public static async Task MeasureAsync(LoadOptions options, CancellationToken cancellationToken)
    {
        await using var house = await LoadHouse.StartAsync(cancellationToken);
        var few = await house.CreateDatabaseAsync("few", Few, cancellationToken);
        Console.WriteLine(Text($"Engine: work items of {VendorCalls.Each} calls, each persisted, audited, verified; medians of {Rounds} interleaved rounds."));
        Console.WriteLine();
        if (options.Wants("rates"))
        {
            await CompareAsync(house, few, options.Events, cancellationToken);
        }

        if (options.Wants("replicas"))
        {
            await ReplicateAsync(house, few, cancellationToken);
        }

        if (options.Wants("growth"))
        {
            await GrowAsync(house, few, options, cancellationToken);
        }

        if (options.Wants("memory"))
        {
            await LastAsync(house, few, options, cancellationToken);
        }
    }

    /// <summary>Throughput and processor time beside the peers'.</summary>
    private static async Task CompareAsync(LoadHouse house, string database, int count, CancellationToken cancellationToken)
    {
        await using var engine = await house.StartReplicaAsync(database, Lanes, cancellationToken);
        await using var hangfire = await house.StartHangfireAsync(database, cancellationToken);
        await using var events = new LoadEvents(database);
        await PeerTables.CreateAsync(events.Database, cancellationToken);
        var peers = new PeerLoads(house, events, hangfire, database);
        // The runtime compiles what is hot a second time: a first round as long as those that count.
        await events.BurstAsync(count, cancellationToken);
        await peers.WarmUpAsync(cancellationToken);
        List<Figures> own = [], http = [], persistence = [], jobs = [];
        for (var round = 0; round < Rounds; round++)
        {
            own.Add(await BurstAsync(house, [engine], events, count, cancellationToken));
            http.Add(await peers.CallAsync(count * 4, Lanes, cancellationToken));
            persistence.Add(await peers.PersistAsync(count * 4, cancellationToken));
            jobs.Add(await peers.HangfireAsync(HangfireEvents, cancellationToken));
        }

        var (mine, calls, rows, job) = (Figures.Median(own), Figures.Median(http), Figures.Median(persistence), Figures.Median(jobs));
        Console.WriteLine("| | events/s | processor µs an event, of it the database |");
        Console.WriteLine("| --- | ---: | ---: |");
        Row("the engine", mine);
        Row("HTTP alone", calls);
        Row("persistence alone, groups of 100", rows);
        Row("a Hangfire job an event (20 workers), putting it in included", job);
        Console.WriteLine();
        Ratio("engine : Hangfire", mine.PerSecond / job.PerSecond, "≥ 15");
        Ratio("engine : HTTP alone", mine.PerSecond / calls.PerSecond, "≥ 0.5");
        Ratio("engine : persistence alone", mine.PerSecond / rows.PerSecond, "≥ 0.5");
        Ratio("processor time, engine : Hangfire", mine.Microseconds / job.Microseconds, "≤ 0.05");
        Ratio("processor µs an event", mine.Microseconds, "≤ 400");
        var times = await events.StreamAsync(SteadyRate, Steady, _ => { }, cancellationToken);
        Ratio(Text($"receipt to verified at {SteadyRate} a second, p50 ms"), times[times.Count / 2], "≤ 15");
        Ratio(Text($"receipt to verified at {SteadyRate} a second, p99 ms"), times[times.Count * 99 / 100], "≤ 60");
        Console.WriteLine();
    }

    /// <summary>A vendor that takes its time, one replica and two.</summary>
    private static async Task ReplicateAsync(LoadHouse house, string database, CancellationToken cancellationToken)
    {
        await house.Vendor.SlowDownAsync(SlowLatency, cancellationToken);
        await using var events = new LoadEvents(database);
        List<Figures> alone = [], together = [], http = [];
        await using (var only = await house.StartReplicaAsync(database, SlowLanes, cancellationToken))
        {
            await BurstAsync(house, [only], events, 300, cancellationToken);
            for (var round = 0; round < Rounds; round++)
            {
                alone.Add(await BurstAsync(house, [only], events, 1_000, cancellationToken));
                http.Add(await PeerLoads.CallAsync(house, 1_000, SlowLanes, cancellationToken));
            }

            await using var other = await house.StartReplicaAsync(database, SlowLanes, cancellationToken);
            await BurstAsync(house, [only, other], events, 600, cancellationToken);
            for (var round = 0; round < Rounds; round++)
            {
                together.Add(await BurstAsync(house, [only, other], events, 2_000, cancellationToken));
            }
        }

        await house.Vendor.SlowDownAsync(0, cancellationToken);
        var (one, two, calls) = (Figures.Median(alone), Figures.Median(together), Figures.Median(http));
        Console.WriteLine(Text($"Vendor at {SlowLatency} ms, {SlowLanes} lanes a replica: one {one.PerSecond:0}, two {two.PerSecond:0} events/s; HTTP alone {calls.PerSecond:0}."));
        Ratio("engine : HTTP alone at equal concurrency", one.PerSecond / calls.PerSecond, "≥ 0.65");
        Ratio("two replicas : one", two.PerSecond / one.PerSecond, "≥ 1.8");
        Console.WriteLine();
    }

    /// <summary>The same work with little and with much of a past in the tables.</summary>
    private static async Task GrowAsync(LoadHouse house, string few, LoadOptions options, CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        var many = await house.CreateDatabaseAsync("many", options.Rows, cancellationToken);
        Console.WriteLine(Text($"{options.Rows:N0} rows in each table that grows, filled in {clock.Elapsed.TotalSeconds:0} s."));
        await using var first = await house.StartReplicaAsync(few, Lanes, cancellationToken);
        await using var second = await house.StartReplicaAsync(many, Lanes, cancellationToken);
        await using var little = new LoadEvents(few);
        await using var much = new LoadEvents(many);
        await BurstAsync(house, [first], little, 1_000, cancellationToken);
        await BurstAsync(house, [second], much, 1_000, cancellationToken);
        List<Figures> before = [], after = [];
        for (var round = 0; round < Rounds; round++)
        {
            before.Add(await BurstAsync(house, [first], little, options.Events, cancellationToken));
            after.Add(await BurstAsync(house, [second], much, options.Events, cancellationToken));
        }

        var (small, large) = (Figures.Median(before), Figures.Median(after));
        Console.WriteLine(Text($"{small.PerSecond:0} events/s at {small.Microseconds:0} µs with {Few:N0} rows, {large.PerSecond:0} at {large.Microseconds:0} µs with {options.Rows:N0}."));
        Ratio("processor time an event, many rows : few", large.Microseconds / small.Microseconds, "≤ 1.2");
        Console.WriteLine();
    }

    /// <summary>Memory while events come for long.</summary>
    private static async Task LastAsync(LoadHouse house, string database, LoadOptions options, CancellationToken cancellationToken)
    {
        await using var engine = await house.StartReplicaAsync(database, Lanes, cancellationToken);
        await using var events = new LoadEvents(database);
        await events.BurstAsync(1_000, cancellationToken);
        var (samples, next) = (new List<long>(), TimeSpan.Zero);
        await events.StreamAsync(SteadyRate, TimeSpan.FromMinutes(options.Minutes), at =>
        {
            if (at >= next)
            {
                samples.Add(engine.Megabytes);
                next = at + TimeSpan.FromSeconds(1);
            }
        }, cancellationToken);
        var quarter = Math.Max(1, samples.Count / 4);
        Console.WriteLine(Text($"{SteadyRate} events a second for {options.Minutes:0.#} minutes: resident memory {samples.Take(quarter).Order().ElementAt(quarter / 2)} MB in the first quarter, {samples.TakeLast(quarter).Order().ElementAt(quarter / 2)} MB in the last."));
        Ratio("most of it, MB", samples.Max(), "≤ 250");
        Console.WriteLine();
    }

    private static async Task<Figures> BurstAsync(LoadHouse house, IReadOnlyList<OwnProcess> replicas, LoadEvents events, int count, CancellationToken cancellationToken)
    {
        var (own, database) = (replicas.Sum(replica => replica.ProcessorTime.TotalMicroseconds), house.DatabaseTime);
        var elapsed = await events.BurstAsync(count, cancellationToken);
        var served = (house.DatabaseTime - database).TotalMicroseconds / count;
        return new Figures(count / elapsed.TotalSeconds, ((replicas.Sum(replica => replica.ProcessorTime.TotalMicroseconds) - own) / count) + served, served);
    }

    private static void Row(string name, Figures figures) => Console.WriteLine(Text($"| {name} | {figures.PerSecond:#,0} | {figures.Microseconds:#,0}, {figures.DatabaseMicroseconds:#,0} |"));

    private static void Ratio(string name, double value, string target) => Console.WriteLine(Text($"{name,-60}{value,10:0.00}   target {target}"));

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
