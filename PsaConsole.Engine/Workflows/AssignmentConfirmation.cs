using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using PsaConsole.Engine.Connectors;
using PsaConsole.Engine.Model;
using PsaConsole.Engine.Policies;
using PsaConsole.Engine.Staffing;

namespace PsaConsole.Engine.Workflows;

/// <summary>What the confirmation of one assignment knows while it runs.</summary>
public sealed record AssignmentJourney
{
    /// <summary>HR's employee id.</summary>
    public required string PersonId { get; init; }

    public required string BookingId { get; init; }

    /// <summary>What made it run: the booking's revision, or what freed it.</summary>
    public required string Why { get; init; }

    public Booking? Booking { get; init; }
    public string? PersonName { get; init; }

    /// <summary>Null until the check is done.</summary>
    public ConfirmationOutcome? Outcome { get; init; }

    /// <summary>Codes that the check found standing against it.</summary>
    public IReadOnlyList<string> Codes { get; init; } = [];
}

/// <summary>
/// An assignment that somebody asked for becomes a confirmed one, or a conflict with its case (3-workflows 3d): HR's facts are fresh, the person's whole
/// window is checked, the PSA is told and read back. All of it in the person's lane, so that a second booking sees the hours of the first.
/// </summary>
public sealed class AssignmentConfirmation(StaffingDesk desk, IBookings bookings, IHr hr) : Workflow<AssignmentJourney>
{
    public override string Name => "assignment-confirmation";

    public override TimeSpan? Target { get; } = TimeSpan.FromMinutes(2);

    public override IReadOnlyDictionary<string, string> EditableFields { get; } = new Dictionary<string, string>();

    protected override IEnumerable<Step> Steps(AssignmentJourney state)
    {
        yield return Step("read", StepKind.Do, "The booking is read", bookings.SystemName, ReadAsync);
        yield return Step("facts", StepKind.Do, "HR's facts are fresh", hr.SystemName, RefreshAsync);
        yield return Step("check", StepKind.Check, "The person's whole window is checked", bookings.SystemName, CheckAsync);
        if (state is { Outcome: ConfirmationOutcome.Info or ConfirmationOutcome.Warn, Booking.Tentative: false })
        {
            yield return Step("confirm", StepKind.Do, "The PSA holds it as confirmed", bookings.SystemName, ConfirmAsync) with { Undo = UnconfirmAsync };
            yield return Step("verify", StepKind.Verify, "Confirmation, dates and hours are read back", bookings.SystemName, VerifyAsync) with { Redoes = "confirm" };
        }
    }

    protected override void Describe(Run run, AssignmentJourney state)
    {
        if (state.Booking is { } booking)
        {
            run.Title = $"{state.PersonName ?? booking.Address} on {booking.Title}";
            run.ProjectNumber = booking.ProjectNumber;
            run.LegalEntity = booking.LegalEntity;
        }
    }

    private async Task<StepOutcome<AssignmentJourney>> ReadAsync(StepCall call, AssignmentJourney state, CancellationToken cancellationToken)
    {
        var booking = await bookings.ReadAsync(state.BookingId, cancellationToken);
        var text = booking is null ? "The booking is gone: what is left of the person's plan is checked." : string.Create(CultureInfo.InvariantCulture, $"{booking.Hours:0.00} h from {booking.From:yyyy-MM-dd} to {booking.To:yyyy-MM-dd}.");
        return new(StepResult.Done, state with { Booking = booking, Outcome = null }) { Message = text };
    }

    private async Task<StepOutcome<AssignmentJourney>> RefreshAsync(StepCall call, AssignmentJourney state, CancellationToken cancellationToken) =>
        await desk.FactsAsync(state.PersonId, StaffingDesk.FreshFor, cancellationToken) is { } facts
            ? new(StepResult.Done, state with { PersonName = facts.Person.Name }) { Message = string.Create(CultureInfo.InvariantCulture, $"Facts of {facts.ReadAt.UtcDateTime:yyyy-MM-dd HH:mm} UTC.") }
            : new(StepResult.Ended, state) { Message = $"HR does not know {state.PersonId}: there is nobody to check." };

