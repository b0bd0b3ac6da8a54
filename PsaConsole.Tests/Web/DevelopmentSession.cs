using System.Text.RegularExpressions;

namespace PsaConsole.Tests.Web;

/// <summary>Signs a sample user in as the form on our page does, without a browser.</summary>
internal static partial class DevelopmentSession
{
    public static async Task<HttpResponseMessage> SignInAsync(this HttpClient client, string role, string returnUrl) =>
        await client.PostAsync("/session/development", await client.SignInFormAsync(role, returnUrl), TestContext.Current.CancellationToken);

    public static async Task<FormUrlEncodedContent> SignInFormAsync(this HttpClient client, string role, string returnUrl) => new(new Dictionary<string, string>
    {
        ["__RequestVerificationToken"] = TokenIn(await client.GetStringAsync("/sign-in", TestContext.Current.CancellationToken)),
        ["role"] = role,
        ["returnUrl"] = returnUrl,
    });

    /// <summary>The token of a page's form.</summary>
    public static string TokenIn(string page) => AntiforgeryToken().Match(page).Groups[1].Value;

    [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"([^\"]+)\"")]
    private static partial Regex AntiforgeryToken();
}
