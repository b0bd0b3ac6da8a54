using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace PsaConsole.Engine.Store.Migrations
{
    /// <inheritdoc />
    public partial class SnoozedCases : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<int>(
                name: "snooze_more_times",
                table: "group_action",
                type: "integer",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "snooze_title",
                table: "group_action",
                type: "character varying(100)",
                maxLength: 100,
                nullable: true);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "snooze_until",
                table: "group_action",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "snoozed_past",
                table: "exception_case",
                type: "integer",
                nullable: true);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "snoozed_until",
                table: "exception_case",
                type: "timestamp with time zone",
                nullable: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "snooze_more_times",
                table: "group_action");

            migrationBuilder.DropColumn(
                name: "snooze_title",
                table: "group_action");

            migrationBuilder.DropColumn(
                name: "snooze_until",
                table: "group_action");

            migrationBuilder.DropColumn(
                name: "snoozed_past",
                table: "exception_case");

            migrationBuilder.DropColumn(
                name: "snoozed_until",
                table: "exception_case");
        }
    }
}
