#!/bin/bash
# Run by the database's container when it makes the database: the role of the portal, which may neither change the schema nor history.
set -e
psql -v ON_ERROR_STOP=1 -v password="$PORTAL_PASSWORD" --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" <<'SQL'
CREATE ROLE portal_app LOGIN PASSWORD :'password';
SQL
