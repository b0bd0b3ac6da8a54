using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace PsaConsole.Engine.Store.Migrations
{
    /// <inheritdoc />
    public partial class CountedByPlace : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_exception_case_code_exposure_currency",
                table: "exception_case");

            migrationBuilder.CreateIndex(
                name: "IX_exception_case_code_exposure_currency",
                table: "exception_case",
                columns: new[] { "code", "exposure_currency" },
                filter: "status in ('Open','Retrying')")
                .Annotation("Npgsql:IndexInclude", new[] { "exposure", "raised_at", "priority_at", "due_at", "snoozed_until", "snoozed_past", "occurrences", "legal_entities", "practices", "run_id" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_exception_case_code_exposure_currency",
                table: "exception_case");

            migrationBuilder.CreateIndex(
                name: "IX_exception_case_code_exposure_currency",
                table: "exception_case",
                columns: new[] { "code", "exposure_currency" },
                filter: "status in ('Open','Retrying')")
                .Annotation("Npgsql:IndexInclude", new[] { "exposure", "raised_at", "priority_at", "due_at", "snoozed_until", "snoozed_past", "occurrences" });
        }
    }
}
