using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace PsaConsole.Engine.Store.Migrations
{
    /// <inheritdoc />
    public partial class ChainAudit : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_audit_entry_entity",
                table: "audit_entry");

            migrationBuilder.AddColumn<string>(
                name: "correlation",
                table: "audit_entry",
                type: "character varying(120)",
                maxLength: 120,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "session",
                table: "audit_entry",
                type: "character varying(120)",
                maxLength: 120,
                nullable: true);

            migrationBuilder.CreateTable(
                name: "audit_link",
                columns: table => new
                {
                    sequence = table.Column<long>(type: "bigint", nullable: false),
                    entry_id = table.Column<long>(type: "bigint", nullable: false),
                    hash = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_audit_link", x => x.sequence);
                    table.ForeignKey(
                        name: "FK_audit_link_audit_entry_entry_id",
                        column: x => x.entry_id,
                        principalTable: "audit_entry",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "audit_pending",
                columns: table => new
                {
                    entry_id = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_audit_pending", x => x.entry_id);
                });

            migrationBuilder.CreateIndex(
                name: "IX_audit_entry_action_id",
                table: "audit_entry",
                columns: new[] { "action", "id" })
                .Annotation("Npgsql:IndexOperators", new[] { "text_pattern_ops", "int8_ops" });

            migrationBuilder.CreateIndex(
                name: "IX_audit_entry_actor_id",
                table: "audit_entry",
                columns: new[] { "actor", "id" });

            migrationBuilder.CreateIndex(
                name: "IX_audit_entry_at_id",
                table: "audit_entry",
                columns: new[] { "at", "id" });

            migrationBuilder.CreateIndex(
                name: "IX_audit_entry_entity_id",
                table: "audit_entry",
                columns: new[] { "entity", "id" })
                .Annotation("Npgsql:IndexOperators", new[] { "text_pattern_ops", "int8_ops" });

            migrationBuilder.CreateIndex(
                name: "IX_audit_link_entry_id",
                table: "audit_link",
                column: "entry_id",
                unique: true);

            AuditGuards.Install(migrationBuilder);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            AuditGuards.Remove(migrationBuilder);

            migrationBuilder.DropTable(
                name: "audit_link");

            migrationBuilder.DropTable(
                name: "audit_pending");

            migrationBuilder.DropIndex(
                name: "IX_audit_entry_action_id",
                table: "audit_entry");

            migrationBuilder.DropIndex(
                name: "IX_audit_entry_actor_id",
                table: "audit_entry");

            migrationBuilder.DropIndex(
                name: "IX_audit_entry_at_id",
                table: "audit_entry");

            migrationBuilder.DropIndex(
                name: "IX_audit_entry_entity_id",
                table: "audit_entry");

            migrationBuilder.DropColumn(
                name: "correlation",
                table: "audit_entry");

            migrationBuilder.DropColumn(
                name: "session",
                table: "audit_entry");

            migrationBuilder.CreateIndex(
                name: "IX_audit_entry_entity",
                table: "audit_entry",
                column: "entity");
        }
    }
}
