using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using PsaConsole.Sandbox.Core;

namespace PsaConsole.Sandbox.NetSuite;

/// <summary>Creates, changes and deletes records: what the record API, the seed and the firm's life all go through.</summary>
internal sealed partial class Records(RecordStore store)
{
    private readonly RecordInput _input = new(store);
    private readonly RecordRules _rules = new(store);

    public InputFields Read(RecordType type, JsonElement body, NameValidation names) => _input.Read(type, body, names);

    /// <summary>The record of an id or eid:EXTERNAL.</summary>
    /// <exception cref="NetSuiteRefusal">There is none.</exception>
    public Record Find(RecordType type, string key)
        => FindOrNull(type, key) ?? throw NetSuiteRefusal.NoRecord();

    public Record? FindOrNull(RecordType type, string key)
        => key.StartsWith("eid:", StringComparison.OrdinalIgnoreCase)
            ? type.Schema.Find("externalId") is null ? null : store[type.Name].FirstBy("externalId", key[4..])
            : store[type.Name].Find(key);

    public Record Create(RecordType type, InputFields input) => Write(type, () =>
    {
        var values = new Dictionary<string, object?>(input.Values, StringComparer.OrdinalIgnoreCase);
        foreach (var (name, lines) in input.Lines)
        {
            values[name] = Numbered(lines);
        }

        Complete(type, values);
        Journals.Complete(store, type, values);
        _rules.Check(type, null, field => values.TryGetValue(field, out var value) ? value : type.Schema.Find(field)!.Default);
        var record = store.Insert(type.Name, values);
        FollowSubsidiary(type, record);
        Journals.Follow(store, record);
        return record;
    });

    /// <param name="type">The record's type.</param>
    /// <param name="before">The record as it is.</param>
    /// <param name="input">What changes.</param>
    /// <param name="replaced">The sublists whose lines are all replaced; the others are merged by the lines' ids.</param>
    /// <param name="clearOthers">Selected fields that are not sent are cleared (replaceSelectedFields).</param>
    public Record Update(RecordType type, Record before, InputFields input, IReadOnlyCollection<string> replaced, bool clearOthers = false) => Write(type, () =>
    {
        var values = new Dictionary<string, object?>(input.Values, StringComparer.OrdinalIgnoreCase);
        foreach (var (name, lines) in input.Lines)
        {
            values[name] = replaced.Contains(name, StringComparer.OrdinalIgnoreCase) ? Numbered(lines) : Merged(before[name] as JsonArray, lines, name);
        }

        foreach (var name in clearOthers ? replaced : [])
        {
            if (type.Schema.Find(name) is { ReadOnly: false } field)
            {
                values.TryAdd(field.Name, null);
            }
        }

        _rules.Check(type, before, field => values.TryGetValue(field, out var value) ? value : before[field]);
        var record = store.Update(type.Name, before.Id, values);
        FollowSubsidiary(type, record);
        return record;
    });

    public Record Upsert(RecordType type, string externalId, InputFields input, IReadOnlyCollection<string> replaced)
    {
        if (!ExternalIdForm().IsMatch(externalId))
        {
            throw NetSuiteRefusal.Request($"Invalid external ID '{externalId}'. An external ID can contain only letters, digits, underscores and hyphens.");
        }

        input.Values["externalId"] = externalId;
        return store.Transact(() => store[type.Name].FirstBy("externalId", externalId) is { } before ? Update(type, before, input, replaced) : Create(type, input));
    }

    public void Delete(RecordType type, Record record) => store.Transact(() =>
    {
        _rules.CheckDelete(record);
        if (type.Name == "customer")
        {
            foreach (var relationship in store["customerSubsidiaryRelationship"].FindBy("entity", record.Id))
            {
                store.Delete("customerSubsidiaryRelationship", relationship.Id);
            }
        }

        return store.Delete(type.Name, record.Id);
    });

