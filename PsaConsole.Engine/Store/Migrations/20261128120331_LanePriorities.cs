using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace PsaConsole.Engine.Store.Migrations
{
    /// <inheritdoc />
    public partial class LanePriorities : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_inbox_item_lane_key_id",
                table: "inbox_item");

            migrationBuilder.AddColumn<int>(
                name: "yields",
                table: "lane",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<int>(
                name: "place",
                table: "inbox_item",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<DateTime>(
                name: "turn_at",
                table: "lane",
                type: "timestamp without time zone",
                nullable: true,
                computedColumnSql: "(ready_at at time zone 'UTC') + yields * interval '1 second'",
                stored: true);

            migrationBuilder.CreateIndex(
                name: "IX_lane_turn_at",
                table: "lane",
                column: "turn_at",
                filter: "ready_at is not null");

            migrationBuilder.CreateIndex(
                name: "IX_inbox_item_lane_key_place_id",
                table: "inbox_item",
                columns: new[] { "lane_key", "place", "id" },
                filter: "status = 'Waiting'");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_lane_turn_at",
                table: "lane");

            migrationBuilder.DropIndex(
                name: "IX_inbox_item_lane_key_place_id",
                table: "inbox_item");

            migrationBuilder.DropColumn(
                name: "turn_at",
                table: "lane");

            migrationBuilder.DropColumn(
                name: "yields",
                table: "lane");

            migrationBuilder.DropColumn(
                name: "place",
                table: "inbox_item");

            migrationBuilder.CreateIndex(
                name: "IX_inbox_item_lane_key_id",
                table: "inbox_item",
                columns: new[] { "lane_key", "id" },
                filter: "status = 'Waiting'");
        }
    }
}
