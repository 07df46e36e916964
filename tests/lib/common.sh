# shellcheck shell=bash
# What the scripts share, to be sourced: free_port, need_packages, step, steps_summary. Must never end the caller's shell.

# A TCP port of 127.0.0.1 that nothing listens on at the moment.
free_port() {
    local port _
    for _ in $(seq 100); do
        port=$((20000 + (RANDOM * 32768 + RANDOM) % 20000))
        if ! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
            echo "$port"
            return
        fi
    done
    echo "free_port: no free port found" >&2
    return 1
}

# Is the Debian package installed?
has_package() {
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

# Installs the Debian packages of the list that are missing; says what to do where it cannot.
need_packages() {
    local missing=() package
    if ! command -v dpkg-query >/dev/null; then
        echo "This is no Debian: install by hand what is missing of: $*" >&2
        return 0
    fi
    for package in "$@"; do
        has_package "$package" || missing+=("$package")
    done
    [ "${#missing[@]}" -eq 0 ] && return 0
    echo "installing: ${missing[*]}"
    local as_root=()
    if [ "$(id -u)" -ne 0 ]; then
        if ! command -v sudo >/dev/null; then
            echo "missing; as root run: apt-get install -y --no-install-recommends ${missing[*]}" >&2
            return 1
        fi
        as_root=(sudo)
    fi
    # The list of packages may be older than the packages, so it is renewed once before anything is missing for good.
    # shellcheck disable=SC2016 # the inner shell expands them
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive sh -c '
        log=$(mktemp)
        wait="-o DPkg::Lock::Timeout=300"
        install() { apt-get $wait install -y --no-install-recommends "$@" >"$log" 2>&1; }
        apt-get $wait update -q >"$log" 2>&1 && install "$@" || { cat "$log" >&2; rm -f "$log"; exit 1; }
        rm -f "$log"
    ' sh "${missing[@]}"
}

STEPS_PASSED=0
STEPS_FAILED=()

# step NAME COMMAND…: runs a command, tells how it went and how long it took, and goes on either way.
step() {
    local name=$1 started=$SECONDS status=0
    shift
    echo
    echo "== $name: $*"
    # Not `"$@" || …`: within that, a function's own `set -e` would be off.
    set +e
    "$@"
    status=$?
    set -e
    if [ "$status" -eq 0 ]; then
        STEPS_PASSED=$((STEPS_PASSED + 1))
        echo "== $name: passed in $((SECONDS - started)) s"
    else
        STEPS_FAILED+=("$name")
        echo "== $name: FAILED with status $status after $((SECONDS - started)) s"
    fi
}

# The last line of a script; its status is the script's.
steps_summary() {
    echo
    [ "${#STEPS_FAILED[@]}" -eq 0 ] || echo "failed: ${STEPS_FAILED[*]}"
    echo "$1 took $SECONDS s"
    echo "steps: $STEPS_PASSED passed, ${#STEPS_FAILED[@]} failed"
    [ "${#STEPS_FAILED[@]}" -eq 0 ]
}
