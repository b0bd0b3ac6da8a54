using System.Globalization;
using PsaConsole.Sandbox.Core;

namespace PsaConsole.Sandbox.Kantata;

/// <summary>The resources of the account and their fields, as Kantata OX names them. Money is in minor units.</summary>
internal static class KantataSchema
{
    public const string References = "external_references";
    public const string Values = "custom_field_values";
    public const string Events = "subscribed_events";

    /// <summary>Kind of a field that a client writes and that is answered under another name or not at all.</summary>
    public const string WriteOnly = "write-only";

    /// <summary>Kind of a field that the account keeps to itself: neither answered nor taken.</summary>
    public const string Inner = "inner";

    /// <summary>What the API shows and does not take.</summary>
    private static readonly HashSet<string> Shown = ["rate_cards", "invoices", Events, "holidays", "workweeks"];

    /// <summary>Whose changes come as subscribed events.</summary>
    private static readonly HashSet<string> Told =
    [
        "users", "account_memberships", "roles", "skills", "skill_memberships", "workspace_groups", "workspaces", "participations", "stories", "billing_milestones", "workspace_resources",
        "workspace_allocations", "time_entries", "expenses", "time_off_entries", "workweeks", "custom_fields", "invoices",
    ];

    public static IReadOnlyList<TableSchema> Tables { get; } =
    [
        Table("users", Needed("full_name"), Text("email_address") with { Indexed = true }, Text("headline"), Text("city"), Text("country"), Flag("disabled", false), Flag("generic", false), Text("account_id") with { ReadOnly = true, Default = "1" }),
        Table("account_memberships", Reference("user_id", "users"), Text("permission"), Whole("bill_rate_in_cents"), Whole("cost_rate_in_cents"), Whole("billability_target"), Reference("default_role_id", "roles"),
            Reference("manager_id", "users"), new FieldSchema("disabled_at", FieldType.DateTime) { ReadOnly = true }),
        Table("account_invitations", Needed("full_name"), Needed("email_address") with { Indexed = true }, Text("headline"), Text("permission"), Whole("bill_rate_in_cents"), Whole("cost_rate_in_cents"), Reference("default_role_id", "roles"),
            Reference("invitee_id", "users") with { ReadOnly = true }, Flag("pending", true) with { ReadOnly = true }),
        Table("roles", Needed("name", 255)),
        Table("skills", Needed("name", 255), Whole("max_level")),
        Table("skill_memberships", NeededReference("user_id", "users"), NeededReference("skill_id", "skills"), Whole("level")),
        Table("workspace_groups", Needed("name", 255), Flag("company", true), Text("notes"), Text("email"), Text("website"), Items("workspace_ids")),
        Table(
            "workspaces", Needed("title", 255), Text("description"), Flag("archived", false), Flag("budgeted", true), Day("start_date"), Day("due_date"), Text("currency"),
            Whole("currency_base_unit") with { ReadOnly = true }, Whole("price_in_cents") with { ReadOnly = true }, new FieldSchema("price", FieldType.Number) { Kind = WriteOnly }, Whole("budget_used_in_cents") with { ReadOnly = true, Default = 0L }, Reference("primary_maven_id", "users"),
            Reference("creator_id", "users") with { ReadOnly = true }, Structure("status") with { ReadOnly = true }, Whole("status_key") with { Kind = WriteOnly }, Items("workspace_group_ids"), Reference("primary_workspace_group_id", "workspace_groups"),
            Flag("require_time_approvals", true), Flag("require_expense_approvals", true), Whole("percentage_complete") with { ReadOnly = true, Default = 0L }, Whole("target_margin"), Reference("rate_card_id", "rate_cards"),
            Pick("access_level", "invitation", "open", "admin"), Choice("creator_role", "maven", "buyer", "consultant", "client") with { Kind = WriteOnly }, Choice("stage", "project", "estimate"),
            Flag("change_orders_enabled", false), Flag("tasks_default_non_billable", false), Text("account_id") with { ReadOnly = true, Default = "1" }),
        Table("rate_cards", Needed("title"), Text("currency"), Flag("active", true)),
        Table("participations", NeededReference("workspace_id", "workspaces"), NeededReference("user_id", "users"), Text("role"), Text("permission"), Flag("is_team_lead", false)),
        Table(
            "stories", NeededReference("workspace_id", "workspaces"), Needed("title", 255), Pick("story_type", "task", "deliverable", "milestone", "issue"), Day("start_date"), Day("due_date"),
            Whole("time_estimate_in_minutes"), Whole("budget_estimate_in_cents"), Text("state") with { Default = "not started" }, Text("status"), Text("description") with { Length = 1000 }, Reference("parent_id", "stories"), Flag("archived", false),
            Whole("percentage_complete"), Flag("fixed_fee", false), Pick("priority", "normal", "low", "high", "critical"), Whole("weight"), Flag("time_trackable", true), Flag("billable", true)),
        Table(
            "billing_milestones", NeededReference("workspace_id", "workspaces"), Needed("title", 255), Whole("amount_in_cents") with { Required = true }, Day("date_to_invoice"),
            Pick("billing_type", "fixed_date", "upon_completion"), Reference("story_id", "stories"), Text("status")),
        Table(
            "workspace_resources", NeededReference("workspace_id", "workspaces"), Reference("role_id", "roles"), Reference("user_id", "users"), Text("label") with { ReadOnly = true }),
        Table(
            "workspace_allocations", Reference("workspace_resource_id", "workspace_resources"), Reference("resource_id", "workspace_resources") with { Kind = WriteOnly }, Reference("workspace_id", "workspaces"),
            Reference("user_id", "users") with { Kind = Inner, ReadOnly = true }, Day("start_date") with { Required = true }, Day("end_date") with { Required = true }, Whole("minutes") with { Required = true }, Whole("percentage"), Flag("hard", false), Text("notes")),
        Table(
            "time_entries", NeededReference("workspace_id", "workspaces"), Day("date_performed") with { Required = true, Indexed = true }, Whole("time_in_minutes") with { Required = true },
            Reference("story_id", "stories"), Reference("user_id", "users"), Reference("role_id", "roles"), Flag("billable", true), Text("notes"), Whole("rate_in_cents"), Whole("cost_rate_in_cents") with { ReadOnly = true },
            Text("currency") with { ReadOnly = true }, Whole("currency_base_unit") with { ReadOnly = true }, Flag("approved", false) with { ReadOnly = true }, Flag("taxable", false), Flag("is_invoiced", false) with { ReadOnly = true },
            Reference("active_submission_id", KantataApprovals.Timesheets) with { ReadOnly = true }, Text("location")),
        Submissions(KantataApprovals.Timesheets, "time_entry_ids"),
        Submissions(KantataApprovals.ExpenseReports, "expense_ids"),
        Table(
            "expenses", NeededReference("workspace_id", "workspaces"), Day("date") with { Required = true, Indexed = true }, Whole("amount_in_cents") with { Required = true }, Text("currency"),
            Whole("currency_base_unit") with { ReadOnly = true }, Needed("category", 255), Text("expense_category_id"), Reference("user_id", "users"), Text("notes"), Flag("is_billable", true),
            Flag("is_invoiced", false) with { ReadOnly = true }, Flag("approved", false) with { ReadOnly = true }, Flag("reimbursable", true), Flag("taxable", false), Whole("tax_in_cents"), Text("receipt_id"), Text("vendor_id"),
            Reference("active_submission_id", KantataApprovals.ExpenseReports) with { ReadOnly = true }),
        Table("time_off_entries", NeededReference("user_id", "users"), Day("requested_date") with { Required = true }, new FieldSchema("hours", FieldType.Number) { Required = true }),
        Table("workweeks", Needed("title"), Flag("default", false), Whole("sunday"), Whole("monday"), Whole("tuesday"), Whole("wednesday"), Whole("thursday"), Whole("friday"), Whole("saturday"), Items("user_ids")),
        Table("holidays", Needed("name"), Day("date"), Day("start_date"), Day("end_date"), new FieldSchema("total_hours", FieldType.Number), Text("country")),
        Table("custom_fields", Needed("name", 255), Text("subject_type"), Text("value_type")),
        Table(Values, Needed("subject_type"), Needed("subject_id") with { Indexed = true }, NeededReference("custom_field_id", "custom_fields"), Text("value")),
        Table(
            References, Needed("service_name", 255) with { Indexed = true }, Needed("service_model", 255), Needed("service_model_ref", 255) with { Indexed = true }, Needed("subject_type"),
            Needed("subject_id") with { Indexed = true }, Choice("status", "successful", "pending", "failed"), Text("external_message"), Text("external_link"), Text("external_status"), Flag("locked", false)),
        Table(
            "invoices", Text("title"), Text("status"), Flag("draft", false), Whole("balance_in_cents"), Text("currency"), Whole("currency_base_unit"), Day("invoice_date"), Day("due_date"), Text("user_invoice_number"),
            Text("purchase_order"), Text("project_code"), Items("workspace_ids"), Items("time_entry_ids"), Items("expense_ids"), Items("fixed_fee_item_ids"), Items("additional_item_ids")),
        Table(
            Events, Text("event_type") with { Indexed = true }, Structure("subject_ref"), Text("subject_type"), Text("subject_id") with { Indexed = true }, new FieldSchema("subject_changed_at", FieldType.DateTime),
            Structure("previous_payload"), Structure("current_payload"), Structure("payload_changes")),
    ];

