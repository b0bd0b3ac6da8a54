using System.Globalization;
using System.Text.Json.Nodes;
using PsaConsole.Sandbox.Core;
using PsaConsole.Sandbox.Firm;

namespace PsaConsole.Sandbox.Kantata;

/// <summary>Fills the account with the firm's people, skills, known clients, calendars, and the projects in flight with their plans, bookings and time.</summary>
internal sealed class KantataSeed(RecordStore store, SampleFirm firm)
{
    private const int ApprovedAfterDays = 7;
    private const int InProgress = 300;
    private static readonly string[] Roles = ["Consultant", "Senior Consultant", "Architect", "Project Manager", "Analyst"];
    private readonly Dictionary<string, string> users = [];
    private readonly Dictionary<string, string> skills = [];
    private readonly Dictionary<string, string> roles = [];
    private readonly Dictionary<string, string> groups = [];
    private readonly Dictionary<string, string> fields = [];
    private readonly Dictionary<string, string> cards = [];

    public void Fill()
    {
        foreach (var name in new[] { "Project Number", "Legal Entity", "Billing Type" })
        {
            fields[name] = Insert("custom_fields", new() { ["name"] = name, ["subject_type"] = "workspace", ["value_type"] = "string" });
        }

        foreach (var name in new[] { "Employee ID", "Legal Entity", "Level", "FTE", "Weekly Hours", "First Day", "Last Working Day" })
        {
            Insert("custom_fields", new() { ["name"] = name, ["subject_type"] = "user", ["value_type"] = "string" });
        }

        foreach (var role in Roles.Concat(firm.Consultants.Select(person => person.Role)).Concat(firm.Deals.SelectMany(deal => deal.Roles).Select(role => role.Role)).Distinct().Order(StringComparer.Ordinal))
        {
            roles[role] = Insert("roles", new() { ["name"] = role });
        }

        foreach (var card in firm.RateCards)
        {
            cards[card.Name] = Insert("rate_cards", new() { ["title"] = card.Name, ["currency"] = card.Currency, ["active"] = true });
        }

        foreach (var person in firm.Consultants)
        {
            Person(person);
        }

        Calendars();
        foreach (var client in firm.Clients.Where(client => client.KnownInPsa))
        {
            Group(client);
        }

        foreach (var project in firm.Projects)
        {
            Project(project);
        }
    }

    private void Person(Consultant person)
    {
        var gone = person.TerminationDate is { } last && last < firm.Today;
        var id = users[person.Number] = Insert("users", new()
        {
            ["full_name"] = person.Name,
            ["email_address"] = person.Email,
            ["headline"] = $"{person.Role} {person.Level}",
            ["country"] = person.Country,
            ["disabled"] = gone,
        });
        Insert("account_memberships", new() { ["user_id"] = id, ["permission"] = "collaborator", ["billability_target"] = person.Billable ? 80L : 0L, ["default_role_id"] = roles[person.Role], ["disabled_at"] = gone ? new DateTimeOffset(person.TerminationDate!.Value, new TimeOnly(18, 0), TimeSpan.Zero) : null });
        foreach (var skill in person.Skills)
        {
            if (!skills.TryGetValue(skill.Name, out var known))
            {
                known = skills[skill.Name] = Insert("skills", new() { ["name"] = skill.Name, ["max_level"] = 5L });
            }

            Insert("skill_memberships", new() { ["user_id"] = id, ["skill_id"] = known, ["level"] = (long)skill.Level });
        }
    }

    /// <summary>One working week for each pattern of hours, in minutes a day; part-timers work shorter days.</summary>
    private void Calendars()
    {
        foreach (var pattern in firm.Consultants.GroupBy(person => person.WeeklyHours).OrderByDescending(pattern => pattern.Key))
        {
            var week = new Dictionary<string, object?>
            {
                ["title"] = string.Create(CultureInfo.InvariantCulture, $"{pattern.Key:0.#} hours"),
                ["default"] = pattern.Key == 40m,
                ["sunday"] = 0L,
                ["saturday"] = 0L,
                ["user_ids"] = new JsonArray([.. pattern.Select(person => (JsonNode)users[person.Number])]),
            };
            foreach (var day in new[] { "monday", "tuesday", "wednesday", "thursday", "friday" })
            {
                week[day] = Minutes(pattern.Key / 5m);
            }

            Insert("workweeks", week);
        }

        foreach (var holiday in firm.Holidays)
        {
            Insert("holidays", new() { ["name"] = holiday.Name, ["date"] = holiday.Date, ["start_date"] = holiday.Date, ["end_date"] = holiday.Date, ["total_hours"] = 8m, ["country"] = holiday.Country });
        }
    }

    private string Group(Client client) => groups[client.Key] = Insert("workspace_groups", new() { ["name"] = client.Name, ["company"] = true, ["email"] = client.Email, ["website"] = client.Website });

