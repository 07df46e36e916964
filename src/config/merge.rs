//! From what was written to what is meant. Every value is looked at, whatever else is wrong, so that a person
//! corrects a file once.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use crate::core::escapes::bytes_of;
use crate::core::network::{NoNetwork, networks};
use crate::core::usb_id::id_of;

use super::key::{Key, Kind, find, nearest_word};
use super::problem::{Problem, Problems};
use super::raw::{Found, Raw, RawValue, may_be_shown};
use super::settings::{
    CameraSettings, CameraSource, CentralSettings, Database, LabelCheck, Language, MailEncryption, MailSettings,
    PhotoSettings, PhotoTimes, Secret, SessionLimits, StationSettings, Theme, UsbScaleSettings, UsbSettings,
};

mod printers;

/// Devices of one sort at a station, at most.
const DEVICES_MAX: usize = 8;
/// Longest secret in a file, in bytes.
const SECRET_BYTES_MAX: usize = 4_096;

/// What the settings build upon, from outside.
#[derive(Clone, Debug)]
pub struct Base {
    /// Folder of the user's data, where none is set: `~/.local/share`.
    pub data_home: PathBuf,
}

/// Settings of a station.
///
/// # Errors
/// Everything that is wrong with the `station` settings.
pub fn station(raw: &Raw, base: &Base) -> Result<StationSettings, Problems> {
    let mut c = Check { raw, problems: Problems::default() };
    let settings = StationSettings {
        data_dir: c.path("station.data_dir").unwrap_or_else(|| base.data_home.join("packbench").join("station")),
        central_url: c.url("station.central_url"),
        token: c.secret("station.token", "station.token_file"),
        language: match c.word("station.language").as_str() {
            "es" => Language::Es,
            "ms" => Language::Ms,
            "ru" => Language::Ru,
            _ => Language::En,
        },
        theme: match c.word("station.theme").as_str() {
            "dark" => Theme::Dark,
            "system" => Theme::System,
            _ => Theme::Light,
        },
        sound_volume_percent: c.whole("station.sound_volume_percent"),
        voice: c.voice(),
        reduced_motion: c.flag("station.reduced_motion"),
        idle_lock_minutes: Some(c.whole("station.idle_lock_minutes")).filter(|m: &u32| *m > 0),
        fullscreen: c.flag("station.fullscreen"),
        log_filter: c.word("station.log_filter"),
        scanners: c.devices("station.scanners", Check::scanner),
        scales: c.devices("station.scales", Check::scale),
        usb_scales: c.usb_scales(),
        printers: c.printers(),
        cameras: c.devices("station.cameras", Check::camera),
        photo_times: PhotoTimes {
            packed: c.flag("station.photo_when_packed"),
            weighed: c.flag("station.photo_when_weighed"),
            labelled: c.flag("station.photo_when_labelled"),
        },
        tag_readers: c.devices("station.tag_readers", Check::tag_reader),
        lights: c.devices("station.lights", Check::light),
    };
    c.problems.or(settings)
}

/// Settings of central.
///
/// # Errors
/// Everything that is wrong with the `central` settings.
pub fn central(raw: &Raw, base: &Base) -> Result<CentralSettings, Problems> {
    let mut c = Check { raw, problems: Problems::default() };
    let data_dir = c.path("central.data_dir").unwrap_or_else(|| base.data_home.join("packbench").join("central"));
    let listen: SocketAddr = c.word("central.listen").parse().unwrap_or(SocketAddr::from(([127, 0, 0, 1], 8_470)));
    let settings = CentralSettings {
        listen,
        public_url: c.url("central.public_url").unwrap_or_else(|| format!("http://{listen}")),
        trusted_proxies: networks(&c.word("central.trusted_proxies")).unwrap_or_default(),
        database: c.database(&data_dir),
        data_dir,
        zone: c.word("central.zone"),
        sessions: SessionLimits {
            hours: c.whole("central.session_hours"),
            idle_minutes: c.whole("central.session_idle_minutes"),
            per_user_max: c.whole("central.sessions_per_user_max"),
        },
        webhooks_private: c.flag("central.webhooks_private"),
        mail: c.mail(),
        log_filter: c.word("central.log_filter"),
    };
    c.problems.or(settings)
}

pub(super) struct Check<'a> {
    pub(super) raw: &'a Raw,
    problems: Problems,
}

