using System.Collections.Concurrent;

namespace PsaConsole.Sandbox.Core;

/// <summary>
/// The records of one table. Reading takes no lock of the store and sees each record's newest version (or an older one under <see cref="StaleView"/>);
/// writing goes through <see cref="RecordStore"/>.
/// </summary>
public sealed class Table
{
    private readonly ConcurrentDictionary<string, int> _slots = new(StringComparer.Ordinal);
    private readonly Dictionary<string, FieldIndex> _indexes;
    private readonly ModifiedIndex _modified = new();
    private volatile Record?[] _rows = new Record?[64];
    private volatile int _count;
    private int _live;

    internal Table(TableSchema schema)
    {
        Schema = schema;
        _indexes = schema.Fields.Where(field => field.HasIndex)
            .ToDictionary(field => field.Name, field => new FieldIndex(schema.Ordinal(field.Name), field.Type), StringComparer.OrdinalIgnoreCase);
    }

    public TableSchema Schema { get; }

    /// <summary>How many records are not deleted.</summary>
    public int Count => _live;

    /// <summary>The record of this id; null when there is none or it is deleted.</summary>
    public Record? Find(string? id) => FindAny(id) is { Deleted: false } record ? record : null;

    /// <summary>The record of this id, deleted or not.</summary>
    public Record? FindAny(string? id)
        => id is not null && _slots.TryGetValue(id, out var slot) ? StaleView.Current.Of(_rows[slot]) : null;

    /// <summary>The records whose field holds the value, in order of creation. Without an index on the field this reads the whole table.</summary>
    public IReadOnlyList<Record> FindBy(string field, object value)
    {
        if (!_indexes.TryGetValue(field, out var index))
        {
            var ordinal = Schema.Ordinal(field);
            return [.. Scan().Where(record => Equals(record[ordinal], value))];
        }

        // The slots first: rows that are read after them are long enough.
        var (view, slots) = (StaleView.Current, index.Find(value));
        var rows = _rows;
        return [.. slots.Select(slot => view.Of(rows[slot])).OfType<Record>().Where(record => !record.Deleted).OrderBy(record => record.Sequence)];
    }

    /// <summary>The first record whose field holds the value.</summary>
    public Record? FirstBy(string field, object value) => FindBy(field, value) is [var first, ..] ? first : null;

    /// <summary>Every record that is not deleted, in order of creation.</summary>
    public IEnumerable<Record> Scan() => ScanAll().Where(record => !record.Deleted);

    /// <summary>Every record, the deleted too, in order of creation.</summary>
    public IEnumerable<Record> ScanAll()
    {
        var view = StaleView.Current;
        var count = _count;
        var rows = _rows;
        for (var slot = 0; slot < count; slot++)
        {
            if (view.Of(rows[slot]) is { } record)
            {
                yield return record;
            }
        }
    }

    /// <summary>The records, the deleted too, that changed at or after a point in time; found without reading the whole table. In no order.</summary>
    public IEnumerable<Record> ModifiedSince(DateTimeOffset since)
    {
        var view = StaleView.Current;
        var slots = _modified.Since(since);
        var rows = _rows;
        return slots.Select(slot => view.Of(rows[slot])).OfType<Record>().Where(record => record.Modified >= since);
    }

    internal long NextSequence => _count + 1;

    internal string? DuplicateOf(FieldSchema field, object value, string ownId)
        => _indexes[field.Name].Find(value).Select(slot => _rows[slot]).FirstOrDefault(record => record is { Deleted: false } && record.Id != ownId)?.Id;

    /// <summary>Puts a version into its place. Called with the store's lock held.</summary>
    internal void Put(Record record)
    {
        var slot = (int)(record.Sequence - 1);
        var rows = _rows;
        if (slot >= rows.Length)
        {
            var grown = new Record?[Math.Max(rows.Length * 2, slot + 1)];
            Array.Copy(rows, grown, rows.Length);
            _rows = rows = grown;
        }

        Replace(slot, rows[slot], record);
        rows[slot] = record;
        _count = Math.Max(_count, slot + 1);
        _slots[record.Id] = slot;
        _modified.Add(record.Modified, slot, _live);
    }

    /// <summary>Takes a version back. Called with the store's lock held.</summary>
    internal void Restore(Record now, Record? before)
    {
        var slot = (int)(now.Sequence - 1);
        Replace(slot, now, before);
        _rows[slot] = before;
        if (before is null)
        {
            _slots.TryRemove(now.Id, out _);
        }
    }

    private void Replace(int slot, Record? before, Record? after)
    {
        foreach (var index in _indexes.Values)
        {
            index.Replace(slot, before, after);
        }

        _live += (after is { Deleted: false } ? 1 : 0) - (before is { Deleted: false } ? 1 : 0);
    }
}
