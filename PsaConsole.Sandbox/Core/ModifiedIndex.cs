namespace PsaConsole.Sandbox.Core;

/// <summary>
/// The order in which slots of a table changed, so that an incremental read costs what changed and not what there is.
/// Keys never fall, even when the sandbox's clock is set back: a search then gives too many slots, never too few.
/// </summary>
internal sealed class ModifiedIndex
{
    private readonly Lock _lock = new();
    private List<(DateTimeOffset Key, int Slot)> _changes = [];

    public void Add(DateTimeOffset modified, int slot, int records)
    {
        lock (_lock)
        {
            var key = _changes.Count > 0 && _changes[^1].Key > modified ? _changes[^1].Key : modified;
            _changes.Add((key, slot));
            if (_changes.Count > 1_000 && _changes.Count > records * 3)
            {
                Compact();
            }
        }
    }

    public IReadOnlyCollection<int> Since(DateTimeOffset since)
    {
        lock (_lock)
        {
            var (low, high) = (0, _changes.Count);
            while (low < high)
            {
                var middle = (low + high) / 2;
                (low, high) = _changes[middle].Key < since ? (middle + 1, high) : (low, middle);
            }

            var slots = new HashSet<int>();
            for (var index = low; index < _changes.Count; index++)
            {
                slots.Add(_changes[index].Slot);
            }

            return slots;
        }
    }

    private void Compact()
    {
        var newest = new Dictionary<int, int>();
        for (var index = 0; index < _changes.Count; index++)
        {
            newest[_changes[index].Slot] = index;
        }

        _changes = [.. newest.Values.Order().Select(index => _changes[index])];
    }
}
