using PsaConsole.Engine.Finance;
using PsaConsole.Engine.Model;

namespace PsaConsole.Engine.Connectors;

/// <summary>Where time is entered and approved.</summary>
public interface ITimeBook
{
    /// <summary>Name of the outside system.</summary>
    string SystemName { get; }

    /// <summary>The ordering key of everything that is booked on a project.</summary>
    string LaneOf(string projectId);

    /// <summary>The entry as it is now; null when it was deleted.</summary>
    Task<TimeEntry?> ReadAsync(string id, CancellationToken cancellationToken);

    /// <summary>Everything the entry's person has entered on its day, on any project, the entry itself too.</summary>
    Task<IReadOnlyList<TimeEntry>> ReadDayAsync(TimeEntry entry, CancellationToken cancellationToken);

    /// <summary>Locks what is posted and keeps the books' document numbers with it.</summary>
    ITarget<PostedMark> Marks { get; }
}

/// <summary>Where expenses are claimed and approved.</summary>
public interface IExpenseBook
{
    /// <summary>Name of the outside system.</summary>
    string SystemName { get; }

    /// <summary>The line as it is now; null when it was deleted.</summary>
    Task<Expense?> ReadAsync(string id, CancellationToken cancellationToken);

    /// <summary>What the line's person claimed on its project for its day, the line itself too, oldest first.</summary>
    Task<IReadOnlyList<Expense>> ReadClaimedAsync(Expense expense, CancellationToken cancellationToken);

    /// <summary>Locks what is posted and keeps the books' document numbers with it.</summary>
    ITarget<PostedMark> Marks { get; }
}

/// <summary>Where financial lines are posted.</summary>
public interface ILedger
{
    /// <summary>Name of the outside system.</summary>
    string SystemName { get; }

    ITarget<LedgerLine> Lines { get; }

    Task<IReadOnlyList<AccountingPeriod>> ReadPeriodsAsync(CancellationToken cancellationToken);

    /// <summary>Rates into a functional currency whose dates are in the range.</summary>
    Task<IReadOnlyList<FxRate>> ReadRatesAsync(string functionalCurrency, DateRange dates, CancellationToken cancellationToken);

    /// <summary>True when the person of this e-mail address can be posted for.</summary>
    Task<bool> KnowsPersonAsync(string email, CancellationToken cancellationToken);

    /// <summary>What the client was invoiced for the project, in the project's currency.</summary>
    Task<decimal> ReadInvoicedAsync(string projectId, CancellationToken cancellationToken);
}
