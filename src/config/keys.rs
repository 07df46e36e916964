//! The table of all settings: name, form, built-in value, meaning. The example file, the check for unknown keys and
//! the names of the environment variables come from it.

use super::key::{Key, Kind, key};

const BAUDS: &[&str] = &["1200", "2400", "4800", "9600", "19200", "38400", "57600", "115200"];
const SERIAL: &[&str] = &["serial"];
const USB: &[&str] = &["usb"];
const STATUS: &[&str] = &["tcp", "usb", "receipt"];
const USB_RECEIPT: &[&str] = &["usb", "receipt"];
/// Scanners whose bytes come as the scanner sends them.
const BYTES: &[&str] = &["serial", "evdev"];
const EVDEV: &[&str] = &["evdev"];
const FOLDER: &[&str] = &["folder"];
const RECEIPT: &[&str] = &["receipt"];
const TCP_RECEIPT: &[&str] = &["tcp", "receipt"];
const IPP: &[&str] = &["ipp"];
const IPP_SCHEMES: &[&str] = &["ipp://", "ipps://"];
/// The papers that a printer may be set up for.
pub(super) const PAPERS: &[&str] = &["label", "packing-slip", "invoice", "cn22", "cn23", "commercial-invoice"];
const HTTP: &[&str] = &["http://", "https://"];
const WEB_CAMERA: &[&str] = &["snapshot", "mjpeg"];
const VIDEO: &[&str] = &["v4l2"];
/// Cameras whose pictures come one after the other.
const STREAMS: &[&str] = &["v4l2", "mjpeg"];

const USB_ID: &str = "Vendor and product number, as `packbench doctor` lists them. Built in: every one of the kind.";
const USB_SERIAL: &str = "Serial number, where there are two of a kind: it is kept whatever port it is plugged in.";
const USB_PORT: &str = "USB port, where two of a kind have no serial number.";

