namespace PsaConsole.Engine.Model;

/// <summary>What the CRM shows of a hand-off: the project's numbers and how far it came.</summary>
public sealed record HandOffStatus
{
    public required string OpportunityId { get; init; }
    public string? ProjectNumber { get; init; }
    public string? PsaProjectId { get; init; }
    public string? ErpProjectId { get; init; }
    public required string Status { get; init; }
    public string? Message { get; init; }
}

/// <summary>A message that people act on, with the link to the place in the console where they do (3-workflows 3k).</summary>
public sealed record Notice
{
    public required string Title { get; init; }
    public required string Text { get; init; }
    public IReadOnlyList<KeyValuePair<string, string>> Facts { get; init; } = [];
    public required string Link { get; init; }

    /// <summary>Mail addresses of who is meant; none means the usual recipients. The channel is one and the same for all.</summary>
    public IReadOnlyList<string> To { get; init; } = [];
}
