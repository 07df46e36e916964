//! From the settings to the devices: which are started, under which names.

use super::super::CliError;
use super::lines;
use super::photos::Keeping;
use super::routing::Printer;
use crate::config::{
    CameraSettings, CameraSource, LightSettings, PhotoSettings, PrinterPort, ReceiptPort, ScannerPort, StationSettings,
    UsbSettings,
};
use crate::core::voice::digits::CheckDigits;
use crate::devices::camera::config::{CameraUse, Turn};
use crate::devices::camera::develop::Development;
use crate::devices::config::{
    FolderCameraConfig, FolderPrinterConfig, IppPrinterConfig, MjpegCameraConfig, ReceiptPrinterConfig,
    SnapshotCameraConfig, SoundConfig, TcpPrinterConfig, UsbPrinterConfig, VideoCameraConfig,
};
use crate::devices::light::StackLightConfig;
use crate::devices::nfc::TagReaderConfig;
use crate::devices::usb::UsbWanted;
use crate::devices::voice::{MODEL, SpeechConfig, VoiceConfig};
use crate::devices::{self as room, DeviceConfig, DeviceId, DeviceSpec, DevicesConfig, LineSettings};
use crate::engine::VoiceRules;

/// Name of the station's voice.
const SOUND_ID: &str = "sound";
/// Names of the microphone and of what speaks.
const VOICE_ID: &str = "microphone";
const SPEECH_ID: &str = "speech";
/// Longest wait for an answer of a camera, ms.
const CAMERA_MS_MAX: u64 = 5_000;
/// Time between two looks at an idle camera, ms.
const CAMERA_CHECK_MS: u64 = 10_000;
/// A picture in a folder older than this is not of this parcel, ms.
const PICTURE_AGE_MS_MAX: u64 = 60_000;

/// The devices of a station, ready to be started, and what is known of its printers and camera.
#[derive(Debug)]
pub struct Plan {
    /// All of them.
    pub config: DevicesConfig,
    /// The printers, for rendering.
    pub printers: Vec<Printer>,
    /// The camera that photos are taken with: the first.
    pub camera: Option<DeviceId>,
    /// How the cameras' photos are kept.
    pub keeping: Vec<Keeping>,
}

/// The devices of the settings.
///
/// # Errors
/// If two devices have one name, or a value is outside what the device takes.
pub fn plan(s: &StationSettings) -> Result<Plan, CliError> {
    let fault = |e: room::config::ConfigError| CliError::room("the devices of the settings cannot be used", "", e);
    let id = |name: &str| DeviceId::new(name).map_err(fault);
    let mut list = Vec::new();
    for scanner in &s.scanners {
        if let Some(spec) = lines::scanner(&scanner.port) {
            list.push(DeviceConfig { id: id(&scanner.name)?, spec });
        }
    }
    for scale in &s.scales {
        list.push(DeviceConfig { id: id(&scale.name)?, spec: lines::scale(scale)? });
    }
    for scale in &s.usb_scales {
        list.push(DeviceConfig { id: id(&scale.name)?, spec: DeviceSpec::UsbScale(usb_of(&scale.usb)) });
    }
    let mut printers = Vec::new();
    for printer in &s.printers {
        let id = id(&printer.name)?;
        printers.push(Printer::of(id.clone(), printer));
        list.push(DeviceConfig { id, spec: printer_of(&printer.port) });
    }
    let (mut camera, mut keeping) = (None, Vec::new());
    for c in &s.cameras {
        let id = id(&c.name)?;
        camera.get_or_insert_with(|| id.clone());
        keeping.push(keeping_of(id.clone(), c));
        list.push(DeviceConfig { id, spec: camera_of(c) });
    }
    for reader in &s.tag_readers {
        let spec = DeviceSpec::TagReader(TagReaderConfig { reader: reader.reader.clone() });
        list.push(DeviceConfig { id: id(&reader.name)?, spec });
    }
    for light in &s.lights {
        list.push(DeviceConfig { id: id(&light.name)?, spec: DeviceSpec::StackLight(light_of(light)) });
    }
    for (name, spec) in unasked(s) {
        let id = id(name)?;
        if list.iter().all(|device| device.id != id) {
            list.push(DeviceConfig { id, spec });
        }
    }
    list.push(sound(s).map_err(fault)?);
    list.extend(voice(s).map_err(fault)?);
    Ok(Plan { config: DevicesConfig::new(list).map_err(fault)?, printers, camera, keeping })
}

/// What is used without being named, where it is plugged in: a scanner in HID POS mode and a USB scale, where the settings tell of none.
fn unasked(s: &StationSettings) -> Vec<(&'static str, DeviceSpec)> {
    let wanted = UsbWanted { unasked: true, ..UsbWanted::default() };
    let mut list = Vec::new();
    if !s.scanners.iter().any(|scanner| matches!(scanner.port, ScannerPort::Usb(_))) {
        list.push(("usb-scanner", DeviceSpec::UsbScanner(wanted.clone())));
    }
    if s.scales.is_empty() && s.usb_scales.is_empty() {
        list.push(("usb-scale", DeviceSpec::UsbScale(wanted)));
    }
    list
}

/// The station's voice.
///
/// # Errors
/// Never for the built-in name.
pub fn sound(s: &StationSettings) -> Result<DeviceConfig, room::config::ConfigError> {
    let config = SoundConfig {
        volume_percent: s.sound_volume_percent,
        muted: s.sound_volume_percent == 0,
        ..SoundConfig::default()
    };
    Ok(DeviceConfig { id: DeviceId::new(SOUND_ID)?, spec: DeviceSpec::Sound(config) })
}