/// All settings, in the order of the example file.
pub const KEYS: &[Key] = &[
    key(
        "station.data_dir",
        Kind::Path,
        "",
        "/var/lib/packbench/station",
        "Folder of the station's database and photos. Built in: packbench/station in the user's data folder.",
    ),
    key("station.central_url", Kind::Url(HTTP), "", "https://packbench.example.com", "Address of central."),
    key(
        "station.token",
        Kind::Secret,
        "",
        "",
        "The station's token, where it is not paired by code. Better: token_file.",
    ),
    key(
        "station.token_file",
        Kind::Path,
        "",
        "/etc/packbench/station.token",
        "File that holds the token in its first line.",
    ),
    key(
        "station.language",
        Kind::Choice(&["en", "es", "ms", "ru"]),
        "en",
        "",
        "Language at the start; people switch it on the screen.",
    ),
    key(
        "station.theme",
        Kind::Choice(&["light", "dark", "system"]),
        "light",
        "",
        "Light or dark; system follows the desktop.",
    ),
    key(
        "station.sound_volume_percent",
        Kind::Whole(0, 100),
        "70",
        "",
        "Loudness of the sounds in per cent; 0 is silent.",
    ),
    key(
        "station.photo_when_packed",
        Kind::Flag,
        "false",
        "",
        "Take a photo by itself when all is in the box, before it is closed.",
    ),
    key("station.photo_when_weighed", Kind::Flag, "false", "", "Take a photo by itself when the parcel was weighed."),
    key(
        "station.photo_when_labelled",
        Kind::Flag,
        "false",
        "",
        "Take a photo by itself when the label on the parcel was scanned.",
    ),
    key(
        "station.voice_commands",
        Kind::Flag,
        "false",
        "",
        "Listen for commands by voice while the key for talking is held; see docs/devices-voice.md.",
    ),
    key("station.voice_prompts", Kind::Flag, "false", "", "Speak what each step asks for, refusals and read-backs."),
    key(
        "station.voice_talk",
        Kind::Choice(&["hold", "open"]),
        "hold",
        "",
        "Hold the key to talk, or press it to open and to close the microphone (open); then everything is read back.",
    ),
    key(
        "station.voice_key",
        Kind::Choice(&["F11", "F12"]),
        "F12",
        "",
        "The key for talking; a pedal that types it does as well.",
    ),
    key(
        "station.voice_check_digits",
        Kind::Choice(&["computed", "end-of-code"]),
        "computed",
        "",
        "The two digits said at a shelf: computed ones from a sticker (`packbench devices check-digits`), or the last two of its code.",
    ),
    key(
        "station.voice_microphone",
        Kind::Text,
        "",
        "arecord -q -D plughw:1 -t raw -f S16_LE -r 16000 -c 1",
        "Program that records 16 kHz, 16 bits, mono to its output. Built in: pw-record, parec or arecord.",
    ),
    key(
        "station.voice_speaker",
        Kind::Text,
        "",
        "espeak-ng -v {lang} -s 150 --stdin",
        "Program that speaks what it reads; {lang}, {volume}, {volume_signed} and {text} are put in. Built in: espeak-ng or spd-say.",
    ),
    key(
        "station.voice_model",
        Kind::Path,
        "",
        "/opt/models/en-us",
        "Folder of the acoustic model of American English. Built in: that of the package pocketsphinx-en-us.",
    ),
    key("station.reduced_motion", Kind::Flag, "false", "", "A frame instead of the full-screen flash."),
    key(
        "station.idle_lock_minutes",
        Kind::Whole(0, 240),
        "10",
        "",
        "Minutes without a scan or touch until the screen locks; 0 is never.",
    ),
    key("station.fullscreen", Kind::Flag, "true", "", "Fill the screen and hide the frame."),
    key(
        "station.log_filter",
        Kind::Text,
        "info",
        "",
        "What is logged: error, warn, info, debug, or per room as packbench::sync=debug.",
    ),
    key(
        "station.scanners.*.kind",
        Kind::Choice(&["wedge", "serial", "evdev", "usb"]),
        "",
        "wedge",
        "How the scanner is connected: as a keyboard (wedge), at a serial port, as a keyboard read by its own file (evdev, Linux), or at a USB port in HID POS mode (usb).",
    ),
    key(
        "station.scanners.*.gap_ms",
        Kind::Whole(10, 500),
        "50",
        "",
        "Longest pause between two characters of a scan, in ms.",
    )
    .only(&["wedge"]),
    key("station.scanners.*.length_min", Kind::Whole(2, 32), "4", "", "Shortest scan in characters; less is typing.")
        .only(&["wedge"]),
    key(
        "station.scanners.*.port",
        Kind::Path,
        "",
        "/dev/serial/by-id/usb-scanner",
        "The serial port; usb:05e0:1701 finds a USB device.",
    )
    .only(SERIAL),
    key("station.scanners.*.baud", Kind::Choice(BAUDS), "9600", "", "Speed in bits per second.").only(SERIAL),
    key("station.scanners.*.data_bits", Kind::Whole(7, 8), "8", "", "Data bits.").only(SERIAL),
    key("station.scanners.*.parity", Kind::Choice(&["none", "even", "odd"]), "none", "", "Parity.").only(SERIAL),
    key("station.scanners.*.stop_bits", Kind::Whole(1, 2), "1", "", "Stop bits.").only(SERIAL),
    key(
        "station.scanners.*.idle_ms",
        Kind::Whole(20, 2_000),
        "100",
        "",
        "A scan without terminator ends after this silence, in ms.",
    )
    .only(BYTES),
    key("station.scanners.*.aim", Kind::Flag, "true", "", "The scanner sends AIM identifiers such as ]C1.")
        .only(BYTES),
    key(
        "station.scanners.*.device",
        Kind::Path,
        "",
        "/dev/input/by-id/usb-scanner-event-kbd",
        "The keyboard's file; it is held, so that its keys reach no other window.",
    )
    .only(EVDEV),
    key(
        "station.scanners.*.layout",
        Kind::Choice(&["us", "gb", "es", "de", "fr", "ru"]),
        "us",
        "",
        "The keyboard layout the scanner is set to, whatever people type with.",
    )
    .only(EVDEV),
    key(
        "station.scanners.*.prefix",
        Kind::Bytes,
        "",
        "\\x02",
        "Bytes before every code; a code without them is refused. `packbench devices learn` finds this and the next three out.",
    )
    .only(BYTES),
    key("station.scanners.*.suffix", Kind::Bytes, "", "#", "Bytes behind every code, before its end.").only(BYTES),
    key("station.scanners.*.terminator", Kind::Bytes, "\\r\\n", "", "Bytes of which each ends a code.").only(BYTES),
    key(
        "station.scanners.*.gs",
        Kind::Bytes,
        "",
        "|",
        "What it sends in place of GS (ASCII 29) in GS1 codes: | or <GS> or ^]. Built in: GS itself.",
    )
    .only(BYTES),
    key(
        "station.scanners.*.good",
        Kind::Bytes,
        "",
        "\\x1B[6q\\r",
        "Bytes it is sent when a code counted, for its beep and light; its manual tells them. Built in: none.",
    )
    .only(SERIAL),
    key(
        "station.scanners.*.bad",
        Kind::Bytes,
        "",
        "\\x1B[8q\\r",
        "Bytes it is sent when a code was refused. Built in: none.",
    )
    .only(SERIAL),
    key("station.scanners.*.usb_id", Kind::Text, "", "05e0:1300", USB_ID).only(USB),
    key("station.scanners.*.usb_serial", Kind::Text, "", "S12345678", USB_SERIAL).only(USB),
    key("station.scanners.*.usb_port", Kind::Text, "", "1-2.4", USB_PORT).only(USB),
    key(
        "station.scales.*.kind",
        Kind::Choice(&["serial", "usb"]),
        "",
        "serial",
        "How the scale is connected: at a serial port, or as a USB scale (usb).",
    ),
    key(
        "station.scales.*.model",
        Kind::Choice(&["find-out", "mt-sics", "toledo-8217", "nci", "adam", "pattern"]),
        "",
        "mt-sics",
        "The scale's language; find-out asks in all of them but the last, pattern is what the settings below describe.",
    )
    .only(SERIAL),
    key(
        "station.scales.*.unit",
        Kind::Choice(&["kg", "g", "lb", "oz"]),
        "kg",
        "",
        "The unit of figures that come without one (Toledo 8217).",
    )
    .only(SERIAL),
    key(
        "station.scales.*.h1_inverted",
        Kind::Flag,
        "false",
        "",
        "For nci: the first status byte means the opposite, as one maker sends it.",
    )
    .only(SERIAL),
    key(
        "station.scales.*.pattern",
        Kind::Text,
        "",
        "",
        "For pattern: a regular expression that a whole line of the scale fits, such as '(?<weight>[0-9.]+) *(?<unit>kg|g)(?<stable>)'; see docs/devices-serial.md.",
    )
    .only(SERIAL),
    key(
        "station.scales.*.ask",
        Kind::Bytes,
        "",
        "",
        "For pattern: bytes that ask for the weight, such as 'P\\r\\n'. Built in: none, the scale talks by itself.",
    )
    .only(SERIAL),
    key("station.scales.*.zero", Kind::Bytes, "", "", "For pattern: bytes that set it to zero.").only(SERIAL),
    key("station.scales.*.tare", Kind::Bytes, "", "", "For pattern: bytes that take the load as tare.").only(SERIAL),
    key(
        "station.scales.*.line_end",
        Kind::Bytes,
        "",
        "",
        "For pattern: bytes of which each ends a line. Built in: CR, LF and ETX.",
    )
    .only(SERIAL),
    key("station.scales.*.port", Kind::Path, "", "/dev/serial/by-id/usb-scale", "The serial port.").only(SERIAL),
    key(
        "station.scales.*.baud",
        Kind::Choice(BAUDS),
        "",
        "9600",
        "Speed in bits per second. Built in: the protocol's own.",
    )
    .only(SERIAL),
    key("station.scales.*.data_bits", Kind::Whole(7, 8), "", "8", "Data bits. Built in: the protocol's own.")
        .only(SERIAL),
    key(
        "station.scales.*.parity",
        Kind::Choice(&["none", "even", "odd"]),
        "",
        "none",
        "Parity. Built in: the protocol's own.",
    )
    .only(SERIAL),
    key("station.scales.*.stop_bits", Kind::Whole(1, 2), "", "1", "Stop bits. Built in: the protocol's own.")
        .only(SERIAL),
    key(
        "station.scales.*.poll_ms",
        Kind::Whole(50, 800),
        "200",
        "",
        "Pause between two questions to the scale, in ms; a weight older than a second does not count.",
    )
    .only(SERIAL),
    key("station.scales.*.usb_id", Kind::Text, "", "0922:8003", USB_ID).only(USB),
    key("station.scales.*.usb_serial", Kind::Text, "", "0071234567", USB_SERIAL).only(USB),
    key("station.scales.*.usb_port", Kind::Text, "", "1-2.4", USB_PORT).only(USB),
    key(
        "station.printers.*.kind",
        Kind::Choice(&["tcp", "usb", "ipp", "receipt", "folder"]),
        "",
        "tcp",
        "A label printer on the network (tcp) or at a USB port (usb), a driverless printer or a print server's queue (ipp), a receipt printer, or a folder that takes files.",
    ),
    key("station.printers.*.use", Kind::Choice(&["label", "documents"]), "label", "", "What it prints."),
    key(
        "station.printers.*.prints",
        Kind::Words(PAPERS),
        "",
        "packing-slip, invoice",
        "What it prints, paper by paper; in place of use. Printers that print the same share the work.",
    ),
    key(
        "station.printers.*.fallback",
        Kind::Text,
        "",
        "office",
        "Name of the printer that steps in while this one is at fault; it may have one of its own.",
    ),
    key(
        "station.printers.*.format",
        Kind::Choice(&["zpl", "pdf", "png", "jpeg", "pwg"]),
        "",
        "zpl",
        "What it is sent. Built in: zpl by tcp and usb, pdf to a folder, by ipp the best that the printer says it takes.",
    )
    .only(&["tcp", "usb", "ipp", "folder"]),
    key("station.printers.*.dpi", Kind::Choice(&["203", "300", "600"]), "203", "", "Dots per inch of its head."),
    key(
        "station.printers.*.label_width_mm",
        Kind::Whole(0, 1_000),
        "0",
        "",
        "Width of its labels; a site's own template that is wider is not sent to it. 0: not said.",
    ),
    key("station.printers.*.label_height_mm", Kind::Whole(0, 1_000), "0", "", "Height of its labels. 0: not said."),
    key("station.printers.*.host", Kind::Text, "", "192.0.2.10", "Its name or address on the network.")
        .only(TCP_RECEIPT),
    key("station.printers.*.tcp_port", Kind::Whole(1, 65_535), "9100", "", "Its port.").only(TCP_RECEIPT),
    key(
        "station.printers.*.port",
        Kind::Path,
        "",
        "/dev/serial/by-id/usb-receipts",
        "The serial port of a receipt printer that is not on the network; in place of host. At a USB port usb_id, usb_serial or usb_port stands in its place.",
    )
    .only(RECEIPT),
    key("station.printers.*.baud", Kind::Choice(BAUDS), "9600", "", "Speed of the serial port in bits per second.")
        .only(RECEIPT),
    key(
        "station.printers.*.head_dots",
        Kind::Whole(128, 1_280),
        "576",
        "",
        "Dots across its roll: 576 for 80 mm, 384 for 58 mm. Wider papers are drawn smaller.",
    )
    .only(RECEIPT),
    key(
        "station.printers.*.uri",
        Kind::Url(IPP_SCHEMES),
        "",
        "ipp://printer.local/ipp/print",
        "Its address; of a print server's queue ipp://localhost/printers/NAME.",
    )
    .only(IPP),
    key(
        "station.printers.*.certificate",
        Kind::Path,
        "",
        "/etc/packbench/office-printer.pem",
        "File with the certificate that it shows (PEM); without it the machine's own authorities are trusted.",
    )
    .only(IPP),
    key(
        "station.printers.*.media",
        Kind::Text,
        "",
        "iso_a4_210x297mm",
        "The paper to ask for, by its IPP name. Built in: the printer's own choice.",
    )
    .only(IPP),
    key(
        "station.printers.*.status",
        Kind::Flag,
        "true",
        "",
        "Ask it about paper and head; false for printers that would print the question.",
    )
    .only(STATUS),
    key("station.printers.*.usb_id", Kind::Text, "", "0a5f:0120", USB_ID).only(USB_RECEIPT),
    key("station.printers.*.usb_serial", Kind::Text, "", "D2J1234567", USB_SERIAL).only(USB_RECEIPT),
    key("station.printers.*.usb_port", Kind::Text, "", "1-2.4", USB_PORT).only(USB_RECEIPT),
    key("station.printers.*.folder", Kind::Path, "", "/var/spool/packbench", "The folder; it must exist.").only(FOLDER),
    key(
        "station.cameras.*.kind",
        Kind::Choice(&["v4l2", "snapshot", "mjpeg", "folder"]),
        "",
        "v4l2",
        "A camera at this computer (v4l2), one that answers with one picture, one that streams, or a folder that pictures arrive in.",
    ),
    key(
        "station.cameras.*.device",
        Kind::Text,
        "*",
        "",
        "Which camera: its name, serial number, USB port or file, as `packbench doctor` lists them; * stands for anything.",
    )
    .only(VIDEO),
    key("station.cameras.*.width_px", Kind::Whole(160, 4_096), "1280", "", "Width of the pictures it is asked for.")
        .only(VIDEO),
    key("station.cameras.*.url", Kind::Url(HTTP), "", "http://192.0.2.20/snapshot.jpg", "Its address.")
        .only(WEB_CAMERA),
    key("station.cameras.*.folder", Kind::Path, "", "/var/lib/camera", "The folder; it must exist.").only(FOLDER),
    key(
        "station.cameras.*.turn_degrees",
        Kind::Choice(&["0", "90", "180", "270"]),
        "0",
        "",
        "How its pictures are turned, clockwise, to stand upright.",
    ),
    key("station.cameras.*.burst", Kind::Whole(1, 8), "3", "", "Pictures for one photo; the sharpest is kept.")
        .only(STREAMS),
    key("station.cameras.*.read_codes", Kind::Flag, "false", "", "Codes held before it count, as a scanner's.")
        .only(STREAMS),
    key("station.cameras.*.photo_side_px", Kind::Whole(320, 8_000), "1600", "", "Longest side of a photo that is kept."),
    key("station.cameras.*.photo_kbytes_max", Kind::Whole(40, 10_000), "400", "", "Largest file of a photo, in kilobytes."),
    key(
        "station.cameras.*.photo_quality_percent",
        Kind::Whole(40, 95),
        "85",
        "",
        "JPEG quality; lowered by itself where a photo is larger than its file may be.",
    ),
    key("station.cameras.*.photo_margin", Kind::Flag, "true", "", "Order, parcel and time stand below the photo."),
    key(
        "station.cameras.*.check_label",
        Kind::Choice(&["off", "say", "must"]),
        "off",
        "",
        "Look for the parcel's label in photos taken once it is printed: say what is wrong, or keep no photo without it (must).",
    ),
    key(
        "station.tag_readers.*.kind",
        Kind::Choice(&["pcsc"]),
        "",
        "pcsc",
        "A reader of NFC tags at the system's card service (pcscd).",
    ),
    key(
        "station.tag_readers.*.reader",
        Kind::Text,
        "",
        "ACR122",
        "A part of its name, where the computer has several; `packbench devices readers` lists them.",
    ),
    key("station.lights.*.kind", Kind::Choice(SERIAL), "", "serial", "How the stack light is connected."),
    key("station.lights.*.port", Kind::Path, "", "/dev/serial/by-id/usb-light", "The serial port."),
    key("station.lights.*.baud", Kind::Choice(BAUDS), "9600", "", "Speed in bits per second; 8N1."),
    key(
        "station.lights.*.hold_ms",
        Kind::Whole(100, 60_000),
        "2000",
        "",
        "How long an outcome is shown, in ms; attention stays until the next.",
    ),
    key("station.lights.*.idle", Kind::Bytes, "", "\\x11\\x12\\x14", "Bytes for nothing to tell."),
    key("station.lights.*.good", Kind::Bytes, "", "\\x24", "Bytes for counted."),
    key("station.lights.*.refused", Kind::Bytes, "", "\\x21", "Bytes for refused."),
    key("station.lights.*.attention", Kind::Bytes, "", "\\x22", "Bytes for a question or a call for the lead."),
    key("station.lights.*.done", Kind::Bytes, "", "\\x44", "Bytes for a finished order."),
    key(
        "central.listen",
        Kind::Socket,
        "127.0.0.1:8470",
        "",
        "Address and port to listen at; 0.0.0.0 is every network.",
    ),
    key(
        "central.public_url",
        Kind::Url(HTTP),
        "",
        "https://packbench.example.com",
        "Address people and stations use. Built in: the listen address.",
    ),
    key(
        "central.trusted_proxies",
        Kind::Networks,
        "127.0.0.1, ::1",
        "",
        "Addresses and networks of the proxies in front: only what they say in X-Forwarded-For is believed. Built in: this machine.",
    ),
    key(
        "central.data_dir",
        Kind::Path,
        "",
        "/var/lib/packbench/central",
        "Folder of photos, backups and the embedded database. Built in: packbench/central in the user's data folder.",
    ),
    key(
        "central.database",
        Kind::Secret,
        "",
        "",
        "sqlite:PATH, or postgres://USER:PASSWORD@HOST/NAME. Built in: sqlite in data_dir. With a password better: database_file.",
    ),
    key(
        "central.database_file",
        Kind::Path,
        "",
        "/etc/packbench/database.url",
        "File that holds the database's address in its first line.",
    ),
    key(
        "central.zone",
        Kind::Zone,
        "UTC",
        "",
        "IANA time zone that a new site begins with; from then on the one in the console's settings counts.",
    ),
    key(
        "central.session_hours",
        Kind::Whole(1, 168),
        "12",
        "",
        "Hours after which a person logs in at the console again, in any case.",
    ),
    key("central.session_idle_minutes", Kind::Whole(5, 1_440), "60", "", "Minutes without use after which they do."),
    key(
        "central.sessions_per_user_max",
        Kind::Whole(1, 100),
        "10",
        "",
        "Browsers one person is logged in with at once; the oldest gives way.",
    ),
    key(
        "central.webhooks_private",
        Kind::Flag,
        "false",
        "",
        "Webhooks may go over plain HTTP and into the own network; only where no stranger can make one.",
    ),
    key(
        "central.mail_host",
        Kind::Text,
        "",
        "mail.example.com",
        "The mail server that mail to customers goes out through; without it mail waits.",
    ),
    key(
        "central.mail_port",
        Kind::Whole(1, 65_535),
        "",
        "587",
        "Its port. Built in: 587 for starttls, 465 for tls, 25 for none.",
    ),
    key(
        "central.mail_tls",
        Kind::Choice(&["starttls", "tls", "none"]),
        "starttls",
        "",
        "How the way there is kept secret; none only to a mail server on the own machine.",
    ),
    key(
        "central.mail_user",
        Kind::Text,
        "",
        "",
        "Who logs in there, such as orders@example.com; without it nobody does.",
    ),
    key("central.mail_password", Kind::Secret, "", "", "The password. Better: mail_password_file."),
    key(
        "central.mail_password_file",
        Kind::Path,
        "",
        "/etc/packbench/mail.password",
        "File that holds the password in its first line.",
    ),
    key(
        "central.mail_from",
        Kind::Text,
        "",
        "Example Shop <orders@example.com>",
        "Who mail comes from: an address, or a name and the address in angle brackets.",
    ),
    key(
        "central.mail_authorities_file",
        Kind::Path,
        "",
        "/etc/packbench/mail-ca.pem",
        "File of certificate authorities (PEM) beside the machine's own, for a mail server of the house.",
    ),
    key(
        "central.log_filter",
        Kind::Text,
        "info",
        "",
        "What is logged: error, warn, info, debug, or per room as packbench::central=debug.",
    ),
];
