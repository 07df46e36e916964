//! The cameras' part of the device check: what is plugged in, under which name, and whether this user may open it. It looks into the
//! system's lists only: no camera is switched on.

use super::{Findings, Mark};
use crate::devices::access::{self, Access};
use crate::devices::camera::video::find::{self, Found};

/// What gives a user the right.
const RIGHT: &str = "add this user to the group video (`sudo usermod -aG video $USER`) and log in again, or install the rules: as root \
                     `packbench devices rules > /etc/udev/rules.d/60-packbench.rules`, then `udevadm control --reload`";

/// What cameras are at this computer.
pub(super) fn check(found: &mut Findings) {
    found.part("Cameras at this computer");
    let list = find::list();
    if list.is_empty() {
        found.add(Mark::None, "no camera is plugged in", "");
    }
    for camera in list {
        let named = format!("{} ({})", camera.name, place(&camera));
        stands(found, &named, &camera);
    }
}

/// The camera that a section of the settings means.
pub(super) fn wanted(found: &mut Findings, name: &str, wanted: &str) {
    match find::choose(wanted, None, find::list()).first() {
        Some(camera) => stands(found, &format!("{name} is {}", camera.name), camera),
        None => found
            .broken(format!("{name}: no camera fits \"{wanted}\""), "plug it in, or take its name from the list below"),
    }
}

fn place(camera: &Found) -> String {
    let serial = camera.serial.as_ref().map(|serial| format!(", serial number {serial}")).unwrap_or_default();
    format!("{}, at {}{serial}", camera.path.display(), camera.bus)
}

fn stands(found: &mut Findings, what: &str, camera: &Found) {
    match access::look(&camera.path) {
        Access::Missing => {
            found.broken(format!("{what}: {} went away just now", camera.path.display()), "plug it in again")
        }
        Access::Free => found.good(format!("{what}: may be opened")),
        Access::NoRight(_) => {
            found.broken(format!("{what}: this user may not open {}", camera.path.display()), RIGHT);
        }
        Access::Held(holders) => {
            let list: Vec<String> = holders.iter().map(|h| format!("{}, process {}", h.program, h.pid)).collect();
            let what = format!("{what}: in use by {}", list.join(" and "));
            if holders.iter().all(|holder| holder.program.starts_with("packbench")) {
                found.good(what);
            } else {
                found.add(Mark::Look, what, "close that program: a camera gives its pictures to one only");
            }
        }
    }
}
