namespace PsaConsole.Engine.Store;

/// <summary>Whether a commit survives a crash of the machine. <see cref="None"/> is for tests, which throw their data away.</summary>
public enum PostgresDurability
{
    Full,
    None,
}
