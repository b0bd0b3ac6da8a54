using System.Globalization;

namespace PsaConsole.Benchmarks.EngineLoad;

/// <summary>What the measurement of the engine may be asked for besides its defaults.</summary>
/// <param name="Rows">Rows of the past in each table that grows; 10,000 are what it is compared with.</param>
/// <param name="Minutes">Length of the load under which memory is watched.</param>
internal sealed record LoadOptions(int Rows, double Minutes)
{
    public const string Usage = "--rows N (default 1000000) and --minutes M (default 2), for the measurement of the engine";

    /// <summary>Takes the options out of the arguments; what is left are names.</summary>
    /// <exception cref="FormatException">An option has no number.</exception>
    public static (LoadOptions Options, string[] Names) Of(IReadOnlyList<string> arguments)
    {
        var (options, names) = (new LoadOptions(1_000_000, 2), new List<string>());
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
                default:
                    names.Add(arguments[index]);
                    break;
            }
        }

        return (options, [.. names]);
    }

    private static string Value(IReadOnlyList<string> arguments, int index) => index < arguments.Count ? arguments[index] : throw new FormatException($"Options are {Usage}.");
}
