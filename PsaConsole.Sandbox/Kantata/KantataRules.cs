using System.Text.Json.Nodes;
using PsaConsole.Sandbox.Core;

namespace PsaConsole.Sandbox.Kantata;

/// <summary>What Kantata checks and fills in beyond single fields. All of it runs inside a write of the store.</summary>
internal sealed class KantataRules(RecordStore store)
{
    private static readonly Dictionary<int, (string Color, string Message)> Statuses = new()
    {
        [210] = ("grey", "Not Started"),
        [300] = ("green", "In Progress"),
        [400] = ("yellow", "On Hold"),
        [510] = ("blue", "Closed"),
        [530] = ("red", "Cancelled"),
    };

    /// <summary>The status object of a key.</summary>
    /// <exception cref="KantataRefusal">The account has no such status.</exception>
    public static JsonObject Status(int key) => Statuses.TryGetValue(key, out var status)
        ? new JsonObject { ["color"] = status.Color, ["key"] = key, ["message"] = status.Message }
        : throw KantataRefusal.Validation($"{key} is not a status of this account", "status");

    public void CheckNew(string table, Dictionary<string, object?> values)
    {
        if (values.GetValueOrDefault("workspace_id") is string workspace)
        {
            RefuseArchived(workspace);
        }

        switch (table)
        {
            case "workspace_resources" when values.GetValueOrDefault("user_id") is null && values.GetValueOrDefault("role_id") is null:
                throw KantataRefusal.Validation("role_id can't be blank for an unnamed resource", "role_id");
            case "workspace_allocations" when (values.GetValueOrDefault("resource_id") ?? values.GetValueOrDefault("workspace_resource_id")) is not string:
                throw KantataRefusal.Validation("resource_id can't be blank", "resource_id");
            case "billing_milestones" when values.GetValueOrDefault("billing_type") is "upon_completion" && values.GetValueOrDefault("story_id") is null:
                throw KantataRefusal.Validation("story_id can't be blank for a milestone that is billed upon completion", "story_id");
            case "billing_milestones" when values.GetValueOrDefault("story_id") is string story && store["stories"].Find(story)!.Text("workspace_id") != (string)values["workspace_id"]!:
                throw KantataRefusal.Validation("story_id must be a task of the same project", "story_id");
            case "users" or "account_memberships":
                throw KantataRefusal.OfStatus(404);
            case "account_invitations" when store["users"].FirstBy("email_address", (string)values["email_address"]!) is not null:
                throw KantataRefusal.Validation("email_address has already been taken", "email_address");
            case "stories" when values.GetValueOrDefault("parent_id") is string parent && store["stories"].Find(parent)!.Text("workspace_id") != (string)values["workspace_id"]!:
                throw KantataRefusal.Validation("parent_id must be a task of the same project", "parent_id");
        }

        CheckDates(values, null);
    }

    public void CheckChange(string table, Record record, Dictionary<string, object?> values)
    {
        var isUnarchiving = table == "workspaces" && values.GetValueOrDefault("archived") is false;
        if (!isUnarchiving)
        {
            RefuseArchived(table == "workspaces" ? record.Id : record.Schema.Find("workspace_id") is null ? null : record.Text("workspace_id"));
        }

        if (table is "time_entries" or "expenses")
        {
            RefuseLocked(table, record);
        }

        CheckDates(values, record);
    }

    /// <summary>Fills in what follows from what was sent.</summary>
    public void Complete(string table, Dictionary<string, object?> values, Record? before)
    {
        switch (table)
        {
            case "workspaces": CompleteProject(values, before); break;
            case "account_invitations" when before is null:
                values["invitee_id"] = Invitee(values);
                break;
            case "workspace_resources":
                var role = store["roles"].Find((string?)values.GetValueOrDefault("role_id") ?? before?.Text("role_id"));
                values["label"] = role?.Text("name");
                break;
            case "workspace_allocations": CompleteAllocation(values); break;
            case "time_entries" or "expenses" when before is null:
                var project = store["workspaces"].Find((string)values["workspace_id"]!)!;
                (values["currency"], values["currency_base_unit"]) = (project.Text("currency"), project["currency_base_unit"]);
                break;
            case "stories" when values.GetValueOrDefault("percentage_complete") is long percentage:
                values["state"] = percentage >= 100 ? "completed" : percentage > 0 ? "started" : "not started";
                break;
        }
    }

    /// <summary>Who is invited is a user of the account from then on, and signs in when they have accepted.</summary>
    private string Invitee(Dictionary<string, object?> values)
    {
        var user = store.Insert("users", new Dictionary<string, object?> { ["full_name"] = values["full_name"], ["email_address"] = values["email_address"], ["headline"] = values.GetValueOrDefault("headline") });
        store.Insert("account_memberships", new Dictionary<string, object?>
        {
            ["user_id"] = user.Id,
            ["permission"] = values.GetValueOrDefault("permission") ?? "collaborator",
            ["default_role_id"] = values.GetValueOrDefault("default_role_id"),
        });
        return user.Id;
    }

