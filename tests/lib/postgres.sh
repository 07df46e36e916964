# shellcheck shell=sh
# A PostgreSQL server of one's own for tests, to be sourced: pg_start DIR PORT, pg_stop DIR.
#
# The server keeps everything in DIR, listens on 127.0.0.1:PORT alone, trusts every local user, offers TLS with a
# certificate of its own authority (DIR/data/ca.crt), and flushes nothing: it is for tests and must never hold real data.
# PostgreSQL refuses to run as root, so root hands it to the user packbench-test, who is made if missing.
#
# After pg_start: PACKBENCH_TEST_PG=postgres://packbench@127.0.0.1:PORT/postgres

# Where initdb and pg_ctl are: in PATH, or where Debian puts them (the newest version).
pg_bin() {
    if command -v initdb >/dev/null 2>&1; then
        dirname "$(command -v initdb)"
        return
    fi
    pg_bin_found=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1)
    if [ -z "$pg_bin_found" ]; then
        echo "pg_start: PostgreSQL is not installed; run: apt-get install -y postgresql" >&2
        return 1
    fi
    echo "$pg_bin_found"
}

# Runs a command as the server's user.
pg_as_user() {
    if [ "$(id -u)" -eq 0 ]; then
        # From a folder that the user may enter.
        (cd / && runuser -u packbench-test -- "$@")
    else
        "$@"
    fi
}

# A certificate authority and a certificate for localhost and 127.0.0.1, in the data folder $1.
pg_certificates() {
    pg_as_user sh -euc '
        cd "$1"
        umask 077
        openssl req -x509 -newkey rsa:2048 -nodes -days 3650 -subj "/CN=Packbench test authority" \
            -keyout ca.key -out ca.crt
        openssl req -newkey rsa:2048 -nodes -subj "/CN=localhost" -keyout server.key -out server.csr
        printf "subjectAltName=DNS:localhost,IP:127.0.0.1\nbasicConstraints=CA:FALSE\n" >server.ext
        openssl x509 -req -in server.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 3650 \
            -extfile server.ext -out server.crt
    ' sh "$1" >"$2" 2>&1
}

pg_start() {
    if [ "$#" -ne 2 ]; then
        echo "usage: pg_start DIR PORT" >&2
        return 2
    fi
    pg_programs=$(pg_bin) || return 1
    mkdir -p "$1" || return 1
    pg_dir=$(cd "$1" && pwd) || return 1
    if [ "$(id -u)" -eq 0 ]; then
        if ! id packbench-test >/dev/null 2>&1; then
            useradd --system --no-create-home --shell /usr/sbin/nologin packbench-test || return 1
        fi
        chown packbench-test "$pg_dir" || return 1
    fi
    if ! pg_as_user test -w "$pg_dir"; then
        echo "pg_start: the server's user cannot write to $pg_dir; choose a folder below /tmp or /var/tmp" >&2
        return 1
    fi
    if ! pg_as_user test -f "$pg_dir/data/PG_VERSION"; then
        pg_as_user "$pg_programs/initdb" -D "$pg_dir/data" -A trust -U packbench --no-sync -E UTF8 \
            --locale=C.UTF-8 >/dev/null || return 1
        if ! pg_certificates "$pg_dir/data" "/dev/null"; then
            echo "pg_start: no certificates; is openssl installed?" >&2
            return 1
        fi
    fi
    if pg_as_user "$pg_programs/pg_ctl" -D "$pg_dir/data" status >/dev/null 2>&1; then
        return 0
    fi
    pg_as_user "$pg_programs/pg_ctl" -D "$pg_dir/data" -l "$pg_dir/log" -w -t 60 -o \
        "-p $2 -h 127.0.0.1 -k '' -c ssl=on -c fsync=off -c full_page_writes=off -c max_connections=300" \
        start >/dev/null && return 0
    echo "pg_start: the server did not start; $pg_dir/log says:" >&2
    pg_as_user tail -n 20 "$pg_dir/log" >&2
    return 1
}

pg_stop() {
    if [ "$#" -ne 1 ]; then
        echo "usage: pg_stop DIR" >&2
        return 2
    fi
    pg_programs=$(pg_bin) || return 1
    pg_dir=$(cd "$1" && pwd) || return 1
    if ! pg_as_user "$pg_programs/pg_ctl" -D "$pg_dir/data" status >/dev/null 2>&1; then
        return 0
    fi
    pg_as_user "$pg_programs/pg_ctl" -D "$pg_dir/data" -m fast -w -t 60 stop >/dev/null
}
