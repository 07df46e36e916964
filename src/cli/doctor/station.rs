//! The station's part: folder, database and its chain of events, display, devices, and the way to the server.

use super::{Findings, Mark, cameras, devices as live, folder, net, told, usb};
use crate::cli::settings::Loaded;
use crate::cli::station::devices;
use crate::cli::station::display::{self, NoDisplay};
use crate::config::{CameraSource, PrinterPort, ReceiptPort, ScannerPort, StationSettings};
use crate::devices::{LostReason, nfc};
use crate::sql::{self, SqlError, Target};
use crate::storage::{self, MIGRATIONS, meta, outbox};
use std::path::Path;

pub(super) fn check(found: &mut Findings, loaded: &Loaded) {
    found.part("Station");
    let settings = match loaded.station() {
        Ok(settings) => settings,
        Err(e) => return found.broken(told(&e), "correct the settings"),
    };
    let file = settings.data_dir.join(crate::cli::station::DATABASE);
    let set_up = loaded.mentions("station.") || file.exists();
    if set_up {
        folder(found, "data folder", &settings.data_dir);
        database(found, &file);
    } else {
        let todo = "to have one: `packbench station --central-url URL`";
        found.add(Mark::None, "no station is set up on this machine", todo);
    }
    screen(found, set_up);
    if set_up {
        found.part("Devices");
        all_devices(found, &settings);
        usb::check(found);
        cameras::check(found);
        live::check(found, &settings);
        found.part("Server");
        server(found, &settings);
    }
}

fn database(found: &mut Findings, file: &Path) {
    if !file.exists() {
        return found.add(Mark::None, "no database yet: it is made at the first start", "");
    }
    let known = MIGRATIONS.last().map_or(0, |m| m.version);
    let opened = sql::open_read_only(&Target::Sqlite(file.to_path_buf())).and_then(|mut conn| {
        let version = sql::schema_version(conn.as_mut())?;
        Ok::<_, SqlError>((conn, version))
    });
    let (mut conn, version) = match opened {
        Ok(opened) => opened,
        Err(e) => return found.broken(format!("database {}: {}", file.display(), told(&e)), "restore its backup"),
    };
    if version > known {
        let what = format!("the database has schema version {version}, this program knows {known}");
        return found.broken(what, "install the newer program, or restore the backup made before it");
    }
    if version < known {
        let what = format!("the database has schema version {version} of {known}");
        return found.add(Mark::Look, what, "the next start migrates it, with a backup before");
    }
    match chain(conn.as_mut()) {
        Ok(None) => found.add(
            Mark::Look,
            format!("database, schema version {version}: the station is not paired yet"),
            "make a code with `packbench central station-code NAME` and type it into the window",
        ),
        Ok(Some((events, waiting))) => {
            found.good(format!("database, schema version {version}, {events} events in an unbroken chain"));
            let mark = if waiting == 0 { Mark::Good } else { Mark::Look };
            found.add(mark, format!("{waiting} events wait for the server"), "");
        }
        Err(e) => {
            found.broken(format!("the chain of events: {}", told(&e)), "keep the file, and pair the station again")
        }
    }
}

/// Events in the chain and those that wait; none before the station is paired.
fn chain(conn: &mut dyn storage::Conn) -> storage::Res<Option<(u64, u64)>> {
    if meta::get(conn, meta::key::STATION_ID)?.is_none() {
        return Ok(None);
    }
    let events = outbox::verify(conn)?;
    Ok(Some((events, outbox::waiting(conn)?.0)))
}

fn screen(found: &mut Findings, set_up: bool) {
    match display::check() {
        Ok(display) => found.good(format!("display {display} with its libraries")),
        Err(why) => {
            // A server has no display and needs none.
            let mark = match (&why, set_up) {
                (NoDisplay::Unset, false) => Mark::None,
                (NoDisplay::Unset | NoDisplay::NoServer(_) | NoDisplay::Libraries(_), _) => Mark::Broken,
            };
            found.add(mark, why.to_string(), why.todo());
        }
    }
}

