using PsaConsole.Engine.Model;

namespace PsaConsole.Tests.Connectors.Kantata;

/// <summary>Records as a hand-off writes them to the sample account.</summary>
internal static class Sample
{
    public static Engagement Project(ConnectedEngine engine, string number, string clientId, bool open = false) => new()
    {
        Number = number,
        Name = $"{number} rollout",
        ClientId = clientId,
        LegalEntity = "DE01",
        Currency = "EUR",
        BillingType = BillingType.FixedMilestone,
        ContractValue = 90_000.05m,
        Start = new DateOnly(2027, 1, 4),
        End = new DateOnly(2027, 6, 30),
        ProjectManager = engine.Sandbox.Host.Firm.Deals[0].ProjectManager,
        OpenForTime = open,
    };

    public static ProjectPlan Plan(ConnectedEngine engine, string projectId, string currency)
    {
        var cents = currency == "JPY" ? 0m : 0.05m;
        return new ProjectPlan
        {
            ProjectId = projectId,
            Currency = currency,
            Phases =
            [
                new DeliveryPhase { Name = "Discovery", Sequence = 1, Start = new DateOnly(2027, 1, 4), End = new DateOnly(2027, 2, 26), PlannedHours = 120.5m },
                new DeliveryPhase { Name = "Build", Sequence = 2, Start = new DateOnly(2027, 3, 1), End = new DateOnly(2027, 6, 30), PlannedHours = 480m },
            ],
            Milestones =
            [
                new ScheduleEntry { Name = "Discovery accepted", Sequence = 1, DueOn = new DateOnly(2027, 2, 26), Amount = 30_000m + cents, AcceptanceRequired = true },
                new ScheduleEntry { Name = "Build", Sequence = 2, DueOn = new DateOnly(2027, 6, 30), Amount = 60_000m, AcceptanceRequired = false },
            ],
            Roles = [.. engine.Sandbox.Host.Firm.Deals[0].Roles.Take(2).Select(role => new RequestedRole { Role = role.Role, Level = role.Level, Location = role.Country, Hours = role.Hours, From = role.Start, To = role.End })],
        };
    }
}
