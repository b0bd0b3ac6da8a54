namespace PsaConsole.Engine.Model;

/// <summary>Minor units of currencies by ISO 4217: two decimals unless listed here.</summary>
public static class Currencies
{
    private static readonly Dictionary<string, int> Exceptions = new(StringComparer.Ordinal)
    {
        ["JPY"] = 0,
        ["KRW"] = 0,
        ["CLP"] = 0,
        ["VND"] = 0,
        ["ISK"] = 0,
        ["KWD"] = 3,
        ["BHD"] = 3,
        ["JOD"] = 3,
        ["OMR"] = 3,
        ["TND"] = 3,
    };

    /// <summary>Decimals of the currency's smallest unit: 2 for EUR, 0 for JPY, 3 for KWD.</summary>
    public static int MinorUnits(string currency) => Exceptions.GetValueOrDefault(currency, 2);

    /// <summary>The smallest amount of the currency: 0.01 for EUR, 1 for JPY.</summary>
    public static decimal MinorUnit(string currency) => MinorUnits(currency) switch { 0 => 1m, 3 => 0.001m, _ => 0.01m };
}
