using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace PsaConsole.Engine.Store.Migrations
{
    /// <inheritdoc />
    public partial class CountedByPerson : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_exception_case_assignee_priority_at_id",
                table: "exception_case");

            migrationBuilder.CreateIndex(
                name: "IX_exception_case_assignee_priority_at_id",
                table: "exception_case",
                columns: new[] { "assignee", "priority_at", "id" },
                filter: "status in ('Open','Retrying')")
                .Annotation("Npgsql:IndexInclude", new[] { "snoozed_until", "snoozed_past", "occurrences" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_exception_case_assignee_priority_at_id",
                table: "exception_case");

            migrationBuilder.CreateIndex(
                name: "IX_exception_case_assignee_priority_at_id",
                table: "exception_case",
                columns: new[] { "assignee", "priority_at", "id" },
                filter: "status in ('Open','Retrying')");
        }
    }
}