fn all_devices(found: &mut Findings, s: &StationSettings) {
    if let Err(e) = devices::plan(s) {
        found.broken(told(&e), "correct the settings");
    }
    for scanner in &s.scanners {
        match &scanner.port {
            ScannerPort::Wedge { .. } => found.good(format!("scanner {}: types like a keyboard", scanner.name)),
            ScannerPort::Usb(_) => {
                found.good(format!("scanner {}: looked for at the USB ports, see below", scanner.name))
            }
            ScannerPort::Serial { path, .. } => live::file(found, &format!("scanner {}", scanner.name), path),
            ScannerPort::Evdev { path, .. } => keyboard_file(found, &format!("scanner {}", scanner.name), path),
        }
    }
    if s.scanners.is_empty() {
        found.add(Mark::None, "no scanner is set up; one that types like a keyboard works without", "");
    }
    for scale in &s.scales {
        live::file(found, &format!("scale {}", scale.name), &scale.path);
    }
    for scale in &s.usb_scales {
        found.good(format!("scale {}: looked for at the USB ports, see below", scale.name));
    }
    for printer in &s.printers {
        let name = format!("printer {}", printer.name);
        match &printer.port {
            PrinterPort::Tcp { host, port, .. } => net::reach(found, &name, host, *port),
            PrinterPort::Usb { .. } | PrinterPort::Receipt { at: ReceiptPort::Usb(_), .. } => {
                found.good(format!("{name}: looked for at the USB ports, see below"))
            }
            PrinterPort::Ipp { uri, certificate, .. } => {
                net::reach_ipp(found, &name, uri);
                if let Some(path) = certificate {
                    readable(found, &format!("{name}: certificate"), path);
                }
            }
            PrinterPort::Receipt { at: ReceiptPort::Tcp { host, port }, .. } => net::reach(found, &name, host, *port),
            PrinterPort::Receipt { at: ReceiptPort::Serial { path, .. }, .. } => live::file(found, &name, path),
            PrinterPort::Folder(path) => device_folder(found, &name, path),
        }
    }
    if s.printers.is_empty() {
        found.add(Mark::Look, "no printer is set up: no label can be printed", "add a [station.printers.…] section");
    }
    tags_and_lights(found, s);
    for camera in &s.cameras {
        let name = format!("camera {}", camera.name);
        match &camera.source {
            CameraSource::Video { device, .. } => cameras::wanted(found, &name, device),
            CameraSource::Snapshot(url) | CameraSource::Mjpeg(url) => net::reach_url(found, &name, url),
            CameraSource::Folder(path) => device_folder(found, &name, path),
        }
    }
}

fn tags_and_lights(found: &mut Findings, s: &StationSettings) {
    // The card service is asked once for all of them, and not at all for none.
    let listed = if s.tag_readers.is_empty() { Ok(Vec::new()) } else { nfc::readers() };
    for reader in &s.tag_readers {
        let name = format!("tag reader {}", reader.name);
        let wanted = reader.reader.to_lowercase();
        match &listed {
            Ok(names) => match names.iter().find(|n| n.to_lowercase().contains(&wanted)) {
                Some(system) => found.good(format!("{name}: {system}")),
                None if names.is_empty() => found.broken(format!("{name}: no reader is plugged in"), "plug it in"),
                None => found.broken(format!("{name}: none of {}", names.join(", ")), "correct its `reader`"),
            },
            Err(LostReason::NoCardService) => {
                let todo = "install the package pcscd, and start it: `systemctl enable --now pcscd.socket`";
                found.broken(format!("{name}: the card service is not there"), todo);
            }
            Err(reason) => {
                found.broken(format!("{name}: the card service refuses ({})", reason.code()), "may this user use it?");
            }
        }
    }
    for light in &s.lights {
        live::file(found, &format!("light {}", light.name), &light.path);
    }
}

fn readable(found: &mut Findings, name: &str, path: &Path) {
    match std::fs::File::open(path) {
        Ok(_) => found.good(format!("{name} {}", path.display())),
        Err(e) => found.broken(format!("{name} {}: {e}", path.display()), "check the path and who may read it"),
    }
}

fn keyboard_file(found: &mut Findings, name: &str, path: &Path) {
    match std::fs::File::open(path) {
        Ok(_) => found.good(format!("{name} at {}", path.display())),
        Err(e) => {
            let todo = match e.kind() {
                std::io::ErrorKind::NotFound => "plug it in, and check the path with `ls /dev/input/by-id`",
                std::io::ErrorKind::PermissionDenied => {
                    "install the udev rule of docs/devices-serial.md, or add this user to the group input, and log in again"
                }
                _ => "is another program using it?",
            };
            found.broken(format!("{name} at {}: {e}", path.display()), todo);
        }
    }
}

fn device_folder(found: &mut Findings, name: &str, path: &Path) {
    if path.is_dir() {
        folder(found, &format!("{name}: folder"), path);
    } else {
        found.broken(format!("{name}: there is no folder {}", path.display()), "make the folder, or correct the path");
    }
}

fn server(found: &mut Findings, s: &StationSettings) {
    match &s.central_url {
        None => found.add(Mark::Look, "no address of central is set", "set station.central_url"),
        Some(url) => net::server(found, url),
    }
}
