namespace PsaConsole.Engine.Model;

/// <summary>
/// What the client pays for an hour of a role that was sold, as it was agreed at the hand-off or with a change that finance has approved since. An empty
/// dimension matches everything.
/// </summary>
/// <param name="PerHour">In <paramref name="Currency"/>, four decimals, the deal's discount taken off.</param>
/// <param name="From">The first day of work it holds for; null when it always did.</param>
/// <param name="To">The last one.</param>
public sealed record AgreedRate(string? Role, string? Level, string? Location, decimal PerHour, string Currency, DateOnly? From, DateOnly? To);
