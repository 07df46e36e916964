#!/usr/bin/env bash
# A machine with USB ports, whose devices are made by the kernel itself (dummy_hcd), to run a program in: QEMU without help of the
# processor, Debian's own kernel, and a system that lies wholly in memory.
#
#   tests/lib/usb_machine.sh prepare FOLDER             fetches the kernel and its modules, once
#   tests/lib/usb_machine.sh run FOLDER PROGRAM ARG…    runs a program of this machine in the other one; its status is ours
#
# A run ends after USB_MACHINE_SECONDS (180) at the latest. Needs the packages of `tests/run`.
set -euo pipefail

# What the machine's two sides of USB need, and a camera that the kernel makes up (vivid); what those need is found by modprobe.
MODULES=(dummy_hcd libcomposite usb_f_hid usb_f_printer usb_f_acm usbhid hid_generic evdev usblp cdc_acm vivid)
# Ports of one device each.
PORTS=8

fail() {
    echo "usb_machine: $*" >&2
    exit 1
}

# The newest kernel package of this Debian, whatever its number is today.
fetch_kernel() {
    local package
    package=$(apt-cache depends linux-image-amd64 2>/dev/null | sed -n 's/^ *Depends: \(linux-image-[0-9].*\)/\1/p' | head -n 1)
    [ -n "$package" ] && apt-get download -q "$package" >/dev/null 2>&1
}

prepare() {
    local folder=$1 work release module
    [ "$(tail -n +2 "$folder/ready" 2>/dev/null)" != "${MODULES[*]}" ] || return 0
    [ "$(uname -m)" = x86_64 ] || fail "only an x86-64 machine can be made up so far"
    mkdir -p "$folder"
    work=$(mktemp -d "$folder/work.XXXXXX")
    cd "$work"
    if ! fetch_kernel; then
        # The list may be older than the packages.
        if [ "$(id -u)" -eq 0 ]; then apt-get update -q >/dev/null; else sudo apt-get update -q >/dev/null; fi
        fetch_kernel || fail "the package of Debian's kernel cannot be fetched; look at: apt-get download linux-image-amd64"
    fi
    mkdir all
    dpkg-deb --fsys-tarfile linux-image-*.deb | tar -x -C all
    release=$(basename all/lib/modules/*)
    /sbin/depmod -b all "$release"
    rm -rf "$folder/modules"
    mkdir "$folder/modules"
    for module in "${MODULES[@]}"; do
        /sbin/modprobe -d all -S "$release" --show-depends "$module"
    done | awk '$1 == "insmod" && !seen[$2]++ { print $2 }' >paths
    while read -r module; do
        cp "$module" "$folder/modules/"
        basename "$module"
    done <paths >"$folder/modules/order"
    cp "all/boot/vmlinuz-$release" "$folder/vmlinuz"
    cd "$folder"
    rm -rf "$work"
    printf '%s\n' "$release" "${MODULES[*]}" >"$folder/ready"
}

# The first program of the machine: mounts, loads, runs, tells the status, ends.
init() {
    cat <<INIT
#!/bin/busybox sh
/bin/busybox --install -s /bin
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
mount -t tmpfs tmp /tmp
for module in \$(cat /modules/order); do
    case \$module in
        # Its test plugs it in.
        vivid.ko) ;;
        dummy_hcd.ko) insmod /modules/\$module num=$PORTS ;;
        *) insmod /modules/\$module ;;
    esac || echo "usb_machine: \$module cannot be loaded"
done
mount -t configfs config /sys/kernel/config
echo 2 >/proc/sys/kernel/printk
export HOME=/tmp TMPDIR=/tmp RUST_BACKTRACE=1 PACKBENCH_USB_ROUNDS=${PACKBENCH_USB_ROUNDS:-10}
cd /tmp
$1
echo "usb_machine: status \$?"
poweroff -f
INIT
}

run() {
    local folder=$1 program=$2 root status library
    shift 2
    [ -f "$folder/ready" ] || fail "nothing is prepared in $folder; run tests/run, or: $0 prepare $folder"
    command -v qemu-system-x86_64 >/dev/null || fail "qemu-system-x86_64 is missing; install the Debian package qemu-system-x86"
    root=$(mktemp -d "${TMPDIR:-/tmp}/usb-machine.XXXXXX")
    # shellcheck disable=SC2064 # the folder's name of now
    trap "rm -rf '$root'" EXIT
    mkdir -p "$root/tree"/{bin,dev,etc,lib64,proc,sys,tmp,modules}
    cp /bin/busybox "$root/tree/bin/"
    cp "$folder"/modules/* "$root/tree/modules/"
    # Nobody looks for a line in there: without its debug information the program is half as large.
    strip -o "$root/tree/bin/program" "$program"
    ldd "$program" | grep -o '/[^ ]*' | while read -r library; do
        mkdir -p "$root/tree$(dirname "$library")"
        cp -L "$library" "$root/tree$library"
    done
    echo "nobody:x:65534:65534:nobody:/tmp:/bin/sh" >"$root/tree/etc/passwd"
    init "/bin/program $(printf '%q ' "$@")" >"$root/tree/init"
    chmod 755 "$root/tree/init"
    (cd "$root/tree" && find . | cpio -o -H newc --quiet) >"$root/system"
    rm -rf "$root/tree"
    timeout "${USB_MACHINE_SECONDS:-180}" qemu-system-x86_64 -accel tcg,thread=multi -rtc base=2026-03-02T08:00:00 -cpu max -smp 2 -m 2048 \
        -nodefaults -no-user-config -display none -serial stdio -no-reboot \
        -kernel "$folder/vmlinuz" -initrd "$root/system" \
        -append "console=ttyS0 quiet panic=-1 mitigations=off random.trust_cpu=on" </dev/null | tee "$root/told" || :
    status=$(sed -n 's/^usb_machine: status \([0-9]*\).*/\1/p' "$root/told" | tail -n 1)
    [ -n "$status" ] || fail "the machine never told a status; it may have taken longer than ${USB_MACHINE_SECONDS:-180} s"
    exit "$status"
}

case ${1:-} in
    prepare) prepare "$(realpath -m "$2")" ;;
    run) shift && run "$@" ;;
    *) sed -n '2,9s/^# \{0,1\}//p' "$0"; exit 2 ;;
esac
