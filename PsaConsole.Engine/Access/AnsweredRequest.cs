using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace PsaConsole.Engine.Access;

/// <summary>What a program asked for under a key of its own choosing, and what it was answered: asked again, it gets the same answer and nothing is done.</summary>
public sealed class AnsweredRequest
{
    public required string Actor { get; init; }

    /// <summary>The caller's <c>Idempotency-Key</c>.</summary>
    public required string Key { get; init; }

    /// <summary>SHA-256 over what was asked: the same key for something else is a mistake of the caller.</summary>
    public required string Fingerprint { get; init; }

    public required DateTimeOffset BegunAt { get; set; }

    /// <summary>HTTP status of the answer; null while it is worked on, or when a crash cut it off.</summary>
    public int? Status { get; set; }

    public string? ContentType { get; set; }
    public string? Location { get; set; }
    public string? Body { get; set; }
}

file sealed class AnsweredRequestConfiguration : IEntityTypeConfiguration<AnsweredRequest>
{
    public void Configure(EntityTypeBuilder<AnsweredRequest> builder)
    {
        builder.HasKey(request => new { request.Actor, request.Key });
        builder.Property(request => request.Actor).HasMaxLength(200);
        builder.Property(request => request.Key).HasMaxLength(AnsweredRequests.LongestKey);
        builder.Property(request => request.Fingerprint).HasMaxLength(64);
        builder.Property(request => request.ContentType).HasMaxLength(100);
        builder.Property(request => request.Location).HasMaxLength(500);
        builder.HasIndex(request => request.BegunAt);
    }
}