    /// <summary>A subject has one reference at a service.</summary>
    public Record Reference(Dictionary<string, object?> values, bool mayExist)
    {
        var (table, subject) = Subject(values);
        if (KantataSchema.TypeOf(table) != (string)values["subject_type"]!)
        {
            throw KantataRefusal.Validation("subject_type is not included in the list", "subject_type");
        }

        var existing = store[KantataSchema.References].FindBy("subject_id", subject)
            .FirstOrDefault(reference => KantataSchema.TableOf(reference.Text("subject_type")!) == table && reference.Text("service_name") == (string)values["service_name"]!);
        if (existing is null)
        {
            values["status"] = values.GetValueOrDefault("status") ?? "successful";
            return store.Insert(KantataSchema.References, values);
        }

        return mayExist ? store.Update(KantataSchema.References, existing.Id, values) : throw KantataRefusal.Validation("service_name has already been taken", "service_name");
    }

    /// <summary>A new value takes the place of an old one, and has an id of its own.</summary>
    public Record Value(Dictionary<string, object?> values)
    {
        var (table, subject) = Subject(values);
        var field = (string)values["custom_field_id"]!;
        if (KantataSchema.TableOf(store["custom_fields"].Find(field)!.Text("subject_type")!) != table)
        {
            throw KantataRefusal.Validation("custom_field_id is a field of other objects", "custom_field_id");
        }

        if (store[KantataSchema.Values].FindBy("subject_id", subject).FirstOrDefault(value => value.Text("custom_field_id") == field) is { } old)
        {
            store.Delete(KantataSchema.Values, old.Id);
        }

        return store.Insert(KantataSchema.Values, values);
    }

    private (string Table, string Id) Subject(Dictionary<string, object?> values)
    {
        var table = KantataSchema.TableOf((string)values["subject_type"]!) ?? throw KantataRefusal.Validation("subject_type is not included in the list", "subject_type");
        var id = (string)values["subject_id"]!;
        return store[table].Find(id) is not null ? (table, id) : throw KantataRefusal.Validation("subject_id could not be found", "subject_id");
    }

    private static void CompleteProject(Dictionary<string, object?> values, Record? before)
    {
        if (before is null || values.ContainsKey("currency"))
        {
            var currency = values["currency"] = values.GetValueOrDefault("currency") ?? before?["currency"] ?? "USD";
            values["currency_base_unit"] = currency is "JPY" or "KRW" ? 1L : 100L;
        }

        if (values.GetValueOrDefault("price") is decimal price)
        {
            var unit = (long)(values.GetValueOrDefault("currency_base_unit") ?? before!["currency_base_unit"])!;
            (values["price_in_cents"], values["price"]) = ((long)decimal.Round(price * unit, 0, MidpointRounding.AwayFromZero), null);
        }

        if (values.GetValueOrDefault("status_key") is long key)
        {
            values["status"] = Status((int)Math.Min(key, int.MaxValue));
        }
        else if (before is null)
        {
            values["status"] = Status(210);
        }
    }

    /// <summary>An allocation belongs to its resource's project and person.</summary>
    private void CompleteAllocation(Dictionary<string, object?> values)
    {
        if ((values.GetValueOrDefault("resource_id") ?? values.GetValueOrDefault("workspace_resource_id")) is string id && store["workspace_resources"].Find(id) is { } resource)
        {
            RefuseArchived(resource.Text("workspace_id"));
            if (values.GetValueOrDefault("hard") is true && resource.Text("user_id") is null)
            {
                throw KantataRefusal.Validation("An unnamed resource can't have a hard allocation", "hard");
            }

            (values["workspace_resource_id"], values["resource_id"], values["workspace_id"], values["user_id"]) = (id, null, resource.Text("workspace_id"), resource.Text("user_id"));
        }
    }

    private static void CheckDates(Dictionary<string, object?> values, Record? before)
    {
        DateOnly? Of(string name) => values.TryGetValue(name, out var value) ? (DateOnly?)value : before?.Schema.Find(name) is null ? null : before.Date(name);
        foreach (var end in (string[])["due_date", "end_date"])
        {
            if (Of("start_date") is { } first && Of(end) is { } last && last < first)
            {
                throw KantataRefusal.Validation($"{end} can't be before start_date", end);
            }
        }
    }

    private void RefuseLocked(string table, Record record)
    {
        var subject = KantataSchema.Singular(table).Replace('_', ' ');
        if (record.Flag("approved") || record.Flag("is_invoiced"))
        {
            throw KantataRefusal.Validation($"This {subject} can't be changed because it is approved or invoiced", "base");
        }

        if (store[KantataSchema.References].FindBy("subject_id", record.Id).FirstOrDefault(reference => reference.Flag("locked") && KantataSchema.TableOf(reference.Text("subject_type")!) == table) is { } holder)
        {
            throw KantataRefusal.Validation($"This {subject} is locked by {holder.Text("service_name")}", "base");
        }
    }

    private void RefuseArchived(string? workspace)
    {
        if (store["workspaces"].Find(workspace)?.Flag("archived") == true)
        {
            throw KantataRefusal.Validation("The project is archived.", "workspace_id");
        }
    }
}
