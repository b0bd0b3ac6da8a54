using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using PsaConsole.Engine.Mapping;
using PsaConsole.Engine.Store;

namespace PsaConsole.Engine.Inbox;

/// <summary>Compares a record's state with the last one its system reported: an echo of our own write, or nothing new, ends there.</summary>
public static class EchoCheck
{
    /// <summary>Stores the state when it is new.</summary>
    /// <returns>True when it differs from what was known.</returns>
    public static async Task<bool> IsNewAsync<T>(EngineDbContext store, InboxItem item, T record, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var payload = JsonSerializer.Serialize(record, MappingSets.Json);
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(payload)));
        var known = await store.SystemRecords.FindAsync([item.SystemName, item.SourceType, item.SourceId], cancellationToken);
        if (known is null)
        {
            store.SystemRecords.Add(new SystemRecord
            {
                SystemName = item.SystemName,
                SourceType = item.SourceType,
                SourceId = item.SourceId,
                Payload = payload,
                Hash = hash,
                ReadAt = now,
            });
            return true;
        }

        var isNew = known.Hash != hash;
        known.Payload = payload;
        known.Hash = hash;
        known.ReadAt = now;
        return isNew;
    }
}
