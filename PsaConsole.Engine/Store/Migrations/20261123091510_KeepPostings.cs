using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace PsaConsole.Engine.Store.Migrations
{
    /// <inheritdoc />
    public partial class KeepPostings : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "posting",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    operation_key = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    system_name = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    source_type = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    source_id = table.Column<string>(type: "character varying(120)", maxLength: 120, nullable: false),
                    revision = table.Column<int>(type: "integer", nullable: false),
                    kind = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    chargeable = table.Column<bool>(type: "boolean", nullable: false),
                    engagement_id = table.Column<Guid>(type: "uuid", nullable: false),
                    engagement_number = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    legal_entity = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    person = table.Column<string>(type: "character varying(300)", maxLength: 300, nullable: true),
                    work_date = table.Column<DateOnly>(type: "date", nullable: false),
                    accounting_date = table.Column<DateOnly>(type: "date", nullable: false),
                    period_id = table.Column<string>(type: "character varying(120)", maxLength: 120, nullable: false),
                    period_name = table.Column<string>(type: "character varying(120)", maxLength: 120, nullable: false),
                    hours = table.Column<decimal>(type: "numeric(9,2)", precision: 9, scale: 2, nullable: false),
                    rate = table.Column<decimal>(type: "numeric(19,4)", precision: 19, scale: 4, nullable: false),
                    amount = table.Column<decimal>(type: "numeric(19,4)", precision: 19, scale: 4, nullable: false),
                    currency = table.Column<string>(type: "character varying(3)", maxLength: 3, nullable: false),
                    fx_rate = table.Column<decimal>(type: "numeric(28,18)", precision: 28, scale: 18, nullable: false),
                    fx_date = table.Column<DateOnly>(type: "date", nullable: false),
                    accounting_amount = table.Column<decimal>(type: "numeric(19,4)", precision: 19, scale: 4, nullable: false),
                    accounting_currency = table.Column<string>(type: "character varying(3)", maxLength: 3, nullable: false),
                    cost_center = table.Column<string>(type: "character varying(120)", maxLength: 120, nullable: true),
                    erp_project_id = table.Column<string>(type: "character varying(120)", maxLength: 120, nullable: false),
                    values = table.Column<string>(type: "character varying(4000)", maxLength: 4000, nullable: false),
                    why = table.Column<string>(type: "jsonb", nullable: false),
                    reversal_of = table.Column<Guid>(type: "uuid", nullable: true),
                    run_id = table.Column<Guid>(type: "uuid", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    status = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    erp_id = table.Column<string>(type: "character varying(120)", maxLength: 120, nullable: true),
                    voucher = table.Column<string>(type: "character varying(120)", maxLength: 120, nullable: true),
                    accepted_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    verified_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    invoiced_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_posting", x => x.id);
                });

            migrationBuilder.CreateIndex(
                name: "IX_posting_created_at_id",
                table: "posting",
                columns: new[] { "created_at", "id" });

            migrationBuilder.CreateIndex(
                name: "IX_posting_engagement_id_work_date",
                table: "posting",
                columns: new[] { "engagement_id", "work_date" });

            migrationBuilder.CreateIndex(
                name: "IX_posting_operation_key",
                table: "posting",
                column: "operation_key",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_posting_reversal_of",
                table: "posting",
                column: "reversal_of",
                unique: true,
                filter: "reversal_of is not null");

            migrationBuilder.CreateIndex(
                name: "IX_posting_run_id",
                table: "posting",
                column: "run_id");

            migrationBuilder.CreateIndex(
                name: "IX_posting_system_name_source_type_source_id",
                table: "posting",
                columns: new[] { "system_name", "source_type", "source_id" });

            // What was posted is corrected by new lines only: the database itself refuses to change or delete a fact.
            migrationBuilder.Sql("""
                create function refuse_changed_posting() returns trigger language plpgsql as $$
                begin
                    if tg_op = 'DELETE' then
                        raise exception 'Posting % is a fact: it is taken back by a reversal, never deleted.', old.operation_key;
                    end if;
                    if to_jsonb(old) - array['status', 'erp_id', 'voucher', 'accepted_at', 'verified_at', 'invoiced_at']
                        is distinct from to_jsonb(new) - array['status', 'erp_id', 'voucher', 'accepted_at', 'verified_at', 'invoiced_at'] then
                        raise exception 'Posting % is a fact: it is taken back by a reversal, never changed.', old.operation_key;
                    end if;
                    return new;
                end $$;
                create trigger posting_is_a_fact before update or delete on posting for each row execute function refuse_changed_posting();
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "posting");
            migrationBuilder.Sql("drop function refuse_changed_posting();");
        }
    }
}