/// The microphone and what speaks, where the settings want them.
///
/// # Errors
/// Never for the built-in names.
pub fn voice(s: &StationSettings) -> Result<Vec<DeviceConfig>, room::config::ConfigError> {
    let mut list = Vec::new();
    if s.voice.commands {
        let model = s.voice.model.clone().unwrap_or_else(|| MODEL.into());
        let config = VoiceConfig { microphone: s.voice.microphone.clone(), model };
        list.push(DeviceConfig { id: DeviceId::new(VOICE_ID)?, spec: DeviceSpec::Voice(config) });
    }
    if s.voice.prompts {
        let config = SpeechConfig { speaker: s.voice.speaker.clone() };
        list.push(DeviceConfig { id: DeviceId::new(SPEECH_ID)?, spec: DeviceSpec::Speech(config) });
    }
    Ok(list)
}

/// What the engine is told of voice.
#[must_use]
pub fn voice_rules(s: &StationSettings) -> VoiceRules {
    VoiceRules {
        commands: s.voice.commands,
        prompts: s.voice.prompts,
        open: s.voice.open,
        digits: if s.voice.end_of_code { CheckDigits::EndOfCode } else { CheckDigits::Computed },
    }
}

fn printer_of(port: &PrinterPort) -> DeviceSpec {
    match port {
        PrinterPort::Tcp { host, port, status } => {
            DeviceSpec::TcpPrinter(TcpPrinterConfig { status: *status, ..TcpPrinterConfig::new(host.clone(), *port) })
        }
        PrinterPort::Usb { usb, status } => {
            DeviceSpec::UsbPrinter(UsbPrinterConfig { status: *status, ..UsbPrinterConfig::new(usb_of(usb)) })
        }
        PrinterPort::Ipp { uri, certificate, media } => DeviceSpec::IppPrinter(IppPrinterConfig {
            certificate: certificate.clone(),
            media: media.clone(),
            user: format!("packbench-{}", super::wiring::machine_name()),
            ..IppPrinterConfig::new(uri.clone())
        }),
        PrinterPort::Receipt { at, status, head_dots: _ } => {
            let port = match at {
                ReceiptPort::Tcp { host, port } => room::config::ReceiptPort::Tcp { host: host.clone(), port: *port },
                ReceiptPort::Serial { path, baud } => {
                    room::config::ReceiptPort::Serial { path: path.clone(), line: LineSettings::n81(baud.0) }
                }
                ReceiptPort::Usb(usb) => room::config::ReceiptPort::Usb(usb_of(usb)),
            };
            DeviceSpec::ReceiptPrinter(ReceiptPrinterConfig { status: *status, ..ReceiptPrinterConfig::new(port) })
        }
        PrinterPort::Folder(folder) => DeviceSpec::FolderPrinter(FolderPrinterConfig { folder: folder.clone() }),
    }
}

fn light_of(s: &LightSettings) -> StackLightConfig {
    let [idle, good, refused, attention, done] = s.states.clone();
    StackLightConfig {
        path: s.path.clone(),
        line: lines::line_of(s.line),
        hold_ms: u64::from(s.hold_ms),
        idle,
        good,
        refused,
        attention,
        done,
    }
}

/// Which USB device the settings mean.
#[must_use]
pub fn usb_of(usb: &UsbSettings) -> UsbWanted {
    UsbWanted { id: usb.id, serial: usb.serial.clone(), port: usb.port.clone(), unasked: false }
}

fn turn_of(camera: &CameraSettings) -> Turn {
    match camera.turn_degrees {
        90 => Turn::Quarter,
        180 => Turn::Half,
        270 => Turn::ThreeQuarters,
        _ => Turn::None,
    }
}

/// How a camera's photos are kept.
fn keeping_of(camera: DeviceId, settings: &CameraSettings) -> Keeping {
    let PhotoSettings { side_px, kbytes_max, quality_percent, margin, check_label } = settings.keep;
    let bytes_max = usize::try_from(kbytes_max).unwrap_or(usize::MAX).saturating_mul(1_024);
    let how = Development {
        turn: turn_of(settings),
        side_px_max: side_px,
        quality_percent,
        bytes_max,
        margin: String::new(),
    };
    Keeping { camera, how, margin, check_label }
}

fn camera_of(camera: &CameraSettings) -> DeviceSpec {
    let turn = turn_of(camera);
    let used = CameraUse { turn, burst: camera.burst, reads_codes: camera.read_codes };
    match &camera.source {
        CameraSource::Video { device, width_px } => DeviceSpec::VideoCamera(VideoCameraConfig {
            wanted: device.clone(),
            width_px: *width_px,
            used,
            ..VideoCameraConfig::default()
        }),
        CameraSource::Snapshot(url) => DeviceSpec::SnapshotCamera(SnapshotCameraConfig {
            url: url.clone(),
            answer_ms_max: CAMERA_MS_MAX,
            check_ms: CAMERA_CHECK_MS,
            used,
        }),
        CameraSource::Mjpeg(url) => {
            DeviceSpec::MjpegCamera(MjpegCameraConfig { url: url.clone(), frame_ms_max: CAMERA_MS_MAX, used })
        }
        CameraSource::Folder(folder) => DeviceSpec::FolderCamera(FolderCameraConfig {
            folder: folder.clone(),
            age_ms_max: Some(PICTURE_AGE_MS_MAX),
            check_ms: CAMERA_CHECK_MS,
            used,
        }),
    }
}
