using System.Text.Json;
using PsaConsole.Sandbox.Core;

namespace PsaConsole.Sandbox.Salesforce;

/// <summary>What objects and fields there are, in Salesforce's words.</summary>
internal static class Describe
{
    public static string TypeOf(FieldSchema field) => field.Kind is { } kind and not "id" ? kind : field.Type switch
    {
        FieldType.Text => field.Kind ?? (field.Length > 255 ? "textarea" : "string"),
        FieldType.Number => "double",
        FieldType.Whole => "int",
        FieldType.Boolean => "boolean",
        FieldType.Date => "date",
        FieldType.DateTime => "datetime",
        FieldType.Reference => "reference",
        FieldType.Picklist => "picklist",
        _ => "anyType",
    };

    public static RestReply Global(RestCall call) => new(200, writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("encoding", "UTF-8");
        writer.WriteNumber("maxBatchSize", 200);
        writer.WriteStartArray("sobjects");
        foreach (var item in SalesforceSchema.Objects)
        {
            writer.WriteStartObject();
            WriteHead(writer, item, call.Version);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    });

    public static RestReply One(RestCall call, SObject item) => new(200, writer =>
    {
        writer.WriteStartObject();
        WriteHead(writer, item, call.Version);
        writer.WriteStartArray("childRelationships");
        foreach (var child in item.Children)
        {
            writer.WriteStartObject();
            writer.WriteBoolean("cascadeDelete", child.Cascades);
            writer.WriteString("childSObject", child.Child);
            writer.WriteString("field", child.Field);
            writer.WriteString("relationshipName", child.Name);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteStartArray("fields");
        foreach (var field in item.Fields)
        {
            WriteField(writer, field);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    });

    private static void WriteHead(Utf8JsonWriter writer, SObject item, string version)
    {
        writer.WriteString("name", item.Name);
        writer.WriteString("label", item.Label);
        writer.WriteString("keyPrefix", item.KeyPrefix);
        writer.WriteBoolean("custom", item.IsCustom);
        foreach (var right in new[] { "createable", "deletable", "queryable", "replicateable", "retrieveable", "updateable" })
        {
            writer.WriteBoolean(right, true);
        }

        writer.WriteStartObject("urls");
        writer.WriteString("sobject", $"/services/data/v{version}/sobjects/{item.Name}");
        writer.WriteString("describe", $"/services/data/v{version}/sobjects/{item.Name}/describe");
        writer.WriteString("rowTemplate", $"/services/data/v{version}/sobjects/{item.Name}/{{ID}}");
        writer.WriteEndObject();
    }

    private static void WriteField(Utf8JsonWriter writer, FieldSchema field)
    {
        writer.WriteStartObject();
        writer.WriteString("name", field.Name);
        writer.WriteString("label", field.Name.Replace("__c", "", StringComparison.Ordinal).Replace('_', ' '));
        writer.WriteString("type", field.Name == "Id" ? "id" : TypeOf(field));
        writer.WriteNumber("length", field.Length);
        writer.WriteBoolean("custom", field.Name.EndsWith("__c", StringComparison.Ordinal));
        writer.WriteBoolean("createable", !field.ReadOnly);
        writer.WriteBoolean("updateable", !field.ReadOnly);
        writer.WriteBoolean("nillable", !field.Required && field.Type != FieldType.Boolean && field.Name != "Id");
        writer.WriteBoolean("defaultedOnCreate", field.Default is not null);
        writer.WriteBoolean("unique", field.Unique);
        writer.WriteBoolean("externalId", field.ExternalId);
        writer.WriteBoolean("restrictedPicklist", field is { Type: FieldType.Picklist, Values.Count: > 0 });
        writer.WriteStartArray("referenceTo");
        if (field.Table is { } table)
        {
            writer.WriteStringValue(table);
        }

        writer.WriteEndArray();
        writer.WriteString("relationshipName", field.Type == FieldType.Reference ? SObject.RelationshipName(field) : null);
        writer.WriteStartArray("picklistValues");
        foreach (var value in field.Values)
        {
            writer.WriteStartObject();
            writer.WriteBoolean("active", true);
            writer.WriteBoolean("defaultValue", Equals(field.Default, value));
            writer.WriteString("label", value);
            writer.WriteString("value", value);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }
}
