using PsaConsole.Engine.Access;
using PsaConsole.Engine.Mapping;
using PsaConsole.Engine.Policies;

namespace PsaConsole.Engine.Exceptions.Remap;

/// <summary>How a case is fixed at its cause: the value without a rule, what it may become, what that clears, and who may.</summary>
/// <param name="Choices">What it may become.</param>
/// <param name="Cases">Open cases that found this value, this one included.</param>
/// <param name="Alone">Cases of them that found nothing else: a rule settles them.</param>
/// <param name="Draft">What somebody has proposed already; null when nobody has.</param>
/// <param name="MayDraft">May this person propose?</param>
/// <param name="MayActivate">May this person put it in force, or what was proposed?</param>
public sealed record RemapOffer(
    UnmappedValue Value, Choices Choices, int Cases, int Alone, MappingDraft? Draft, Permission MayDraft, Permission MayActivate)
{
    /// <summary>Somebody else than the author puts it in force.</summary>
    public bool NeedsSecond => MappingRights.HasFinancialEffect(Value.Set);
}

/// <summary>What came of a rule.</summary>
/// <param name="IsInForce">False while it waits for a second person.</param>
/// <param name="Group">The group action that retries the cases; null when none was started.</param>
/// <param name="Cases">Cases that are retried.</param>
public sealed record Remapped(bool IsInForce, long? Group, int Cases);
