using PsaConsole.Engine.Access;
using PsaConsole.Engine.Mapping;
using PsaConsole.Engine.Model;

namespace PsaConsole.Engine.Exceptions;

/// <summary>Who may do what with a case: the matrix of 9-access 9.1, asked with the areas and the money of the case. Pure; deny by default.</summary>
public static class CaseRights
{
    private static readonly string[] MoneyCodes = ["TIM", "EXP", "BIL", "REC"];
    private static readonly HashSet<string> FinancialFields =
        ["corrections.sellingEntity", "corrections.invoiceFrequency", "corrections.amount", "corrections.currency", "corrections.rate", "corrections.taxCode"];

    /// <summary>May this person take this action on this case now?</summary>
    public static Permission Of(Actor actor, CaseAction action, ExceptionCase about) =>
        about.IsOpen || action == CaseAction.Comment ? Of(actor, action, about.Stake) : Permission.No("The case is closed.");

    /// <summary>May this person take this action on an open case of which so much is known?</summary>
    public static Permission Of(Actor actor, CaseAction action, CaseStake about)
    {
        var kind = CaseKinds.Of(about.Code);
        if (about.Code == "CHG-701" && action is (CaseAction.Approve or CaseAction.Reject))
        {
            return Permission.No("It is decided on the page Approvals, by a second person. Retry asks again.");
        }

        // What is mended elsewhere, by a new rule or by asking for an approval anew, is looked at again by a retry, though the catalogue names only the mending.
        var looksAgain = action == CaseAction.Retry && (about.Code == "CHG-701" || kind.Actions.HasFlag(CaseAction.Remap));
        if (!looksAgain && action is not (CaseAction.Assign or CaseAction.Comment or CaseAction.Snooze) && !kind.Actions.HasFlag(action))
        {
            return Permission.No($"{kind.Code} is not settled that way: {kind.SuggestedFix}.");
        }

        return action == CaseAction.Remap
            ? actor.Scope.WhyOutside(about.Place) is { } outside ? Permission.No(outside) : MappingRights.OfDraft(actor, set: null)
            : Decision.Of(actor, RightFor(action, about.Code), SubjectOf(about, action));
    }

    /// <summary>May this person set this field of the case's run to another value?</summary>
    public static Permission OfField(Actor actor, string path, ExceptionCase about) => FinancialFields.Contains(path)
        ? Decision.Of(actor, Right.EditFinancialFields, SubjectOf(about.Stake, CaseAction.EditAndRetry))
        : Permission.Yes;

    /// <summary>
    /// The codes of the cases that somebody sees besides those that are assigned to them (9-access 9.1, "exception: view"); null for every code. Who has no right to
    /// look at cases sees none, whomever they are assigned to: ask <see cref="Decision.OfLooking"/>.
    /// </summary>
    public static IReadOnlyList<string>? CodesSeenBy(Actor actor)
    {
        var extents = actor.Roles.Select(role => RightsMatrix.Of(Right.SettleExceptions, role)).ToHashSet();
        return extents.Overlaps([Extent.All, Extent.Read]) ? null : [.. CaseKinds.All.Where(kind => AreasOf(kind).Overlaps(extents)).Select(kind => kind.Code)];
    }

    /// <summary>The areas that a case belongs to.</summary>
    public static IReadOnlySet<Extent> AreasOf(CaseKind kind)
    {
        var area = kind.Code[..3];
        var isFinance = MovesMoney(kind.Code) || kind.Owner == CaseOwner.Finance;
        var areas = new HashSet<Extent> { isFinance ? Extent.FinanceCases : Extent.NonFinancial };
        AddIf(areas, area is "STF" or "RES", Extent.StaffingCases);
        AddIf(areas, area == "HND", Extent.HandOff);
        AddIf(areas, !isFinance && (area == "INT" || kind.Owner == CaseOwner.IntegrationAdministration), Extent.Technical);
        AddIf(areas, kind.Owner == CaseOwner.HumanResources, Extent.HumanResources);
        AddIf(areas, kind.Owner == CaseOwner.Security, Extent.Security);
        return areas;
    }

    /// <summary>Whether what a case of this code is about moves money: time, expenses, billing, reconciliation.</summary>
    internal static bool MovesMoney(string code) => MoneyCodes.Contains(code[..3]);

    private static void AddIf(HashSet<Extent> areas, bool holds, Extent area)
    {
        if (holds)
        {
            areas.Add(area);
        }
    }

    private static Right RightFor(CaseAction action, string code) => action switch
    {
        CaseAction.Assign or CaseAction.Comment or CaseAction.Snooze => Right.SettleExceptions,
        CaseAction.Retry => Right.Retry,
        CaseAction.EditAndRetry => Right.EditAndRetry,
        CaseAction.Skip => Right.Skip,
        CaseAction.Compensate => Right.Compensate,
        CaseAction.Waive when code.StartsWith("STF", StringComparison.Ordinal) => Right.OverrideStaffingWarning,
        CaseAction.Waive => Right.Skip,
        _ => Right.Approve,
    };

    // Leaving out a step that moves no money writes nothing off: only where money moves does its amount count.
    private static RightSubject SubjectOf(CaseStake about, CaseAction action)
    {
        var counts = action is not (CaseAction.Skip or CaseAction.Waive) || MovesMoney(about.Code);
        var amount = about is { Exposure: { } exposure, ExposureCurrency: { } currency } ? new Money(exposure, currency) : (Money?)null;
        return new RightSubject
        {
            OwnedBy = about.Assignee,
            Place = about.Place,
            Areas = AreasOf(CaseKinds.Of(about.Code)),
            Amount = counts ? amount : null,
            AmountIsUnknown = counts && amount is null && MovesMoney(about.Code),
        };
    }
}
