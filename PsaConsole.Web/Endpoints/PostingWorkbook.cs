using System.Globalization;
using ClosedXML.Excel;
using PsaConsole.Engine.Finance;
using PsaConsole.Engine.Model;

namespace PsaConsole.Web.Endpoints;

/// <summary>
/// Postings as a workbook: every line on one sheet, and on the other a sum for each project and currency, as formulas over the lines, so that finance can
/// follow each figure. Amounts are never added over currencies. Text is written as text: nothing in it is taken for a formula.
/// </summary>
public static class PostingWorkbook
{
    private const string Lines = "Lines";
    private const string Money = "#,##0.00";
    private const string Day = "yyyy-mm-dd";

    private static readonly (string Title, Action<IXLCell, PostingRow> Write)[] Columns =
    [
        ("Project", (cell, line) => Text(cell, line.EngagementNumber)),
        ("Legal entity", (cell, line) => Text(cell, line.LegalEntity)),
        ("Booked on", (cell, line) => Date(cell, line.AccountingDate)),
        ("Worked on", (cell, line) => Date(cell, line.WorkDate)),
        ("Period", (cell, line) => Text(cell, line.PeriodName)),
        ("Person", (cell, line) => Text(cell, line.Person ?? "")),
        ("What", (cell, line) => Text(cell, WhatOf(line))),
        ("Hours", (cell, line) => Number(cell, line.Hours, "0.00")),
        ("Rate", (cell, line) => Number(cell, line.Rate, Money)),
        ("Amount", (cell, line) => Number(cell, line.Amount, Money)),
        ("Currency", (cell, line) => Text(cell, line.Currency)),
        ("In the books", (cell, line) => Number(cell, line.AccountingAmount, Money)),
        ("Books' currency", (cell, line) => Text(cell, line.AccountingCurrency)),
        ("Document", (cell, line) => Text(cell, line.Voucher ?? "")),
        ("State", (cell, line) => Text(cell, line.Status == PostingStatus.Verified ? "read back" : "on its way")),
        ("Takes back another", (cell, line) => Text(cell, line.ReversalOf is null ? "" : "yes")),
        ("Category", (cell, line) => Text(cell, line.Category ?? "")),
        ("Receipt", (cell, line) => Text(cell, line.Receipt ?? "")),
    ];

    /// <summary>Writes the workbook.</summary>
    public static void Write(Stream target, IReadOnlyList<PostingRow> lines, DateOnly from, DateOnly to)
    {
        using var workbook = new XLWorkbook();
        Summarise(workbook.AddWorksheet("Summary"), lines, from, to);
        List(workbook.AddWorksheet(Lines), lines);
        workbook.SaveAs(target);
    }

    private static void List(IXLWorksheet sheet, IReadOnlyList<PostingRow> lines)
    {
        Head(sheet.Row(1), [.. Columns.Select(column => column.Title)]);
        foreach (var (line, index) in lines.Select((line, index) => (line, index)))
        {
            foreach (var (column, number) in Columns.Select((column, number) => (column, number)))
            {
                column.Write(sheet.Cell(index + 2, number + 1), line);
            }
        }

        sheet.SheetView.FreezeRows(1);
        sheet.Columns(1, Columns.Length).Width = 16;
    }

    private static void Summarise(IXLWorksheet sheet, IReadOnlyList<PostingRow> lines, DateOnly from, DateOnly to)
    {
        Text(sheet.Cell(1, 1), string.Create(CultureInfo.InvariantCulture, $"Postings booked from {from:yyyy-MM-dd} to {to:yyyy-MM-dd}"));
        sheet.Cell(1, 1).Style.Font.Bold = true;
        Head(sheet.Row(3), ["Project", "Currency", "Hours charged", "Charged to the client", "Not charged", "Cost"]);
        foreach (var (group, index) in lines.Select(line => (line.EngagementNumber, line.Currency)).Distinct().Order().Select((group, index) => (group, index)))
        {
            var row = index + 4;
            Text(sheet.Cell(row, 1), group.EngagementNumber);
            Text(sheet.Cell(row, 2), group.Currency);
            Sum(sheet.Cell(row, 3), "H", "Earned", "0.00");
            Sum(sheet.Cell(row, 4), "J", "Earned", Money);
            Sum(sheet.Cell(row, 5), "J", "Not charged", Money);
            Sum(sheet.Cell(row, 6), "J", "Cost", Money);
        }

        sheet.Columns(1, 6).Width = 22;

        // The sum of a column over the lines of this row's project and currency.
        void Sum(IXLCell cell, string column, string what, string format)
        {
            var row = cell.Address.RowNumber.ToString(CultureInfo.InvariantCulture);
            cell.FormulaA1 = $"SUMIFS({Lines}!${column}:${column},{Lines}!$A:$A,$A{row},{Lines}!$K:$K,$B{row},{Lines}!$G:$G,\"{what}\")";
            cell.Style.NumberFormat.Format = format;
        }
    }

    private static string WhatOf(PostingRow line) => line switch
    {
        { Kind: PostingKind.Cost } => "Cost",
        { Chargeable: true } => "Earned",
        _ => "Not charged",
    };

    private static void Head(IXLRow row, IReadOnlyList<string> titles)
    {
        foreach (var (title, index) in titles.Select((title, index) => (title, index)))
        {
            Text(row.Cell(index + 1), title);
        }

        row.Style.Font.Bold = true;
    }

    private static void Text(IXLCell cell, string text) => cell.SetValue(text).SetDataType(XLDataType.Text);

    private static void Date(IXLCell cell, DateOnly day)
    {
        cell.SetValue(day.ToDateTime(TimeOnly.MinValue));
        cell.Style.DateFormat.Format = Day;
    }

    private static void Number(IXLCell cell, decimal number, string format)
    {
        cell.SetValue(number);
        cell.Style.NumberFormat.Format = format;
    }
}
