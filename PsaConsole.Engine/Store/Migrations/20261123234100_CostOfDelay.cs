using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace PsaConsole.Engine.Store.Migrations
{
    /// <inheritdoc />
    public partial class CostOfDelay : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AlterDatabase()
                .Annotation("Npgsql:PostgresExtension:pg_trgm", ",,");

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "priority_at",
                table: "exception_case",
                type: "timestamp with time zone",
                nullable: false,
                defaultValueSql: "now()");

            // As CostOfDelay has it; what currencies are worth is not known here.
            migrationBuilder.Sql(
                """
                update exception_case set priority_at = coalesce(due_at, raised_at + interval '10 days')
                    - interval '1 day' * case when exposure > 1000 then least(4, log(exposure / 1000)) else 0 end
                    - case severity when 'Critical' then interval '5 days' else interval '0' end
                """);

            migrationBuilder.CreateIndex(
                name: "IX_exception_case_assignee_priority_at_id",
                table: "exception_case",
                columns: new[] { "assignee", "priority_at", "id" },
                filter: "status in ('Open','Retrying')");

            migrationBuilder.CreateIndex(
                name: "IX_exception_case_closed_at_id",
                table: "exception_case",
                columns: new[] { "closed_at", "id" },
                filter: "status in ('Resolved','Waived')");

            migrationBuilder.CreateIndex(
                name: "IX_exception_case_code",
                table: "exception_case",
                column: "code")
                .Annotation("Npgsql:IndexMethod", "gin")
                .Annotation("Npgsql:IndexOperators", new[] { "gin_trgm_ops" });

            migrationBuilder.CreateIndex(
                name: "IX_exception_case_code_exposure_currency",
                table: "exception_case",
                columns: new[] { "code", "exposure_currency" },
                filter: "status in ('Open','Retrying')")
                .Annotation("Npgsql:IndexInclude", new[] { "exposure", "raised_at", "priority_at", "due_at", "snoozed_until", "snoozed_past", "occurrences" });

            migrationBuilder.CreateIndex(
                name: "IX_exception_case_code_priority_at_id",
                table: "exception_case",
                columns: new[] { "code", "priority_at", "id" },
                filter: "status in ('Open','Retrying')");

            migrationBuilder.CreateIndex(
                name: "IX_exception_case_message",
                table: "exception_case",
                column: "message")
                .Annotation("Npgsql:IndexMethod", "gin")
                .Annotation("Npgsql:IndexOperators", new[] { "gin_trgm_ops" });

            migrationBuilder.CreateIndex(
                name: "IX_exception_case_priority_at_id",
                table: "exception_case",
                columns: new[] { "priority_at", "id" },
                filter: "status in ('Open','Retrying')");

            migrationBuilder.CreateIndex(
                name: "IX_exception_case_subject",
                table: "exception_case",
                column: "subject")
                .Annotation("Npgsql:IndexMethod", "gin")
                .Annotation("Npgsql:IndexOperators", new[] { "gin_trgm_ops" });

            // How many rows have a part of a word is estimated from the sample of a column: a larger one tells a rare part from a common one.
            migrationBuilder.Sql("alter table exception_case alter column subject set statistics 1000, alter column message set statistics 1000");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_exception_case_assignee_priority_at_id",
                table: "exception_case");

            migrationBuilder.DropIndex(
                name: "IX_exception_case_closed_at_id",
                table: "exception_case");

            migrationBuilder.DropIndex(
                name: "IX_exception_case_code",
                table: "exception_case");

            migrationBuilder.DropIndex(
                name: "IX_exception_case_code_exposure_currency",
                table: "exception_case");

            migrationBuilder.DropIndex(
                name: "IX_exception_case_code_priority_at_id",
                table: "exception_case");

            migrationBuilder.DropIndex(
                name: "IX_exception_case_message",
                table: "exception_case");

            migrationBuilder.DropIndex(
                name: "IX_exception_case_priority_at_id",
                table: "exception_case");

            migrationBuilder.DropIndex(
                name: "IX_exception_case_subject",
                table: "exception_case");

            migrationBuilder.DropColumn(
                name: "priority_at",
                table: "exception_case");

            migrationBuilder.AlterDatabase()
                .OldAnnotation("Npgsql:PostgresExtension:pg_trgm", ",,");
        }
    }
}
