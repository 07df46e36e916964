//! From the settings to the devices: which are started, under which names.

use super::super::CliError;
use super::routing::Printer;
use crate::config::{
    self, CameraSource, PrinterPort, ReceiptPort, ScaleModel, ScannerPort, SerialSettings, StationSettings,
};
use crate::devices::config::{
    FolderCameraConfig, FolderPrinterConfig, IppPrinterConfig, MjpegCameraConfig, ReceiptPrinterConfig, ScanFraming,
    SerialScaleConfig, SerialScannerConfig, SnapshotCameraConfig, SoundConfig, TcpPrinterConfig,
};
use crate::devices::scale::MassUnit;
use crate::devices::{
    self as room, DataBits, DeviceConfig, DeviceId, DeviceSpec, DevicesConfig, LineSettings, Parity, StopBits,
};

/// Name of the station's voice.
const SOUND_ID: &str = "sound";
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
        if let ScannerPort::Serial { path, line, idle_ms, aim } = &scanner.port {
            let framing = ScanFraming { idle_ms: Some(u64::from(*idle_ms)), aim: *aim, ..ScanFraming::default() };
            let config = SerialScannerConfig { path: path.clone(), line: line_of(*line), framing };
            list.push(DeviceConfig { id: id(&scanner.name)?, spec: DeviceSpec::SerialScanner(config) });
        }
    }
    for scale in &s.scales {
        let config = SerialScaleConfig {
            path: scale.path.clone(),
            model: match scale.model {
                ScaleModel::MtSics => room::config::ScaleModel::MtSics,
                ScaleModel::Toledo8217 => room::config::ScaleModel::Toledo8217,
            },
            line: scale.line.map(line_of),
            unit: MassUnit::Gram,
            poll_ms: u64::from(scale.poll_ms),
        };
        list.push(DeviceConfig { id: id(&scale.name)?, spec: DeviceSpec::SerialScale(config) });
    }
    let mut printers = Vec::new();
    for printer in &s.printers {
        let id = id(&printer.name)?;
        printers.push(Printer::of(id.clone(), printer));
        list.push(DeviceConfig { id, spec: printer_of(&printer.port) });
    }
    let mut camera = None;
    for c in &s.cameras {
        let id = id(&c.name)?;
        camera.get_or_insert_with(|| id.clone());
        list.push(DeviceConfig { id, spec: camera_of(&c.source) });
    }
    list.push(sound(s).map_err(fault)?);
    Ok(Plan { config: DevicesConfig::new(list).map_err(fault)?, printers, camera })
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

fn printer_of(port: &PrinterPort) -> DeviceSpec {
    match port {
        PrinterPort::Tcp { host, port, status } => {
            DeviceSpec::TcpPrinter(TcpPrinterConfig { status: *status, ..TcpPrinterConfig::new(host.clone(), *port) })
        }
        PrinterPort::Ipp { uri, certificate, media } => DeviceSpec::IppPrinter(IppPrinterConfig {
            certificate: certificate.clone(),
            media: media.clone(),
            ..IppPrinterConfig::new(uri.clone())
        }),
        PrinterPort::Receipt { at, status, head_dots: _ } => {
            let port = match at {
                ReceiptPort::Tcp { host, port } => room::config::ReceiptPort::Tcp { host: host.clone(), port: *port },
                ReceiptPort::Serial { path, baud } => {
                    room::config::ReceiptPort::Serial { path: path.clone(), line: LineSettings::n81(baud.0) }
                }
            };
            DeviceSpec::ReceiptPrinter(ReceiptPrinterConfig { status: *status, ..ReceiptPrinterConfig::new(port) })
        }
        PrinterPort::Folder(folder) => DeviceSpec::FolderPrinter(FolderPrinterConfig { folder: folder.clone() }),
    }
}

fn camera_of(source: &CameraSource) -> DeviceSpec {
    match source {
        CameraSource::Snapshot(url) => DeviceSpec::SnapshotCamera(SnapshotCameraConfig {
            url: url.clone(),
            answer_ms_max: CAMERA_MS_MAX,
            check_ms: CAMERA_CHECK_MS,
        }),
        CameraSource::Mjpeg(url) => {
            DeviceSpec::MjpegCamera(MjpegCameraConfig { url: url.clone(), frame_ms_max: CAMERA_MS_MAX })
        }
        CameraSource::Folder(folder) => DeviceSpec::FolderCamera(FolderCameraConfig {
            folder: folder.clone(),
            age_ms_max: Some(PICTURE_AGE_MS_MAX),
            check_ms: CAMERA_CHECK_MS,
        }),
    }
}

fn line_of(s: SerialSettings) -> LineSettings {
    LineSettings {
        baud: s.baud.0,
        data_bits: match s.data_bits {
            config::DataBits::Seven => DataBits::Seven,
            config::DataBits::Eight => DataBits::Eight,
        },
        parity: match s.parity {
            config::Parity::None => Parity::None,
            config::Parity::Even => Parity::Even,
            config::Parity::Odd => Parity::Odd,
        },
        stop_bits: match s.stop_bits {
            config::StopBits::One => StopBits::One,
            config::StopBits::Two => StopBits::Two,
        },
    }
}
