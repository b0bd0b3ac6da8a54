using PsaConsole.Engine.Model;

namespace PsaConsole.Engine.Workflows;

/// <summary>What a run of <see cref="ConsultantProfile"/> knows, grown step by step.</summary>
public sealed record PersonJourney
{
    /// <summary>HR's id of the person.</summary>
    public required string EmployeeId { get; init; }

    /// <summary>Revision of the change that it brings to the other systems.</summary>
    public required string Revision { get; init; }

    /// <summary>As HR has them; when HR took them back, as it had them, with an end.</summary>
    public required Consultant Person { get; init; }

    /// <summary>As they were brought to the other systems before; null the first time.</summary>
    public Consultant? Before { get; init; }

    /// <summary>From when the change holds.</summary>
    public required DateOnly EffectiveOn { get; init; }

    /// <summary>The day it is where the person works.</summary>
    public required DateOnly Today { get; init; }

    /// <summary>Address of their account, where it is not their e-mail address: the link that a person corrected (RES-205).</summary>
    public string? Account { get; init; }

    /// <summary>Our id of the person.</summary>
    public Guid? PersonId { get; init; }

    public string? Role { get; init; }

    /// <summary>The ERP's dimension of their cost centre.</summary>
    public string? CostCenter { get; init; }

    public IReadOnlyList<Employment> Employments { get; init; } = [];

    /// <summary>True when the PSA is to know them: they can be staffed, or could before.</summary>
    public bool Staffed { get; init; }

    public string? PsaId { get; init; }

    /// <summary>Ids in the ERP by <see cref="ConsultantProfile.ErpKey"/>.</summary>
    public IReadOnlyDictionary<string, string> ErpIds { get; init; } = new Dictionary<string, string>();
}
