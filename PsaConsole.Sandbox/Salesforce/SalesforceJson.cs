using System.Globalization;
using System.Text.Json;
using PsaConsole.Sandbox.Core;

namespace PsaConsole.Sandbox.Salesforce;

/// <summary>How Salesforce writes values: points in time without a colon in the offset, numbers with a decimal point.</summary>
internal static class SalesforceJson
{
    public static void WriteValue(Utf8JsonWriter writer, object? value)
    {
        switch (value)
        {
            case DateTimeOffset instant: writer.WriteStringValue(Instant(instant)); break;
            case decimal number: writer.WriteRawValue(number.ToString("0.0###################", CultureInfo.InvariantCulture)); break;
            default: FieldValue.Write(writer, value); break;
        }
    }

    public static string Instant(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'+0000'", CultureInfo.InvariantCulture);

    public static void WriteAttributes(Utf8JsonWriter writer, string version, string type, string? id)
    {
        writer.WriteStartObject("attributes");
        writer.WriteString("type", type);
        if (id is not null)
        {
            writer.WriteString("url", $"/services/data/v{version}/sobjects/{type}/{id}");
        }

        writer.WriteEndObject();
    }

    /// <summary>The errors of a whole call: an array, with errorCode.</summary>
    public static void WriteErrors(Utf8JsonWriter writer, SalesforceRefusal refusal)
    {
        writer.WriteStartArray();
        writer.WriteStartObject();
        writer.WriteString("message", refusal.Message);
        writer.WriteString("errorCode", refusal.Code);
        if (!refusal.WithoutFields)
        {
            WriteFields(writer, refusal);
        }

        writer.WriteEndObject();
        writer.WriteEndArray();
    }

    /// <summary>The result for one record of a call; in a collection's errors the code is called statusCode.</summary>
    public static void WriteResult(Utf8JsonWriter writer, string? id, SalesforceRefusal? refusal, bool? created)
    {
        writer.WriteStartObject();
        if (id is not null)
        {
            writer.WriteString("id", id);
        }

        writer.WriteBoolean("success", refusal is null);
        writer.WriteStartArray("errors");
        if (refusal is not null)
        {
            writer.WriteStartObject();
            writer.WriteString("statusCode", refusal.Code);
            writer.WriteString("message", refusal.Message);
            WriteFields(writer, refusal);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        if (created is { } isNew)
        {
            writer.WriteBoolean("created", isNew);
        }

        writer.WriteEndObject();
    }

    private static void WriteFields(Utf8JsonWriter writer, SalesforceRefusal refusal)
    {
        writer.WriteStartArray("fields");
        foreach (var field in refusal.Fields)
        {
            writer.WriteStringValue(field);
        }

        writer.WriteEndArray();
    }
}
