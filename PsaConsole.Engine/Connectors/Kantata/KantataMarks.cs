using PsaConsole.Engine.Model;

namespace PsaConsole.Engine.Connectors.Kantata;

/// <summary>
/// The lock on a posted entry: an external reference of ours that is locked, with the books' document numbers as its message. Kantata then refuses to
/// change the entry; recalling its approval stays possible. https://developer.kantata.com/tag/External-References
/// </summary>
/// <param name="subject">Type of the record as references name it: TimeEntry.</param>
/// <param name="model">The same in small letters: time_entry.</param>
internal sealed class KantataMarks(KantataHttp http, string subject, string model) : ITarget<PostedMark>
{
    /// <summary>A mark is found with its entry, which has one reference of ours.</summary>
    public Task<string?> FindAsync(string key, CancellationToken cancellationToken) => Task.FromResult<string?>(null);

    public async Task<string> WriteAsync(string key, PostedMark record, string? id, CancellationToken cancellationToken)
    {
        var reference = KantataReferences.Carry(model, key);
        reference["subject_type"] = subject;
        reference["subject_id"] = record.SubjectId;
        reference["status"] = "successful";
        reference["external_message"] = record.Vouchers;
        reference["locked"] = record.Locked;
        await http.CreateAsync("external_references/create_or_update", KantataReferences.Field, reference, cancellationToken);
        return record.SubjectId;
    }

    public async Task<PostedMark?> ReadAsync(string id, CancellationToken cancellationToken)
    {
        var found = await http.ListAsync("external_references", $"subject_type={subject}&subject_id={Uri.EscapeDataString(id)}&service_name={KantataReferences.Service}", cancellationToken);
        return found.FirstOrDefault() is { } reference
            ? new PostedMark(id, reference["locked"]?.GetValue<bool>() == true, reference["external_message"]?.ToString() ?? "")
            : null;
    }

    public async Task WithdrawAsync(string id, CancellationToken cancellationToken)
    {
        if (await ReadAsync(id, cancellationToken) is { Locked: true } mark)
        {
            await WriteAsync($"psac-unlocked-{id}", mark with { Locked = false }, id, cancellationToken);
        }
    }
}
