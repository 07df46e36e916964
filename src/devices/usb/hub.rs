//! The station's view of its USB ports: one libusb context, what is plugged in and what it is for, and who has which unit. Must
//! never use libusb's global context (it panics where there is no USB), and never take a keyboard.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rusb::{Context, Device, DeviceHandle, Direction, TransferType, UsbContext};

use super::choose::{Slot, UsbName, UsbUse, UsbWanted, choose};
use super::descriptor::{self, DESCRIPTOR_BYTES_MAX, Layout};
use super::transfer::reason;
use super::{pos, weighing};
use crate::devices::event::LostReason;

const CLASS_HID: u8 = 0x03;
const CLASS_PRINTER: u8 = 0x07;
/// A keyboard or mouse that works before any system: never a scanner in POS mode, never a scale.
const SUBCLASS_BOOT: u8 = 0x01;
/// Longest wait for a descriptor.
const CONTROL_WAIT: Duration = Duration::from_millis(500);
/// Devices looked at, at most.
const DEVICES_MAX: usize = 128;
/// Where Linux tells what is plugged in, without any right to open it.
const SYSFS: &str = "/sys/bus/usb/devices";

/// The ways into one interface.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Ends {
    pub(super) interface: u8,
    pub(super) setting: u8,
    pub(super) interrupt_in: Option<(u8, u16)>,
    pub(super) interrupt_out: Option<u8>,
    pub(super) bulk_in: Option<u8>,
    pub(super) bulk_out: Option<u8>,
}

/// What one interface is for.
#[derive(Debug, Clone)]
pub(super) enum Part {
    Hid(UsbUse, Ends, Layout),
    Printer(Ends),
}

impl Part {
    fn used_for(&self) -> UsbUse {
        match self {
            Self::Hid(used_for, ..) => *used_for,
            Self::Printer(_) => UsbUse::Printer,
        }
    }

    fn ends(&self) -> Ends {
        match self {
            Self::Hid(_, ends, _) | Self::Printer(ends) => *ends,
        }
    }
}

/// What a device can be, and what kept that from being found out.
type Inspected = (Vec<Part>, Option<LostReason>);

/// One plugged-in device of interest.
#[derive(Debug, Clone)]
struct Found {
    name: UsbName,
    device: Device<Context>,
    /// What it can be; empty where that cannot be told yet.
    parts: Vec<Part>,
    /// What kept it from being looked at.
    hindrance: Option<LostReason>,
}

/// One line of the device check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsbListed {
    /// Who it is.
    pub name: UsbName,
    /// What it calls itself.
    pub product: String,
    /// What it is for; `None` where only its owner can tell.
    pub used_for: Option<UsbUse>,
    /// What hinders its use.
    pub hindrance: Option<LostReason>,
    /// The file whose rights count.
    pub node: PathBuf,
}

/// A claimed interface; giving it up returns it to the system's own driver.
#[derive(Debug)]
pub(super) struct Claimed {
    pub(super) name: UsbName,
    pub(super) handle: DeviceHandle<Context>,
    pub(super) part: Part,
    seat: Seat,
}

impl Drop for Claimed {
    fn drop(&mut self) {
        // Release first, so that the unit is not shown as free while it is still held.
        if let Err(error) = self.handle.release_interface(self.part.ends().interface) {
            tracing::debug!(%error, "a USB interface was not given back; it was unplugged");
        }
        self.seat.set(None);
    }
}

#[derive(Debug, Default)]
struct Inside {
    context: Option<Context>,
    slots: Vec<Slot>,
    /// What was found out about a device, by bus and address: an address is not used again while the unit is there.
    known: BTreeMap<(u8, u8), Inspected>,
}

/// Shared by all USB devices of a station; cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct UsbHub {
    inside: Arc<Mutex<Inside>>,
}

/// One device's place at the hub.
#[derive(Debug, Clone)]
pub(crate) struct Seat {
    hub: UsbHub,
    at: usize,
    used_for: UsbUse,
}

