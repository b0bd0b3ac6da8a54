using Microsoft.AspNetCore.Components;

namespace PsaConsole.Web.Components.Pages.Exceptions;

/// <summary>The buttons of a case. One that is not allowed stays visible and says why when it is pressed.</summary>
public sealed partial class CaseActionBar
{
    private readonly Dictionary<string, string> _edits = new(StringComparer.Ordinal);
    private CaseAction? _chosen;
    private CaseAction? _refused;
    private ElementReference _box;
    private string _assignee = "";
    private string _reason = "";
    private string? _problem;
    private bool _busy;
    private bool _focus;

    [Parameter, EditorRequired]
    public required IReadOnlyList<CaseAction> Actions { get; set; }

    /// <summary>Whom it may be given to; the first is the person who looks at it.</summary>
    [Parameter]
    public IReadOnlyList<string> Assignees { get; set; } = [];

    /// <summary>What may be corrected before a retry.</summary>
    [Parameter]
    public IReadOnlyList<EditableField> Editable { get; set; } = [];

    /// <summary>Does it; answers null, or why it was refused.</summary>
    [Parameter, EditorRequired]
    public required Func<CaseCommand, Task<string?>> OnAct { get; set; }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (_focus)
        {
            _focus = false;
            await _box.FocusAsync();
        }
    }

    private void Choose(CaseAction action)
    {
        Close();
        _chosen = action.WhyNot is null ? action : null;
        _refused = action.WhyNot is null ? null : action;
        _assignee = Assignees is [var first, ..] ? first : "";
        _focus = _chosen is not null;
    }

    private void Close()
    {
        _chosen = null;
        _refused = null;
        _problem = null;
        _reason = "";
        _edits.Clear();
    }

    private async Task SubmitAsync()
    {
        if (_chosen is not { } chosen || _busy)
        {
            return;
        }

        if (chosen.NeedsReason && string.IsNullOrWhiteSpace(_reason))
        {
            _problem = chosen.Name == CaseCommand.Comment ? "Write the comment first." : "Say why: it stays in the audit trail.";
            return;
        }

        _busy = true;
        _problem = await OnAct(new CaseCommand(chosen.Name, _reason.Trim(), _assignee, new Dictionary<string, string>(_edits)));
        _busy = false;
        if (_problem is null)
        {
            Close();
        }
    }
}
