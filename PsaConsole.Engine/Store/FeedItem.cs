namespace PsaConsole.Engine.Store;

/// <summary>What open browsers are told: something about this thing is new; read it again.</summary>
/// <param name="Kind">run, case, system or inbox.</param>
/// <param name="Id">Its id, or the name of the system.</param>
public sealed record FeedItem(string Kind, string Id);