impl UsbHub {
    fn lock(&self) -> MutexGuard<'_, Inside> {
        // Whole values only are put in, so a panic of another holder cannot have left it half-changed.
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A place for a device of the station; all are made before the first is used.
    pub(crate) fn seat(&self, used_for: UsbUse, wanted: UsbWanted) -> Seat {
        let mut inside = self.lock();
        inside.slots.push(Slot { used_for, wanted, last: None, held: None });
        Seat { hub: self.clone(), at: inside.slots.len() - 1, used_for }
    }

    /// Everything of interest that is plugged in, and what hinders its use. Opens what it may open and gives it back at once.
    ///
    /// # Errors
    /// Why the USB ports cannot be looked at.
    pub fn list(&self) -> Result<Vec<UsbListed>, LostReason> {
        let mut inside = self.lock();
        let found = inside.look()?;
        drop(inside);
        Ok(found.iter().map(listed).collect())
    }
}

fn listed(found: &Found) -> UsbListed {
    let hindrance = match found.device.open() {
        Ok(handle) => found.hindrance.or_else(|| {
            let part = found.parts.first()?;
            claim(&handle, part.ends()).err()
        }),
        Err(error) => Some(reason(error)),
    };
    let (bus, address) = (found.device.bus_number(), found.device.address());
    UsbListed {
        product: sysfs_text(&found.name.port, "product").unwrap_or_default(),
        name: found.name.clone(),
        used_for: found.parts.first().map(Part::used_for),
        hindrance,
        node: PathBuf::from(format!("/dev/bus/usb/{bus:03}/{address:03}")),
    }
}

impl Seat {
    /// Finds this place's unit and claims it.
    pub(super) fn open(&self) -> Result<Claimed, LostReason> {
        let mut inside = self.hub.lock();
        let found = inside.look()?;
        let present: Vec<(UsbUse, UsbName)> =
            found.iter().flat_map(|f| f.parts.iter().map(|p| (p.used_for(), f.name.clone()))).collect();
        let Some(name) = choose(&inside.slots, self.at, &present) else {
            return Err(inside.why_none(self.at, &found));
        };
        let chosen = found.into_iter().find(|f| f.name == name).ok_or(LostReason::NotFound)?;
        let part = chosen.parts.into_iter().find(|p| p.used_for() == self.used_for).ok_or(LostReason::NotFound)?;
        let handle = chosen.device.open().map_err(reason)?;
        claim(&handle, part.ends())?;
        if let Some(slot) = inside.slots.get_mut(self.at) {
            slot.last = Some(name.clone());
            slot.held = Some(name.clone());
        }
        Ok(Claimed { name, handle, part, seat: self.clone() })
    }

    fn set(&self, held: Option<UsbName>) {
        if let Some(slot) = self.hub.lock().slots.get_mut(self.at) {
            slot.held = held;
        }
    }
}

impl Inside {
    /// What is plugged in now and could be of use.
    fn look(&mut self) -> Result<Vec<Found>, LostReason> {
        let context = match &self.context {
            Some(context) => context.clone(),
            None => {
                // A machine without USB has no context, and nothing is plugged in there.
                let context = Context::new().map_err(|error| {
                    tracing::debug!(%error, "there are no USB ports here");
                    LostReason::NotFound
                })?;
                self.context = Some(context.clone());
                context
            }
        };
        let devices = context.devices().map_err(reason)?;
        let mut found = Vec::new();
        let mut seen = Vec::new();
        for device in devices.iter().take(DEVICES_MAX) {
            let key = (device.bus_number(), device.address());
            seen.push(key);
            // A device that vanishes while it is looked at is not there.
            let Ok(about) = device.device_descriptor() else { continue };
            let name = name_of(&device, (about.vendor_id(), about.product_id()));
            let (parts, hindrance) = match self.known.get(&key) {
                Some(known) => known.clone(),
                // One that the system has not set up yet is looked at anew the next time.
                None => match inspect(&device, &name.port) {
                    Some(inspected) => inspected,
                    None => continue,
                },
            };
            if lasts(hindrance) {
                self.known.insert(key, (parts.clone(), hindrance));
            }
            if !parts.is_empty() || hindrance.is_some() {
                found.push(Found { name, device, parts, hindrance });
            }
        }
        self.known.retain(|key, _| seen.contains(key));
        Ok(found)
    }

