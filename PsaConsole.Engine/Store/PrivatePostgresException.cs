namespace PsaConsole.Engine.Store;

/// <summary>The private PostgreSQL cannot be used; the message says which folder or program, why, and what to do.</summary>
public sealed class PrivatePostgresException(string message) : Exception(message);
