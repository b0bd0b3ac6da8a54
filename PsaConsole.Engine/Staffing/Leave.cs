using PsaConsole.Engine.Model;

namespace PsaConsole.Engine.Staffing;

/// <summary>Where a leave stands; a cancelled one is not kept.</summary>
public enum LeaveStatus
{
    Requested,
    Approved,
}

/// <summary>Dates on which somebody is not available, never why (9-access 9.5).</summary>
/// <param name="HoursPerDay">Hours of each day; null for whole days.</param>
public sealed record Leave(DateRange Dates, decimal? HoursPerDay, LeaveStatus Status = LeaveStatus.Approved);
