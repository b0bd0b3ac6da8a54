namespace PsaConsole.Web.Components.Shared;

/// <summary>What a mark means, whatever it marks. Each tone has its colour and its own shape, so that colour never stands alone.</summary>
public enum Tone
{
    Quiet,
    Running,
    Good,
    Waiting,
    Bad,
    Grave,
}
