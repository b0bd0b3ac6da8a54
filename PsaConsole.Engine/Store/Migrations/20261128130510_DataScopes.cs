using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace PsaConsole.Engine.Store.Migrations
{
    /// <inheritdoc />
    public partial class DataScopes : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "legal_entity",
                table: "staffed_person",
                type: "character varying(40)",
                maxLength: 40,
                nullable: true);

            migrationBuilder.AddColumn<string[]>(
                name: "legal_entities",
                table: "run",
                type: "text[]",
                nullable: false,
                defaultValueSql: "'{}'");

            migrationBuilder.AddColumn<string[]>(
                name: "practices",
                table: "run",
                type: "text[]",
                nullable: false,
                defaultValueSql: "'{}'");

            migrationBuilder.AddColumn<string>(
                name: "scope",
                table: "group_action",
                type: "jsonb",
                nullable: false,
                defaultValueSql: "'{}'");

            migrationBuilder.AddColumn<string[]>(
                name: "legal_entities",
                table: "exception_case",
                type: "text[]",
                nullable: false,
                defaultValueSql: "'{}'");

            migrationBuilder.AddColumn<string[]>(
                name: "practices",
                table: "exception_case",
                type: "text[]",
                nullable: false,
                defaultValueSql: "'{}'");

            migrationBuilder.AddColumn<string>(
                name: "practice",
                table: "engagement",
                type: "character varying(120)",
                maxLength: 120,
                nullable: true);

            migrationBuilder.AddColumn<string[]>(
                name: "legal_entities",
                table: "audit_entry",
                type: "text[]",
                nullable: false,
                defaultValueSql: "'{}'");

            migrationBuilder.AddColumn<string[]>(
                name: "practices",
                table: "audit_entry",
                type: "text[]",
                nullable: false,
                defaultValueSql: "'{}'");

            migrationBuilder.AddColumn<string>(
                name: "practice",
                table: "approval",
                type: "character varying(120)",
                maxLength: 120,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "scope",
                table: "api_key",
                type: "jsonb",
                nullable: false,
                defaultValueSql: "'{}'");

            ScopeBackfill.Fill(migrationBuilder);

            migrationBuilder.CreateIndex(
                name: "IX_staffed_person_legal_entity_name_employee_id",
                table: "staffed_person",
                columns: new[] { "legal_entity", "name", "employee_id" });

            migrationBuilder.CreateIndex(
                name: "IX_run_legal_entities",
                table: "run",
                column: "legal_entities")
                .Annotation("Npgsql:IndexMethod", "gin");

            migrationBuilder.CreateIndex(
                name: "IX_posting_legal_entity_accounting_date",
                table: "posting",
                columns: new[] { "legal_entity", "accounting_date" });

            migrationBuilder.CreateIndex(
                name: "IX_person_legal_entity_name_id",
                table: "person",
                columns: new[] { "legal_entity", "name", "id" });

            migrationBuilder.CreateIndex(
                name: "IX_exception_case_legal_entities",
                table: "exception_case",
                column: "legal_entities")
                .Annotation("Npgsql:IndexMethod", "gin");

            migrationBuilder.CreateIndex(
                name: "IX_engagement_opportunity_id",
                table: "engagement",
                column: "opportunity_id");

            migrationBuilder.CreateIndex(
                name: "IX_audit_entry_legal_entities",
                table: "audit_entry",
                column: "legal_entities")
                .Annotation("Npgsql:IndexMethod", "gin");

            migrationBuilder.CreateIndex(
                name: "IX_approval_legal_entity_expires_at_id",
                table: "approval",
                columns: new[] { "legal_entity", "expires_at", "id" },
                filter: "status = 'Waiting'");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_staffed_person_legal_entity_name_employee_id",
                table: "staffed_person");

            migrationBuilder.DropIndex(
                name: "IX_run_legal_entities",
                table: "run");

            migrationBuilder.DropIndex(
                name: "IX_posting_legal_entity_accounting_date",
                table: "posting");

            migrationBuilder.DropIndex(
                name: "IX_person_legal_entity_name_id",
                table: "person");

            migrationBuilder.DropIndex(
                name: "IX_exception_case_legal_entities",
                table: "exception_case");

            migrationBuilder.DropIndex(
                name: "IX_engagement_opportunity_id",
                table: "engagement");

            migrationBuilder.DropIndex(
                name: "IX_audit_entry_legal_entities",
                table: "audit_entry");

            migrationBuilder.DropIndex(
                name: "IX_approval_legal_entity_expires_at_id",
                table: "approval");

            migrationBuilder.DropColumn(
                name: "legal_entity",
                table: "staffed_person");

            migrationBuilder.DropColumn(
                name: "legal_entities",
                table: "run");

            migrationBuilder.DropColumn(
                name: "practices",
                table: "run");

            migrationBuilder.DropColumn(
                name: "scope",
                table: "group_action");

            migrationBuilder.DropColumn(
                name: "legal_entities",
                table: "exception_case");

            migrationBuilder.DropColumn(
                name: "practices",
                table: "exception_case");

            migrationBuilder.DropColumn(
                name: "practice",
                table: "engagement");

            migrationBuilder.DropColumn(
                name: "legal_entities",
                table: "audit_entry");

            migrationBuilder.DropColumn(
                name: "practices",
                table: "audit_entry");

            migrationBuilder.DropColumn(
                name: "practice",
                table: "approval");

            migrationBuilder.DropColumn(
                name: "scope",
                table: "api_key");
        }
    }
}
