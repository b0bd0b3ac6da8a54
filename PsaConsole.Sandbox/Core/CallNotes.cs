namespace PsaConsole.Sandbox.Core;

/// <summary>What a vendor's route tells the call log about the call at hand.</summary>
public static class CallNotes
{
    private const string KeyItem = "sandbox.key";
    private const string EffectItem = "sandbox.effect";

    /// <summary>Notes the external id or idempotency key that the call carries.</summary>
    public static void NoteKey(this HttpContext context, string key) => context.Items[KeyItem] = key;

    internal static void NoteEffect(this HttpContext context, string effect)
        => context.Items[EffectItem] = context.Items[EffectItem] is string earlier ? $"{earlier}+{effect}" : effect;

    internal static string? NotedKey(this HttpContext context) => context.Items[KeyItem] as string;

    internal static string? NotedEffect(this HttpContext context) => context.Items[EffectItem] as string;
}
