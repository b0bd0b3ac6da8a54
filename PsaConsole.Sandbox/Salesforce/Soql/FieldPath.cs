using PsaConsole.Sandbox.Core;

namespace PsaConsole.Sandbox.Salesforce.Soql;

/// <summary>A field of a query's object or of a parent of it, found in the schema once.</summary>
internal sealed class FieldPath
{
    private const int MostParents = 5;
    private readonly (FieldSchema Reference, SObject Parent)[] _steps;

    private FieldPath((FieldSchema, SObject)[] steps, FieldSchema field) => (_steps, Field) = (steps, field);

    public FieldSchema Field { get; }

    /// <summary>True when no relationship is followed.</summary>
    public bool IsOwn => _steps.Length == 0;

    /// <summary>The relationships, by the names that the answer uses.</summary>
    public IEnumerable<string> Relationships => _steps.Select(step => SObject.RelationshipName(step.Reference));

    /// <exception cref="SalesforceRefusal">INVALID_FIELD: a part of the path is not in the schema.</exception>
    public static FieldPath Resolve(SObject start, string[] path)
    {
        // The object's own name may stand before a field: Opportunity.Name.
        if (path.Length > 1 && path[0].Equals(start.Name, StringComparison.OrdinalIgnoreCase) && start.FindParent(path[0]) is null)
        {
            path = path[1..];
        }

        var steps = new List<(FieldSchema, SObject)>();
        var owner = start;
        foreach (var relationship in path[..^1])
        {
            var reference = owner.FindParent(relationship);
            if (reference is null || steps.Count == MostParents)
            {
                throw SalesforceRefusal.Query("INVALID_FIELD", $"Didn't understand relationship '{relationship}' in field path. If you are attempting to use a custom relationship, be sure to append the '__r' after the custom relationship name.");
            }

            var parent = SalesforceSchema.Find(reference.Table!)!;
            steps.Add((reference, parent));
            owner = parent;
        }

        var field = owner.Find(path[^1]) ?? throw SalesforceRefusal.Query(
            "INVALID_FIELD",
            $"No such column '{path[^1]}' on entity '{owner.Name}'. If you are attempting to use a custom field, be sure to append the '__c' after the custom field name. Please reference your WSDL or the describe call for the appropriate names.");
        return new FieldPath([.. steps], field);
    }

    public object? Value(Record record, RecordStore store)
    {
        foreach (var (reference, parent) in _steps)
        {
            if (store[parent.Name].Find((string?)SObject.Value(record, reference.Name)) is not { } next)
            {
                return null;
            }

            record = next;
        }

        return SObject.Value(record, Field.Name);
    }
}
