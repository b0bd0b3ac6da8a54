using PsaConsole.Engine.Access;

namespace PsaConsole.Engine.Approvals;

/// <summary>Who may decide (9-access 9.1 and 9.2): the role whose turn it is, or its deputy, and nobody who asked or decided before. Pure; deny by default.</summary>
public static class ApprovalRights
{
    /// <summary>Roles that never decide, whatever else their holder may do: SoD-7, SoD-8, SoD-10.</summary>
    private static readonly string[] NeverDeciding = [Roles.IntegrationAdministrator, Roles.SecurityAdministrator, Roles.Auditor];

    /// <param name="delegations">Those in which the actor is the deputy.</param>
    /// <param name="today">Business date of the decision.</param>
    /// <returns>The permission, and whose decision it is when it is delegated.</returns>
    public static (Permission Permission, Delegation? By) Of(Actor actor, Approval about, IReadOnlyList<Delegation> delegations, DateTimeOffset now, DateOnly today)
    {
        if (about.NextRole is not { } role)
        {
            return (Permission.No("It is decided, or nothing is left to decide."), null);
        }

        if (about.ExpiresAt <= now)
        {
            return (Permission.No("It has expired: nobody decided in time."), null);
        }

        if (NeverDeciding.FirstOrDefault(actor.Is) is { } barred)
        {
            return (Permission.No($"Whoever is {Words(barred)} decides nothing (segregation of duties)."), null);
        }

        var by = actor.Is(role) ? null : delegations.FirstOrDefault(item => item.Deputy == actor.Id && item.Role == role && item.IsValidOn(today));
        if (!actor.Is(role) && by is null)
        {
            return (Permission.No($"Needs the role {Words(role)}, or a deputy named by somebody who holds it."), null);
        }

        return (FourEyes(actor, about, by), by);
    }

    private static Permission FourEyes(Actor actor, Approval about, Delegation? by)
    {
        if (Asked(about, actor.Id) || Asked(about, actor.Email))
        {
            return Permission.No("You asked for it: a second person decides.");
        }

        if (by is not null && Asked(about, by.Delegator))
        {
            return Permission.No($"{by.DelegatorName}, in whose place you would decide, asked for it.");
        }

        return about.Decisions.Any(item => item.Actor == actor.Id || item.OnBehalfOf == actor.Id || (by is not null && (item.Actor == by.Delegator || item.OnBehalfOf == by.Delegator)))
            ? Permission.No("You took a decision in this chain already: the next one is another person's.")
            : Permission.Yes;
    }

    private static bool Asked(Approval about, string? person) => person is { Length: > 0 } && about.Requesters.Contains(person, StringComparer.OrdinalIgnoreCase);

    private static string Words(string role) => string.Concat(role.Select((letter, index) => index > 0 && char.IsUpper(letter) ? " " + char.ToLowerInvariant(letter) : letter.ToString()));
}
