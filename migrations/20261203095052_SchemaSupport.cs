using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace SelfHelpPortal.Data.Migrations
{
    /// <inheritdoc />
    public partial class SchemaSupport : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            // Says which programs may go on while their nodes are replaced one by one: those that know this migration. The one of 0.2.0.
            migrationBuilder.Sql(
                """
                CREATE TABLE schema_support (
                    is_only boolean CONSTRAINT pk_schema_support PRIMARY KEY DEFAULT true,
                    oldest_migration character varying(150) NOT NULL,
                    CONSTRAINT ck_schema_support_only CHECK (is_only));
                INSERT INTO schema_support (oldest_migration) VALUES ('20261130184155_StaffResets');
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("DROP TABLE schema_support");
        }
    }
}