    /// <summary>Singular of a resource, which wraps the body of a write: story for stories.</summary>
    public static string Singular(string table) => table.EndsWith("ies", StringComparison.Ordinal) ? table[..^3] + "y" : table[..^1];

    /// <summary>How many records one bulk call may create.</summary>
    public static int BulkLimit(string table) => table is "workspace_allocations" or "workspace_resources" ? 200 : 100;

    public static bool IsReadOnly(string table) => Shown.Contains(table);

    public static bool TellsChanges(string table) => Told.Contains(table);

    /// <summary>The kinds of event, such as workspace:updated.</summary>
    public static IEnumerable<string> EventTypes() => Told.Order(StringComparer.Ordinal).Select(Singular)
        .SelectMany(subject => (string[])[$"{subject}:created", $"{subject}:deleted", $"{subject}:updated", .. FieldHolder(subject) ? (string[])[$"{subject}:custom_field_value_created", $"{subject}:custom_field_value_deleted", $"{subject}:custom_field_value_updated"] : []]);

    /// <summary>Whose custom fields come as events of their own.</summary>
    public static bool FieldHolder(string subject) => subject is "workspace" or "workspace_group" or "story" or "user" or "workspace_resource";

    /// <summary>How references name the type of a resource: WorkspaceGroup for workspace_groups.</summary>
    public static string TypeOf(string table) => string.Concat(Singular(table).Split('_').Select(word => char.ToUpperInvariant(word[0]) + word[1..]));

