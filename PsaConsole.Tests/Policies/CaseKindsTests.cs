using System.Text.RegularExpressions;
using PsaConsole.Engine.Exceptions;

namespace PsaConsole.Tests.Policies;

/// <summary>The catalogue of cases is that of the domain document.</summary>
public sealed class CaseKindsTests
{
    private static readonly Dictionary<string, CaseAction> Letters = new()
    {
        ["R"] = CaseAction.Retry,
        ["E"] = CaseAction.EditAndRetry,
        ["S"] = CaseAction.Skip,
        ["C"] = CaseAction.Compensate,
        ["M"] = CaseAction.Remap,
        ["A"] = CaseAction.Approve,
        ["J"] = CaseAction.Reject,
        ["W"] = CaseAction.Waive,
    };

    [Fact]
    public void Every_code_is_there_once_with_a_title_and_a_fix() => Assert.All(CaseKinds.All.GroupBy(kind => kind.Code), same =>
    {
        var kind = Assert.Single(same);
        Assert.Matches("^[A-Z]{3}-[0-9]{3}$", kind.Code);
        Assert.True(kind.Title.Length > 5 && kind.SuggestedFix.Length > 2, $"{kind.Code} says too little.");
    });

    [Fact]
    public void Catalogue_is_the_document_and_the_engines_own_fault()
    {
        if (DocumentRows() is not { } rows)
        {
            // The document lies beside the repository, not in it: elsewhere there is nothing to compare with.
            return;
        }

        Assert.Equal(rows.Select(row => row.Code).Append("INT-999").Order(), CaseKinds.All.Select(kind => kind.Code).Order());
        Assert.All(rows, row =>
        {
            var kind = CaseKinds.Of(row.Code);
            Assert.Equal(row, (kind.Code, kind.Severity, kind.Owner, kind.Actions));
        });
    }

    /// <summary>The table of the document; where it names several severities or owners the first one holds, unless it holds under a condition only.</summary>
    private static List<(string Code, CaseSeverity Severity, CaseOwner Owner, CaseAction Actions)>? DocumentRows()
    {
        var document = Path.Combine(Repository.Root, "..", "shared", "domain", "4-exceptions.md");
        return !File.Exists(document) ? null :
        [
            .. from line in File.ReadLines(document)
               let cells = line.Split('|', StringSplitOptions.TrimEntries)
               where cells.Length >= 7 && Regex.IsMatch(cells[1], "^[A-Z]{3}-[0-9]{3}$")
               select (cells[1], Severity(cells[3]), Owner(cells[4]), Actions(cells[5])),
        ];
    }

    private static CaseSeverity Severity(string cell)
    {
        var text = cell.Replace("*", "", StringComparison.Ordinal);
        var usual = text.StartsWith("C if", StringComparison.Ordinal) ? text.Split("else ")[1] : text;
        return usual[0] switch
        {
            'C' => CaseSeverity.Critical,
            'H' => CaseSeverity.High,
            'M' => CaseSeverity.Medium,
            _ => CaseSeverity.Low,
        };
    }

    private static CaseOwner Owner(string cell) => cell.Split('/', '+', '→', ' ')[0] switch
    {
        "DO" => CaseOwner.DeliveryOperations,
        "RM" => CaseOwner.ResourceManagement,
        "FI" => CaseOwner.Finance,
        "HR" => CaseOwner.HumanResources,
        "IA" => CaseOwner.IntegrationAdministration,
        "SEC" => CaseOwner.Security,
        "steward" => CaseOwner.DataSteward,
        _ => CaseOwner.ApproverChain,
    };

    /// <summary>Assigning (G) is always possible and no flag of a kind.</summary>
    private static CaseAction Actions(string cell) => Regex.Replace(cell, @"\([^)]*\)", "")
        .Split(' ', StringSplitOptions.RemoveEmptyEntries)
        .Aggregate(CaseAction.None, (all, letter) => all | Letters.GetValueOrDefault(letter));
}
