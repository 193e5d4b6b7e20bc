using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace SelfHelpPortal.Data.Migrations
{
    /// <inheritdoc />
    public partial class HardwareEvidence : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "few_parts_allowed_at",
                table: "license",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "reactivated_at",
                table: "activation",
                type: "timestamp with time zone",
                nullable: true);

            // Components that had to be equal become points: of n equal ones, the CPU weighs nothing and the machine id a half, so n - 1.5 are left; 2 is the
            // least that is safe.
            migrationBuilder.Sql("""
                UPDATE product SET policies = jsonb_set(
                    policies #- '{hardware,componentsNeeded}', '{hardware,points}', to_jsonb(greatest(2, (policies #>> '{hardware,componentsNeeded}')::numeric - 1.5)))
                WHERE policies #> '{hardware,componentsNeeded}' IS NOT NULL;

                -- The parts of one unit in a hardware code, each with its place; absent ones are left out. CPU and machine id are equal in many computers and
                -- make nobody a candidate.
                DROP INDEX ix_activation_components;
                DROP FUNCTION hardware_components(text);
                CREATE FUNCTION hardware_unit_parts(code text) RETURNS text[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE RETURN
                    array_remove(ARRAY[
                        '1' || nullif(substr(code, 6, 4), '0000'), '2' || nullif(substr(code, 11, 4), '0000'),
                        '3' || nullif(substr(code, 16, 4), '0000'), '5' || nullif(substr(code, 26, 4), '0000')], NULL);
                CREATE INDEX ix_activation_unit_parts ON activation USING gin (hardware_unit_parts(hardware_code)) WHERE state = 'Active';
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("""
                DROP INDEX ix_activation_unit_parts;
                DROP FUNCTION hardware_unit_parts(text);
                CREATE FUNCTION hardware_components(code text) RETURNS text[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE RETURN
                    array_remove(ARRAY[
                        '1' || nullif(substr(code, 6, 4), '0000'), '2' || nullif(substr(code, 11, 4), '0000'), '3' || nullif(substr(code, 16, 4), '0000'),
                        '4' || nullif(substr(code, 21, 4), '0000'), '5' || nullif(substr(code, 26, 4), '0000'), '6' || nullif(substr(code, 31, 4), '0000')], NULL);
                CREATE INDEX ix_activation_components ON activation USING gin (hardware_components(hardware_code)) WHERE state = 'Active';
                UPDATE product SET policies = jsonb_set(
                    policies #- '{hardware,points}', '{hardware,componentsNeeded}', to_jsonb(least(6, ceil((policies #>> '{hardware,points}')::numeric + 1))))
                WHERE policies #> '{hardware,points}' IS NOT NULL;
                """);

            migrationBuilder.DropColumn(
                name: "few_parts_allowed_at",
                table: "license");

            migrationBuilder.DropColumn(
                name: "reactivated_at",
                table: "activation");
        }
    }
}
