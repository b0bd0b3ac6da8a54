using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace PsaConsole.Engine.Inbox;

/// <summary>All work of one ordering key: done in order, one at a time, by whoever holds the lease.</summary>
public sealed class Lane
{
    public required string Key { get; init; }

    /// <summary>When there is something to do; null while nothing waits, or while a person is needed.</summary>
    public DateTimeOffset? ReadyAt { get; set; }

    /// <summary>The replica that works on it now.</summary>
    public Guid? LeaseOwner { get; set; }

    public DateTimeOffset? LeaseUntil { get; set; }

    /// <summary>Grows with every lease; a commit with an older fence is refused, so that a replica that slept through its lease can't write.</summary>
    public long Fence { get; set; }

    /// <summary>Grows with every arrival and every wake-up: whoever gives the lane back sees whether something came while it worked.</summary>
    public long Arrivals { get; set; }

    /// <summary>Seconds that it lets other lanes go before it: see <see cref="LanePriority"/>.</summary>
    public int Yields { get; set; }

    /// <summary>Its place among the ready ones, as a time: what <see cref="ReadyAt"/> and <see cref="Yields"/> come to. The database keeps it.</summary>
    public DateTime? TurnAt { get; private set; }

    /// <summary>How often in a row the work ended in a fault of the engine or the database.</summary>
    public int Faults { get; set; }
}

file sealed class LaneConfiguration : IEntityTypeConfiguration<Lane>
{
    public void Configure(EntityTypeBuilder<Lane> builder)
    {
        builder.HasKey(lane => lane.Key);
        builder.Property(lane => lane.Key).HasMaxLength(180);
        builder.Property(lane => lane.TurnAt).HasColumnType("timestamp without time zone").HasComputedColumnSql("(ready_at at time zone 'UTC') + yields * interval '1 second'", stored: true);
        builder.HasIndex(lane => lane.ReadyAt).HasFilter("ready_at is not null");
        builder.HasIndex(lane => lane.TurnAt).HasFilter("ready_at is not null");
    }
}
