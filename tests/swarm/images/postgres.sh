#!/bin/sh
# What the official image does before the server starts, without what only it knows: this server was built
# without ICU, so it sorts by the C library instead.
set -eu
export POSTGRES_PASSWORD="$(cat "$POSTGRES_PASSWORD_FILE")"
if [ ! -s "$PGDATA/PG_VERSION" ]; then
    case "$POSTGRES_INITDB_ARGS" in *--data-checksums*) ;; *) exit 1 ;; esac
    printf '%s\n' "$POSTGRES_PASSWORD" > /tmp/initial
    initdb --data-checksums --username="$POSTGRES_USER" --pwfile=/tmp/initial --pgdata="$PGDATA"
    rm /tmp/initial
    printf 'host all all all scram-sha-256\n' >> "$PGDATA/pg_hba.conf"
    pg_ctl --pgdata="$PGDATA" --options="-c listen_addresses='' -c unix_socket_directories=/var/run/postgresql" --wait start
    export PGHOST=/var/run/postgresql
    for script in /docker-entrypoint-initdb.d/*.sh; do . "$script"; done
    pg_ctl --pgdata="$PGDATA" --mode=fast --wait stop
fi
exec "$@" -c listen_addresses='*' -c unix_socket_directories=/var/run/postgresql
