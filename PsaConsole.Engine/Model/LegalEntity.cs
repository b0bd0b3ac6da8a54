namespace PsaConsole.Engine.Model;

/// <summary>A company of the firm as its ERP knows it.</summary>
public sealed record LegalEntity
{
    /// <summary>Our code, such as DE01.</summary>
    public required string Code { get; init; }

    public required string Name { get; init; }
    public required string Country { get; init; }

    /// <summary>Functional currency, ISO 4217.</summary>
    public required string Currency { get; init; }

    public bool Active { get; init; } = true;
}
