namespace PsaConsole.Sandbox;

/// <summary>What a sandbox is started with.</summary>
public sealed record SandboxOptions
{
    /// <summary>The control API's port; vendor n listens on the n-th port after it. 0 lets the operating system choose every port.</summary>
    public int Port { get; init; } = 5090;

    /// <summary>Where records are kept over a restart; null keeps them in memory only.</summary>
    public string? DataFolder { get; init; }

    /// <summary>How many consultants the sample firm employs.</summary>
    public int Consultants { get; init; } = 400;

    /// <summary>The number that the sample firm is generated from: the same number gives the same firm.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>The sandbox's date and time at its first start; null means the machine's.</summary>
    public DateTimeOffset? Now { get; init; }

    /// <summary>Reads <c>--port 5090 --data DIR --consultants 400 --seed 1 --now 2026-03-02T08:00:00Z</c>.</summary>
    /// <exception cref="ArgumentException">An option is unknown, lacks its value or is not valid.</exception>
    public static SandboxOptions Parse(IReadOnlyList<string> arguments)
    {
        var options = new SandboxOptions();
        for (var index = 0; index < arguments.Count; index += 2)
        {
            var name = arguments[index];
            var value = index + 1 < arguments.Count
                ? arguments[index + 1]
                : throw new ArgumentException($"Option {name} needs a value.", nameof(arguments));
            options = name switch
            {
                "--port" => options with { Port = Number(name, value, 0, 65_000) },
                "--data" => options with { DataFolder = value },
                "--consultants" => options with { Consultants = Number(name, value, 20, 50_000) },
                "--seed" => options with { Seed = Number(name, value, 0, int.MaxValue) },
                "--now" => options with { Now = Instant(name, value) },
                _ => throw new ArgumentException($"Unknown option {name}. Known: --port, --data, --consultants, --seed, --now.", nameof(arguments)),
            };
        }

        return options;
    }

    private static int Number(string name, string value, int least, int most)
        => int.TryParse(value, System.Globalization.CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw new ArgumentException($"Option {name} needs a whole number from {least} to {most}, not '{value}'.");

    private static DateTimeOffset Instant(string name, string value)
        => DateTimeOffset.TryParse(
            value,
            System.Globalization.CultureInfo.InvariantCulture,
            System.Globalization.DateTimeStyles.AssumeUniversal | System.Globalization.DateTimeStyles.AdjustToUniversal,
            out var instant)
            ? instant
            : throw new ArgumentException($"Option {name} needs a date and time such as 2026-03-02T08:00:00Z, not '{value}'.");
}
