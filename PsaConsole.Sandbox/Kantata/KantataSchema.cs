using System.Globalization;
using PsaConsole.Sandbox.Core;

namespace PsaConsole.Sandbox.Kantata;

/// <summary>The resources of the account and their fields, as Kantata OX names them. Money is in minor units.</summary>
internal static class KantataSchema
{
    public static IReadOnlyList<TableSchema> Tables { get; } =
    [
        Table("users", Needed("full_name"), Text("email_address"), Text("headline"), Flag("disabled", false), Flag("generic", false)),
        Table("account_memberships", Reference("user_id", "users"), Text("permission"), Whole("bill_rate_in_cents"), Whole("cost_rate_in_cents"), Whole("billability_target")),
        Table("roles", Needed("name")),
        Table("skills", Needed("name"), Whole("max_level")),
        Table("skill_memberships", Reference("user_id", "users"), Reference("skill_id", "skills"), Whole("level")),
        Table("workspace_groups", Needed("name"), Flag("company", true), Text("notes")),
        Table(
            "workspaces", Needed("title", 255), Text("description"), Flag("archived", false), Flag("budgeted", true), Day("start_date"), Day("due_date"), Text("currency"),
            Whole("currency_base_unit") with { ReadOnly = true }, Whole("price_in_cents"), Reference("primary_maven_id", "users"), Structure("status"), Items("workspace_group_ids"),
            Flag("require_time_approvals", true), Flag("require_expense_approvals", true), Whole("percentage_complete"), Whole("target_margin"), Reference("rate_card_id", "rate_cards")),
        Table("rate_cards", Needed("title")),
        Table("participations", NeededReference("workspace_id", "workspaces"), NeededReference("user_id", "users"), Text("role"), Flag("is_team_lead", false)),
        Table(
            "stories", NeededReference("workspace_id", "workspaces"), Needed("title", 255), Pick("story_type", "task", "deliverable", "milestone", "issue"), Day("start_date"), Day("due_date"),
            Whole("time_estimate_in_minutes"), Text("state"), Text("description"), Reference("parent_id", "stories"), Flag("billable", true)),
        Table(
            "billing_milestones", NeededReference("workspace_id", "workspaces"), Needed("title", 255), Whole("amount_in_cents") with { Required = true }, Day("date_to_invoice"),
            Pick("billing_type", "fixed_date", "upon_completion"), Reference("story_id", "stories"), Text("status")),
        Table(
            "workspace_resources", NeededReference("workspace_id", "workspaces"), Reference("role_id", "roles"), Reference("user_id", "users"), Text("label"), Whole("estimated_minutes"),
            Day("start_date"), Day("end_date")),
        Table(
            "workspace_allocations", Reference("workspace_resource_id", "workspace_resources"), Reference("workspace_id", "workspaces"), Reference("user_id", "users"),
            Day("start_date") with { Required = true }, Day("end_date") with { Required = true }, Whole("minutes") with { Required = true }, Whole("percentage"), Flag("hard", false), Text("notes")),
        Table(
            "time_entries", NeededReference("workspace_id", "workspaces"), Day("date_performed") with { Required = true }, Whole("time_in_minutes") with { Required = true },
            Reference("story_id", "stories"), Reference("user_id", "users"), Reference("role_id", "roles"), Flag("billable", true), Text("notes"), Whole("rate_in_cents"), Text("currency"),
            Flag("approved", false), Flag("is_invoiced", false)),
        Table("time_off_entries", Reference("user_id", "users"), Day("requested_date") with { Required = true }, new FieldSchema("hours", FieldType.Number)),
        Table("holidays", Needed("name"), Day("date")),
        Table("custom_fields", Needed("name"), Text("subject_type"), Text("value_type")),
        Table("custom_field_values", Needed("subject_type"), Needed("subject_id") with { Indexed = true }, NeededReference("custom_field_id", "custom_fields"), Text("value")),
        Table(
            "external_references", Needed("service_name"), Needed("service_model"), Needed("service_model_ref", 255) with { Indexed = true }, Needed("subject_type"),
            Needed("subject_id") with { Indexed = true }, Text("status")),
        Table("subscribed_events", Text("event_type"), Structure("subject_ref"), new FieldSchema("subject_changed_at", FieldType.DateTime), Structure("payload_changes")),
    ];

    /// <summary>Singular of a resource, which wraps the body of a write: story for stories.</summary>
    public static string Singular(string table) => table switch
    {
        "stories" => "story",
        "time_entries" => "time_entry",
        "time_off_entries" => "time_off_entry",
        _ => table[..^1],
    };

    /// <summary>How many records one bulk call may create.</summary>
    public static int BulkLimit(string table) => table == "workspace_allocations" ? 200 : 100;

    private static TableSchema Table(string name, params FieldSchema[] fields) => new(name, number => (number + 1000).ToString(CultureInfo.InvariantCulture), fields);

    private static FieldSchema Text(string name) => new(name, FieldType.Text);

    private static FieldSchema Needed(string name, int length = 1000) => new(name, FieldType.Text) { Required = true, Length = length };

    private static FieldSchema Flag(string name, bool value) => new(name, FieldType.Boolean) { Default = value };

    private static FieldSchema Whole(string name) => new(name, FieldType.Whole);

    private static FieldSchema Day(string name) => new(name, FieldType.Date);

    private static FieldSchema Structure(string name) => new(name, FieldType.Structure);

    private static FieldSchema Items(string name) => new(name, FieldType.List);

    private static FieldSchema Pick(string name, params string[] values) => new(name, FieldType.Picklist) { Values = values, Default = values[0] };

    private static FieldSchema Reference(string name, string table) => new(name, FieldType.Reference) { Table = table };

    private static FieldSchema NeededReference(string name, string table) => Reference(name, table) with { Required = true };
}
