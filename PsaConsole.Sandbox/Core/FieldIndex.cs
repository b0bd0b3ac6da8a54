namespace PsaConsole.Sandbox.Core;

/// <summary>Which slots of a table hold a value in one field. Text is found in any letter case, as vendors find their external ids; ids exactly.</summary>
internal sealed class FieldIndex(int ordinal, FieldType type)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<object, List<int>> _slots = [];

    public int[] Find(object value)
    {
        lock (_lock)
        {
            return _slots.TryGetValue(Key(value), out var slots) ? [.. slots] : [];
        }
    }

    public void Replace(int slot, Record? before, Record? after)
    {
        var old = before is { Deleted: false } ? before[ordinal] : null;
        var now = after is { Deleted: false } ? after[ordinal] : null;
        if (Equals(old, now))
        {
            return;
        }

        lock (_lock)
        {
            if (old is not null && _slots.TryGetValue(Key(old), out var left))
            {
                left.RemoveAt(left.LastIndexOf(slot));
                if (left.Count == 0)
                {
                    _slots.Remove(Key(old));
                }
            }

            if (now is not null)
            {
                var key = Key(now);
                if (!_slots.TryGetValue(key, out var slots))
                {
                    _slots[key] = slots = [];
                }

                slots.Add(slot);
            }
        }
    }

    private object Key(object value) => type == FieldType.Text && value is string text ? text.ToUpperInvariant() : value;
}
