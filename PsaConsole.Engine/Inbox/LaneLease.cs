namespace PsaConsole.Engine.Inbox;

/// <summary>The right to work on a lane until the lease ends; the fence proves it in every commit.</summary>
/// <param name="Arrivals">How many arrivals the lane had seen when it was claimed.</param>
/// <param name="Faults">How often in a row its work had ended in a fault.</param>
public sealed record LaneLease(string Key, long Fence, long Arrivals, int Faults = 0);

/// <summary>The lane was given to another replica, or the lease ran out: what was about to be committed must not be.</summary>
public sealed class LeaseLostException(LaneLease lease) : Exception($"The lease on lane {lease.Key} (fence {lease.Fence}) is lost; another replica goes on.");