    /// <summary>The resource that a subject's type names: Workspace or workspace is workspaces; null when there is none.</summary>
    public static string? TableOf(string subjectType)
    {
        var name = string.Concat(subjectType.Select((letter, at) => char.IsAsciiLetterUpper(letter) ? (at == 0 ? "" : "_") + char.ToLowerInvariant(letter) : letter.ToString()));
        return name == "resource" ? "workspace_resources" : Tables.FirstOrDefault(table => Singular(table.Name) == name)?.Name;
    }

    /// <summary>Lines of one person and project that are to be approved together.</summary>
    private static TableSchema Submissions(string name, string lines) => Table(
        name, NeededReference("workspace_id", "workspaces"), NeededReference("user_id", "users"), Pick("status", "pending", "approved", "rejected", "cancelled") with { ReadOnly = true },
        Reference("resolution_creator_id", "users") with { ReadOnly = true }, Text("comment"), Items(lines));

    private static TableSchema Table(string name, params FieldSchema[] fields) => new(name, number => (number + 1000).ToString(CultureInfo.InvariantCulture), fields);

    private static FieldSchema Text(string name) => new(name, FieldType.Text);

    private static FieldSchema Needed(string name, int length = 1000) => new(name, FieldType.Text) { Required = true, Length = length };

    private static FieldSchema Flag(string name, bool value) => new(name, FieldType.Boolean) { Default = value };

    private static FieldSchema Whole(string name) => new(name, FieldType.Whole);

    private static FieldSchema Day(string name) => new(name, FieldType.Date);

    private static FieldSchema Structure(string name) => new(name, FieldType.Structure);

    private static FieldSchema Items(string name) => new(name, FieldType.List);

    private static FieldSchema Pick(string name, params string[] values) => new(name, FieldType.Picklist) { Values = values, Default = values[0] };

    private static FieldSchema Choice(string name, params string[] values) => new(name, FieldType.Picklist) { Values = values };

    private static FieldSchema Reference(string name, string table) => new(name, FieldType.Reference) { Table = table };

    private static FieldSchema NeededReference(string name, string table) => Reference(name, table) with { Required = true };
}
