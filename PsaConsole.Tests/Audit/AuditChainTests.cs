using System.Globalization;
using System.Text.Json.Nodes;
using PsaConsole.Engine.Audit;

namespace PsaConsole.Tests.Audit;

/// <summary>The chain held to example O22 of domain/9 §9.3.</summary>
public sealed class AuditChainTests
{
    private const string First =
        """{"action":"exception.retry","actor":"u:17","after":{"status":"Retrying"},"before":null,"entity":"time:T5:r1","reason":"period reopened","seq":1,"ts":"2026-03-13T16:30:00.000Z"}""";

    private const string Second =
        """{"action":"posting.verified","actor":"svc:sync","after":{"erpVoucher":"PJV-000482","status":"Verified"},"before":{"status":"Retrying"},"entity":"time:T5:r1","reason":null,"seq":2,"ts":"2026-03-13T16:30:02.114Z"}""";

    private const string FirstHash = "375c57feb59837589bd325a695e32bf7ac8a08950c0af5d7aec21a8fdc0fbbcd";
    private const string SecondHash = "35f5144dfa95857948a5c2e470ab5b080476ecca8a6be561f69d36b0bc0256a1";

    [Fact]
    public void O22_Two_entries_have_the_worked_out_text_and_hashes()
    {
        var first = AuditChain.Canonical(FirstEntry, 1);
        var second = AuditChain.Canonical(SecondEntry, 2);
        var firstHash = AuditChain.Next(AuditChain.Origin, first);

        Assert.Equal(First, first);
        Assert.Equal(Second, second);
        Assert.Equal(FirstHash, firstHash);
        Assert.Equal(SecondHash, AuditChain.Next(firstHash, second));
    }

    [Fact]
    public void O22_One_byte_changed_in_the_first_entry_changes_every_hash_after_it()
    {
        var forged = AuditChain.Next(AuditChain.Origin, First.Replace("u:17", "u:18", StringComparison.Ordinal));

        Assert.NotEqual(FirstHash, forged);
        Assert.NotEqual(SecondHash, AuditChain.Next(forged, Second));
    }

    [Fact]
    public void The_role_the_session_and_a_refusal_are_part_of_what_is_hashed()
    {
        var refused = new AuditEntry
        {
            At = FirstEntry.At,
            Actor = "u:17",
            Action = "exception.skip",
            Entity = "case:1",
            Role = "Auditor",
            Session = "s1",
            Allowed = false,
        };

        Assert.Equal(
            """{"action":"exception.skip","actor":"u:17","after":null,"allowed":false,"before":null,"entity":"case:1","reason":null,"role":"Auditor","seq":3,"session":"s1","ts":"2026-03-13T16:30:00.000Z"}""",
            AuditChain.Canonical(refused, 3));
    }

    // The first rows are of RFC 8785, section 3.2.2 and appendix B.
    [Theory]
    [InlineData("""{ "b": 1, "a": [ true, null, "x" ] }""", """{"a":[true,null,"x"],"b":1}""")]
    [InlineData("[333333333.33333329, 1E30, 4.50, 2e-3, 1e-27]", "[333333333.33333329,1e+30,4.5,0.002,1e-27]")]
    [InlineData("[-0, 0.0, 1e21, 1e20]", "[0,0,1e+21,100000000000000000000]")]
    [InlineData("""["\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/"]""", """["€$\u000f\nA'B\"\\\\\"/"]""")]
    [InlineData("""{"\u20ac":1,"\r":2,"1":3,"\ud83d\ude00":4,"\ufb33":5}""", """{"\r":2,"1":3,"€":1,"😀":4,"דּ":5}""")]
    [InlineData("12345678901234567890.12", "12345678901234567890.12")]
    public void Equal_values_have_one_canonical_text(string json, string expected) =>
        Assert.Equal(expected.Normalize(System.Text.NormalizationForm.FormC), CanonicalJson.Of(JsonNode.Parse(json)).Normalize(System.Text.NormalizationForm.FormC));

    private static AuditEntry FirstEntry { get; } = new()
    {
        At = DateTimeOffset.Parse("2026-03-13T16:30:00Z", CultureInfo.InvariantCulture),
        Actor = "u:17",
        Action = "exception.retry",
        Entity = "time:T5:r1",
        Reason = "period reopened",
        After = """{ "status": "Retrying" }""",
    };

    private static AuditEntry SecondEntry { get; } = new()
    {
        At = DateTimeOffset.Parse("2026-03-13T16:30:02.114Z", CultureInfo.InvariantCulture),
        Actor = "svc:sync",
        Action = "posting.verified",
        Entity = "time:T5:r1",
        Before = """{"status":"Retrying"}""",
        After = """{"status":"Verified","erpVoucher":"PJV-000482"}""",
    };
}
