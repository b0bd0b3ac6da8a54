namespace PsaConsole.Benchmarks.EngineLoad;

/// <summary>What one round of a load came to.</summary>
/// <param name="Microseconds">Processor time an event, of who does the work and of the database.</param>
/// <param name="DatabaseMicroseconds">Of it the database's.</param>
internal sealed record Figures(double PerSecond, double Microseconds, double DatabaseMicroseconds)
{
    public static Figures Median(IReadOnlyList<Figures> rounds) =>
        new(Middle(rounds, round => round.PerSecond), Middle(rounds, round => round.Microseconds), Middle(rounds, round => round.DatabaseMicroseconds));

    private static double Middle(IReadOnlyList<Figures> rounds, Func<Figures, double> figure) => rounds.Select(figure).Order().ElementAt(rounds.Count / 2);
}
