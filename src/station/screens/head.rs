//! The top bar of every screen: what it is about, device chips, who works here.

use egui::{Rect, Ui};

use super::{Desk, shell, talk};
use crate::engine::input::Ui as Request;
use crate::engine::view::{DeviceKind, DeviceState, DeviceView, Sheet};
use crate::station::icons::Icon;
use crate::station::local::Overlay;
use crate::station::widgets::top::{Chip, Top, top_bar};

/// What the left half says.
pub(super) struct Title {
    /// The screen's name.
    pub(super) title: String,
    /// A fact beside it.
    pub(super) fact: Option<(Option<Icon>, String)>,
    /// Its second half.
    pub(super) aside: String,
    /// At the right end; none for station and person.
    pub(super) who: Option<String>,
}

impl Title {
    /// A title alone.
    pub(super) fn new(title: String) -> Self {
        Self { title, fact: None, aside: String::new(), who: None }
    }
}

/// Draws the bar. A device chip opens the device check; the network's chip tells how it stands.
pub(super) fn draw(ui: &mut Ui, rect: Rect, portrait: bool, desk: &mut Desk<'_>, title: &Title) {
    let view = desk.view;
    let devices = one_of_each_kind(&view.devices);
    let words: Vec<(String, String)> = devices.iter().map(|device| shell::chip_words(desk, device)).collect();
    let (network_name, network_word, network_signal) = shell::network(desk);
    let mut chips: Vec<Chip<'_>> = devices
        .iter()
        .zip(&words)
        .map(|(device, (name, word))| Chip {
            icon: shell::device_icon(device.kind),
            name,
            word: if portrait { "" } else { word },
            signal: shell::trouble(device),
        })
        .collect();
    let icon = if network_signal.is_some() { Icon::CloudOff } else { Icon::Cloud };
    chips.push(Chip { icon, name: &network_name, word: &network_word, signal: network_signal });
    let person = view.packer.as_ref().map(|packer| packer.initials.clone()).unwrap_or_default();
    let who = match &title.who {
        Some(who) => who.clone(),
        None if portrait || person.is_empty() => person,
        None => format!("{} · {person}", view.station.name),
    };
    let network = chips.len() - 1;
    // What was heard is told in place of the title for a while; on a narrow screen the whole bar makes room for it.
    let heard = talk::tells(desk);
    let narrow = heard && portrait;
    let bar = Top {
        title: if heard { "" } else { &title.title },
        fact: title.fact.as_ref().filter(|_| !heard).map(|(icon, words)| (*icon, words.as_str())),
        aside: &title.aside,
        chips: if narrow { &[] } else { chips.as_slice() },
        talk: talk::width(ui, desk, portrait),
        who: if narrow { "" } else { &who },
    };
    let (pressed, place) = top_bar(ui, rect, &bar, portrait);
    desk.local.talk_place = place;
    match pressed {
        Some(chip) if chip == network && (view.packer.is_some() || view.network.way_out.is_some()) => {
            desk.local.overlay = Some(Overlay::Network)
        }
        Some(_) => desk.ask(Request::OpenSheet(Sheet::Devices)),
        None => {}
    }
}

/// The device of each kind that needs a person first: one chip a kind, however many there are. The device check lists all.
fn one_of_each_kind(devices: &[DeviceView]) -> Vec<&DeviceView> {
    let mut shown: Vec<&DeviceView> = Vec::new();
    // Sounds need a chip only while they are dumb, and so does what speaks and listens: the talk button stands for it.
    let quiet = |kind| matches!(kind, DeviceKind::Sound | DeviceKind::Speech | DeviceKind::Voice);
    let shows =
        |device: &&DeviceView| device.state != DeviceState::Absent && (!quiet(device.kind) || urgency(device) > 3);
    for device in devices.iter().filter(shows) {
        match shown.iter_mut().find(|other| other.kind == device.kind) {
            Some(other) if urgency(device) > urgency(other) => *other = device,
            Some(_) => {}
            None => shown.push(device),
        }
    }
    shown
}

/// Grows with how much a person is needed.
const fn urgency(device: &DeviceView) -> u8 {
    match device.state {
        DeviceState::Absent => 0,
        DeviceState::Ready => 1,
        DeviceState::Busy => 2,
        DeviceState::Opening => 3,
        DeviceState::Attention => 4,
        DeviceState::Lost { .. } => 5,
    }
}
