using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace PsaConsole.Engine.Store.Migrations
{
    /// <inheritdoc />
    public partial class SearchedPayloads : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "payload",
                table: "exception_case",
                type: "character varying(4000)",
                maxLength: 4000,
                nullable: true);

            migrationBuilder.CreateIndex(
                name: "IX_exception_case_findings",
                table: "exception_case",
                column: "findings")
                .Annotation("Npgsql:IndexMethod", "gin")
                .Annotation("Npgsql:IndexOperators", new[] { "jsonb_path_ops" });

            // As EF.Functions.ToTsVector(CaseSearch.Dictionary, …) writes them: EF has no index of an expression.
            migrationBuilder.Sql("""create index "IX_exception_case_findings_words" on exception_case using gin (to_tsvector('simple'::regconfig, findings))""");
            migrationBuilder.Sql("""create index "IX_exception_case_payload_words" on exception_case using gin (to_tsvector('simple'::regconfig, payload::text)) where payload is not null""");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("""drop index "IX_exception_case_payload_words" """);
            migrationBuilder.Sql("""drop index "IX_exception_case_findings_words" """);
            migrationBuilder.DropIndex(
                name: "IX_exception_case_findings",
                table: "exception_case");

            migrationBuilder.DropColumn(
                name: "payload",
                table: "exception_case");
        }
    }
}
