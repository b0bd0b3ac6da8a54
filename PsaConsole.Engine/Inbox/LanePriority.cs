namespace PsaConsole.Engine.Inbox;

/// <summary>
/// Which lane goes first when more are ready than can be worked on (R67): postings before provisioning, provisioning before master data, and all of them before
/// what a whole source was read again for. A lane yields by seconds: after so much longer a wait it goes before what came later, so that none starves.
/// </summary>
public static class LanePriority
{
    /// <summary>What moves money.</summary>
    public const int Posting = 0;

    /// <summary>What sets a project up or staffs it.</summary>
    public const int Provisioning = 5;

    /// <summary>People and clients.</summary>
    public const int MasterData = 30;

    /// <summary>A source that is read from its beginning.</summary>
    public const int Bulk = 120;

    /// <summary>Seconds that the lane of such a change lets others go before it.</summary>
    /// <param name="bulk">The change was found by reading its source from the beginning.</param>
    public static int YieldOf(string sourceType, bool bulk) => sourceType switch
    {
        _ when bulk => Bulk,
        "time-entry" or "expense" or "milestone" => Posting,
        "opportunity" or "assignment" => Provisioning,
        _ => MasterData,
    };
}
