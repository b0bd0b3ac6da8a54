using PsaConsole.Engine.Store;

namespace PsaConsole.Engine.Inbox;

/// <summary>What a lane wants to commit. Every statement must meet exactly one row.</summary>
internal sealed record PendingCommit(LaneLease Lease, IReadOnlyList<Statement> Statements, IReadOnlyCollection<FeedItem> News);
