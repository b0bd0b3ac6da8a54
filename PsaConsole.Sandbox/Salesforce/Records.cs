using System.Globalization;
using System.Text.Json;
using PsaConsole.Sandbox.Core;

namespace PsaConsole.Sandbox.Salesforce;

/// <summary>Creates, changes, upserts and deletes records by the org's rules. The one way in, for the API, composites, seeding and activity alike.</summary>
internal sealed class Records(RecordStore store, SandboxClock clock)
{
    private readonly RecordRules _rules = new(store, clock);

    public Record Create(SObject item, JsonElement body) => Create(item, Read(item, body, inserting: true));

    public Record Create(SObject item, Dictionary<string, object?> values) => Save(item, () =>
    {
        _rules.Apply(item, null, values);
        return store.Insert(item.Name, values);
    });

    public Record Update(SObject item, string id, JsonElement body)
    {
        var values = Read(item, body, inserting: false);
        return Update(item, id, values);
    }

    public Record Update(SObject item, string id, Dictionary<string, object?> values) => Save(item, () =>
    {
        var before = Existing(item, id);
        _rules.Apply(item, before, values);
        return store.Update(item.Name, before.Id, values);
    });

    /// <summary>Changes the record that holds the value, or creates it.</summary>
    /// <param name="item">The object.</param>
    /// <param name="field">An external id field, or Id.</param>
    /// <param name="value">Its value.</param>
    /// <param name="body">The fields; without the external id.</param>
    /// <param name="updateOnly">Refuses to create.</param>
    /// <exception cref="SalesforceRefusal">300 when several records hold the value.</exception>
    public (Record Record, bool Created) Upsert(SObject item, FieldSchema field, string value, JsonElement body, bool updateOnly) => store.Transact(() =>
    {
        if (field.Name == "Id")
        {
            return (Update(item, value, body), false);
        }

        var matches = store[item.Name].FindBy(field.Name, value);
        if (matches.Count > 1)
        {
            throw SalesforceRefusal.Call(300, "MULTIPLE_CHOICES", string.Join(',', matches.Select(match => match.Id)));
        }

        if (matches is [var match])
        {
            return (Update(item, match.Id, body), false);
        }

        if (updateOnly)
        {
            throw SalesforceRefusal.NotFound();
        }

        var values = Read(item, body, inserting: true);
        values[field.Name] = value;
        return (Create(item, values), true);
    });

    public void Delete(SObject item, string id) => store.Transact(() =>
    {
        var record = Existing(item, id);
        if (item.Name == "Account" && store["Opportunity"].FindBy("AccountId", record.Id).Any(deal => deal.Flag("IsWon")))
        {
            throw new SalesforceRefusal(400, "DELETE_FAILED", "Your attempt to delete this account could not be completed because it is associated with closed won opportunities.");
        }

        foreach (var (child, childId) in item.Children.Where(child => child.Cascades)
            .SelectMany(child => store[child.Child].FindBy(child.Field, record.Id).Select(found => (child.Child, found.Id))))
        {
            Delete(SalesforceSchema.Find(child)!, childId);
        }

        store.Delete(item.Name, record.Id);
        _rules.After(item, record);
        return true;
    });

    /// <exception cref="SalesforceRefusal">404 NOT_FOUND, or ENTITY_IS_DELETED.</exception>
    public Record Existing(SObject item, string id)
    {
        if (SalesforceId.Normalise(id) is not { } full)
        {
            throw SalesforceRefusal.Call(400, "MALFORMED_ID", $"malformed id {id}");
        }

        return store[item.Name].FindAny(full) switch
        {
            null => throw SalesforceRefusal.NotFound(),
            { Deleted: true } => throw new SalesforceRefusal(404, "ENTITY_IS_DELETED", "entity is deleted"),
            var record => record,
        };
    }

    private Record Save(SObject item, Func<Record> write)
    {
        try
        {
            return store.Transact(() =>
            {
                var record = write();
                _rules.After(item, record);
                return record;
            });
        }
        catch (DuplicateValueException duplicate)
        {
            throw new SalesforceRefusal(400, "DUPLICATE_VALUE", $"duplicate value found: {duplicate.Field} duplicates value on record with id: {duplicate.ExistingId}");
        }
    }

