using System.Globalization;

namespace PsaConsole.Tests.Quarter;

/// <summary>
/// The sample firm lives on, business day by business day, with faults; in the end the ERP holds, to the cent, what an independent computation says. A few days here;
/// <c>./run quarter</c> lives sixty of them with four hundred consultants.
/// </summary>
public sealed class QuarterTests(PostgresFixture postgres)
{
    [Fact]
    public async Task Books_hold_to_the_cent_what_an_independent_computation_says()
    {
        await using var firm = await LivingFirm.StartAsync(postgres, Setting("PSACONSOLE_QUARTER_SEED", 20260302), Setting("PSACONSOLE_QUARTER_CONSULTANTS", 40));
        for (var day = 0; day < Setting("PSACONSOLE_QUARTER_DAYS", 4); day++)
        {
            await firm.LiveDayAsync();
        }

        await firm.SettleAsync();
        await firm.AssertBooksAsync();
    }

    private static int Setting(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.Integer, CultureInfo.InvariantCulture, out var value) ? value : otherwise;
}
