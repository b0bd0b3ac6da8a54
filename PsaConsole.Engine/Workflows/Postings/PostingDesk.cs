using Microsoft.Extensions.Options;
using PsaConsole.Engine.Connectors;
using PsaConsole.Engine.Finance;

namespace PsaConsole.Engine.Workflows.Postings;

/// <summary>What every posting is made with: the books and our own record of them, the engagements, people, rates and the entities' rules.</summary>
public sealed record PostingDesk(
    ILedger Books, PostingBook Postings, EngagementBook Engagements, IHr Hr, Exchange Exchange, EntityPacks Packs, IOptions<EngineOptions> Options, TimeProvider Time);
