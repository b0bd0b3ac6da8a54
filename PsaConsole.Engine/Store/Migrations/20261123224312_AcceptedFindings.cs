using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace PsaConsole.Engine.Store.Migrations
{
    /// <inheritdoc />
    public partial class AcceptedFindings : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "accepted",
                table: "run",
                type: "jsonb",
                nullable: false,
                defaultValueSql: "'[]'");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "accepted",
                table: "run");
        }
    }
}