    private Dictionary<string, object?> Read(SObject item, JsonElement body, bool inserting)
    {
        var system = body.EnumerateObject().Select(property => property.Name).FirstOrDefault(name => item.Find(name) is not null && item.Schema.Find(name) is null);
        if (system is not null)
        {
            throw system.Equals("Id", StringComparison.OrdinalIgnoreCase)
                ? new SalesforceRefusal(400, "INVALID_FIELD", "The Id field should not be specified in the sobject data.", "Id")
                : NotWritable(system);
        }

        var read = BodyReader.Read(store, item.Schema, WithLongIds(item, body), inserting, "attributes");
        return read.Problems is [] ? read.Values : throw Refuse(item, read.Problems);
    }

    /// <summary>References may be sent with 15 characters; they are kept and checked with 18.</summary>
    private static JsonElement WithLongIds(SObject item, JsonElement body)
    {
        if (!body.EnumerateObject().Any(property => property.Value.ValueKind == JsonValueKind.String && item.Schema.Find(property.Name)?.Type == FieldType.Reference))
        {
            return body;
        }

        var fields = body.EnumerateObject().ToDictionary(property => property.Name, property =>
            item.Schema.Find(property.Name)?.Type == FieldType.Reference && property.Value.ValueKind == JsonValueKind.String
                ? JsonSerializer.SerializeToElement(SalesforceId.Normalise(property.Value.GetString()!)
                    ?? throw new SalesforceRefusal(400, "MALFORMED_ID", $"{property.Name}: id value of incorrect type: {property.Value.GetString()}", property.Name))
                : property.Value);
        return JsonSerializer.SerializeToElement(fields);
    }

    private static SalesforceRefusal Refuse(SObject item, IReadOnlyList<FieldProblem> problems)
    {
        // Salesforce tells of unknown and badly written fields first (it can't read the record), then of what is missing, then of values.
        var problem = problems.MinBy(candidate => candidate.Kind switch
        {
            FieldProblemKind.Unknown => 0,
            FieldProblemKind.WrongType => 1,
            FieldProblemKind.ReadOnly => 2,
            FieldProblemKind.Missing => 3,
            _ => 4,
        })!;
        var (name, value) = (problem.Field, problem.Value);
        return problem.Kind switch
        {
            FieldProblemKind.Unknown => SalesforceRefusal.Call(400, "INVALID_FIELD", $"No such column '{name}' on sobject of type {item.Name}"),
            FieldProblemKind.WrongType => SalesforceRefusal.Call(400, "JSON_PARSER_ERROR", $"Cannot deserialize instance of {Describe.TypeOf(item.Schema.Find(name)!)} from {value} or request may be missing a required field at {item.Name}.{name}"),
            FieldProblemKind.ReadOnly => NotWritable(name),
            FieldProblemKind.Missing => Missing([.. problems.Where(other => other.Kind == FieldProblemKind.Missing).Select(other => other.Field)]),
            FieldProblemKind.NotInPicklist => new(400, "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", $"{name}: bad value for restricted picklist field: {value}", name),
            FieldProblemKind.TooLong => new(400, "STRING_TOO_LONG", string.Create(CultureInfo.InvariantCulture, $"{name}: data value too large: {value} (max length={item.Schema.Find(name)!.Length})"), name),
            FieldProblemKind.DanglingReference => new(400, "INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id", name),
            _ => throw new InvalidOperationException($"Unknown problem {problem.Kind}."),
        };
    }

    private static SalesforceRefusal Missing(string[] fields) => new(400, "REQUIRED_FIELD_MISSING", $"Required fields are missing: [{string.Join(", ", fields)}]", fields);

    private static SalesforceRefusal NotWritable(string field)
        => new(400, "INVALID_FIELD_FOR_INSERT_UPDATE", $"Unable to create/update fields: {field}. Please check the security settings of this field and verify that it is read/write for your profile or permission set.", field);
}
