# shellcheck shell=bash
# A display of one's own for tests, to be sourced: xvfb_start DIR [WIDTHxHEIGHT], xvfb_stop DIR, xvfb_picture DIR FILE.
#
# The display has openbox as window manager, since without one a window that does not fill the screen gets no keys.
# xvfb_start prints the display's name, such as :91; the caller exports it as DISPLAY.

xvfb_start() {
    local dir=$1 size=${2:-1280x800} number
    mkdir -p "$dir" || return 1
    rm -f "$dir/display"
    # Xvfb itself finds a free number and writes it to the descriptor once it takes connections.
    Xvfb -displayfd 5 -screen 0 "${size}x24" -nolisten tcp -noreset 5>"$dir/display" >"$dir/xvfb.log" 2>&1 &
    echo $! >"$dir/xvfb.pid"
    local deadline=$((SECONDS + 20))
    until [ -s "$dir/display" ]; do
        if ! kill -0 "$(cat "$dir/xvfb.pid")" 2>/dev/null || [ "$SECONDS" -ge "$deadline" ]; then
            echo "xvfb_start: the display did not start; $dir/xvfb.log says:" >&2
            tail -n 20 "$dir/xvfb.log" >&2
            return 1
        fi
        sleep 0.05
    done
    number=$(tr -d '[:space:]' <"$dir/display")
    DISPLAY=":$number" openbox >"$dir/openbox.log" 2>&1 &
    echo $! >"$dir/openbox.pid"
    echo ":$number"
}

xvfb_stop() {
    local dir=$1 what
    for what in openbox xvfb; do
        if [ -f "$dir/$what.pid" ]; then
            kill "$(cat "$dir/$what.pid")" 2>/dev/null || :
            rm -f "$dir/$what.pid"
        fi
    done
}

# What the display shows, as PNG.
xvfb_picture() {
    DISPLAY=":$(tr -d '[:space:]' <"$1/display")" xwd -root -silent | convert xwd:- "$2"
}
