using System.Text.Json.Nodes;
using PsaConsole.Sandbox.Core;
using PsaConsole.Sandbox.Firm;

namespace PsaConsole.Sandbox.Kantata;

/// <summary>Fills the account with the firm's people, skills, known clients, and the projects in flight with their bookings.</summary>
internal sealed class KantataSeed(RecordStore store, SampleFirm firm)
{
    private readonly Dictionary<string, string> users = [];
    private readonly Dictionary<string, string> skills = [];
    private readonly Dictionary<string, string> roles = [];
    private readonly Dictionary<string, string> groups = [];

    public void Fill()
    {
        foreach (var name in new[] { "Project Number", "Legal Entity", "Billing Type" })
        {
            Insert("custom_fields", new() { ["name"] = name, ["subject_type"] = "workspace", ["value_type"] = "string" });
        }

        foreach (var role in firm.Consultants.Select(person => person.Role).Concat(firm.Deals.SelectMany(deal => deal.Roles).Select(role => role.Role)).Distinct().Order(StringComparer.Ordinal))
        {
            roles[role] = Insert("roles", new() { ["name"] = role });
        }

        foreach (var person in firm.Consultants)
        {
            Person(person);
        }

        foreach (var client in firm.Clients.Where(client => client.KnownInPsa))
        {
            groups[client.Key] = Insert("workspace_groups", new() { ["name"] = client.Name, ["company"] = true });
        }

        foreach (var project in firm.Projects)
        {
            Project(project);
        }
    }

    private void Person(Consultant person)
    {
        var id = users[person.Number] = Insert("users", new() { ["full_name"] = person.Name, ["email_address"] = person.Email, ["headline"] = $"{person.Role} {person.Level}" });
        Insert("account_memberships", new() { ["user_id"] = id, ["permission"] = "collaborator", ["billability_target"] = person.Billable ? 80L : 0L });
        foreach (var skill in person.Skills)
        {
            if (!skills.TryGetValue(skill.Name, out var known))
            {
                known = skills[skill.Name] = Insert("skills", new() { ["name"] = skill.Name, ["max_level"] = 5L });
            }

            Insert("skill_memberships", new() { ["user_id"] = id, ["skill_id"] = known, ["level"] = (long)skill.Level });
        }
    }

    private void Project(Project project)
    {
        var deal = project.Deal;
        if (!groups.TryGetValue(deal.Client, out var group))
        {
            group = groups[deal.Client] = Insert("workspace_groups", new() { ["name"] = firm.Client(deal.Client).Name, ["company"] = true });
        }

        var workspace = Insert("workspaces", new()
        {
            ["title"] = deal.Name,
            ["start_date"] = deal.Start,
            ["due_date"] = deal.End,
            ["currency"] = deal.Currency,
            ["currency_base_unit"] = deal.Currency == "JPY" ? 1L : 100L,
            ["status"] = new JsonObject { ["color"] = "green", ["key"] = 300, ["message"] = "In Progress" },
            ["workspace_group_ids"] = new JsonArray(group),
        });
        var number = store["custom_fields"].Scan().First(field => field.Text("name") == "Project Number").Id;
        Insert("custom_field_values", new() { ["subject_type"] = "workspace", ["subject_id"] = workspace, ["custom_field_id"] = number, ["value"] = project.Number });
        foreach (var member in project.Team)
        {
            Booking(workspace, member);
        }
    }

    /// <summary>One hard allocation over the whole stay; its minutes are the booked hours of all its weeks.</summary>
    private void Booking(string workspace, TeamMember member)
    {
        var days = member.End.DayNumber - member.Start.DayNumber + 1;
        var resource = Insert("workspace_resources", new() { ["workspace_id"] = workspace, ["user_id"] = users[member.Consultant], ["role_id"] = roles.GetValueOrDefault(member.Role) });
        Insert("workspace_allocations", new()
        {
            ["workspace_resource_id"] = resource,
            ["workspace_id"] = workspace,
            ["user_id"] = users[member.Consultant],
            ["start_date"] = member.Start,
            ["end_date"] = member.End,
            ["minutes"] = (long)decimal.Round(member.HoursPerWeek * days / 7m * 60m, 0, MidpointRounding.AwayFromZero),
            ["hard"] = true,
        });
    }

    private string Insert(string table, Dictionary<string, object?> values) => store.Insert(table, values).Id;
}
