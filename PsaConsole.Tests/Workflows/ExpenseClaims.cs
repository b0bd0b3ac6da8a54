using System.Globalization;
using Microsoft.EntityFrameworkCore;
using PsaConsole.Engine.Model;
using PsaConsole.Engine.Workflows;
using PsaConsole.Tests.Sandbox.Kantata;
using Consultant = PsaConsole.Sandbox.Firm.Consultant;
using Record = PsaConsole.Sandbox.Core.Record;

namespace PsaConsole.Tests.Workflows;

/// <summary>What people claim on a handed-over project, through Kantata's API as they would.</summary>
internal sealed class ExpenseClaims(IWorkingFirm firm, Timesheets sheets)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Claims an amount of the project's currency, without submitting it.</summary>
    public async Task<string> ClaimAsync(Consultant person, string category, decimal amount, bool billable = true, bool taxable = true, string? receipt = "R-1", DateOnly? day = null)
    {
        using var kantata = firm.Sandbox.Kantata();
        var claim = await kantata.WriteAsync("POST", "expenses.json", new
        {
            expense = new
            {
                workspace_id = sheets.Workspace,
                user_id = sheets.UserOf(person),
                date = (day ?? sheets.Day).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
                category,
                amount_in_cents = (long)(amount * 100m),
                is_billable = billable,
                taxable,
                receipt_id = receipt,
            },
        });
        return claim.Id();
    }

    /// <summary>Submits the claim and lets the project's lead, or somebody named, approve it.</summary>
    public async Task ApproveAsync(string claim, Consultant? by = null)
    {
        using var kantata = firm.Sandbox.Kantata();
        var report = (await kantata.WriteAsync("POST", "expense_report_submissions.json", new { expense_report_submission = new { expense_ids = new[] { claim } } })).Id();
        if (by is null)
        {
            await kantata.WriteAsync("PUT", $"expense_report_submissions/{report}/approve.json", new { });
        }
        else
        {
            new PsaConsole.Sandbox.Kantata.KantataApprovals(firm.Sandbox.Host.Vendor("kantata").Store).Decide("expense_report_submissions", report, "approve", sheets.UserOf(by));
        }
    }

    public async Task<string> ClaimApprovedAsync(Consultant person, string category, decimal amount, bool billable = true, bool taxable = true, string? receipt = "R-1", DateOnly? day = null)
    {
        var claim = await ClaimAsync(person, category, amount, billable, taxable, receipt, day);
        await ApproveAsync(claim);
        return claim;
    }

    public async Task RecallAsync(string claim)
    {
        using var kantata = firm.Sandbox.Kantata();
        var report = firm.Table("kantata", "expenses").Find(claim)!.Text("active_submission_id");
        await kantata.WriteAsync("PUT", $"expense_report_submissions/{report}/cancel.json", new { });
    }

    public async Task AttachAsync(string claim, string receipt)
    {
        using var kantata = firm.Sandbox.Kantata();
        using var answer = await kantata.CallAsync("PUT", $"expenses/{claim}.json", new { expense = new { receipt_id = receipt } });
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Token));
    }

    /// <summary>Waits until the newest run of the claim is as wanted.</summary>
    public Task<Run> RunOfAsync(string claim, Func<Run, bool> wanted) => sheets.RunAsync($"expense:kantata:{claim}:r", wanted);

    public Task<Run> PostedAsync(string claim) => RunOfAsync(claim, run => run.Status == RunStatus.Completed);

    /// <summary>The postings of a claim, oldest first.</summary>
    public async Task<List<PostingRow>> PostingsAsync(string claim)
    {
        await using var store = await firm.OpenStoreAsync();
        return await store.Postings.AsNoTracking().Where(row => row.SourceId == claim && row.SourceType == "expense").OrderBy(row => row.CreatedAt).ThenBy(row => row.Id).ToListAsync(Token);
    }

    /// <summary>The books' journal entries of a claim.</summary>
    public List<Record> Journals(string claim) => [.. firm.Table("netsuite", "journalEntry").Scan().Where(record => record.Text("custbody_psac_source")?.StartsWith($"expense kantata {claim} r", StringComparison.Ordinal) == true)];
}
