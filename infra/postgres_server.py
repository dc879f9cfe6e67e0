"""One PostgreSQL server of the official image: how it is prepared, saved and restored. Knows no platform.

https://hub.docker.com/_/postgres, https://www.postgresql.org/docs/current/app-pgdump.html,
https://www.postgresql.org/docs/current/app-pgrestore.html
"""

OWNER = "airfield"
"""The role that workloads log in as, and its database: no superuser."""
INITDB_ARGUMENTS = "--data-checksums --locale-provider=icu --icu-locale=und"
"""Sorted by ICU, whatever the image's C library is; checksums tell of a failing disk."""
PREPARATION = {
    "10-owner.sh": f"""\
# The image gives its superuser the password too: it is left without one, for the socket only.
psql --set=ON_ERROR_STOP=1 --no-psqlrc --username="$POSTGRES_USER" --dbname=postgres <<'SQL'
\\getenv password POSTGRES_PASSWORD
CREATE ROLE {OWNER} LOGIN PASSWORD :'password';
CREATE DATABASE {OWNER} OWNER {OWNER};
ALTER ROLE CURRENT_USER PASSWORD NULL;
SQL
"""
}
"""What the image runs once, when the data directory is empty."""

BACKUP = """\
set -eu
umask 077
cd "$BACKUPS_PATH"
rm -f ./*.unfinished
name="airfield-$(date -u +%Y%m%dT%H%M%SZ).dump"
pg_dump --format=custom --file="$name.unfinished"
pg_restore --list "$name.unfinished" >/dev/null
mv "$name.unfinished" "$name"
ls -1 airfield-*.dump | sort -r | tail -n +"$((BACKUPS_KEPT + 1))" | xargs -r rm -f --
echo "kept $(ls -1 airfield-*.dump | wc -l) dumps, the newest $name"
"""
"""Dumps, reads the dump's contents back, and only then lets an older one go."""

RESTORE = """\
set -eu
cd "$BACKUPS_PATH"
dump="${DUMP:-$(ls -1 airfield-*.dump | sort | tail -n 1)}"
test -s "$dump"
pg_restore --clean --if-exists --no-owner --exit-on-error --single-transaction --dbname="$PGDATABASE" "$dump"
echo "restored $dump"
"""
"""Puts the newest dump, or the one that DUMP names, in place of what is there: all of it, or nothing."""
