//! A device that another program holds, and one that this user may not open: both are told as what they are, on the device's
//! status and by the doctor, with the program, the group and what to do.

use std::fs::File;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use packbench::devices::access::{self, Access};
use packbench::devices::{DeviceEvent, DeviceStatus, LostReason};

use crate::device_plugs::scanner;
use crate::device_pty::Plug;
use crate::device_support::{Station, need, until};

/// Another program that has a terminal open and asks for no lock.
struct Other(Child);

impl Other {
    fn hold(terminal: &Path) -> Self {
        // O_NOCTTY of Linux: the test must not get a terminal of its own by this.
        let open = File::options().read(true).write(true).custom_flags(0o400).open(terminal).unwrap();
        let child = Command::new(need("sleep", "coreutils")).arg("600").stdin(Stdio::from(open)).spawn().unwrap();
        Self(child)
    }
}

impl Drop for Other {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn settings(folder: &Path, port: &Path) -> std::path::PathBuf {
    let file = folder.join("station.toml");
    let text = format!(
        "[station]\ndata_dir = \"{}\"\n[station.scanners.hand]\nkind = \"serial\"\nport = \"{}\"\n",
        folder.join("data").display(),
        port.display()
    );
    std::fs::write(&file, text).unwrap();
    file
}

/// The program where anybody can start it: as it lies there, or a copy if a folder above it is closed to others.
fn program(folder: &Path) -> PathBuf {
    let built = PathBuf::from(env!("CARGO_BIN_EXE_packbench"));
    let open = |path: &Path| std::fs::metadata(path).is_ok_and(|meta| meta.mode() & 0o001 != 0);
    if built.ancestors().all(open) {
        return built;
    }
    let copy = folder.join("packbench");
    std::fs::copy(&built, &copy).unwrap();
    copy
}

/// Runs the doctor, through another program where given; what it printed.
fn doctor(through: &[&str], file: &Path) -> String {
    let program = program(file.parent().unwrap());
    let own = [program.to_str().unwrap(), "--config", file.to_str().unwrap(), "doctor"];
    let words: Vec<&str> = through.iter().copied().chain(own).collect();
    let ran = Command::new(words[0]).args(&words[1..]).env("HOME", "/nowhere").output().unwrap();
    format!("{}{}", String::from_utf8_lossy(&ran.stdout), String::from_utf8_lossy(&ran.stderr))
}

#[test]
fn a_device_that_another_program_holds_is_busy_and_returns_when_it_is_let_go() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("dev");
    let mut plug = Plug::insert(&path);
    let other = Other::hold(plug.terminal());
    until("the other program", || (!access::holders(&path).is_empty()).then_some(()));
    let held = access::holders(&path);
    assert_eq!((held[0].pid, held[0].program.as_str()), (other.0.id(), "sleep"));
    assert_eq!(access::look(&path), Access::Held(held));
    let station = Station::start(vec![("s", scanner(&path))]);
    station.stands("s", "the other program", |s| matches!(s, DeviceStatus::Lost { reason: LostReason::Busy, .. }));
    plug.send(b"NOT-OURS\r");
    let told = doctor(&[], &settings(folder.path(), &path));
    assert!(told.contains("in use by sleep, process") && told.contains("close that program"), "{told}");
    assert!(told.contains("another program holds it"), "the same words as on the screen: {told}");
    drop(other);
    station.stands("s", "readiness", |s| *s == DeviceStatus::Ready);
    plug.send(b"OURS\r");
    station.next("a scan", |event| match event {
        DeviceEvent::Scan { bytes, .. } => bytes.ends_with(b"OURS").then_some(()),
        _ => None,
    });
}

#[test]
fn a_device_without_the_right_to_it_names_group_and_rule() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("dev");
    let plug = Plug::insert(&path);
    let rights = |mode| std::fs::set_permissions(plug.terminal(), std::fs::Permissions::from_mode(mode)).unwrap();
    let root = std::fs::metadata("/proc/self").unwrap().uid() == 0;
    // An administrator may open anything: the doctor is asked as a user without groups.
    let through: &[&str] = if root { &["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] } else { &[] };
    let file = settings(folder.path(), &path);
    for open in [folder.path(), &file] {
        std::fs::set_permissions(open, std::fs::Permissions::from_mode(0o755)).unwrap();
    }
    rights(0o000);
    let told = doctor(through, &file);
    assert!(told.contains("this user may not open it") && told.contains("udev"), "{told}");
    assert!(told.contains("no right to open it"), "the same words as on the screen: {told}");
    if root {
        rights(0o660);
        let told = doctor(through, &file);
        assert!(told.contains("usermod -aG"), "the group is named: {told}");
    }
}
