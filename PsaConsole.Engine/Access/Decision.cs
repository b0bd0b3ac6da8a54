using System.Globalization;
using PsaConsole.Engine.Model;

namespace PsaConsole.Engine.Access;

/// <summary>What an action would touch, as far as rights depend on it.</summary>
public sealed record RightSubject
{
    /// <summary>Whom it is assigned to, or who leads it.</summary>
    public string? OwnedBy { get; init; }

    /// <summary>Areas of <see cref="Extent"/> that it belongs to, such as <see cref="Extent.StaffingCases"/>.</summary>
    public IReadOnlySet<Extent> Areas { get; init; } = new HashSet<Extent>();

    /// <summary>Which legal entities and practices it belongs to; null for what is no data of theirs.</summary>
    public DataPlace? Place { get; init; }

    /// <summary>Money that the action moves; null when it moves none.</summary>
    public Money? Amount { get; init; }

    /// <summary>It moves money, and nobody knows how much: of those whose amount is limited only the controller decides.</summary>
    public bool AmountIsUnknown { get; init; }
}

/// <summary>Decides from the matrix, for each of a person's roles; the first role that allows it is the role used. Pure; deny by default.</summary>
public static class Decision
{
    /// <summary>May this person change this now?</summary>
    public static Permission Of(Actor actor, Right right, RightSubject subject)
    {
        if (SegregationOfDuties.OfRoles(actor.Roles) is { } conflict)
        {
            return Permission.No($"{conflict.Rule}: {conflict.Message}");
        }

        if (subject.Place is { } place && actor.Scope.WhyOutside(place) is { } outside)
        {
            return Permission.No(outside);
        }

        if (!actor.IsPerson && right is (Right.Approve or Right.OverrideStaffingWarning or Right.ManageRoles))
        {
            return Permission.No("This is a person's decision: a program can't take it.");
        }

        foreach (var role in RightsMatrix.RoleOrder.Where(actor.Is))
        {
            if (Reaches(actor, right, role, subject))
            {
                return Permission.Yes with { Role = role };
            }
        }

        return Permission.No(Why(actor, right, subject));
    }

    /// <summary>May this person look at the records that the right is about, be it without changing them? Who has sums of them has no record.</summary>
    public static Permission OfLooking(Actor actor, Right right)
    {
        var able = RightsMatrix.RoleOrder.Where(role => RightsMatrix.Of(right, role) is not (Extent.None or Extent.Aggregated)).ToList();
        return SegregationOfDuties.OfRoles(actor.Roles) is { } conflict ? Permission.No($"{conflict.Rule}: {conflict.Message}")
            : able.Find(actor.Is) is { } held ? Permission.Yes with { Role = held }
            : Permission.No($"Needs the role {string.Join(" or ", able.Select(Words))}.");
    }

    private static bool Reaches(Actor actor, Right right, string role, RightSubject subject) => RightsMatrix.Of(right, role) switch
    {
        Extent.All => true,
        Extent.Own => subject.OwnedBy == actor.Id,
        Extent.WithinLimit => IsWithinLimit(right, role, subject),
        var area and (Extent.StaffingCases or Extent.FinanceCases or Extent.NonFinancial or Extent.Technical or Extent.HumanResources or Extent.Security or Extent.HandOff) =>
            subject.Areas.Contains(area),
        _ => false,
    };

    private static bool IsWithinLimit(Right right, string role, RightSubject subject) =>
        (!RightsMatrix.LimitAreas.TryGetValue((right, role), out var area) || subject.Areas.Contains(area))
        && (subject.AmountIsUnknown
            ? role == Roles.FinanceController
            : subject.Amount is not { } amount || amount.Amount <= RightsMatrix.Limits[(right, role)]);

    private static string Why(Actor actor, Right right, RightSubject subject)
    {
        var limited = RightsMatrix.RoleOrder.FirstOrDefault(role => actor.Is(role) && RightsMatrix.Of(right, role) == Extent.WithinLimit);
        var able = RightsMatrix.RoleOrder.Where(role => Reaches(actor, right, role, subject)).Select(Words).ToList();
        var who = able.Count == 0 ? "Nobody may do this here." : $"Needs the role {string.Join(" or ", able)}.";
        return limited is null || subject.Amount is null
            ? who
            : string.Create(CultureInfo.InvariantCulture, $"{Words(limited)} decides up to {RightsMatrix.Limits[(right, limited)]:N0}, and this is {subject.Amount}. {who}");
    }

    /// <summary>A role's name in words: "Finance controller".</summary>
    public static string Words(string role) => role == Roles.HrPartner
        ? "HR partner"
        : string.Concat(role.Select((letter, index) => index > 0 && char.IsUpper(letter) ? " " + char.ToLowerInvariant(letter) : letter.ToString()));
}
