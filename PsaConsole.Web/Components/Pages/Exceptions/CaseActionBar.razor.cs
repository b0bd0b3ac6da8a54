using Microsoft.AspNetCore.Components;
using PsaConsole.Engine.Exceptions;

namespace PsaConsole.Web.Components.Pages.Exceptions;

/// <summary>The buttons of a case. One that is not allowed stays visible and says why when it is pressed.</summary>
public sealed partial class CaseActionBar
{
    private const int UsualWaiver = 30;
    private const int UsualSnooze = 7;

    private readonly Dictionary<string, string> _edits = new(StringComparer.Ordinal);
    private CaseAction? _chosen;
    private CaseOption? _refused;
    private ElementReference _box;
    private string _assignee = "";
    private string _snooze = "";
    private DateOnly? _until;
    private DateOnly _back;
    private string _reason = "";
    private string? _problem;
    private bool _busy;
    private bool _focus;

    /// <summary>What the buttons are for, such as case-12: what is typed is kept under this name.</summary>
    [Parameter, EditorRequired]
    public required string Draft { get; set; }

    /// <summary>Stands above the form of a chosen action: what it would do.</summary>
    [Parameter]
    public RenderFragment<CaseOption>? Lead { get; set; }

    /// <summary>An action was chosen, and its form is open.</summary>
    [Parameter]
    public EventCallback<CaseAction> OnChosen { get; set; }

    /// <summary>A form was opened (true) or closed.</summary>
    [Parameter]
    public EventCallback<bool> OnForm { get; set; }

    /// <summary>Whether a reason is wanted for everything.</summary>
    [Parameter]
    public bool AlwaysWhy { get; set; }

    [Parameter, EditorRequired]
    public required IReadOnlyList<CaseOption> Options { get; set; }

    [Parameter, EditorRequired]
    public required IReadOnlyList<KeyValuePair<string, string>> Assignees { get; set; }

    [Parameter, EditorRequired]
    public required IReadOnlyList<Snooze> Snoozes { get; set; }

    /// <summary>Whose working days a chosen day is one of.</summary>
    [Parameter, EditorRequired]
    public required ServiceClock Clock { get; set; }

    /// <summary>It was put off, so that it can be woken.</summary>
    [Parameter]
    public bool IsAsleep { get; set; }

    [Inject]
    public required TimeProvider Time { get; init; }

    [Parameter, EditorRequired]
    public required IReadOnlyList<EditableField> Editable { get; set; }

    /// <summary>Does it; answers null, or why it was refused.</summary>
    [Parameter, EditorRequired]
    public required Func<CaseCommand, Task<string?>> OnAct { get; set; }

    /// <summary>Something was done or refused: the page reads again.</summary>
    [Parameter, EditorRequired]
    public required EventCallback OnChanged { get; set; }

    private CaseOption? Foremost => Options.FirstOrDefault(option => option.WhyNot is null && option.Action is not (CaseAction.Assign or CaseAction.Comment));

    // What was chosen may become impossible while the form is open: the button then says why, and what was typed stays.
    private CaseOption? Chosen => _chosen is { } action ? Options.FirstOrDefault(option => option.Action == action) : null;

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (_focus)
        {
            _focus = false;
            await _box.FocusAsync();
        }
    }

    private async Task ChooseAsync(CaseOption option)
    {
        Close();
        _chosen = option.WhyNot is null ? option.Action : null;
        _refused = option.WhyNot is null ? null : option;
        _assignee = Assignees is [var person, ..] ? person.Key : "";
        _snooze = IsAsleep ? "" : Snoozes is [var first, ..] ? first.Name : "";
        _back = DateOnly.FromDateTime(Time.GetUtcNow().UtcDateTime).AddDays(UsualSnooze);
        _until = DateOnly.FromDateTime(Time.GetUtcNow().UtcDateTime).AddDays(UsualWaiver);
        _focus = _chosen is not null && (AlwaysWhy || _chosen is not CaseAction.Assign);
        await OnForm.InvokeAsync(_chosen is not null);
        if (_chosen is { } chosen)
        {
            await OnChosen.InvokeAsync(chosen);
        }
    }

    private Task GiveUpAsync()
    {
        Close();
        return OnForm.InvokeAsync(false);
    }

    private void Close()
    {
        _chosen = null;
        _refused = null;
        _problem = null;
        _reason = "";
        _edits.Clear();
    }

    private async Task SubmitAsync(CaseOption chosen)
    {
        _problem = WhyIncomplete(chosen);
        if (_problem is not null || _busy)
        {
            return;
        }

        _busy = true;
        try
        {
            _problem = await OnAct(Command(chosen.Action));
        }
        finally
        {
            _busy = false;
        }

        // Before the page reads again: what is begun while it does must not be closed with this.
        if (_problem is null)
        {
            await GiveUpAsync();
        }

        await OnChanged.InvokeAsync();
    }

    private CaseCommand Command(CaseAction action) => new(
        action, _reason.Trim(), _assignee, Changed(), _snooze == Snooze.Day ? Snooze.OnDay(Clock, _back) : Snoozes.FirstOrDefault(choice => choice.Name == _snooze), _until);

    private string? WhyIncomplete(CaseOption chosen) => chosen switch
    {
        { WhyNot: { } why } => why,
        { Action: CaseAction.EditAndRetry } when Changed().Count == 0 => "Change a value, or choose Retry.",
        { Action: CaseAction.Comment } when string.IsNullOrWhiteSpace(_reason) => "Write the comment first.",
        _ when NeedsReason(chosen) && string.IsNullOrWhiteSpace(_reason) => "Say why: the reason stays with the case.",
        _ => null,
    };

    private Dictionary<string, string?> Changed() => _edits
        .Where(edit => edit.Value != Editable.First(field => field.Path == edit.Key).Value)
        .ToDictionary(edit => edit.Key, edit => string.IsNullOrWhiteSpace(edit.Value) ? null : edit.Value.Trim());

    private string DraftOf(CaseOption option) => $"{Draft}-{option.Action}";

    private bool NeedsReason(CaseOption chosen) => AlwaysWhy || chosen.NeedsReason;

    private string ReasonLabel(CaseOption chosen) => chosen switch
    {
        { Action: CaseAction.Comment } => "Comment",
        _ when NeedsReason(chosen) => "Reason",
        _ => "Reason, if there is something to add",
    };
}
