namespace PsaConsole.Web;

/// <summary>The console will not start as it is configured. The message says what is wrong and what to set; it goes to standard error, without a stack trace.</summary>
public sealed class StartRefusedException(string message) : Exception(message);
