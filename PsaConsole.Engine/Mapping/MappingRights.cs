using PsaConsole.Engine.Access;

namespace PsaConsole.Engine.Mapping;

/// <summary>
/// Who may write a rule and who puts it in force (9-access 9.1, line of mapping rules, and 9.4): delivery and resources draft, finance what has financial effect, HR
/// what is about people, the integration administrator everything; the controller puts in force what has financial effect, the administrator the rest. Pure.
/// </summary>
public static class MappingRights
{
    private const string OfPeople = "person.";

    /// <summary>Sets from which no amount, rate, account or cost bearer comes (class C of 9.4). What is not here has financial effect.</summary>
    private static readonly string[] WithoutMoney =
    [
        "person.zone", "workday.absence", "workday.leave", "workday.skill", "workday.person.", "salesforce.hand-off.", "salesforce.role.", "salesforce.phase.",
        "kantata.booking.", "kantata.holiday.", "kantata.phase.", "kantata.person-fields.", "kantata.client.", "kantata.role.",
    ];

    /// <summary>Somebody else than its author puts a rule of such a set in force.</summary>
    public static bool HasFinancialEffect(string set) => !WithoutMoney.Any(begin => set.StartsWith(begin, StringComparison.Ordinal));

    /// <summary>May this person write a rule of this set?</summary>
    /// <param name="set">Null asks for any set.</param>
    public static Permission OfDraft(Actor actor, string? set) => Of(actor, role => role switch
    {
        Roles.DeliveryOperations or Roles.ResourceManager or Roles.IntegrationAdministrator => true,
        Roles.FinanceOperations => set is null || HasFinancialEffect(set),
        Roles.HrPartner => set is null || set.StartsWith(OfPeople, StringComparison.Ordinal),
        _ => false,
    });

    /// <summary>May this person put a rule of this set in force? Whether it is their own is another question (SoD-4).</summary>
    public static Permission OfActivation(Actor actor, string set) => Of(actor, role => RightsMatrix.Of(Right.ChangeMappings, role) == Extent.Activate && role switch
    {
        Roles.FinanceController => HasFinancialEffect(set),
        Roles.IntegrationAdministrator => !HasFinancialEffect(set),
        _ => false,
    });

    private static Permission Of(Actor actor, Func<string, bool> reaches)
    {
        if (SegregationOfDuties.OfRoles(actor.Roles) is { } conflict)
        {
            return Permission.No($"{conflict.Rule}: {conflict.Message}");
        }

        if (!actor.IsPerson)
        {
            return Permission.No("This is a person's decision: a program can't take it.");
        }

        var able = RightsMatrix.RoleOrder.Where(role => RightsMatrix.Of(Right.ChangeMappings, role) is Extent.Draft or Extent.Activate && reaches(role)).ToList();
        return able.Find(actor.Is) is { } held
            ? Permission.Yes with { Role = held }
            : Permission.No($"Needs the role {string.Join(" or ", able.Select(Decision.Words))}.");
    }
}
