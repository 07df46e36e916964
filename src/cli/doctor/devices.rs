//! The devices as the station's own device check would show them: each is opened and asked for a few seconds, and told with
//! the same state, the same words and the same cure. Nothing is printed, no photo kept, no sound played. While the station
//! runs nothing is asked: two programs on one device would take each other's bytes.

use super::{Findings, Mark, told};
use crate::cli::station::{self, devices, news};
use crate::config::StationSettings;
use crate::core::control;
use crate::core::message::Message;
use crate::devices::access::{self, Access, Holder, NoRight};
use crate::devices::tap::{Live, Way};
use crate::devices::{DeviceEvent, DeviceState, DeviceStatus, Full, Supervisor, line};
use crate::engine::view;
use crate::i18n::{Catalogue, Lang};
use std::path::Path;
use std::time::{Duration, Instant};

/// Longest time in which devices may answer.
const PATIENCE: Duration = Duration::from_millis(6_000);
/// Time between two looks.
const LOOK: Duration = Duration::from_millis(25);

/// Asks every device of the settings.
pub(super) fn check(found: &mut Findings, s: &StationSettings) {
    found.part("Devices, asked now: what the device check (F9) shows");
    let database = s.data_dir.join(station::DATABASE);
    if let Some(holder) = access::holders(&database).first() {
        let what = format!("the station runs ({}): its own device check tells how each device stands", process(holder));
        return found.good(what);
    }
    let Ok(plan) = devices::plan(s) else {
        return found.add(Mark::None, "not asked: the settings of the devices cannot be used", "");
    };
    let sink = |_: DeviceEvent| Ok::<(), Full>(());
    let supervisor = match Supervisor::start(plan.config, sink) {
        Ok(supervisor) => supervisor,
        Err(e) => return found.broken(told(&e), "close other programs"),
    };
    let until = Instant::now() + PATIENCE;
    let opening = |state: &DeviceState| state.status == DeviceStatus::Opening;
    while Instant::now() < until && supervisor.states().iter().any(opening) {
        std::thread::park_timeout(LOOK);
    }
    let words = Catalogue::new(Lang::En);
    let live = supervisor.handle().live();
    for state in supervisor.states() {
        let heard = live.iter().find(|(id, _)| *id == state.device).map(|(_, live)| live);
        one(found, &words, &state, heard);
    }
    supervisor.stop();
}

fn one(found: &mut Findings, words: &Catalogue, state: &DeviceState, live: Option<&Live>) {
    let kind = news::kind_of(state.kind);
    let shown = news::news(kind, state.device.as_str(), &state.status);
    let say = |m: &Message| words.render(m);
    let (mark, word) = match shown.state {
        view::DeviceState::Ready => (Mark::Good, "works"),
        view::DeviceState::Busy => (Mark::Good, "busy"),
        view::DeviceState::Opening => (Mark::Look, "gives no answer"),
        view::DeviceState::Attention => (Mark::Look, "needs a look"),
        // A station without its sounds, its speech and its ears packs on.
        view::DeviceState::Absent | view::DeviceState::Lost { .. }
            if matches!(kind, view::DeviceKind::Sound | view::DeviceKind::Speech | view::DeviceKind::Voice) =>
        {
            (Mark::Look, "is not there")
        }
        view::DeviceState::Absent => (Mark::Broken, "is not there"),
        view::DeviceState::Lost { .. } => (Mark::Broken, "is lost"),
    };
    let mut what = format!("{} {word}", state.device);
    if let Some(detail) = &shown.detail {
        what.push_str(": ");
        what.push_str(&say(detail));
    }
    if let Some(line) = live.and_then(last_heard) {
        what.push_str("; last bytes ");
        what.push_str(&line);
    }
    found.add(mark, what, shown.cure.as_ref().map(say).unwrap_or_default());
}

/// The last bytes that came from a device.
fn last_heard(live: &Live) -> Option<String> {
    live.pieces.iter().rev().find(|piece| piece.way == Way::In).map(|piece| control::named(&piece.bytes))
}

fn process(holder: &Holder) -> String {
    format!("{}, process {}", holder.program, holder.pid)
}

/// A device file: whether this user may open it, and who has it open.
pub(super) fn file(found: &mut Findings, name: &str, path: &Path) {
    let shown = path.display();
    let Some(real) = line::resolve(path) else {
        let todo = "plug it in, and check the path with `ls /dev/serial/by-id`";
        return found.broken(format!("{name} at {shown}: nothing is there"), todo);
    };
    match access::look(&real) {
        Access::Missing => found.broken(format!("{name} at {shown}: it went away just now"), "plug it in again"),
        Access::Free => found.good(format!("{name} at {shown}: may be opened, and nobody else has it open")),
        Access::NoRight(why) => found.broken(format!("{name} at {shown}: this user may not open it"), right(&why)),
        Access::Held(holders) => {
            let list: Vec<String> = holders.iter().map(process).collect();
            let what = format!("{name} at {shown}: in use by {}", list.join(" and "));
            if holders.iter().all(|holder| holder.program.starts_with("packbench")) {
                found.good(format!("{what}: the station"));
            } else {
                found.broken(what, "close that program: two readers get half of each code");
            }
        }
    }
}

/// What gives this user the right.
fn right(why: &NoRight) -> String {
    match &why.group {
        Some(group) if why.log_in_again => {
            format!("this user was added to the group {group} since: log out and in again")
        }
        Some(group) => format!(
            "add this user to the group {group} (`sudo usermod -aG {group} $USER`) and log in again, or install the \
             udev rules as docs/devices.md says"
        ),
        None => "no group may open it: install the udev rules as docs/devices.md says, and plug it in again".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_right_names_the_group() {
        let why = |group: Option<&str>, log_in_again| NoRight { group: group.map(str::to_owned), log_in_again };
        assert!(right(&why(Some("dialout"), false)).contains("usermod -aG dialout"));
        assert!(right(&why(Some("dialout"), true)).contains("log out"));
        assert!(right(&why(None, false)).contains("udev"));
    }
}
