using System.Globalization;

namespace PsaConsole.Benchmarks.EngineLoad;

/// <summary>What the measurement of the engine may be asked for besides its defaults.</summary>
/// <param name="Rows">Rows of the past in each table that grows; 10,000 are what it is compared with.</param>
/// <param name="Minutes">Length of the load under which memory is watched.</param>
/// <param name="Events">Events of one round.</param>
/// <param name="Part">The part of the measurement that is wanted; null for all of it.</param>
internal sealed record LoadOptions(int Rows, double Minutes, int Events, string? Part)
{
    public const string Usage = "--rows N (default 1000000), --minutes M (default 2), --events N (default 3000) and --part rates|replicas|growth|memory, for the measurement of the engine";

    private static readonly string[] Parts = ["rates", "replicas", "growth", "memory"];

    public bool Wants(string part) => Part is null || Part == part;

    /// <summary>Takes the options out of the arguments; what is left are names.</summary>
    /// <exception cref="FormatException">An option has no number.</exception>
    public static (LoadOptions Options, string[] Names) Of(IReadOnlyList<string> arguments)
    {
        var (options, names) = (new LoadOptions(1_000_000, 2, 3_000, null), new List<string>());
        for (var index = 0; index < arguments.Count; index++)
        {
            switch (arguments[index])
            {
                case "--rows":
                    options = options with { Rows = int.Parse(Value(arguments, ++index), CultureInfo.InvariantCulture) };
                    break;
                case "--minutes":
                    options = options with { Minutes = double.Parse(Value(arguments, ++index), CultureInfo.InvariantCulture) };
                    break;
                case "--events":
                    options = options with { Events = int.Parse(Value(arguments, ++index), CultureInfo.InvariantCulture) };
                    break;
                case "--part":
                    var part = Value(arguments, ++index);
                    options = options with { Part = Parts.Contains(part) ? part : throw new FormatException($"There is no part {part}. Options are {Usage}.") };
                    break;
                default:
                    names.Add(arguments[index]);
                    break;
            }
        }

        return (options, [.. names]);
    }

    private static string Value(IReadOnlyList<string> arguments, int index) => index < arguments.Count ? arguments[index] : throw new FormatException($"Options are {Usage}.");
}
