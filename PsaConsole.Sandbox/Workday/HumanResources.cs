using System.Text.Json;
using PsaConsole.Sandbox.Core;

namespace PsaConsole.Sandbox.Workday;

/// <summary>What the people department does. Each change leaves an entry in the transaction log: when it was entered and when it takes effect.</summary>
internal sealed class HumanResources(RecordStore store, TimeProvider clock)
{
    public const string HireType = "Hire Employee";
    public const string TerminateType = "Terminate Employee";
    public const string ChangeJobType = "Change Job";
    public const string ContractType = "Contract Contingent Worker";
    public const string RescindType = "Rescind";
    public const string LeaveType = "Request Leave of Absence";
    public const string TimeOffType = "Request Time Off";

    private static readonly Dictionary<string, string> Zones = new()
    {
        ["US"] = "America/New_York",
        ["GB"] = "Europe/London",
        ["DE"] = "Europe/Berlin",
        ["JP"] = "Asia/Tokyo",
    };

    /// <param name="values">The worker's fields; hireDate may lie ahead.</param>
    /// <param name="entered">When it was entered; null for now.</param>
    public Record Hire(Dictionary<string, object?> values, DateTimeOffset? entered = null) => store.Transact(() =>
    {
        var worker = store.Insert("worker", values);
        Log(worker, worker.Flag("contingent") ? ContractType : HireType, worker.Date("hireDate")!.Value, entered);
        return worker;
    });

    /// <summary>Ends the employment after that day, which may lie ahead.</summary>
    public Record Terminate(string worker, DateOnly lastDay, string reason, DateTimeOffset? entered = null) => store.Transact(() =>
    {
        var ended = store.Update("worker", worker, new Dictionary<string, object?> { ["terminationDate"] = lastDay, ["terminationReason"] = reason });
        Log(ended, TerminateType, lastDay, entered);
        return ended;
    });

    /// <summary>Somebody who left comes back: the same person with a new first day.</summary>
    public Record Rehire(string worker, DateOnly hireDate, Dictionary<string, object?> values) => store.Transact(() =>
    {
        var back = store.Update("worker", worker, new Dictionary<string, object?>(values) { ["hireDate"] = hireDate, ["terminationDate"] = null, ["terminationReason"] = null });
        Log(back, HireType, hireDate, null);
        return back;
    });

    /// <summary>Changes fields of the job (jobProfile, level, company, costCenter, fte, weeklyHours …) from that day on, which may lie ahead.</summary>
    public Record ChangeJob(string worker, DateOnly effective, Dictionary<string, object?> values) => store.Transact(() =>
    {
        var found = store["worker"].Find(worker)!;
        if (effective > TodayOf(found))
        {
            store.Insert("pendingChange", new Dictionary<string, object?> { ["worker"] = worker, ["effective"] = effective, ["values"] = JsonSerializer.SerializeToNode(values) });
        }
        else
        {
            found = store.Update("worker", worker, values);
        }

        Log(found, ChangeJobType, effective, null);
        return found;
    });

    /// <summary>Takes back a change that lies ahead.</summary>
    public void Rescind(string worker, DateOnly effective) => store.Transact(() =>
    {
        foreach (var change in store["pendingChange"].FindBy("worker", worker).Where(change => change.Date("effective") == effective).ToList())
        {
            store.Delete("pendingChange", change.Id);
        }

        Log(store["worker"].Find(worker)!, RescindType, effective, null);
        return true;
    });

    /// <summary>What was entered ahead holds from midnight where the worker is. Looked for and done as one: two readers at once must not both do it.</summary>
    public void TakeEffect() => store.Transact(() =>
    {
        foreach (var change in store["pendingChange"].Scan().OrderBy(change => change.Date("effective")).ToList())
        {
            if (store["worker"].Find(change.Text("worker")) is { } worker && change.Date("effective") <= TodayOf(worker))
            {
                store.Delete("pendingChange", change.Id);
                store.Update("worker", worker.Id, BodyReader.Read(store, worker.Schema, JsonSerializer.SerializeToElement(change["values"]), inserting: false).Values);
            }
        }

        return true;
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

    private DateOnly TodayOf(Record worker)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(Zones.GetValueOrDefault(worker.Text("country") ?? "", "UTC"));
        return DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(clock.GetUtcNow(), zone).DateTime);
    }

    private void Log(Record worker, string type, DateOnly effective, DateTimeOffset? entered) => store.Insert("transaction", new Dictionary<string, object?>
    {
        ["worker"] = worker.Id,
        ["type"] = type,
        ["effective"] = effective,
        ["entered"] = entered ?? clock.GetUtcNow(),
    });
}
