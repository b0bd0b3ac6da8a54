# docker build -t psaconsole .                          the console
# docker build -t psaconsole-sandbox --target sandbox . the sandbox of the outside systems
FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /src
COPY . .
RUN --mount=type=cache,target=/root/.nuget/packages \
    dotnet publish PsaConsole.Web -c Release -o /app/console -p:RestoreLockedMode=true \
 && dotnet publish PsaConsole.Sandbox -c Release -o /app/sandbox -p:RestoreLockedMode=true

FROM mcr.microsoft.com/dotnet/aspnet:10.0 AS sandbox
WORKDIR /app
COPY --from=build /app/sandbox .
RUN mkdir /data && chown "$APP_UID" /data
USER $APP_UID
VOLUME /data
ENTRYPOINT ["dotnet", "PsaConsole.Sandbox.dll"]
CMD ["--port", "5090", "--data", "/data"]

# The image carries no PostgreSQL: ConnectionStrings__PsaConsole names the server.
FROM mcr.microsoft.com/dotnet/aspnet:10.0 AS console
WORKDIR /app
COPY --from=build /app/console .
RUN mkdir /anchors && chown "$APP_UID" /anchors
USER $APP_UID
ENV ASPNETCORE_HTTP_PORTS=8080
EXPOSE 8080
HEALTHCHECK --interval=15s --timeout=8s --start-period=60s --retries=3 CMD ["dotnet", "PsaConsole.Web.dll", "healthcheck"]
ENTRYPOINT ["dotnet", "PsaConsole.Web.dll"]
