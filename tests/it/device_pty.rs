//! A device on a pseudo-terminal that can be plugged in and pulled out within microseconds, and a seeded chance. The path stays
//! the same while the terminal behind it changes: as with `/dev/serial/by-id`.

use std::ffi::OsStr;
use std::fs::File;
use std::io::{ErrorKind, Read, Write};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{OptionalActions, tcgetattr, tcsetattr};

use crate::device_support::until;

/// The device's end of a line.
pub struct Plug {
    master: Option<File>,
    link: PathBuf,
    terminal: PathBuf,
}

impl Plug {
    /// Plugs in: the path is there and leads to a fresh terminal.
    pub fn insert(link: &Path) -> Self {
        let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC).unwrap();
        let flags = rustix::fs::fcntl_getfl(&master).unwrap();
        rustix::fs::fcntl_setfl(&master, flags | rustix::fs::OFlags::NONBLOCK).unwrap();
        grantpt(&master).unwrap();
        unlockpt(&master).unwrap();
        let mut raw = tcgetattr(&master).unwrap();
        raw.make_raw();
        tcsetattr(&master, OptionalActions::Now, &raw).unwrap();
        let name = ptsname(&master, Vec::new()).unwrap();
        let terminal = PathBuf::from(OsStr::from_bytes(name.as_bytes()));
        std::os::unix::fs::symlink(&terminal, link).unwrap();
        Self { master: Some(File::from(master)), link: link.to_path_buf(), terminal }
    }

    /// The terminal behind the path.
    pub fn terminal(&self) -> &Path {
        &self.terminal
    }

    fn line(&mut self) -> &mut File {
        self.master.as_mut().expect("plugged in")
    }

    /// The device sends all of this.
    pub fn send(&mut self, mut bytes: &[u8]) {
        until("room on the line", || match self.line().write(bytes) {
            Ok(n) => {
                bytes = &bytes[n..];
                bytes.is_empty().then_some(())
            }
            Err(error) if error.kind() == ErrorKind::WouldBlock => None,
            Err(error) => panic!("the line takes no bytes: {error}"),
        });
    }

    /// What the station sent, without waiting.
    pub fn heard(&mut self) -> Vec<u8> {
        let mut buf = [0u8; 512];
        match self.line().read(&mut buf) {
            Ok(n) => buf[..n].to_vec(),
            // Until the station has opened its end, a pseudo-terminal has nobody on the other side.
            Err(_) => Vec::new(),
        }
    }

    /// Pulls the plug: the path goes and the line hangs up.
    pub fn pull(mut self) {
        self.gone();
    }

    fn gone(&mut self) {
        if self.master.take().is_some() {
            let _ = std::fs::remove_file(&self.link);
        }
    }
}

impl Drop for Plug {
    fn drop(&mut self) {
        self.gone();
    }
}

/// A seeded chance: the same seed gives the same run.
pub struct Chance(pub u64);

impl Chance {
    /// A number below `n`.
    pub fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((z ^ (z >> 31)) % n as u64).unwrap()
    }
}
