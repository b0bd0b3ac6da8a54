using PsaConsole.Sandbox.Core;

namespace PsaConsole.Sandbox.Workday;

/// <summary>What the people department does. Each change leaves an entry in the transaction log: when it was entered and when it takes effect.</summary>
internal sealed class HumanResources(RecordStore store, TimeProvider clock)
{
    public const string HireType = "Hire Employee";
    public const string TerminateType = "Terminate Employee";
    public const string ChangeJobType = "Change Job";
    public const string LeaveType = "Request Leave of Absence";
    public const string TimeOffType = "Request Time Off";

    /// <param name="values">The worker's fields; hireDate may lie ahead.</param>
    /// <param name="entered">When it was entered; null for now.</param>
    public Record Hire(Dictionary<string, object?> values, DateTimeOffset? entered = null) => store.Transact(() =>
    {
        var worker = store.Insert("worker", values);
        Log(worker, HireType, worker.Date("hireDate")!.Value, entered);
        return worker;
    });

    /// <summary>Ends the employment after that day, which may lie ahead.</summary>
    public Record Terminate(string worker, DateOnly lastDay, string reason, DateTimeOffset? entered = null) => store.Transact(() =>
    {
        var ended = store.Update("worker", worker, new Dictionary<string, object?> { ["terminationDate"] = lastDay, ["terminationReason"] = reason });
        Log(ended, TerminateType, lastDay, entered);
        return ended;
    });

    /// <summary>Changes fields of the job (jobProfile, level, costCenter, fte, weeklyHours …) from that day on.</summary>
    public Record ChangeJob(string worker, DateOnly effective, Dictionary<string, object?> values) => store.Transact(() =>
    {
        var changed = store.Update("worker", worker, values);
        Log(changed, ChangeJobType, effective, null);
        return changed;
    });

    /// <summary>Approved time off, one entry a day.</summary>
    public Record ApproveTimeOff(Record worker, DateOnly date, decimal hours, string type, string reason, string? comment, string status = "Approved", DateTimeOffset? entered = null) => store.Transact(() =>
    {
        var entry = store.Insert("timeOff", new Dictionary<string, object?>
        {
            ["worker"] = worker.Id,
            ["date"] = date,
            ["quantity"] = hours,
            ["unit"] = "Hours",
            ["type"] = type,
            ["status"] = status,
            ["reason"] = reason,
            ["comment"] = comment,
        });
        Log(worker, TimeOffType, date, entered);
        return entry;
    });

    /// <summary>An approved leave of absence over weeks.</summary>
    public Record ApproveLeave(Record worker, DateOnly firstDay, DateOnly lastDay, string type, string reason, DateTimeOffset? entered = null) => store.Transact(() =>
    {
        var leave = store.Insert("leave", new Dictionary<string, object?>
        {
            ["worker"] = worker.Id,
            ["firstDay"] = firstDay,
            ["lastDayOfWork"] = firstDay.AddDays(-1),
            ["estimatedLastDay"] = lastDay,
            ["type"] = type,
            ["status"] = "Approved",
            ["reason"] = reason,
        });
        Log(worker, LeaveType, firstDay, entered);
        return leave;
    });

    private void Log(Record worker, string type, DateOnly effective, DateTimeOffset? entered) => store.Insert("transaction", new Dictionary<string, object?>
    {
        ["worker"] = worker.Id,
        ["type"] = type,
        ["effective"] = effective,
        ["entered"] = entered ?? clock.GetUtcNow(),
    });
}
