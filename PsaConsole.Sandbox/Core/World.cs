namespace PsaConsole.Sandbox.Core;

/// <summary>What all vendors of one sandbox share.</summary>
public sealed record World(SandboxOptions Options, SandboxClock Clock, CallLog Calls, Faults Faults, Notices Notices);
