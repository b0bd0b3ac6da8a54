using System.Reflection;
using System.Text.RegularExpressions;

namespace PsaConsole.Tests.Web;

/// <summary>What docs/security.md says is held by a test is: every line names some, and every one that is named is there and runs.</summary>
public sealed partial class SecurityTableTests
{
    private static readonly ILookup<string, Type> Classes = typeof(SecurityTableTests).Assembly.GetTypes().Where(type => type.Name.EndsWith("Tests", StringComparison.Ordinal)).ToLookup(type => type.Name);

    [Fact]
    public void Every_point_names_tests_that_exist_or_who_else_provides_it()
    {
        var points = File.ReadLines(Path.Combine(Repository.Root, "docs", "security.md"))
            .Where(line => line.StartsWith("| ", StringComparison.Ordinal) && !line.StartsWith("| Point", StringComparison.Ordinal) && !line.StartsWith("| ---", StringComparison.Ordinal))
            .Select(line => line.Split(" | ", StringSplitOptions.TrimEntries))
            .ToList();
        Assert.True(points.Count > 30, $"Only {points.Count} points were read.");
        foreach (var point in points)
        {
            var held = point[^1].TrimEnd('|', ' ');
            var named = Named().Matches(held).Select(match => match.Groups[1].Value).ToList();
            Assert.True(named.Count > 0 || held is "operator" or "open" || Elsewhere().IsMatch(held), $"{point[0]} is held by nothing: {held}");
            Assert.All(named, name => Assert.True(IsTest(name.Split('.')), $"{point[0]} names {name}, which is no test."));
        }
    }

    private static bool IsTest(string[] name) =>
        Classes[name[0]].Any(type => name.Length == 1 || type.GetMethod(name[1])?.GetCustomAttributes().OfType<FactAttribute>().Any() is true);

    [GeneratedRegex("`([A-Za-z]+Tests(?:\\.[A-Za-z0-9_]+)?)`")]
    private static partial Regex Named();

    // "as 4.1.2" stands for the tests of that line; what the operator provides is said so.
    [GeneratedRegex("^(as [0-9.]+|operator.*|open.*|the build)$")]
    private static partial Regex Elsewhere();
}