    /// <summary>The decision with its numbers stays with the step; conflicts and cases are kept before anything is written.</summary>
    private async Task<StepOutcome<AssignmentJourney>> CheckAsync(StepCall call, AssignmentJourney state, CancellationToken cancellationToken)
    {
        var found = await desk.CheckAsync(state.PersonId, cancellationToken);
        var decision = state.Booking is { Hard: false } && found.Bookings.Any(booking => booking.Id == state.BookingId) ? await desk.DecideAsync(found, state.BookingId, cancellationToken) : null;
        await desk.KeepAsync(found, decision is null ? null : (state.BookingId, decision), call.Run.Id, state.Why, cancellationToken);
        if (decision is null)
        {
            return new(StepResult.Done, state with { Outcome = null }) { Message = found.Conflicts.Any(conflict => conflict.IsCase) ? $"{found.Conflicts.Count(conflict => conflict.IsCase)} conflicts stand in the window." : "Nothing stands against the plan." };
        }

        var codes = decision.Findings.Where(item => item.Outcome >= ConfirmationOutcome.BlockUnlessOverridden).Select(item => item.Conflict.Code).Distinct().Order(StringComparer.Ordinal).ToList();
        return new(StepResult.Done, state with { Outcome = decision.Outcome, Codes = codes })
        {
            Message = decision.MayConfirm ? $"May be confirmed; {decision.Findings.Count(item => item.Outcome == ConfirmationOutcome.Warn)} warnings." : $"Not confirmed: {string.Join(", ", codes)}.",
            Detail = Numbers(found, state.BookingId, decision),
        };
    }

    private async Task<StepOutcome<AssignmentJourney>> ConfirmAsync(StepCall call, AssignmentJourney state, CancellationToken cancellationToken)
    {
        var booking = state.Booking!;
        await bookings.WriteAsync(booking.Id, booking.Terms with { Hard = true }, cancellationToken);
        return new(StepResult.Done, state) { ExternalId = booking.Id };
    }

    /// <summary>Takes the confirmation back; the booking stays, tentative as it was.</summary>
    private async Task UnconfirmAsync(string id, string written, CancellationToken cancellationToken)
    {
        if (await bookings.ReadAsync(id, cancellationToken) is { Hard: true } booking)
        {
            await bookings.WriteAsync(id, booking.Terms with { Hard = false }, cancellationToken);
        }
    }

    /// <summary>A booking that somebody changed since the check is not what was confirmed: the confirmation is taken back, and its change is checked next.</summary>
    private async Task<StepOutcome<AssignmentJourney>> VerifyAsync(StepCall call, AssignmentJourney state, CancellationToken cancellationToken)
    {
        var wanted = state.Booking! with { Hard = true };
        var held = await bookings.ReadAsync(wanted.Id, cancellationToken);
        if (held is not null && StaffingDesk.Fingerprint(held) == StaffingDesk.Fingerprint(wanted))
        {
            await desk.ConfirmedAsync(held, cancellationToken);
            return new(StepResult.Done, state) { Message = string.Create(CultureInfo.InvariantCulture, $"Confirmed: {held.Hours:0.00} h from {held.From:yyyy-MM-dd} to {held.To:yyyy-MM-dd}.") };
        }

        var sides = TargetSteps.Sides([("Hours", wanted.Hours.ToString("0.00", CultureInfo.InvariantCulture), held?.Hours.ToString("0.00", CultureInfo.InvariantCulture)), ("From", Day(wanted.From), Day(held?.From)), ("To", Day(wanted.To), Day(held?.To)), ("Confirmed", "yes", held?.Hard == true ? "yes" : "no")]);
        return held is null || !held.Hard
            ? new(StepResult.Refused, state) { Findings = [new Finding("3d", "HND-007", wanted.Title, $"The PSA does not show the booking of {state.PersonName} on {wanted.Title} as confirmed. Look at it there, then retry.")], Detail = sides }
            : new(StepResult.Compensate, state) { Message = "The booking was changed while it was confirmed: the confirmation is taken back, and it is checked as it is now.", Detail = sides };
    }

    private static string? Day(DateOnly? date) => date?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static JsonObject Numbers(CheckedPerson found, string bookingId, ConfirmationDecision decision) => new()
    {
        ["window"] = $"{Day(found.Window.From)}..{Day(found.Window.To)}",
        ["factsReadAt"] = found.FactsReadAt.UtcDateTime.ToString("O", CultureInfo.InvariantCulture),
        ["booking"] = bookingId,
        ["assignments"] = found.Assignments.Count,
        ["outcome"] = decision.Outcome.ToString(),
        ["findings"] = JsonSerializer.SerializeToNode(decision.Findings, StaffingJson.Options),
    };
}
