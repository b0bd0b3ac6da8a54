namespace PsaConsole.Sandbox.Core;

/// <summary>What happened to a record; <see cref="Before"/> is null for a new one.</summary>
public sealed record RecordChange(Table Table, Record? Before, Record After);

/// <summary>A unique field would hold the same value twice.</summary>
public sealed class DuplicateValueException(string table, string field, object value, string existingId)
    : Exception($"{table} {existingId} already holds {field} = {value}.")
{
    public string Table { get; } = table;

    public string Field { get; } = field;

    public object Value { get; } = value;

    public string ExistingId { get; } = existingId;
}

/// <summary>
/// The records of one vendor. Writes are done one at a time, all or nothing, and are in the operating system's hands (see <see cref="Journal"/>)
/// before the call returns. Values must already have the field's type (<see cref="FieldValue"/>); what a client may send is checked by <see cref="BodyReader"/>.
/// </summary>
public sealed class RecordStore : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Table> _tables;
    private readonly TimeProvider _clock;
    private List<RecordChange>? _pending;
    private Journal? _journal;
    private long _revision;

    public RecordStore(IReadOnlyList<TableSchema> schemas, TimeProvider clock)
    {
        _clock = clock;
        _tables = schemas.ToDictionary(schema => schema.Name, schema => new Table(schema), StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>Told about every change after it is kept, outside the lock. Not told about what seeding and loading put in.</summary>
    public event Action<RecordChange>? Changed;

    public IEnumerable<Table> Tables => _tables.Values;

    /// <summary>The table of this name in any letter case.</summary>
    /// <exception cref="ArgumentException">The vendor has no such table.</exception>
    public Table this[string table] => FindTable(table) ?? throw new ArgumentException($"There is no table {table}.", nameof(table));

    public Table? FindTable(string table) => _tables.GetValueOrDefault(table);

    /// <summary>Adds a record; fields that are not given take their default.</summary>
    /// <exception cref="DuplicateValueException">A unique field's value is taken.</exception>
    public Record Insert(string table, IReadOnlyDictionary<string, object?> values) => Transact(() =>
    {
        var target = this[table];
        var sequence = target.NextSequence;
        var fields = new object?[target.Schema.Fields.Count];
        for (var ordinal = 0; ordinal < fields.Length; ordinal++)
        {
            fields[ordinal] = target.Schema.Fields[ordinal].Default;
        }

        Assign(target.Schema, fields, values);
        var now = _clock.GetUtcNow();
        return Keep(target, null, new Record(target.Schema, sequence, target.Schema.NewId(sequence), fields)
        {
            Created = now,
            Modified = now,
            Revision = ++_revision,
        });
    });

    /// <summary>Changes the given fields of a record; a null clears.</summary>
    /// <exception cref="KeyNotFoundException">There is no such record, or it is deleted.</exception>
    /// <exception cref="DuplicateValueException">A unique field's value is taken.</exception>
    public Record Update(string table, string id, IReadOnlyDictionary<string, object?> values) => Transact(() =>
    {
        var (target, before) = Existing(table, id);
        var fields = before.CopyValues();
        Assign(target.Schema, fields, values);
        return Keep(target, before, Next(before, fields, deleted: false));
    });

    /// <summary>Marks a record as deleted.</summary>
    /// <exception cref="KeyNotFoundException">There is no such record, or it is deleted already.</exception>
    public Record Delete(string table, string id) => Transact(() =>
    {
        var (target, before) = Existing(table, id);
        return Keep(target, before, Next(before, before.CopyValues(), deleted: true));
    });

    /// <summary>Does several writes as one: if <paramref name="work"/> throws, none of them happened. May be nested.</summary>
    public T Transact<T>(Func<T> work)
    {
        List<RecordChange> kept;
        T result;
        lock (_lock)
        {
            if (_pending is not null)
            {
                return work();
            }

            using var fresh = StaleView.Suspend();
            kept = _pending = [];
            var revision = _revision;
            var completed = false;
            try
            {
                result = work();
                _journal?.Append(kept.Select(change => change.After));
                completed = true;
            }
            finally
            {
                _pending = null;
                if (!completed)
                {
                    TakeBack(kept);
                    _revision = revision;
                }
            }
        }

        foreach (var change in kept)
        {
            Changed?.Invoke(change);
        }

        return result;
    }

    /// <summary>Fills the empty store without telling listeners and writes it down in one go.</summary>
    internal void Fill(Action work)
    {
        var (listeners, journal) = (Changed, _journal);
        (Changed, _journal) = (null, null);
        try
        {
            Transact(() =>
            {
                work();
                return true;
            });
        }
        finally
        {
            (Changed, _journal) = (listeners, journal);
        }

        _journal?.Snapshot(_tables.Values);
    }

    /// <summary>Keeps the records in a folder from now on; returns true when it held records, which are then loaded.</summary>
    internal bool Open(string folder)
    {
        var loaded = false;
        foreach (var record in Journal.Read(folder, _tables))
        {
            var table = _tables[record.Schema.Name];
            table.Put(record);
            _revision = Math.Max(_revision, record.Revision);
            loaded = true;
        }

        _journal = new Journal(folder);
        if (_journal.IsLong)
        {
            _journal.Snapshot(_tables.Values);
        }

        return loaded;
    }

    /// <summary>Ends the journal by a snapshot, so that the next start reads each record once.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _journal?.Snapshot(_tables.Values);
            _journal?.Dispose();
            _journal = null;
        }
    }

    /// <summary>Empties every table; ids start again from 1.</summary>
    internal void Clear()
    {
        lock (_lock)
        {
            foreach (var name in _tables.Keys.ToList())
            {
                _tables[name] = new Table(_tables[name].Schema);
            }
        }
    }

    private (Table Table, Record Record) Existing(string table, string id)
    {
        var target = this[table];
        var record = target.Find(id) ?? throw new KeyNotFoundException($"There is no {table} {id}.");
        return (target, record);
    }

    private Record Next(Record before, object?[] fields, bool deleted) => new(before.Schema, before.Sequence, before.Id, fields)
    {
        Created = before.Created,
        Modified = _clock.GetUtcNow(),
        Revision = ++_revision,
        Deleted = deleted,
    };

    private Record Keep(Table table, Record? before, Record after)
    {
        foreach (var field in table.Schema.Fields.Where(field => field.Unique && !after.Deleted))
        {
            if (after[field.Name] is { } value && table.DuplicateOf(field, value, after.Id) is { } existing)
            {
                throw new DuplicateValueException(table.Schema.Name, field.Name, value, existing);
            }
        }

        if (before is not null)
        {
            after.RememberPrevious(before);
        }

        table.Put(after);
        _pending!.Add(new RecordChange(table, before, after));
        return after;
    }

    private static void Assign(TableSchema schema, object?[] fields, IReadOnlyDictionary<string, object?> values)
    {
        foreach (var (name, value) in values)
        {
            fields[schema.Ordinal(name)] = value;
        }
    }

    private static void TakeBack(List<RecordChange> changes)
    {
        for (var index = changes.Count - 1; index >= 0; index--)
        {
            changes[index].Table.Restore(changes[index].After, changes[index].Before);
        }
    }
}
