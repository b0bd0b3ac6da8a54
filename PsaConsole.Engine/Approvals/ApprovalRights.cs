using PsaConsole.Engine.Access;
using PsaConsole.Engine.Model;

namespace PsaConsole.Engine.Approvals;

/// <summary>
/// Who may decide: the role whose turn it is, or its deputy, as far as the matrix of 9-access 9.1 lets that role approve, and nobody who asked or decided
/// before (9.2). Pure; deny by default.
/// </summary>
public static class ApprovalRights
{
    /// <param name="delegations">Those in which the actor is the deputy.</param>
    /// <param name="today">Business date of the decision.</param>
    public static ApprovalVerdict Of(Actor actor, Approval about, IReadOnlyList<Delegation> delegations, DateTimeOffset now, DateOnly today)
    {
        if (about.NextRole is not { } role)
        {
            return new(Permission.No("It is decided, or nothing is left to decide."));
        }

        if (about.ExpiresAt <= now)
        {
            return new(Permission.No("It has expired: nobody decided in time."));
        }

        if (actor.Scope.WhyOutside(about.Place) is { } outside)
        {
            return new(Permission.No(outside));
        }

        if (!actor.IsPerson)
        {
            return new(Permission.No("This is a person's decision: a program can't take it."));
        }

        var by = actor.Is(role) ? null : delegations.FirstOrDefault(item => item.Names(actor) && item.Role == role && item.IsValidOn(today));
        if (Conflict(actor, about, by) is { } conflict)
        {
            return new(Permission.No($"{conflict.Rule}: {conflict.Message}")) { Conflict = conflict };
        }

        if (!actor.Is(role) && by is null)
        {
            return new(Permission.No($"Needs the role {Decision.Words(role)}, or a deputy named by somebody who holds it."));
        }

        return Decided(about, actor.Id) || (by is not null && Decided(about, by.Delegator))
            ? new(Permission.No("You took a decision in this chain already: the next one is another person's."))
            : new(Matrix(about, role)) { By = by };
    }

    /// <summary>May this role approve so much alone? A chain's last decision needs that; those before it only prepare it.</summary>
    public static bool Reaches(ApprovalKind kind, Money amount, string role) => OfRole(kind, amount, role).Allowed;

    private static Permission Matrix(Approval about, string role) =>
        OfRole(about.Kind, new Money(about.Decisions.Count < about.Chain.Length - 1 ? 0m : about.Amount, about.Currency), role);

    private static Permission OfRole(ApprovalKind kind, Money amount, string role) => Decision.Of(
        new Actor("", "", new HashSet<string> { role }), Right.Approve, new RightSubject { Areas = AreasOf(kind), Amount = new Money(Math.Abs(amount.Amount), amount.Currency) });

    private static HashSet<Extent> AreasOf(ApprovalKind kind) => kind switch
    {
        ApprovalKind.ProjectCreation => [Extent.NonFinancial, Extent.HandOff],
        ApprovalKind.Margin or ApprovalKind.Billing or ApprovalKind.ClientMaster or ApprovalKind.Change => [Extent.FinanceCases],
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "An approval has no such kind."),
    };

    /// <summary>The rule of 9.2 that deciding would break; looked at for the person who really acts, and for whom they act.</summary>
    private static DutyConflict? Conflict(Actor actor, Approval about, Delegation? by)
    {
        var own = Asked(about, actor.Id) || Asked(about, actor.Email);
        var theirs = !own && by is not null && Asked(about, by.Delegator);
        var conflict = SegregationOfDuties.Of(actor, Duty.Approve, own || theirs ? new HashSet<Duty> { Duty.Request } : new HashSet<Duty>(), about.Amount, false);
        return conflict is not null && theirs ? conflict with { Message = $"{by!.DelegatorName}, in whose place you would decide, asked for this." } : conflict;
    }

    private static bool Asked(Approval about, string? person) => person is { Length: > 0 } && about.Requesters.Contains(person, StringComparer.OrdinalIgnoreCase);

    private static bool Decided(Approval about, string person) => about.Decisions.Any(item => item.Actor == person || item.OnBehalfOf == person);
}

/// <summary>Whether somebody may decide, and in whose place.</summary>
public sealed record ApprovalVerdict(Permission Permission)
{
    /// <summary>The delegation by which they decide; null when the decision is their own.</summary>
    public Delegation? By { get; init; }

    /// <summary>The rule of segregation of duties that bars them: to try nevertheless is a case for security.</summary>
    public DutyConflict? Conflict { get; init; }
}
