using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace PsaConsole.Sandbox.Salesforce;

/// <summary>The endpoints below /services/oauth2.</summary>
internal sealed class OAuthRoutes(SalesforceVendor vendor, Sessions sessions)
{
    public void Map(WebApplication app)
    {
        app.MapPost("/services/oauth2/token", TokenAsync);
        app.MapPost("/services/oauth2/revoke", RevokeAsync);
        app.MapPost("/services/oauth2/introspect", IntrospectAsync);
        app.MapMethods("/services/oauth2/userinfo", ["GET", "POST"], UserInfoAsync);
    }

    private async Task TokenAsync(HttpContext context)
    {
        if (!context.Request.HasFormContentType)
        {
            await RefuseAsync(context, "invalid_request", "content type must be application/x-www-form-urlencoded");
            return;
        }

        try
        {
            var token = sessions.Open(await context.Request.ReadFormAsync(context.RequestAborted), vendor.Url);
            var root = vendor.Url.GetLeftPart(UriPartial.Authority);
            var id = $"{root}/id/{Sessions.OrganizationId}AAA/{SalesforceSchema.IntegrationUserId}";
            var issued = vendor.World.Clock.GetUtcNow().ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
            var signature = HMACSHA256.HashData(Encoding.UTF8.GetBytes(Sessions.ClientSecret), Encoding.UTF8.GetBytes(id + issued));
            await context.Response.WriteAsJsonAsync(
                new
                {
                    access_token = token,
                    signature = Convert.ToBase64String(signature),
                    token_format = "opaque",
                    scope = "api id",
                    instance_url = root,
                    id,
                    token_type = "Bearer",
                    issued_at = issued,
                },
                context.RequestAborted);
        }
        catch (TokenRefusal refusal)
        {
            await RefuseAsync(context, refusal.Error, refusal.Message);
        }
    }

    private async Task RevokeAsync(HttpContext context)
    {
        var form = context.Request.HasFormContentType ? await context.Request.ReadFormAsync(context.RequestAborted) : FormCollection.Empty;
        if (!sessions.Revoke(form["token"].ToString()))
        {
            await RefuseAsync(context, "unsupported_token_type", "this token is not supported");
        }
    }

    private async Task IntrospectAsync(HttpContext context)
    {
        var form = context.Request.HasFormContentType ? await context.Request.ReadFormAsync(context.RequestAborted) : FormCollection.Empty;
        if (form["client_id"] != Sessions.ClientId || form["client_secret"] != Sessions.ClientSecret)
        {
            await RefuseAsync(context, "invalid_client", "invalid client credentials");
            return;
        }

        var active = sessions.Use(form["token"].ToString());
        await context.Response.WriteAsJsonAsync(active ? new { active, scope = "api id", client_id = Sessions.ClientId, username = Sessions.Username, token_type = "access_token" } : (object)new { active }, context.RequestAborted);
    }

    private async Task UserInfoAsync(HttpContext context)
    {
        if (SalesforceVendor.BearerOf(context) is not { } token || !sessions.Use(token))
        {
            await vendor.WriteErrorAsync(context, StatusCodes.Status401Unauthorized);
            return;
        }

        await context.Response.WriteAsJsonAsync(
            new
            {
                sub = $"{vendor.Url.GetLeftPart(UriPartial.Authority)}/id/{Sessions.OrganizationId}AAA/{SalesforceSchema.IntegrationUserId}",
                user_id = SalesforceSchema.IntegrationUserId,
                organization_id = Sessions.OrganizationId + "AAA",
                preferred_username = Sessions.Username,
                name = "Integration User",
                email = Sessions.Username,
                zoneinfo = "UTC",
                locale = "en_US",
                active = true,
            },
            context.RequestAborted);
    }

    private static Task RefuseAsync(HttpContext context, string error, string description)
    {
        context.Response.StatusCode = StatusCodes.Status400BadRequest;
        return context.Response.WriteAsJsonAsync(new { error, error_description = description }, context.RequestAborted);
    }
}
