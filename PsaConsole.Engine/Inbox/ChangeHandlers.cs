using PsaConsole.Engine.Store;

namespace PsaConsole.Engine.Inbox;

/// <summary>What became of a received change.</summary>
/// <param name="RunId">The run that took it up, if any.</param>
/// <param name="Text">In words, for the inbox page.</param>
public sealed record ChangeOutcome(Guid? RunId, string Text);

/// <summary>Reads the record behind a change of one kind and decides what becomes of it: a new run, news for the live one, or nothing.</summary>
public abstract class ChangeHandler
{
    /// <summary>The kind of record: opportunity, client …</summary>
    public abstract string SourceType { get; }

    /// <summary>Changes the store; the caller commits. Everything that is read comes from the source now, not from the notice.</summary>
    public abstract Task<ChangeOutcome> HandleAsync(EngineDbContext store, InboxItem item, CancellationToken cancellationToken);
}

/// <summary>The handlers by the kind of record they read; a kind that no workflow wants is noted and ends.</summary>
public sealed class ChangeHandlers(IEnumerable<ChangeHandler> handlers)
{
    private readonly Dictionary<string, ChangeHandler> byType = handlers.ToDictionary(handler => handler.SourceType, StringComparer.Ordinal);

    public ChangeHandler For(InboxItem item) => byType.GetValueOrDefault(item.SourceType, Unwanted.Instance);

    private sealed class Unwanted : ChangeHandler
    {
        public static readonly Unwanted Instance = new();

        public override string SourceType => "";

        public override Task<ChangeOutcome> HandleAsync(EngineDbContext store, InboxItem item, CancellationToken cancellationToken) =>
            Task.FromResult(new ChangeOutcome(null, $"No workflow waits for a change of a {item.SourceType}."));
    }
}
