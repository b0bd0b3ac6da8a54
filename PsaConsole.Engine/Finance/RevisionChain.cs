namespace PsaConsole.Engine.Finance;

/// <summary>What has to be done so that the books say what the source says.</summary>
public enum ChainStep
{
    Nothing,

    /// <summary>Nothing is posted: post what is approved. What waits unsent is superseded.</summary>
    Post,

    /// <summary>Nothing is posted and nothing is to be: what waits unsent is cancelled.</summary>
    Cancel,

    /// <summary>Take back exactly what is posted.</summary>
    Reverse,

    /// <summary>Take back what is posted and post the new values, both in one period.</summary>
    ReverseAndPost,

    /// <summary>What is posted is on an invoice: a credit note comes first (PL44, TIM-406).</summary>
    Blocked,
}

/// <summary>What the books hold of one time entry or expense line.</summary>
/// <param name="Posted">Values that were sent and not reversed; null when there are none.</param>
/// <param name="Waiting">Values that a posting is being prepared for, of which nothing was sent; null when there are none.</param>
public sealed record BookedState<T>(T? Posted, T? Waiting, bool Invoiced)
    where T : class;

/// <summary>
/// The chain of one entry is POST r1 → (REV r1 → POST r2)*. The source is read again for every notice, so a notice that comes late, twice or in the
/// wrong order asks for the same state: the chain always ends in the net of the source's last state (3-workflows 3j, example O18).
/// </summary>
public static class RevisionChain
{
    /// <param name="source">Values that are approved in the source now; null when it was recalled, rejected or deleted.</param>
    public static ChainStep Next<T>(BookedState<T> books, T? source)
        where T : class => (books.Posted, source) switch
        {
            (null, null) => books.Waiting is null ? ChainStep.Nothing : ChainStep.Cancel,
            (null, { } wanted) => wanted.Equals(books.Waiting) ? ChainStep.Nothing : ChainStep.Post,
            ({ } posted, { } wanted) when posted.Equals(wanted) => ChainStep.Nothing,
            _ when books.Invoiced => ChainStep.Blocked,
            (_, null) => ChainStep.Reverse,
            _ => ChainStep.ReverseAndPost,
        };
}
