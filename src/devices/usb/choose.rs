//! Which of the USB devices that are plugged in belongs to which device of the station. Pure; must never give one device to two,
//! and never take for one what the settings name for another.

use std::fmt;

/// What a USB device is by its own description.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum UsbUse {
    /// HID, usage page 0x8C.
    Scanner,
    /// HID, usage page 0x8D.
    Scale,
    /// Printer class.
    Printer,
}

/// What the settings say about a USB device; what is not said fits every device of the kind.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct UsbWanted {
    /// Vendor and product number.
    pub id: Option<(u16, u16)>,
    /// Serial number, as the device tells it.
    pub serial: Option<String>,
    /// Where it is plugged in, such as `1-2.4`: bus, and the ports on the way.
    pub port: Option<String>,
    /// Nobody named it: used where it is plugged in, not missed where it is not.
    pub unasked: bool,
}

impl UsbWanted {
    /// How much is said: a device named in more words goes first.
    fn weight(&self) -> u8 {
        u8::from(self.id.is_some()) + 2 * u8::from(self.port.is_some()) + 4 * u8::from(self.serial.is_some())
    }

    /// One unit is meant, not any of its kind.
    pub(super) fn names_one(&self) -> bool {
        self.weight() > 0
    }

    fn fits(&self, name: &UsbName) -> bool {
        self.id.is_none_or(|id| id == name.id)
            && self.serial.as_ref().is_none_or(|serial| Some(serial) == name.serial.as_ref())
            && self.port.as_ref().is_none_or(|port| *port == name.port)
    }
}

/// Who a USB device is.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct UsbName {
    /// Vendor and product number.
    pub id: (u16, u16),
    /// Its serial number, where it has one.
    pub serial: Option<String>,
    /// Where it is plugged in, such as `1-2.4`.
    pub port: String,
}

impl UsbName {
    /// The same unit, wherever it is plugged in now; one without a serial number is known by its port alone.
    #[must_use]
    pub fn same_unit(&self, other: &Self) -> bool {
        self.id == other.id
            && match (&self.serial, &other.serial) {
                (Some(mine), Some(other)) => mine == other,
                (None, None) => self.port == other.port,
                (Some(_), None) | (None, Some(_)) => false,
            }
    }
}

impl fmt::Display for UsbName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (vendor, product) = self.id;
        write!(f, "{vendor:04x}:{product:04x}")?;
        if let Some(serial) = &self.serial {
            write!(f, " serial {serial}")?;
        }
        write!(f, " at port {}", self.port)
    }
}

/// A place of the station that waits for a USB device.
#[derive(Debug, Clone)]
pub struct Slot {
    /// What it is for.
    pub used_for: UsbUse,
    /// What the settings say.
    pub wanted: UsbWanted,
    /// The unit it had last.
    pub last: Option<UsbName>,
    /// The unit it holds now, if any.
    pub held: Option<UsbName>,
}

