using PsaConsole.Engine.Access;

namespace PsaConsole.Web.Components.Pages.Today;

/// <summary>Whose first screen it is: what needs them differs by what they answer for (design/console.md, Today).</summary>
public enum Desk
{
    /// <summary>Nobody's: who has no role yet.</summary>
    None,

    /// <summary>Sums only, nothing of one person or record: executives and the board.</summary>
    Overview,

    /// <summary>Hand-offs: what stopped, and the deals on their way.</summary>
    Delivery,

    /// <summary>People: who is in conflict, and the cases of staffing.</summary>
    Resources,

    /// <summary>Money: what waits for a decision, what stopped before the books, and how long the month has.</summary>
    Finance,

    /// <summary>Technology: systems that are not well, lanes that are held.</summary>
    Integration,

    /// <summary>The cases that somebody answers for whose role has no numbers of the business: worker data, access.</summary>
    Guard,
}

/// <summary>Which desk somebody sits at. Pure; of several roles the one that acts on money first, then the one that acts on people.</summary>
public static class Desks
{
    private static readonly (string Role, Desk Desk)[] Order =
    [
        (Roles.FinanceController, Desk.Finance),
        (Roles.FinanceOperations, Desk.Finance),
        (Roles.ResourceManager, Desk.Resources),
        (Roles.DeliveryOperations, Desk.Delivery),
        (Roles.ProjectManager, Desk.Delivery),
        (Roles.IntegrationAdministrator, Desk.Integration),
        (Roles.Auditor, Desk.Delivery),
        (Roles.HrPartner, Desk.Guard),
        (Roles.SecurityAdministrator, Desk.Guard),
        (Roles.Executive, Desk.Overview),
        (Roles.GovernanceBoard, Desk.Overview),
    ];

    public static Desk Of(Actor actor) => Order.FirstOrDefault(item => actor.Is(item.Role)).Desk;
}