    private Record Write(RecordType type, Func<Record> work)
    {
        try
        {
            return store.Transact(work);
        }
        catch (DuplicateValueException duplicate)
        {
            throw NetSuiteRefusal.Rule(duplicate.Field switch
            {
                "entityId" when type.Name == "customer" => "A customer record with this ID already exists. You must enter a unique customer ID for each record you create.",
                "entityId" when type.Name == "job" => "A project record with this name already exists. You must enter a unique project name for each record you create.",
                "entityId" => "An entity with this ID already exists. You must enter a unique ID for each record you create.",
                "externalId" => $"This record already exists. The external ID {duplicate.Value} is in use by {type.Name} {duplicate.ExistingId}.",
                _ => $"A {type.Name} record with this {duplicate.Field} already exists.",
            });
        }
    }

    /// <summary>What the form fills in: an entity's name by its number, a currency by its subsidiary.</summary>
    private void Complete(RecordType type, Dictionary<string, object?> values)
    {
        if (type.Schema.Find("entityId") is not null && values.GetValueOrDefault("entityId") is null or "")
        {
            var next = store[type.Name].ScanAll().Count() + 1;
            values["entityId"] = type.Name == "employee"
                ? $"{values.GetValueOrDefault("firstName")} {values.GetValueOrDefault("lastName")}".Trim()
                : string.Create(CultureInfo.InvariantCulture, $"{(type.Name == "job" ? "PRJ" : "CUST")}{next:00000}");
        }

        if (type.Schema.Find("currency") is not null && values.GetValueOrDefault("currency") is null)
        {
            var source = type.Name == "job" && values.GetValueOrDefault("parent") is string parent ? store["customer"].Find(parent) : values.GetValueOrDefault("subsidiary") is string id ? store["subsidiary"].Find(id) : null;
            if (source?.Text("currency") is { } currency)
            {
                values["currency"] = currency;
            }
        }
    }

    /// <summary>A customer's primary subsidiary is one of its relationships.</summary>
    private void FollowSubsidiary(RecordType type, Record customer)
    {
        if (type.Name != "customer")
        {
            return;
        }

        var relationships = store["customerSubsidiaryRelationship"].FindBy("entity", customer.Id);
        var (primary, wanted) = (relationships.FirstOrDefault(one => one.Flag("isPrimarySub")), customer.Text("subsidiary")!);
        if (primary?.Text("subsidiary") == wanted)
        {
            return;
        }

        if (primary is not null)
        {
            store.Update("customerSubsidiaryRelationship", primary.Id, new Dictionary<string, object?> { ["isPrimarySub"] = false });
        }

        if (relationships.FirstOrDefault(one => one.Text("subsidiary") == wanted) is { } known)
        {
            store.Update("customerSubsidiaryRelationship", known.Id, new Dictionary<string, object?> { ["isPrimarySub"] = true });
            return;
        }

        store.Insert("customerSubsidiaryRelationship", new Dictionary<string, object?>
        {
            ["entity"] = customer.Id,
            ["subsidiary"] = wanted,
            ["isPrimarySub"] = true,
            ["primaryCurrency"] = customer.Text("currency"),
        });
    }

    private static JsonArray Numbered(JsonArray lines)
    {
        for (var index = 0; index < lines.Count; index++)
        {
            lines[index]!["id"] = index + 1;
        }

        return lines;
    }

    /// <summary>A line with a known id is changed, one without an id is added: the same body sent twice adds its lines twice.</summary>
    private static JsonArray Merged(JsonArray? before, JsonArray lines, string name)
    {
        var merged = before?.DeepClone().AsArray() ?? [];
        var next = merged.Select(line => (int)line!["id"]!).DefaultIfEmpty(0).Max() + 1;
        foreach (var line in lines.Select(line => line!.DeepClone().AsObject()))
        {
            if (line["id"] is not { } key)
            {
                line["id"] = next++;
                merged.Add(line);
                continue;
            }

            var target = merged.FirstOrDefault(existing => (int)existing!["id"]! == (int)key)?.AsObject()
                ?? throw NetSuiteRefusal.Content($"The line with the key {key} does not exist in the sublist {name}.", name);
            foreach (var (field, value) in line)
            {
                target[field] = value?.DeepClone();
            }
        }

        return merged;
    }

    [GeneratedRegex("^[A-Za-z0-9_-]{1,255}$")]
    private static partial Regex ExternalIdForm();
}
