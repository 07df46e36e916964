//! What the device tests share: a station that collects events, pseudo-terminals by socat, and waits with a deadline. Must never
//! sleep for a fixed time: every wait ends as soon as what it waits for is there.

use std::cell::Cell;
use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, sync_channel};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use packbench::devices::{
    DeviceConfig, DeviceEvent, DeviceId, DeviceSpec, DeviceStatus, DevicesConfig, Full, Supervisor,
};

/// Longest wait for anything here; reached only by a failing test.
pub const DEADLINE: Duration = Duration::from_secs(20);

/// Fails with the package's name when a needed program is missing.
pub fn need(program: &str, package: &str) -> PathBuf {
    let paths = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&paths)
        .map(|folder| folder.join(program))
        .find(|path| path.is_file())
        .unwrap_or_else(|| panic!("{program} is missing; install the Debian package {package}"))
}

/// Waits until `done` gives something.
pub fn until<T>(what: &str, mut done: impl FnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + DEADLINE;
    loop {
        if let Some(found) = done() {
            return found;
        }
        assert!(Instant::now() < deadline, "waited in vain for {what}");
        std::thread::park_timeout(Duration::from_millis(2));
    }
}

/// A device's name.
pub fn id(name: &str) -> DeviceId {
    DeviceId::new(name).unwrap()
}

/// A station with devices, and everything they said.
pub struct Station {
    pub supervisor: Supervisor,
    events: Receiver<DeviceEvent>,
    /// All statuses in their order, whoever took their events.
    history: Arc<Mutex<Vec<(DeviceId, DeviceStatus)>>>,
    /// How much of the history earlier waits have used up.
    used: Cell<usize>,
}

impl Station {
    /// Starts the devices, which are tried again after 20 to 200 ms.
    pub fn start(devices: Vec<(&str, DeviceSpec)>) -> Self {
        Self::start_within(devices, (20, 200))
    }

    /// The same with other pauses between tries, in ms.
    pub fn start_within(devices: Vec<(&str, DeviceSpec)>, (ms_min, ms_max): (u64, u64)) -> Self {
        let devices = devices.into_iter().map(|(name, spec)| DeviceConfig { id: id(name), spec }).collect();
        let config = DevicesConfig::new(devices).unwrap().with_reconnect_ms(ms_min, ms_max).unwrap();
        let (sender, events) = sync_channel(1_024);
        let history = Arc::new(Mutex::new(Vec::new()));
        let record = Arc::clone(&history);
        let sink = move |event| {
            if let DeviceEvent::Status { device, status, .. } = &event {
                record.lock().unwrap().push((device.clone(), status.clone()));
            }
            sender.try_send(event).map_err(|_| Full)
        };
        Self { supervisor: Supervisor::start(config, sink).unwrap(), events, history, used: Cell::new(0) }
    }

    /// Takes events until one is wanted; the others are dropped.
    pub fn next<T>(&self, what: &str, mut wanted: impl FnMut(&DeviceEvent) -> Option<T>) -> T {
        let deadline = Instant::now() + DEADLINE;
        let mut others = Vec::new();
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            let Ok(event) = self.events.recv_timeout(left) else {
                panic!("waited in vain for {what}; came: {others:#?}");
            };
            match wanted(&event) {
                Some(found) => return found,
                None => others.push(event),
            }
        }
    }

    /// Everything said since the last look, without waiting.
    pub fn said(&self) -> Vec<DeviceEvent> {
        self.events.try_iter().collect()
    }

    /// Where a device stands now.
    pub fn now(&self, name: &str) -> DeviceStatus {
        let states = self.supervisor.states();
        states.into_iter().find(|state| state.device.as_str() == name).expect("a device of this name").status
    }

    /// Waits until a device stands so.
    pub fn stands(&self, name: &str, what: &str, wanted: impl Fn(&DeviceStatus) -> bool) {
        until(what, || wanted(&self.now(name)).then_some(()));
    }

    /// Waits for a status of a device that came after the last one waited for.
    pub fn status(&self, name: &str, what: &str, wanted: impl Fn(&DeviceStatus) -> bool) -> DeviceStatus {
        until(what, || {
            let history = self.history.lock().unwrap();
            let mut later = history.iter().enumerate().skip(self.used.get());
            let (at, (_, status)) = later.find(|(_, (device, status))| device.as_str() == name && wanted(status))?;
            self.used.set(at + 1);
            Some(status.clone())
        })
    }

    /// Waits until a device works.
    pub fn ready(&self, name: &str) {
        self.status(name, &format!("{name} to be ready"), |status| *status == DeviceStatus::Ready);
    }
}

/// Two connected pseudo-terminals: one for the station, one for the test as the device.
pub struct Pty {
    socat: Child,
    folder: PathBuf,
}

impl Pty {
    /// Starts socat and waits until both ends are there.
    pub fn start(folder: &Path) -> Self {
        let socat = need("socat", "socat");
        let end = |name: &str| format!("pty,raw,echo=0,link={}", folder.join(name).display());
        let socat = Command::new(socat)
            .args([end("dev"), end("peer")])
            .stdin(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("socat starts");
        let pty = Self { socat, folder: folder.to_path_buf() };
        until("socat's two ends", || (pty.dev().exists() && pty.folder.join("peer").exists()).then_some(()));
        pty
    }

    /// The path for the station.
    pub fn dev(&self) -> PathBuf {
        self.folder.join("dev")
    }

    /// Opens the test's end; reads do not block.
    pub fn peer(&self) -> File {
        // O_NOCTTY and O_NONBLOCK of Linux: the test must neither get a terminal nor hang on one.
        let flags = 0o400 | 0o4000;
        OpenOptions::new().read(true).write(true).custom_flags(flags).open(self.folder.join("peer")).unwrap()
    }

    /// Pulls the plug.
    pub fn unplug(mut self) {
        self.end();
    }

    fn end(&mut self) {
        let _ = self.socat.kill();
        let _ = self.socat.wait();
        for name in ["dev", "peer"] {
            let _ = std::fs::remove_file(self.folder.join(name));
        }
    }
}

impl Drop for Pty {
    fn drop(&mut self) {
        self.end();
    }
}

/// Writes everything to a pseudo-terminal that may be full for a moment.
pub fn write_all(file: &mut File, mut bytes: &[u8]) {
    until("room in the pseudo-terminal", || match file.write(bytes) {
        Ok(n) => {
            bytes = &bytes[n..];
            bytes.is_empty().then_some(())
        }
        Err(error) if error.kind() == ErrorKind::WouldBlock => None,
        Err(error) => panic!("the pseudo-terminal takes no bytes: {error}"),
    });
}

/// Reads what is there, without waiting.
pub fn read_some(file: &mut File) -> Vec<u8> {
    let mut buf = [0u8; 512];
    match file.read(&mut buf) {
        Ok(n) => buf[..n].to_vec(),
        Err(error) if error.kind() == ErrorKind::WouldBlock => Vec::new(),
        Err(error) => panic!("the pseudo-terminal cannot be read: {error}"),
    }
}
