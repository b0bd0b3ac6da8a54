using PsaConsole.Sandbox.Core;

namespace PsaConsole.Sandbox.Salesforce;

/// <summary>A child relationship of an object: how a sub-query calls it, and which field of the child points to the parent.</summary>
internal sealed record ChildRelationship(string Name, string Child, string Field, bool Cascades);

/// <summary>An object of the org: a table with the system fields that every object has, and its relationships.</summary>
internal sealed class SObject(string keyPrefix, string label, TableSchema schema)
{
    private static readonly Dictionary<string, FieldSchema> SystemFields = new FieldSchema[]
    {
        new("Id", FieldType.Text) { ReadOnly = true, Kind = "id", Length = 18 },
        new("IsDeleted", FieldType.Boolean) { ReadOnly = true },
        new("CreatedDate", FieldType.DateTime) { ReadOnly = true },
        new("LastModifiedDate", FieldType.DateTime) { ReadOnly = true },
        new("SystemModstamp", FieldType.DateTime) { ReadOnly = true },
        new("CreatedById", FieldType.Reference) { ReadOnly = true, Table = "User" },
        new("LastModifiedById", FieldType.Reference) { ReadOnly = true, Table = "User" },
    }.ToDictionary(field => field.Name, StringComparer.OrdinalIgnoreCase);

    public string Name => Schema.Name;

    public string KeyPrefix { get; } = keyPrefix;

    public string Label { get; } = label;

    public TableSchema Schema { get; } = schema;

    public bool IsCustom => Name.EndsWith("__c", StringComparison.Ordinal);

    public IReadOnlyList<ChildRelationship> Children { get; init; } = [];

    public IEnumerable<FieldSchema> Fields => SystemFields.Values.Take(1).Concat(Schema.Fields).Concat(SystemFields.Values.Skip(1));

    public FieldSchema? Find(string field) => SystemFields.GetValueOrDefault(field) ?? Schema.Find(field);

    /// <summary>The reference field behind a relationship name such as Account or Opportunity__r; null when there is none.</summary>
    public FieldSchema? FindParent(string relationship)
        => Fields.FirstOrDefault(field => field.Type == FieldType.Reference && RelationshipName(field).Equals(relationship, StringComparison.OrdinalIgnoreCase));

    public ChildRelationship? FindChildren(string relationship)
        => Children.FirstOrDefault(child => child.Name.Equals(relationship, StringComparison.OrdinalIgnoreCase));

    public static string RelationshipName(FieldSchema field)
        => field.Name.EndsWith("__c", StringComparison.Ordinal) ? field.Name[..^1] + "r" : field.Name[..^2];

    /// <summary>A field's value as a query sees it: points in time have whole seconds.</summary>
    public static object? Value(Record record, string field) => field switch
    {
        "Id" => record.Id,
        "IsDeleted" => record.Deleted,
        "CreatedDate" => WholeSeconds(record.Created),
        "LastModifiedDate" or "SystemModstamp" => WholeSeconds(record.Modified),
        "CreatedById" or "LastModifiedById" => SalesforceSchema.IntegrationUserId,
        _ => record[field],
    };

    private static DateTimeOffset WholeSeconds(DateTimeOffset instant) => new(instant.Ticks - instant.Ticks % TimeSpan.TicksPerSecond, TimeSpan.Zero);
}
