namespace PsaConsole.Sandbox.Core;

/// <summary>The faults in force, oldest first.</summary>
public sealed class Faults(int seed)
{
    private readonly Lock _lock = new();
    private readonly Random _random = new(seed);
    private readonly List<Fault> _faults = [];
    private int _lastId;

    /// <exception cref="ArgumentException">The effect is not understood.</exception>
    public Fault Add(FaultOrder order)
    {
        lock (_lock)
        {
            var fault = new Fault(++_lastId, order);
            _faults.Add(fault);
            return fault;
        }
    }

    public IReadOnlyList<Fault> All()
    {
        lock (_lock)
        {
            return [.. _faults];
        }
    }

    /// <summary>Removes one fault, or all when no id is given; returns how many were removed.</summary>
    public int Remove(int? id)
    {
        lock (_lock)
        {
            return _faults.RemoveAll(fault => id is null || fault.Id == id);
        }
    }

    /// <summary>The faults that hit this call, each counted as used.</summary>
    internal IReadOnlyList<Fault> TakeForCall(string system, string method, string path, string query) => Take(false, system, method, path, query);

    /// <summary>The faults that hit this notice, each counted as used.</summary>
    internal IReadOnlyList<Fault> TakeForNotice(string system) => Take(true, system, "POST", "", "");

    private List<Fault> Take(bool notices, string system, string method, string path, string query)
    {
        lock (_lock)
        {
            return _faults.Count == 0 ? [] : [.. _faults.Where(fault => fault.IsAboutNotices == notices && fault.Take(system, method, path, query, _random))];
        }
    }
}
