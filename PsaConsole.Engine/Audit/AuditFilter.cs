using System.Text.Json.Serialization;

namespace PsaConsole.Engine.Audit;

/// <summary>Which entries somebody looks for; null means any.</summary>
/// <param name="Person">Id of the actor, or the name that they go by.</param>
/// <param name="Action">An action, or the beginning of one: "exception." finds all that was done to cases.</param>
/// <param name="Entity">What it was done to, or the beginning of it: "case:17", "run:".</param>
/// <param name="From">First day, in UTC.</param>
/// <param name="To">Last day, in UTC.</param>
/// <param name="RefusedOnly">Only what was refused.</param>
/// <param name="Before">Entries older than this id: the next page.</param>
public sealed record AuditFilter(string? Person, string? Action, string? Entity, DateOnly? From, DateOnly? To, bool RefusedOnly, long? Before)
{
    private const int LongestTerm = 200;

    public static AuditFilter Everything { get; } = new(null, null, null, null, null, false, null);

    /// <summary>Only some days are asked for.</summary>
    [JsonIgnore]
    public bool IsOfSomeDays => From is not null || To is not null;

    /// <summary>The filter with every term trimmed and bounded.</summary>
    public AuditFilter Bounded() => this with { Person = Bounded(Person), Action = Bounded(Action), Entity = Bounded(Entity) };

    private static string? Bounded(string? term) => string.IsNullOrWhiteSpace(term) ? null : term.Trim()[..Math.Min(term.Trim().Length, LongestTerm)];
}