    /// Why a place stays empty: a unit that the settings name and that cannot be opened, or nothing is plugged in.
    fn why_none(&self, at: usize, found: &[Found]) -> LostReason {
        // What only might be a scanner, and that another program holds, is nobody's fault here.
        let Some(slot) = self.slots.get(at).filter(|slot| !slot.wanted.unasked) else { return LostReason::NotFound };
        let hindered = |f: &Found| {
            let why = f.hindrance.filter(|why| counts(&slot.wanted, *why))?;
            choose(&self.slots, at, &[(slot.used_for, f.name.clone())]).map(|_| why)
        };
        found.iter().find_map(hindered).unwrap_or(LostReason::NotFound)
    }
}

/// Whether a look at a device need not be done again while it is plugged in: nobody gives a right to what is not understood.
fn lasts(hindrance: Option<LostReason>) -> bool {
    hindrance.is_none_or(|why| why == LostReason::BadAnswer)
}

/// Whether what hinders a device may be why a place is empty: one that is not understood may be anything, so only where it is meant.
fn counts(wanted: &UsbWanted, why: LostReason) -> bool {
    why != LostReason::BadAnswer || wanted.names_one()
}

fn claim(handle: &DeviceHandle<Context>, ends: Ends) -> Result<(), LostReason> {
    // The system's own driver (a keyboard's, a printer's) gives way and gets the interface back afterwards; where the system
    // has no such thing there is no driver to give way.
    match handle.set_auto_detach_kernel_driver(true) {
        Ok(()) | Err(rusb::Error::NotSupported) => {}
        Err(error) => return Err(reason(error)),
    }
    handle.claim_interface(ends.interface).map_err(reason)?;
    if ends.setting != 0 {
        handle.set_alternate_setting(ends.interface, ends.setting).map_err(reason)?;
    }
    Ok(())
}

fn name_of(device: &Device<Context>, id: (u16, u16)) -> UsbName {
    let ports: Vec<String> = device.port_numbers().unwrap_or_default().iter().map(u8::to_string).collect();
    let port = format!("{}-{}", device.bus_number(), ports.join("."));
    // A word that a maker left out or filled with blanks tells nothing apart.
    let serial = sysfs_text(&port, "serial").filter(|serial| !serial.is_empty());
    UsbName { id, serial, port }
}

/// A text about a device that everybody may read.
fn sysfs_text(port: &str, what: &str) -> Option<String> {
    let text = std::fs::read_to_string(Path::new(SYSFS).join(port).join(what)).ok()?;
    Some(text.trim().chars().filter(|c| !c.is_control()).take(128).collect())
}

/// What a device is for, and what kept that from being found out; nothing while the system has not set it up.
fn inspect(device: &Device<Context>, port: &str) -> Option<Inspected> {
    let mut parts = Vec::new();
    let mut hindrance: Option<LostReason> = None;
    let config = device.active_config_descriptor().ok()?;
    for interface in config.interfaces() {
        // Settings of an interface are one after the other; the first that is of use is taken.
        for setting in interface.descriptors() {
            let ends = ends_of(&setting);
            let printer = setting.class_code() == CLASS_PRINTER && ends.bulk_out.is_some();
            let hid = setting.class_code() == CLASS_HID
                && setting.sub_class_code() != SUBCLASS_BOOT
                && ends.interrupt_in.is_some();
            if printer {
                parts.push(Part::Printer(ends));
                break;
            }
            if hid {
                let place = format!("{port}:{}.{}", config.number(), ends.interface);
                match layout_of(device, ends, &place) {
                    Ok(layout) => parts.extend(hid_part(ends, layout)),
                    // What may go by itself is told before what stays.
                    Err(why) => hindrance = hindrance.filter(|known| !lasts(Some(*known))).or(Some(why)),
                }
                break;
            }
        }
    }
    // Of a device that is known by one interface the others need not be understood.
    let hindrance = hindrance.filter(|why| parts.is_empty() || !lasts(Some(*why)));
    Some((parts, hindrance))
}

