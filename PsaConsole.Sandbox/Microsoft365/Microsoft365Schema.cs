using System.Buffers.Text;
using System.Globalization;
using System.Text;
using PsaConsole.Sandbox.Core;

namespace PsaConsole.Sandbox.Microsoft365;

/// <summary>The entity types of Graph v1.0 that the sandbox keeps, with the properties that it knows.</summary>
internal static class Microsoft365Schema
{
    public const string Users = "users";
    public const string Messages = "messages";
    public const string Events = "events";
    public const string Subscriptions = "subscriptions";
    public const string Cards = "cards";

    /// <summary>What a user has of its mailbox, and is no property of the type user: kind of these fields.</summary>
    public const string Mailbox = "mailbox";

    public static readonly IReadOnlyList<TableSchema> Tables =
    [
        new(Users, number => DirectoryId(number, 0x7c1e), [
            new("accountEnabled", FieldType.Boolean) { Default = true, Required = true }, Items("businessPhones"), Text("city"), Text("companyName"), Text("country"), Stamp("createdDateTime") with { ReadOnly = true },
            Text("department"), Text("displayName") with { Required = true, Length = 256 }, Stamp("employeeHireDate"), Text("employeeId") with { Indexed = true }, Text("employeeType"), Text("givenName"),
            Text("jobTitle"), Text("mail") with { Indexed = true }, Text("mailNickname") with { Required = true }, Text("mobilePhone"), Text("officeLocation"), Text("postalCode"), Text("preferredLanguage"), Text("state"),
            Text("streetAddress"), Text("surname"), Text("usageLocation"), Text("userPrincipalName") with { Required = true, Unique = true }, Text("userType"),
            new("automaticRepliesSetting", FieldType.Structure) { Kind = Mailbox }, new("timeZone", FieldType.Text) { Kind = Mailbox }, new("workDayEnd", FieldType.Text) { Kind = Mailbox },
        ]),
        new(Messages, number => ItemId("M", number), [
            Reference("mailbox", Users), Text("folder"), Items("bccRecipients"), Structure("body"), Text("bodyPreview"), Items("categories"), Items("ccRecipients"), Text("conversationId"), Stamp("createdDateTime"), Structure("from"),
            new("hasAttachments", FieldType.Boolean), Text("importance"), Items("internetMessageHeaders"), Text("internetMessageId"), new("isDraft", FieldType.Boolean), new("isRead", FieldType.Boolean), Stamp("lastModifiedDateTime"),
            Stamp("receivedDateTime"), Items("replyTo"), Structure("sender"), Stamp("sentDateTime"), Text("subject"), Items("toRecipients"),
        ]),
        new(Events, number => ItemId("E", number), [Reference("user", Users), Stamp("start"), Stamp("end"), Text("subject"), Text("location"), Text("showAs"), new("isPrivate", FieldType.Boolean)]),
        new(Subscriptions, number => DirectoryId(number, 0x5ab5), [
            Text("changeType"), Text("clientState"), Stamp("expirationDateTime"), Text("lifecycleNotificationUrl"), Text("notificationUrl"), Text("resource"), Text("latestSupportedTlsVersion"),
        ]),
        new(Cards, number => number.ToString(CultureInfo.InvariantCulture), [Text("workflow"), Stamp("receivedAt"), Structure("card"), Text("summary")]),
    ];

    public static readonly TableSchema UserType = Tables[0];

    public static readonly TableSchema MessageType = Tables[1];

    /// <summary>The same record gets the same id in every firm of the same seed, and ids look random, as the directory's do.</summary>
    private static string DirectoryId(long number, int kind) =>
        string.Create(CultureInfo.InvariantCulture, $"{(uint)(number * 2_654_435_761):x8}-{kind:x4}-4d0a-b3f5-{number * 1_000_003:x12}");

    /// <summary>Ids of mailbox items are long and told apart by letter case.</summary>
    private static string ItemId(string kind, long number) =>
        $"AAMkAGI1{Base64Url.EncodeToString(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{kind}{number * 7_919:d14}sandbox{number:d12}")))}AAA=";

    private static FieldSchema Text(string name) => new(name, FieldType.Text);

    private static FieldSchema Stamp(string name) => new(name, FieldType.DateTime);

    private static FieldSchema Items(string name) => new(name, FieldType.List);

    private static FieldSchema Structure(string name) => new(name, FieldType.Structure);

    private static FieldSchema Reference(string name, string table) => new(name, FieldType.Reference) { Table = table };
}