/// Which of the `present` devices the slot at `mine` may take: none that another slot holds, that the settings name more exactly
/// for another, or that another slot had last; its own last one before any other.
#[must_use]
pub fn choose(slots: &[Slot], mine: usize, present: &[(UsbUse, UsbName)]) -> Option<UsbName> {
    let slot = slots.get(mine)?;
    let others = || slots.iter().enumerate().filter(|(at, other)| *at != mine && other.used_for == slot.used_for);
    let free = |name: &UsbName| {
        others().all(|(_, other)| {
            let held = other.held.as_ref().is_some_and(|held| held == name);
            let named = other.wanted.fits(name) && other.wanted.weight() > slot.wanted.weight();
            let known = other.wanted.weight() == slot.wanted.weight()
                && other.wanted.fits(name)
                && other.last.as_ref().is_some_and(|last| last.same_unit(name));
            !held && !named && !known
        })
    };
    let mut fitting: Vec<&UsbName> = present
        .iter()
        .filter(|(used_for, name)| *used_for == slot.used_for && slot.wanted.fits(name) && free(name))
        .map(|(_, name)| name)
        .collect();
    // The same order at every start, so that nothing but plugging changes which is which.
    fitting.sort_by(|a, b| (&a.port, a.id, &a.serial).cmp(&(&b.port, b.id, &b.serial)));
    let known = slot.last.as_ref().and_then(|last| fitting.iter().find(|name| last.same_unit(name)));
    known.or(fitting.first()).map(|name| (*name).clone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::usb_id::id_of;

    fn unit(serial: &str, port: &str) -> UsbName {
        let serial = (!serial.is_empty()).then(|| serial.to_owned());
        UsbName { id: (0x05e0, 0x1300), serial, port: port.to_owned() }
    }

    fn slot(serial: &str) -> Slot {
        let serial = (!serial.is_empty()).then(|| serial.to_owned());
        Slot { used_for: UsbUse::Scanner, wanted: UsbWanted { serial, ..UsbWanted::default() }, last: None, held: None }
    }

    fn scanners(units: &[UsbName]) -> Vec<(UsbUse, UsbName)> {
        units.iter().map(|unit| (UsbUse::Scanner, unit.clone())).collect()
    }

    #[test]
    fn two_of_one_kind_are_told_apart_by_serial_number() {
        let (a, b) = (unit("A", "1-1"), unit("B", "1-2"));
        let slots = [slot("B"), slot("A")];
        let present = scanners(&[a.clone(), b.clone()]);
        assert_eq!(choose(&slots, 0, &present), Some(b));
        assert_eq!(choose(&slots, 1, &present), Some(a.clone()));
        assert_eq!(choose(&slots, 0, &scanners(&[a])), None, "the other's unit is never taken");
    }

    #[test]
    fn a_place_without_a_name_leaves_named_units_alone() {
        let (a, b) = (unit("A", "1-1"), unit("B", "1-2"));
        let slots = [slot(""), slot("A")];
        assert_eq!(choose(&slots, 0, &scanners(&[a.clone(), b.clone()])), Some(b));
        assert_eq!(choose(&slots, 0, &scanners(std::slice::from_ref(&a))), None);
        assert_eq!(choose(&slots, 1, &scanners(std::slice::from_ref(&a))), Some(a));
    }

    #[test]
    fn a_unit_is_kept_at_another_port_and_a_new_one_takes_its_place() {
        let mut slots = [slot(""), slot("")];
        slots[0].last = Some(unit("A", "1-1"));
        slots[1].last = Some(unit("B", "1-2"));
        let swapped = scanners(&[unit("B", "1-1"), unit("A", "1-2")]);
        assert_eq!(choose(&slots, 0, &swapped), Some(unit("A", "1-2")), "kept");
        assert_eq!(choose(&slots, 1, &swapped), Some(unit("B", "1-1")), "kept");
        let only_b = scanners(&[unit("B", "1-1")]);
        assert_eq!(choose(&slots, 0, &only_b), None, "the neighbour's unit is not taken while A is away");
        let replaced = scanners(&[unit("B", "1-1"), unit("C", "1-2")]);
        assert_eq!(choose(&slots, 0, &replaced), Some(unit("C", "1-2")), "replaced without a restart");
    }

    #[test]
    fn without_serial_numbers_the_port_tells_them_apart() {
        let mut slots = [slot(""), slot("")];
        slots[0].last = Some(unit("", "1-1"));
        let both = scanners(&[unit("", "1-2"), unit("", "1-1")]);
        assert_eq!(choose(&slots, 0, &both), Some(unit("", "1-1")));
        assert_eq!(choose(&slots, 1, &both), Some(unit("", "1-2")));
        slots[1].held = Some(unit("", "1-1"));
        assert_eq!(choose(&slots, 0, &both), Some(unit("", "1-2")), "what another holds is never taken");
        let by_port = UsbWanted { port: Some("1-2".into()), ..UsbWanted::default() };
        let slots = [Slot { wanted: by_port, ..slot("") }];
        assert_eq!(choose(&slots, 0, &both), Some(unit("", "1-2")));
    }

    #[test]
    fn other_kinds_and_other_models_are_left_alone() {
        let scale = vec![(UsbUse::Scale, unit("A", "1-1"))];
        assert_eq!(choose(&[slot("")], 0, &scale), None);
        let model = UsbWanted { id: id_of("0c2e:0b61"), ..UsbWanted::default() };
        let slots = [Slot { wanted: model, ..slot("") }];
        assert_eq!(choose(&slots, 0, &scanners(&[unit("A", "1-1")])), None);
        assert_eq!(choose(&slots, 9, &[]), None);
    }
}