fn hid_part(ends: Ends, layout: Layout) -> Option<Part> {
    if pos::is_scanner(&layout) {
        Some(Part::Hid(UsbUse::Scanner, ends, layout))
    } else if weighing::is_scale(&layout) {
        Some(Part::Hid(UsbUse::Scale, ends, layout))
    } else {
        None
    }
}

fn ends_of(setting: &rusb::InterfaceDescriptor<'_>) -> Ends {
    let mut ends = Ends { interface: setting.interface_number(), setting: setting.setting_number(), ..Ends::default() };
    for end in setting.endpoint_descriptors() {
        match (end.transfer_type(), end.direction()) {
            (TransferType::Interrupt, Direction::In) => {
                ends.interrupt_in.get_or_insert((end.address(), end.max_packet_size()));
            }
            (TransferType::Bulk, Direction::In) => {
                ends.bulk_in.get_or_insert(end.address());
            }
            (TransferType::Bulk, Direction::Out) => {
                ends.bulk_out.get_or_insert(end.address());
            }
            (TransferType::Interrupt, Direction::Out) => {
                ends.interrupt_out.get_or_insert(end.address());
            }
            (TransferType::Control | TransferType::Isochronous, Direction::In | Direction::Out) => {}
        }
    }
    ends
}

/// The report descriptor: the system's own driver has read it already, or the device is asked.
fn layout_of(device: &Device<Context>, ends: Ends, place: &str) -> Result<Layout, LostReason> {
    let bytes = match sysfs_descriptor(place) {
        Some(bytes) => bytes,
        None => {
            let handle = device.open().map_err(reason)?;
            claim(&handle, ends)?;
            let mut buf = vec![0u8; DESCRIPTOR_BYTES_MAX];
            let length = handle
                .read_control(0x81, 0x06, 0x2200, u16::from(ends.interface), &mut buf, CONTROL_WAIT)
                .map_err(reason)?;
            buf.truncate(length);
            buf
        }
    };
    descriptor::parse(&bytes).map_err(|error| {
        tracing::warn!(%error, place, "a USB device cannot be understood");
        LostReason::BadAnswer
    })
}

/// `/sys/bus/usb/devices/1-2:1.0/0003:05E0:1300.0001/report_descriptor`
fn sysfs_descriptor(place: &str) -> Option<Vec<u8>> {
    let children = std::fs::read_dir(Path::new(SYSFS).join(place)).ok()?;
    let read =
        |child: std::io::Result<std::fs::DirEntry>| std::fs::read(child.ok()?.path().join("report_descriptor")).ok();
    children.take(64).find_map(read).filter(|bytes| !bytes.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_understood_is_looked_at_once_and_hinders_only_whom_it_is_meant_for() {
        assert!(lasts(None) && lasts(Some(LostReason::BadAnswer)));
        assert!(!lasts(Some(LostReason::NotPermitted)) && !lasts(Some(LostReason::Busy)), "a right may be given");
        let any = UsbWanted::default();
        let this = UsbWanted { id: Some((0x05e0, 0x1300)), ..UsbWanted::default() };
        assert!(!counts(&any, LostReason::BadAnswer) && counts(&this, LostReason::BadAnswer));
        assert!(counts(&any, LostReason::NotPermitted));
    }
}
