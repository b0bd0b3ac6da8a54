namespace PsaConsole.Engine.Mapping;

/// <summary>A record could not be mapped completely: every gap is named. A person adds the missing rule or value (GOV-952).</summary>
public sealed class MappingException(IReadOnlyList<MappingGap> gaps) : Exception(string.Join(" ", gaps))
{
    public IReadOnlyList<MappingGap> Gaps { get; } = gaps;
}
