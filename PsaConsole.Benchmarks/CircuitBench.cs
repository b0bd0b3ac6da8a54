using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace PsaConsole.Benchmarks;

/// <summary>
/// Five hundred people with the console open on this machine: what each costs in memory, what they cost while they only look, and how long one of them waits for a
/// page, with the firm quiet and while deals are won and every open page hears of every step.
/// </summary>
internal static class CircuitBench
{
    private const int Cases = 10_000;
    private const int HoursOfDelay = 90;
    private const int Circuits = 500;
    private const int Looks = 200;
    private const int LooksASecond = 10;
    private static readonly string[] People = ["FinanceOperations", "DeliveryOperations", "ResourceManager", "Auditor", "FinanceController"];
    private static int _seed = 7;
    private static readonly string[] Pages = ["/exceptions", "/", "/engagements", "/postings", "/staffing"];

    public static async Task MeasureAsync(CancellationToken cancellationToken)
    {
        await using var firm = await FirmUnderLoad.StartAsync(cancellationToken);
        await FillAsync(firm, cancellationToken);
        var circuits = new List<OpenCircuit>();
        try
        {
            circuits.Add(await OpenAsync(firm, 0, cancellationToken));
            await LookAsync([circuits[0]], 30, cancellationToken);
            var alone = await LookAsync([circuits[0]], Looks, cancellationToken);
            var before = firm.Console.Megabytes;
            var opening = Stopwatch.StartNew();
            while (circuits.Count < Circuits)
            {
                circuits.AddRange(await Task.WhenAll(Enumerable.Range(circuits.Count, Math.Min(4, Circuits - circuits.Count)).Select(number => OpenAsync(firm, number, cancellationToken))));
            }

            var opened = opening.Elapsed;
            var (cpu, watch) = (firm.Console.ProcessorTime, Stopwatch.StartNew());
            await Task.Delay(TimeSpan.FromSeconds(20), cancellationToken);
            var idle = (firm.Console.ProcessorTime - cpu) / watch.Elapsed;
            var after = firm.Console.Megabytes;
            var together = await LookAsync(circuits, Looks, cancellationToken);
            var deals = await firm.PrepareAsync(60, cancellationToken);
            var won = TimeProvider.System.GetUtcNow();
            await firm.WinAsync(deals, cancellationToken);
            var busy = await LookAsync(circuits, Looks, cancellationToken);
            await firm.VerifiedAsync(deals.ToDictionary(deal => deal, _ => won), cancellationToken);
            var lost = circuits.Count(circuit => circuit.Problem is not null);

            Console.WriteLine($"{Circuits} open circuits, {Cases:N0} open cases");
            Print($"memory: {before} MB with one, {after} MB with {Circuits}: {(after - before) * 1024.0 / (Circuits - 1):0} KB a circuit; opened {(Circuits - 1) / opened.TotalSeconds:0} a second");
            Print($"looking on: {idle * 100:0} % of a core; {lost} circuits lost; {circuits.Sum(circuit => circuit.Batches):N0} pictures drawn");
            Print($"{"a page of cases, found and shown, ms",-46}{"p50",8}{"p95",8}{"p95 ×",8}");
            Row("one person alone, one after the other", alone, alone);
            Row($"{Circuits} open, {LooksASecond} looks a second", together, alone);
            Row($"the same while 60 deals are handed off", busy, alone);
            Console.WriteLine();
            if (lost > 0)
            {
                throw new InvalidOperationException($"{lost} circuits were lost: {circuits.First(circuit => circuit.Problem is not null).Problem}");
            }
        }
        finally
        {
            await Task.WhenAll(circuits.Select(circuit => circuit.DisposeAsync().AsTask()));
        }
    }

    private static Task<OpenCircuit> OpenAsync(FirmUnderLoad firm, int number, CancellationToken cancellationToken) =>
        OpenCircuit.OpenAsync(firm.Console.Address, People[number % People.Length], Pages[number % Pages.Length], cancellationToken);

