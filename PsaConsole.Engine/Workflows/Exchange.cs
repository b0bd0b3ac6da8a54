using PsaConsole.Engine.Connectors;
using PsaConsole.Engine.Finance;
using PsaConsole.Engine.Model;
using PsaConsole.Engine.Policies;

namespace PsaConsole.Engine.Workflows;

/// <summary>Turns money into a legal entity's own currency, by the rates that its books hold and the rule of its pack (PL06, 8-localisation 8.3).</summary>
public sealed class Exchange(ILedger books)
{
    /// <summary>The rate of a day, or the finding that the books have none.</summary>
    public async Task<(FxFound? Found, Finding? Missing)> RateAsync(EntityPack pack, string currency, DateOnly date, string subject, CancellationToken cancellationToken)
    {
        var table = currency == pack.Currency ? [] : await books.ReadRatesAsync(pack.Currency, new DateRange(date.AddDays(-pack.Exchange.OldestDays), date), cancellationToken);
        return FxRates.Resolve(table, currency, pack.Currency, date, pack.Exchange, subject);
    }

    /// <summary>What an amount is worth in the entity's currency on a day, rounded as its pack says.</summary>
    public async Task<(Money? Value, Finding? Missing)> ValueAsync(EntityPack pack, Money amount, DateOnly date, string subject, CancellationToken cancellationToken)
    {
        if (amount.Amount == 0m)
        {
            return (Money.Zero(pack.Currency), null);
        }

        var (rate, missing) = await RateAsync(pack, amount.Currency, date, subject, cancellationToken);
        return (rate is null ? null : FxRates.Convert(amount, rate, pack.Currency, pack.Rounding), missing);
    }
}
