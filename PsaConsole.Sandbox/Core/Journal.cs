using System.Buffers;
using System.Text.Json;

namespace PsaConsole.Sandbox.Core;

/// <summary>
/// A vendor's records on disk: a snapshot, and the versions since as JSON lines. A line is handed to the operating system before the write returns
/// (it survives this process being killed; a power cut may lose it, which is good enough for a sandbox).
/// </summary>
internal sealed class Journal(string folder) : IDisposable
{
    private const long LongBytes = 32 * 1024 * 1024;
    private const string SnapshotName = "snapshot.jsonl";
    private const string JournalName = "journal.jsonl";
    private readonly ArrayBufferWriter<byte> _buffer = new(64 * 1024);
    private FileStream _stream = Append(folder);

    /// <summary>Whether it has grown so much that a snapshot makes the next start quicker.</summary>
    public bool IsLong => _stream.Length > LongBytes;

    public void Append(IEnumerable<Record> records)
    {
        _buffer.ResetWrittenCount();
        foreach (var record in records)
        {
            WriteLine(_buffer, record);
        }

        _stream.Write(_buffer.WrittenSpan);
    }

    /// <summary>Replaces snapshot and journal by the records as they are. A crash in between leaves the old snapshot, or lines that are read twice.</summary>
    public void Snapshot(IEnumerable<Table> tables)
    {
        var temporary = Path.Combine(folder, SnapshotName + ".new");
        using (var stream = new FileStream(temporary, FileMode.Create, FileAccess.Write))
        {
            foreach (var record in tables.SelectMany(table => table.ScanAll()))
            {
                _buffer.ResetWrittenCount();
                WriteLine(_buffer, record);
                stream.Write(_buffer.WrittenSpan);
            }
        }

        File.Move(temporary, Path.Combine(folder, SnapshotName), overwrite: true);
        _stream.Dispose();
        File.Delete(Path.Combine(folder, JournalName));
        _stream = Append(folder);
    }

    /// <summary>The versions in the order in which they were written; a half-written last line (the process was killed) is left out.</summary>
    public static IEnumerable<Record> Read(string folder, IReadOnlyDictionary<string, Table> tables)
    {
        foreach (var path in new[] { Path.Combine(folder, SnapshotName), Path.Combine(folder, JournalName) }.Where(File.Exists))
        {
            var text = File.ReadLines(path);
            var whole = EndsWithNewLine(path);
            string? held = null;
            foreach (var line in text)
            {
                if (held is not null && Parse(held, tables) is { } record)
                {
                    yield return record;
                }

                held = line;
            }

            if (whole && held is not null && Parse(held, tables) is { } last)
            {
                yield return last;
            }
        }
    }

    public void Dispose() => _stream.Dispose();

    private static FileStream Append(string folder)
    {
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, JournalName);
        var stream = new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read, bufferSize: 0);
        stream.Seek(0, SeekOrigin.End);
        return stream;
    }

    private static bool EndsWithNewLine(string path)
    {
        using var stream = File.OpenRead(path);
        if (stream.Length == 0)
        {
            return false;
        }

        stream.Seek(-1, SeekOrigin.End);
        return stream.ReadByte() == '\n';
    }

    private static void WriteLine(ArrayBufferWriter<byte> buffer, Record record)
    {
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartArray();
            writer.WriteStringValue(record.Schema.Name);
            writer.WriteNumberValue(record.Sequence);
            writer.WriteStringValue(record.Id);
            FieldValue.Write(writer, record.Created);
            FieldValue.Write(writer, record.Modified);
            writer.WriteNumberValue(record.Revision);
            writer.WriteBooleanValue(record.Deleted);
            writer.WriteStartObject();
            for (var ordinal = 0; ordinal < record.Schema.Fields.Count; ordinal++)
            {
                if (record[ordinal] is { } value)
                {
                    writer.WritePropertyName(record.Schema.Fields[ordinal].Name);
                    FieldValue.Write(writer, value);
                }
            }

            writer.WriteEndObject();
            writer.WriteEndArray();
        }

        buffer.Write("\n"u8);
    }

    /// <summary>Null for a table that this version of the sandbox no longer has.</summary>
    private static Record? Parse(string line, IReadOnlyDictionary<string, Table> tables)
    {
        using var document = JsonDocument.Parse(line);
        var row = document.RootElement;
        if (!tables.TryGetValue(row[0].GetString()!, out var table))
        {
            return null;
        }

        var values = new object?[table.Schema.Fields.Count];
        foreach (var property in row[7].EnumerateObject())
        {
            if (table.Schema.Find(property.Name) is { } field && FieldValue.TryRead(field.Type, property.Value, out var value))
            {
                values[table.Schema.Ordinal(field.Name)] = value;
            }
        }

        return new Record(table.Schema, row[1].GetInt64(), row[2].GetString()!, values)
        {
            Created = row[3].GetDateTimeOffset(),
            Modified = row[4].GetDateTimeOffset(),
            Revision = row[5].GetInt64(),
            Deleted = row[6].GetBoolean(),
        };
    }
}
