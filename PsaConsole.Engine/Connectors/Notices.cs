using System.Security.Cryptography;
using System.Text;

namespace PsaConsole.Engine.Connectors;

/// <summary>A system that tells of changes by itself. What it tells is a hint only: the record is read before anything is done with it.</summary>
public interface INoticeReader
{
    string SystemName { get; }

    /// <summary>Checks where the notice comes from, and what changed. Must not call anything: the sender waits.</summary>
    NoticeReading Read(NoticeRequest request, DateTimeOffset now);
}

/// <summary>What was posted to the system's hook.</summary>
/// <param name="Query">Values of the address, by name.</param>
/// <param name="Headers">Headers, by name without regard to case.</param>
public sealed record NoticeRequest(IReadOnlyDictionary<string, string> Query, IReadOnlyDictionary<string, string> Headers, ReadOnlyMemory<byte> Body);

/// <summary>What a posted notice came to: changes to save and the answer that the vendor waits for, or why it is refused.</summary>
public sealed record NoticeReading
{
    public IReadOnlyList<Change> Changes { get; private init; } = [];

    /// <summary>Why it is refused, without anything of its content; null when it is taken.</summary>
    public string? Refusal { get; private init; }

    /// <summary>The text that the vendor waits for; null when the status is enough.</summary>
    public string? Answer { get; private init; }

    public string ContentType { get; private init; } = "text/plain";

    /// <summary>The notices are of the system, and these are the changes.</summary>
    public static NoticeReading Of(IReadOnlyList<Change> changes) => new() { Changes = changes };

    /// <summary>The same, with the text that the vendor takes as the receipt.</summary>
    public static NoticeReading Of(IReadOnlyList<Change> changes, string contentType, string answer) => new() { Changes = changes, ContentType = contentType, Answer = answer };

    public static NoticeReading Refused(string why) => new() { Refusal = why };
}

/// <summary>Proofs that a notice comes from who may send it.</summary>
internal static class NoticeProof
{
    /// <summary>Compares in a time that does not tell how much of it was right.</summary>
    public static bool Same(string expected, string? given) =>
        given is not null && CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(expected)), SHA256.HashData(Encoding.UTF8.GetBytes(given)));
}
