using PsaConsole.Engine.Model;

namespace PsaConsole.Engine.Connectors;

/// <summary>Where people are booked for projects.</summary>
public interface IBookings
{
    string SystemName { get; }

    /// <summary>A booking as it is now; null when it is gone, or when nobody is named for it yet.</summary>
    Task<Booking?> ReadAsync(string id, CancellationToken cancellationToken);

    /// <summary>Every booking of the person with this e-mail address that overlaps the dates, confirmed or not.</summary>
    Task<IReadOnlyList<Booking>> ReadOfAsync(string address, DateRange dates, CancellationToken cancellationToken);

    /// <summary>Holidays of every country that the PSA plans with.</summary>
    Task<IReadOnlyList<Holiday>> ReadHolidaysAsync(CancellationToken cancellationToken);

    /// <summary>Brings dates, hours and confirmation of a booking to the given ones. Repeatable.</summary>
    Task WriteAsync(string id, BookingTerms terms, CancellationToken cancellationToken);

    /// <summary>Books more of the same: same person and project, other dates and hours. Looks for an equal booking first, so that it may be repeated.</summary>
    /// <returns>Id of the new booking.</returns>
    Task<string> AddAsync(string likeId, BookingTerms terms, CancellationToken cancellationToken);
}
