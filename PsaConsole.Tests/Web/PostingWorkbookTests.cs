using ClosedXML.Excel;
using PsaConsole.Engine.Finance;
using PsaConsole.Engine.Workflows;
using PsaConsole.Web.Endpoints;

namespace PsaConsole.Tests.Web;

public sealed class PostingWorkbookTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 9, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Each_project_and_currency_has_its_sums_and_no_text_becomes_a_formula()
    {
        var run = new Run { Id = Guid.Empty, Workflow = "time-to-erp", BusinessKey = "time:1", LaneKey = "time:1", Title = "Time", State = "{}", ProjectNumber = "DE01-00042", OccurredAt = Now, StartedAt = Now };
        var content = new MemoryStream();
        PostingWorkbook.Write(
            content,
            [SampleQueue.Line(run, PostingKind.Unbilled, 1_480m, Now, "=HYPERLINK(\"x\")"), SampleQueue.Line(run, PostingKind.Unbilled, -480m, Now), SampleQueue.Line(run, PostingKind.Cost, 720m, Now)],
            new DateOnly(2026, 11, 1),
            new DateOnly(2026, 11, 30));

        using var workbook = new XLWorkbook(content);
        var (lines, summary) = (workbook.Worksheet("Lines"), workbook.Worksheet("Summary"));
        Assert.Equal(4, lines.RowsUsed().Count());
        Assert.All(lines.CellsUsed(), cell => Assert.False(cell.HasFormula));
        Assert.Equal("=HYPERLINK(\"x\")", lines.Cell(2, 6).GetString());
        Assert.Equal(("DE01-00042", "EUR"), (summary.Cell(4, 1).GetString(), summary.Cell(4, 2).GetString()));
        Assert.Equal((1_000m, 720m), (summary.Cell(4, 4).GetValue<decimal>(), summary.Cell(4, 6).GetValue<decimal>()));
        Assert.True(summary.Cell(5, 1).IsEmpty());
    }
}
