using System;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

#nullable disable

namespace PsaConsole.Engine.Store.Migrations
{
    /// <inheritdoc />
    public partial class Triage : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_team_notice_case_id_stage",
                table: "team_notice");

            migrationBuilder.AddColumn<string>(
                name: "address",
                table: "team_notice",
                type: "character varying(320)",
                maxLength: 320,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "person",
                table: "team_notice",
                type: "character varying(120)",
                maxLength: 120,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "address",
                table: "session",
                type: "character varying(320)",
                maxLength: 320,
                nullable: true);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "clock_paused_at",
                table: "exception_case",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "clock_paused_until",
                table: "exception_case",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<TimeSpan>(
                name: "clock_rested",
                table: "exception_case",
                type: "interval",
                nullable: false,
                defaultValue: new TimeSpan(0, 0, 0, 0, 0));

            migrationBuilder.AddColumn<string>(
                name: "labels",
                table: "exception_case",
                type: "character varying(3000)",
                maxLength: 3000,
                nullable: false,
                defaultValue: "");

            migrationBuilder.CreateTable(
                name: "assignment_rule",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    code = table.Column<string>(type: "character varying(10)", maxLength: 10, nullable: true),
                    team = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: true),
                    legal_entity = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: true),
                    assignee = table.Column<string>(type: "character varying(120)", maxLength: 120, nullable: true),
                    to_team = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: true),
                    reason = table.Column<string>(type: "character varying(2000)", maxLength: 2000, nullable: false),
                    written_by = table.Column<string>(type: "character varying(120)", maxLength: 120, nullable: false),
                    written_by_name = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    written_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_assignment_rule", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "dismissal",
                columns: table => new
                {
                    case_id = table.Column<long>(type: "bigint", nullable: false),
                    action = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    actor = table.Column<string>(type: "character varying(120)", maxLength: 120, nullable: false),
                    until = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    version = table.Column<int>(type: "integer", nullable: false),
                    before = table.Column<string>(type: "jsonb", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_dismissal", x => x.case_id);
                    table.ForeignKey(
                        name: "FK_dismissal_exception_case_case_id",
                        column: x => x.case_id,
                        principalTable: "exception_case",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "saved_view",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    owner = table.Column<string>(type: "character varying(120)", maxLength: 120, nullable: false),
                    owner_name = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    name = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    query = table.Column<string>(type: "character varying(1000)", maxLength: 1000, nullable: false),
                    is_shared = table.Column<bool>(type: "boolean", nullable: false),
                    saved_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_saved_view", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "visit",
                columns: table => new
                {
                    person = table.Column<string>(type: "character varying(120)", maxLength: 120, nullable: false),
                    seen_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    before = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_visit", x => x.person);
                });

            migrationBuilder.CreateTable(
                name: "default_view",
                columns: table => new
                {
                    person = table.Column<string>(type: "character varying(120)", maxLength: 120, nullable: false),
                    view_id = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_default_view", x => x.person);
                    table.ForeignKey(
                        name: "FK_default_view_saved_view_view_id",
                        column: x => x.view_id,
                        principalTable: "saved_view",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "IX_team_notice_case_id_person",
                table: "team_notice",
                columns: new[] { "case_id", "person" },
                unique: true,
                filter: "stage = 'Assigned'");

            migrationBuilder.CreateIndex(
                name: "IX_team_notice_case_id_stage",
                table: "team_notice",
                columns: new[] { "case_id", "stage" },
                unique: true,
                filter: "stage <> 'Assigned'");

            migrationBuilder.CreateIndex(
                name: "IX_exception_case_labels",
                table: "exception_case",
                column: "labels")
                .Annotation("Npgsql:IndexMethod", "gin")
                .Annotation("Npgsql:IndexOperators", new[] { "gin_trgm_ops" });

            migrationBuilder.CreateIndex(
                name: "IX_default_view_view_id",
                table: "default_view",
                column: "view_id");

            migrationBuilder.CreateIndex(
                name: "IX_saved_view_name",
                table: "saved_view",
                column: "name",
                filter: "is_shared");

            migrationBuilder.CreateIndex(
                name: "IX_saved_view_owner_name",
                table: "saved_view",
                columns: new[] { "owner", "name" },
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "assignment_rule");

            migrationBuilder.DropTable(
                name: "default_view");

            migrationBuilder.DropTable(
                name: "dismissal");

            migrationBuilder.DropTable(
                name: "visit");

            migrationBuilder.DropTable(
                name: "saved_view");

            migrationBuilder.DropIndex(
                name: "IX_team_notice_case_id_person",
                table: "team_notice");

            migrationBuilder.DropIndex(
                name: "IX_team_notice_case_id_stage",
                table: "team_notice");

            migrationBuilder.DropIndex(
                name: "IX_exception_case_labels",
                table: "exception_case");

            migrationBuilder.DropColumn(
                name: "address",
                table: "team_notice");

            migrationBuilder.DropColumn(
                name: "person",
                table: "team_notice");

            migrationBuilder.DropColumn(
                name: "address",
                table: "session");

            migrationBuilder.DropColumn(
                name: "clock_paused_at",
                table: "exception_case");

            migrationBuilder.DropColumn(
                name: "clock_paused_until",
                table: "exception_case");

            migrationBuilder.DropColumn(
                name: "clock_rested",
                table: "exception_case");

            migrationBuilder.DropColumn(
                name: "labels",
                table: "exception_case");

            migrationBuilder.CreateIndex(
                name: "IX_team_notice_case_id_stage",
                table: "team_notice",
                columns: new[] { "case_id", "stage" },
                unique: true);
        }
    }
}