    /// <summary>
    /// One after the other for one circuit; for many at a steady pace, whether the one before was answered or not. Every look asks for a case that is
    /// neither on the first page nor was asked for just before: what is shown already is not drawn again.
    /// </summary>
    private static async Task<List<double>> LookAsync(List<OpenCircuit> circuits, int looks, CancellationToken cancellationToken)
    {
        var numbers = Enumerable.Range(1, Cases).Where(number => number % HoursOfDelay != 0).ToArray();
        var random = new Random(_seed++);
        random.Shuffle(numbers);
        var times = new List<double>();
        if (circuits.Count == 1)
        {
            for (var look = 0; look < looks; look++)
            {
                times.Add(await LookOnceAsync(circuits[0], numbers[look], cancellationToken));
            }
        }
        else
        {
            var pending = new List<Task<double>>();
            var order = Enumerable.Range(0, circuits.Count).OrderBy(_ => random.Next()).ToList();
            using var pace = new PeriodicTimer(TimeSpan.FromSeconds(1.0 / LooksASecond));
            for (var look = 0; look < looks && await pace.WaitForNextTickAsync(cancellationToken); look++)
            {
                pending.Add(LookOnceAsync(circuits[order[look % order.Count]], numbers[look], cancellationToken));
            }

            times.AddRange(await Task.WhenAll(pending));
        }

        times.Sort();
        return times;
    }

    private static async Task<double> LookOnceAsync(OpenCircuit circuit, int number, CancellationToken cancellationToken)
    {
        var subject = string.Create(CultureInfo.InvariantCulture, $"Deal {number} {Mark(number)}");
        var began = Stopwatch.GetTimestamp();
        await circuit.GoAsync($"/exceptions?q={Uri.EscapeDataString(Mark(number))}", subject, cancellationToken);
        return Stopwatch.GetElapsedTime(began).TotalMilliseconds;
    }

    [System.Diagnostics.CodeAnalysis.SuppressMessage("Security", "CA5351", Justification = "Stands for nothing secret: the database makes the same mark.")]
    private static string Mark(int number) => Convert.ToHexStringLower(MD5.HashData(Encoding.ASCII.GetBytes(number.ToString(CultureInfo.InvariantCulture))))[..12];

    private static void Row(string name, List<double> times, List<double> alone) =>
        Print($"{name,-46}{At(times, 50),8:0}{At(times, 95),8:0}{At(times, 95) / At(alone, 95),8:0.0}");

    private static double At(List<double> times, int percent) => times[Math.Min(times.Count - 1, times.Count * percent / 100)];

    private static void Print(FormattableString line) => Console.WriteLine("  " + line.ToString(CultureInfo.InvariantCulture));

    // Of Low cases nobody is told one by one, so that the firm is quiet but for what is measured.
    private static async Task FillAsync(FirmUnderLoad firm, CancellationToken cancellationToken)
    {
        await using var fill = firm.Database.CreateCommand(
            $"""
            insert into exception_case (code, business_key, subject, message, findings, severity, owner_group, status, occurrences, raised_at, last_seen_at, due_at, priority_at, version, exposure, exposure_currency)
            select (array['HND-008','HND-002','TIM-403','TIM-401','EXP-501'])[1 + n % 5], 'bench:' || n, 'Deal ' || n || ' ' || left(md5(n::text), 12), 'The ERP project of deal ' || n || ' lacks its tax code. Fill it there, then retry.',
                '[]', 'Low', 'Finance', 'Open', 1, now(), now(), now() + interval '1 day', now() + interval '1 hour' * (n % {HoursOfDelay}), 0, n % 100000, 'EUR'
            from generate_series(1, {Cases}) as n;
            analyze exception_case;
            """);
        await fill.ExecuteNonQueryAsync(cancellationToken);
    }
}
