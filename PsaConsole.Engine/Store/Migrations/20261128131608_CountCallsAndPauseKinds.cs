using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace PsaConsole.Engine.Store.Migrations
{
    /// <inheritdoc />
    public partial class CountCallsAndPauseKinds : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "throttled_since",
                table: "run",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "throttled_since",
                table: "inbox_item",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "call_quota",
                columns: table => new
                {
                    system_name = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    day = table.Column<DateOnly>(type: "date", nullable: false),
                    taken = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_call_quota", x => new { x.system_name, x.day });
                });

            migrationBuilder.CreateTable(
                name: "type_pause",
                columns: table => new
                {
                    system_name = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    source_type = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    paused_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_type_pause", x => new { x.system_name, x.source_type });
                });

            migrationBuilder.CreateIndex(
                name: "IX_run_step_ended_at",
                table: "run_step",
                column: "ended_at",
                filter: "detail is not null and not jsonb_exists(detail, 'sha256')");

            migrationBuilder.CreateIndex(
                name: "IX_run_throttled_since",
                table: "run",
                column: "throttled_since",
                filter: "throttled_since is not null");

            migrationBuilder.CreateIndex(
                name: "IX_inbox_item_ended_at",
                table: "inbox_item",
                column: "ended_at",
                filter: "status in ('Taken','Ended')");

            migrationBuilder.CreateIndex(
                name: "IX_inbox_item_system_name_source_type_ended_at",
                table: "inbox_item",
                columns: new[] { "system_name", "source_type", "ended_at" },
                filter: "status = 'Poisoned'");

            migrationBuilder.CreateIndex(
                name: "IX_inbox_item_throttled_since",
                table: "inbox_item",
                column: "throttled_since",
                filter: "throttled_since is not null");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "call_quota");

            migrationBuilder.DropTable(
                name: "type_pause");

            migrationBuilder.DropIndex(
                name: "IX_run_step_ended_at",
                table: "run_step");

            migrationBuilder.DropIndex(
                name: "IX_run_throttled_since",
                table: "run");

            migrationBuilder.DropIndex(
                name: "IX_inbox_item_ended_at",
                table: "inbox_item");

            migrationBuilder.DropIndex(
                name: "IX_inbox_item_system_name_source_type_ended_at",
                table: "inbox_item");

            migrationBuilder.DropIndex(
                name: "IX_inbox_item_throttled_since",
                table: "inbox_item");

            migrationBuilder.DropColumn(
                name: "throttled_since",
                table: "run");

            migrationBuilder.DropColumn(
                name: "throttled_since",
                table: "inbox_item");
        }
    }
}
