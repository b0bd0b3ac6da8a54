using PsaConsole.Engine.Access;

namespace PsaConsole.Web.Security;

/// <summary>A role that a person may hold in the console, with what it is for in one sentence.</summary>
public sealed record ConsoleRole(string Name, string Title, string Purpose)
{
    /// <summary>Every role, in the order in which people are offered them.</summary>
    public static IReadOnlyList<ConsoleRole> All { get; } =
    [
        new(Roles.DeliveryOperations, "Delivery operations", "Settles hand-offs and projects that stall"),
        new(Roles.FinanceOperations, "Finance operations", "Settles what stops billing, posting and rates"),
        new(Roles.FinanceController, "Finance controller", "Approves what moves money; closes periods"),
        new(Roles.ResourceManager, "Resource manager", "Keeps promises of people and capacity true"),
        new(Roles.ProjectManager, "Project manager", "Follows and settles the own engagements"),
        new(Roles.IntegrationAdministrator, "Integration administrator", "Keeps the connections and the engine well"),
        new(Roles.HrPartner, "HR partner", "Settles what concerns worker data"),
        new(Roles.Executive, "Executive", "Sees exposure and flow, changes nothing"),
        new(Roles.GovernanceBoard, "Governance board", "Approves changes of ownership and policy"),
        new(Roles.SecurityAdministrator, "Security administrator", "Grants roles; holds no business role"),
        new(Roles.Auditor, "Auditor", "Reads everything, changes nothing"),
    ];

    /// <summary>The role of that name, or none.</summary>
    public static ConsoleRole? Find(string name) => All.FirstOrDefault(role => role.Name == name);
}
