using System.Text.Json;
using PsaConsole.Sandbox.Core;

namespace PsaConsole.Sandbox.Salesforce;

/// <summary>Writes one record as the record resource answers it.</summary>
internal static class RecordJson
{
    /// <param name="writer">Where to.</param>
    /// <param name="item">The object.</param>
    /// <param name="record">The record.</param>
    /// <param name="fields">Which fields; none means all.</param>
    /// <param name="version">The API version that addresses are written with.</param>
    public static void Write(Utf8JsonWriter writer, SObject item, Record record, IReadOnlyList<string> fields, string version)
    {
        writer.WriteStartObject();
        SalesforceJson.WriteAttributes(writer, version, item.Name, record.Id);
        var wanted = fields.Count == 0 ? item.Fields.Select(field => field.Name) : fields.Select(name => Name(item, name)).Append("Id").Distinct();
        foreach (var name in wanted)
        {
            writer.WritePropertyName(name);
            SalesforceJson.WriteValue(writer, SObject.Value(record, name));
        }

        if (fields.Count == 0 && item.Name == "Account")
        {
            WriteAddress(writer, record);
        }

        writer.WriteEndObject();
    }

    private static string Name(SObject item, string name)
        => item.Find(name)?.Name ?? throw SalesforceRefusal.Call(400, "INVALID_FIELD", $"No such column '{name}' on sobject of type {item.Name}");

    private static void WriteAddress(Utf8JsonWriter writer, Record account)
    {
        writer.WriteStartObject("BillingAddress");
        foreach (var part in new[] { "City", "Country", "CountryCode", "PostalCode", "State", "StateCode", "Street" })
        {
            writer.WriteString(char.ToLowerInvariant(part[0]) + part[1..], account.Text("Billing" + part));
        }

        writer.WriteEndObject();
    }
}