impl Check<'_> {
    pub(super) fn problem(&mut self, path: &str, what: impl Into<String>) {
        let origin = self.raw.get(path).map(|f| f.origin.clone());
        self.problems.0.push(Problem { origin, key: path.to_owned(), what: what.into() });
    }

    /// The value of a setting as text, checked by its kind; nothing where it is neither written nor built in, or wrong.
    pub(super) fn checked(&mut self, path: &str) -> Option<String> {
        let key = find(path)?;
        let built_in = (!key.default.is_empty()).then(|| key.default.to_owned());
        let Some(found) = self.raw.get(path) else { return built_in };
        match check(key, found) {
            Ok(text) => Some(text),
            Err(what) => {
                self.problem(path, what);
                built_in
            }
        }
    }

    pub(super) fn word(&mut self, path: &str) -> String {
        self.checked(path).unwrap_or_default()
    }

    pub(super) fn path(&mut self, path: &str) -> Option<PathBuf> {
        self.checked(path).map(PathBuf::from)
    }

    fn url(&mut self, path: &str) -> Option<String> {
        self.checked(path).map(|url| url.trim_end_matches('/').to_owned())
    }

    pub(super) fn flag(&mut self, path: &str) -> bool {
        self.checked(path).is_some_and(|text| text == "true")
    }

    pub(super) fn whole<N: TryFrom<i64> + Default>(&mut self, path: &str) -> N {
        let n: Option<i64> = self.checked(path).and_then(|text| text.parse().ok());
        n.and_then(|n| N::try_from(n).ok()).unwrap_or_default()
    }

    /// A setting without which a device makes no sense.
    pub(super) fn needed(&mut self, path: &str) -> Option<String> {
        let value = self.checked(path);
        if value.is_none() && self.raw.get(path).is_none() {
            let sample = find(path).map_or("…", |k| k.sample);
            self.problem(path, format!("this is needed; write for example \"{sample}\""));
        }
        value
    }

    /// A secret, written here or in the first line of a file.
    fn secret(&mut self, path: &str, file_path: &str) -> Option<Secret> {
        let here = self.checked(path).map(Secret::new);
        let Some(file) = self.checked(file_path) else { return here };
        if here.is_some() {
            self.problem(file_path, format!("{path} is set too; keep one of them"));
            return here;
        }
        match read_secret(Path::new(&file)) {
            Ok(secret) => Some(secret),
            Err(what) => {
                self.problem(file_path, what);
                None
            }
        }
    }

    fn database(&mut self, data_dir: &Path) -> Database {
        let embedded = Database::Sqlite(data_dir.join("central.db"));
        let (path, file_path) = ("central.database", "central.database_file");
        let Some(target) = self.secret(path, file_path) else { return embedded };
        let address = target.reveal();
        if let Some(file) = address.strip_prefix("sqlite:").filter(|f| !f.is_empty()) {
            return Database::Sqlite(PathBuf::from(file));
        }
        if address.starts_with("postgres://") || address.starts_with("postgresql://") {
            return Database::Postgres(target);
        }
        let place = if self.raw.get(path).is_some() { path } else { file_path };
        self.problem(place, "write sqlite:PATH or postgres://USER:PASSWORD@HOST/NAME");
        embedded
    }

    /// The mail server, where one is named.
    fn mail(&mut self) -> Option<MailSettings> {
        let password = self.secret("central.mail_password", "central.mail_password_file");
        let (host, user) = (self.checked("central.mail_host"), self.checked("central.mail_user"));
        let (encryption, usual) = match self.word("central.mail_tls").as_str() {
            "tls" => (MailEncryption::Tls, 465),
            "none" => (MailEncryption::None, 25),
            _ => (MailEncryption::StartTls, 587),
        };
        let port = Some(self.whole("central.mail_port")).filter(|port| *port > 0).unwrap_or(usual);
        let authorities = self.path("central.mail_authorities_file");
        let Some(host) = host else {
            if user.is_some() || password.is_some() {
                self.problem(
                    "central.mail_host",
                    "this is needed with mail_user; write for example \"mail.example.com\"",
                );
            }
            return None;
        };
        let from = self.needed("central.mail_from")?;
        let inner = from.rsplit_once('<').map_or(from.as_str(), |(_, rest)| rest.trim_end_matches('>'));
        if inner.split('@').count() != 2 || inner.contains(char::is_whitespace) || from.contains(char::is_control) {
            self.problem("central.mail_from", "write an address, or Name <address>");
            return None;
        }
        let login = match (user, password) {
            (Some(user), Some(password)) => Some((user, password)),
            (None, None) => None,
            (Some(_), None) => {
                self.problem("central.mail_password_file", "this is needed with mail_user");
                None
            }
            (None, Some(_)) => {
                self.problem("central.mail_user", "this is needed with a password");
                None
            }
        };
        if login.is_some() && encryption == MailEncryption::None {
            self.problem("central.mail_tls", "a password needs starttls or tls");
        }
        Some(MailSettings { host, port, encryption, login, from, authorities })
    }

    fn devices<T>(&mut self, section: &str, one: fn(&mut Self, &str, String) -> Option<T>) -> Vec<T> {
        let names = self.raw.names(section);
        if names.len() > DEVICES_MAX {
            self.problem(section, format!("{} are listed, a station takes at most {DEVICES_MAX}", names.len()));
        }
        let mut devices = Vec::new();
        for name in names.into_iter().take(DEVICES_MAX) {
            let place = format!("{section}.{name}");
            let kind = self.needed(&format!("{place}.kind"));
            if let Some(kind) = &kind {
                self.refuse_strangers(&place, kind);
                devices.extend(one(self, &place, name));
            }
        }
        devices
    }

    /// Settings that this kind of device has no use for are a slip, not a wish.
    fn refuse_strangers(&mut self, place: &str, kind: &str) {
        let prefix = format!("{place}.");
        let raw = self.raw;
        for (path, _) in raw.iter().filter(|(path, _)| path.starts_with(&prefix)) {
            let knows = find(path).is_some_and(|k| k.only.is_empty() || k.only.contains(&kind));
            if !knows {
                self.problem(
                    path,
                    format!("kind \"{kind}\" has no use for this; take the line out or change the kind"),
                );
            }
        }
    }

    /// Scales at USB ports; those at serial ports have a language and a line besides.
    fn usb_scales(&mut self) -> Vec<UsbScaleSettings> {
        let names = self.raw.names("station.scales");
        let at_usb = |name: &String| {
            self.raw.get(&format!("station.scales.{name}.kind")).is_some_and(|kind| kind.value.typed().trim() == "usb")
        };
        let names: Vec<String> = names.into_iter().take(DEVICES_MAX).filter(at_usb).collect();
        names
            .into_iter()
            .map(|name| UsbScaleSettings { usb: self.usb(&format!("station.scales.{name}")), name })
            .collect()
    }

    pub(super) fn usb(&mut self, place: &str) -> UsbSettings {
        let at = |last: &str| format!("{place}.{last}");
        let id = self.checked(&at("usb_id")).and_then(|text| {
            let id = id_of(text.trim());
            if id.is_none() {
                self.problem(&at("usb_id"), format!("\"{text}\" is not two numbers such as \"05e0:1300\""));
            }
            id
        });
        let port = self.checked(&at("usb_port")).and_then(|text| {
            let port = text.trim().to_owned();
            let fits = port.split_once('-').is_some_and(|(bus, ports)| {
                let whole = |word: &str| word.parse::<u8>().is_ok();
                whole(bus) && ports.split('.').all(whole)
            });
            if !fits {
                self.problem(&at("usb_port"), format!("\"{text}\" is not a port such as \"1-2.4\""));
            }
            fits.then_some(port)
        });
        UsbSettings { id, serial: self.checked(&at("usb_serial")).map(|text| text.trim().to_owned()), port }
    }

    fn camera(&mut self, place: &str, name: String) -> Option<CameraSettings> {
        let at = |last: &str| format!("{place}.{last}");
        let source = match self.word(&at("kind")).as_str() {
            "v4l2" => CameraSource::Video { device: self.word(&at("device")), width_px: self.whole(&at("width_px")) },
            "folder" => CameraSource::Folder(self.needed(&at("folder")).map(PathBuf::from)?),
            "mjpeg" => CameraSource::Mjpeg(self.needed(&at("url"))?),
            _ => CameraSource::Snapshot(self.needed(&at("url"))?),
        };
        let turn_degrees = self.word(&at("turn_degrees")).parse().unwrap_or(0);
        let streams = matches!(source, CameraSource::Video { .. } | CameraSource::Mjpeg(_));
        // Words that the other kinds do not know: they are neither looked up nor missed.
        let (burst, read_codes) =
            if streams { (self.whole(&at("burst")), self.flag(&at("read_codes"))) } else { (1, false) };
        let keep = PhotoSettings {
            side_px: self.whole(&at("photo_side_px")),
            kbytes_max: self.whole(&at("photo_kbytes_max")),
            quality_percent: self.whole(&at("photo_quality_percent")),
            margin: self.flag(&at("photo_margin")),
            check_label: match self.word(&at("check_label")).as_str() {
                "say" => LabelCheck::Say,
                "must" => LabelCheck::Must,
                _ => LabelCheck::Off,
            },
        };
        Some(CameraSettings { name, source, turn_degrees, burst, read_codes, keep })
    }
}

