using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using PsaConsole.Engine.Mapping;

namespace PsaConsole.Engine.Connectors.Salesforce;

/// <summary>Writes queries from what the mapping sets read, so that a new field is a new rule and nothing else.</summary>
internal static partial class Soql
{
    /// <summary>Comma-separated fields of a set, with others that the connector itself needs.</summary>
    public static string Fields(SourcePaths sources, params string[] others) =>
        string.Join(", ", sources.Fields.Concat(others).Distinct(StringComparer.OrdinalIgnoreCase));

    /// <summary>An id as it may stand in a query or an address.</summary>
    /// <exception cref="ConnectorException">Business: it is no Salesforce id.</exception>
    public static string Id(string id) => IdForm().IsMatch(id)
        ? id
        : throw new ConnectorException(SalesforceHttp.System, ErrorClass.Business, $"\"{id}\" is not a Salesforce id (15 or 18 letters and digits).");

    /// <summary>Whether it has the form of an id.</summary>
    public static bool IsId([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] string? id) => id is not null && IdForm().IsMatch(id);

    /// <summary>A point in time stands in a query without quotes, in UTC.</summary>
    public static string Instant(DateTimeOffset instant) =>
        instant.ToUniversalTime().ToString(instant.Millisecond == 0 ? "yyyy-MM-dd'T'HH:mm:ss'Z'" : "yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    /// <summary>The time that a record's SystemModstamp tells.</summary>
    /// <exception cref="ConnectorException">Contract: it is absent or of another form.</exception>
    public static DateTimeOffset Stamp(JsonObject record) =>
        DateTimeOffset.TryParseExact(record["SystemModstamp"]?.ToString(), "yyyy-MM-dd'T'HH:mm:ss.fffzzz", CultureInfo.InvariantCulture, DateTimeStyles.None, out var stamp)
            ? stamp
            : throw new ConnectorException(SalesforceHttp.System, ErrorClass.Contract, $"salesforce answered a record with SystemModstamp \"{record["SystemModstamp"]}\".");

    [GeneratedRegex("^[A-Za-z0-9]{15}([A-Za-z0-9]{3})?$")]
    private static partial Regex IdForm();
}