    private void Project(Project project)
    {
        var deal = project.Deal;
        var group = groups.GetValueOrDefault(deal.Client) ?? Group(firm.Client(deal.Client));
        var unit = deal.Currency == "JPY" ? 1L : 100L;
        var workspace = Insert("workspaces", new()
        {
            ["title"] = deal.Name,
            ["start_date"] = deal.Start,
            ["due_date"] = deal.End,
            ["currency"] = deal.Currency,
            ["currency_base_unit"] = unit,
            ["price_in_cents"] = deal.Amount is { } amount ? InMinorUnits(amount, unit) : null,
            ["rate_card_id"] = deal.RateCard is { } card ? cards.GetValueOrDefault(card) : null,
            ["primary_maven_id"] = firm.Consultants.FirstOrDefault(person => person.Email == deal.ProjectManager) is { } manager ? users[manager.Number] : null,
            ["status"] = KantataRules.Status(InProgress),
            ["workspace_group_ids"] = new JsonArray(group),
            ["primary_workspace_group_id"] = group,
        });
        (string Name, string? Value)[] values = [("Project Number", project.Number), ("Legal Entity", deal.SellingEntity), ("Billing Type", deal.BillingType)];
        foreach (var (name, value) in values.Where(pair => pair.Value is not null))
        {
            Insert(KantataSchema.Values, new() { ["subject_type"] = "workspace", ["subject_id"] = workspace, ["custom_field_id"] = fields[name], ["value"] = value });
        }

        Plan(workspace, deal, unit);
        foreach (var member in project.Team)
        {
            Booking(workspace, member, deal.Currency, unit);
        }
    }

    private void Plan(string workspace, Deal deal, long unit)
    {
        var phases = deal.Phases.ToDictionary(phase => phase.Name, phase => Insert("stories", new()
        {
            ["workspace_id"] = workspace,
            ["title"] = phase.Name,
            ["story_type"] = "milestone",
            ["start_date"] = phase.Start,
            ["due_date"] = phase.End,
            ["time_estimate_in_minutes"] = Minutes(phase.PlannedHours),
            ["state"] = phase.End < firm.Today ? "completed" : phase.Start <= firm.Today ? "started" : "not started",
        }));
        foreach (var entry in deal.Schedule)
        {
            var story = entry.Phase is { } phase ? phases.GetValueOrDefault(phase) : null;
            Insert("billing_milestones", new()
            {
                ["workspace_id"] = workspace,
                ["title"] = entry.Name,
                ["amount_in_cents"] = InMinorUnits(entry.Amount, unit),
                ["date_to_invoice"] = entry.Due,
                ["billing_type"] = entry.AcceptanceRequired && story is not null ? "upon_completion" : "fixed_date",
                ["story_id"] = story,
            });
        }
    }

    /// <summary>One hard allocation over the whole stay, whose minutes are the booked hours of all its weeks, and the time worked until yesterday.</summary>
    private void Booking(string workspace, TeamMember member, string currency, long unit)
    {
        var (user, role) = (users[member.Consultant], roles.GetValueOrDefault(member.Role));
        var days = member.End.DayNumber - member.Start.DayNumber + 1;
        Insert("participations", new() { ["workspace_id"] = workspace, ["user_id"] = user, ["role"] = "maven", ["permission"] = "edit_time_and_expenses" });
        var resource = Insert("workspace_resources", new() { ["workspace_id"] = workspace, ["user_id"] = user, ["role_id"] = role, ["label"] = member.Role });
        Insert("workspace_allocations", new()
        {
            ["workspace_resource_id"] = resource,
            ["workspace_id"] = workspace,
            ["user_id"] = user,
            ["start_date"] = member.Start,
            ["end_date"] = member.End,
            ["minutes"] = Minutes(member.HoursPerWeek * days / 7m),
            ["hard"] = true,
        });
        var last = member.End < firm.Today ? member.End : firm.Today.AddDays(-1);
        for (var day = member.Start; day <= last; day = day.AddDays(1))
        {
            if (day.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday))
            {
                Insert("time_entries", new()
                {
                    ["workspace_id"] = workspace,
                    ["user_id"] = user,
                    ["role_id"] = role,
                    ["date_performed"] = day,
                    ["time_in_minutes"] = Minutes(Math.Min(8m, member.HoursPerWeek / 5m)),
                    ["currency"] = currency,
                    ["currency_base_unit"] = unit,
                    ["approved"] = day < firm.Today.AddDays(-ApprovedAfterDays),
                });
            }
        }
    }

    private static long Minutes(decimal hours) => (long)decimal.Round(hours * 60m, 0, MidpointRounding.AwayFromZero);

    private static long InMinorUnits(decimal amount, long unit) => (long)decimal.Round(amount * unit, 0, MidpointRounding.AwayFromZero);

    private string Insert(string table, Dictionary<string, object?> values) => store.Insert(table, values).Id;
}
