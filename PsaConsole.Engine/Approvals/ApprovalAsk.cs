using System.Security.Cryptography;
using System.Text.Json;
using PsaConsole.Engine.Mapping;
using PsaConsole.Engine.Model;

namespace PsaConsole.Engine.Approvals;

/// <summary>What a step asks people to decide before it counts as done.</summary>
public sealed record ApprovalAsk
{
    public required ApprovalKind Kind { get; init; }

    /// <summary>Tells apart the approvals of one step, such as PL12:DE01.</summary>
    public required string Key { get; init; }

    public required string Subject { get; init; }

    /// <summary>One plain sentence: why it needs a decision.</summary>
    public required string Reason { get; init; }

    public required string LegalEntity { get; init; }
    public required Money Impact { get; init; }
    public required IReadOnlyList<ApprovalChange> Changes { get; init; }
    public required IReadOnlyList<string> Records { get; init; }

    /// <summary>The roles that decide, one after the other.</summary>
    public required IReadOnlyList<string> Chain { get; init; }

    /// <summary>Ids or e-mail addresses of those who asked, as far as the source knows them.</summary>
    public required IReadOnlyList<string> Requesters { get; init; }

    /// <summary>From <see cref="FingerprintOf"/>: everything that the decision rests on.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>SHA-256 over the data's JSON: equal for equal data only.</summary>
    public static string FingerprintOf<T>(T data) => Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(data, MappingSets.Json)));
}

/// <summary>One field as it is and as it would be.</summary>
public sealed record ApprovalChange(string Field, string? Before, string? After);
