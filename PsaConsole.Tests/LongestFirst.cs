using Xunit.Sdk;
using Xunit.v3;

[assembly: TestCollectionOrderer(typeof(PsaConsole.Tests.LongestFirst))]

namespace PsaConsole.Tests;

/// <summary>What takes minutes begins first, so that nobody waits for one long test at the end. The rest keeps its order.</summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    private static readonly string[] Long =
        [nameof(Kill.KilledConsoleTests), nameof(Web.AlbumTests), nameof(Chaos.ChaosTests), nameof(Web.TriageTests), nameof(Quarter.QuarterTests), nameof(Web.PageTests), nameof(Web.TodayByRoleTests), nameof(Web.ProviderSignInTests), nameof(Chaos.OutageTests)];

    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection =>
        [.. testCollections.OrderBy(collection => Array.FindIndex(Long, name => collection.TestCollectionDisplayName.Contains(name, StringComparison.Ordinal)) is var at and >= 0 ? at : Long.Length)];
}