/// Checks one value against its kind and answers it as text.
fn check(key: &Key, found: &Found) -> Result<String, String> {
    let text = found.value.typed();
    let shown = if may_be_shown(key.kind) { format!("\"{text}\"") } else { "this value".to_owned() };
    match key.kind {
        Kind::Text | Kind::Path | Kind::Secret => match &found.value {
            _ if text.trim().is_empty() => Err("this is empty; write a value or take the line out".to_owned()),
            RawValue::Text(_) => Ok(text),
            RawValue::Whole(_) | RawValue::Flag(_) => Err(format!("{shown} must be text, in quotation marks")),
        },
        Kind::Bytes => match bytes_of(&text) {
            Ok(bytes) if bytes.is_empty() => Err("this is empty; write bytes or take the line out".to_owned()),
            Ok(_) => Ok(text),
            Err(e) => Err(e.to_string()),
        },
        Kind::Whole(min, max) => match text.trim().parse::<i64>() {
            Ok(n) if (min..=max).contains(&n) => Ok(n.to_string()),
            Ok(_) | Err(_) => Err(format!("{shown} is not a whole number from {min} to {max}")),
        },
        Kind::Flag => match text.trim() {
            "true" | "false" => Ok(text.trim().to_owned()),
            _ => Err(format!("{shown} is neither true nor false")),
        },
        Kind::Choice(words) => match words.iter().find(|w| **w == text.trim()) {
            Some(word) => Ok((*word).to_owned()),
            None => {
                let near = nearest_word(&text, words).map(|w| format!(". Did you mean \"{w}\"?")).unwrap_or_default();
                Err(format!("{shown} is not one of {}{near}", words.join(", ")))
            }
        },
        Kind::Words(words) => printers::words(&text, words),
        Kind::Url(schemes) => {
            let rest = schemes.iter().find_map(|s| text.trim().strip_prefix(s));
            match rest {
                Some(rest) if !rest.is_empty() && !rest.contains(char::is_whitespace) => Ok(text.trim().to_owned()),
                Some(_) | None => Err(format!("{shown} is not an address; it starts with {}", schemes.join(" or "))),
            }
        }
        Kind::Socket => match text.trim().parse::<SocketAddr>() {
            Ok(_) => Ok(text.trim().to_owned()),
            Err(_) => Err(format!("{shown} is not an address and port; write for example 0.0.0.0:8470")),
        },
        Kind::Networks => match networks(&text) {
            Ok(_) => Ok(text.trim().to_owned()),
            Err(word) => Err(format!("\"{word}\" cannot be used: {NoNetwork}")),
        },
        Kind::Zone => match jiff::tz::TimeZone::get(text.trim()) {
            Ok(_) => Ok(text.trim().to_owned()),
            Err(_) => Err(format!("{shown} is no IANA time zone; write for example Europe/London")),
        },
    }
}

/// The first line of a small file.
fn read_secret(path: &Path) -> Result<Secret, String> {
    let bytes = std::fs::read(path)
        .map_err(|e| format!("\"{}\" cannot be read ({e}); check the path and who may read it", path.display()))?;
    if bytes.len() > SECRET_BYTES_MAX {
        return Err(format!("\"{}\" is longer than {SECRET_BYTES_MAX} bytes: is it the right file?", path.display()));
    }
    let text = String::from_utf8(bytes).map_err(|_| format!("\"{}\" is not text", path.display()))?;
    match text.lines().next().map(str::trim) {
        Some(line) if !line.is_empty() => Ok(Secret::new(line)),
        Some(_) | None => Err(format!("the first line of \"{}\" is empty; write the secret there", path.display())),
    }
}
