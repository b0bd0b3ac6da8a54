using System.Text.Json.Nodes;
using PsaConsole.Sandbox.Firm;

namespace PsaConsole.Sandbox.Core;

/// <summary>
/// One outside system: its tables, its HTTP API and its manners. A new one is a subclass in a folder of its own and one line in <see cref="SandboxHost"/>.
/// </summary>
/// <param name="name">As in the index: salesforce, kantata, workday, netsuite, microsoft365.</param>
/// <param name="portOffset">Its port is the control API's plus this.</param>
/// <param name="schemas">Its tables.</param>
/// <param name="world">What it shares with the other vendors.</param>
public abstract class Vendor(string name, int portOffset, IReadOnlyList<TableSchema> schemas, World world)
{
    public string Name { get; } = name;

    public int PortOffset { get; } = portOffset;

    public World World { get; } = world;

    public RecordStore Store { get; } = new(schemas, world.Clock);

    /// <summary>Where it listens, without a slash at the end; known once the sandbox has started.</summary>
    public Uri Url { get; internal set; } = new("http://127.0.0.1:0");

    /// <summary>The firm that it was filled from; known once the sandbox has started.</summary>
    public SampleFirm Firm { get; internal set; } = null!;

    /// <summary>What a client needs to sign in; shown by the index.</summary>
    public abstract JsonObject Credentials { get; }

    /// <summary>Adds its routes. A call that no route takes is answered by <see cref="WriteErrorAsync"/> with 404.</summary>
    public abstract void Map(WebApplication app);

    /// <summary>Answers with its own error body for an HTTP status.</summary>
    public abstract Task WriteErrorAsync(HttpContext context, int status);

    /// <summary>Answers in its own way of saying "too many calls".</summary>
    public abstract Task WriteThrottleAsync(HttpContext context);

    /// <summary>Fills the empty store with its part of the firm. Runs inside one write; listeners aren't told.</summary>
    public abstract void Seed(SampleFirm firm);

    /// <summary>Makes every access token that it has issued invalid.</summary>
    public abstract void ExpireTokens();

    /// <summary>Sends change notices to a client's address from now on (null ends it). Vendors where clients subscribe by the API refuse.</summary>
    /// <exception cref="NotSupportedException">It sends no notices that are set up by an administrator.</exception>
    public virtual void NotifyAt(Uri? address)
        => throw new NotSupportedException($"{Name} sends no notices to an address that an administrator sets.");

    /// <summary>Sets how many calls a day it takes before it refuses.</summary>
    /// <exception cref="NotSupportedException">It has no daily limit.</exception>
    public virtual void LimitCalls(int callsPerDay)
        => throw new NotSupportedException($"{Name} has no daily limit of calls.");

    /// <summary>How many calls it handles at the same time before it refuses by <see cref="WriteThrottleAsync"/>; null sets no limit.</summary>
    public int? ConcurrentCalls { get; protected set; }

    /// <summary>Sets how many calls it handles at the same time.</summary>
    /// <exception cref="NotSupportedException">It has no such limit.</exception>
    public void LimitConcurrency(int calls)
        => ConcurrentCalls = ConcurrentCalls is null ? throw new NotSupportedException($"{Name} does not limit the calls at the same time.") : calls;

    /// <summary>Whether a call takes one of the places of <see cref="ConcurrentCalls"/>.</summary>
    public virtual bool CountsTowardsConcurrency(HttpRequest request) => true;

    /// <summary>What it delivered to people (cards, mails), oldest first of each kind.</summary>
    /// <exception cref="NotSupportedException">It delivers nothing to people.</exception>
    public virtual IEnumerable<JsonObject> Delivered()
        => throw new NotSupportedException($"{Name} delivers nothing to people.");

    /// <summary>What happens in it on one of the firm's business days, in order; each action does its change through the same code as the API and tells the fact.</summary>
    public virtual IEnumerable<Func<ActivityFact>> LiveDay(DateOnly day, Random random) => [];
}
