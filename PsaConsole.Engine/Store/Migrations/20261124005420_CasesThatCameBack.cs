using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace PsaConsole.Engine.Store.Migrations
{
    /// <inheritdoc />
    public partial class CasesThatCameBack : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<long>(
                name: "came_back_from",
                table: "exception_case",
                type: "bigint",
                nullable: true);

            migrationBuilder.CreateIndex(
                name: "IX_exception_case_business_key_code_id",
                table: "exception_case",
                columns: new[] { "business_key", "code", "id" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_exception_case_business_key_code_id",
                table: "exception_case");

            migrationBuilder.DropColumn(
                name: "came_back_from",
                table: "exception_case");
        }
    }
}
