//! A camera that the kernel makes up (`vivid`): plugged in under any number, stopped, pulled out. Only in the machine of
//! tests/lib/usb_machine.sh.

use crate::device_support::until;
use rustix::ioctl::{Opcode, Updater, ioctl, opcode};
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// `struct v4l2_queryctrl`.
#[repr(C)]
#[derive(Clone, Copy, Default)]
struct Control {
    id: u32,
    kind: u32,
    name: [u8; 32],
    numbers: [i32; 4],
    flags: u32,
    reserved: [u32; 2],
}

/// `struct v4l2_control`.
#[repr(C)]
#[derive(Clone, Copy)]
struct Setting {
    id: u32,
    value: i32,
}

const QUERYCTRL: Opcode = opcode::read_write::<Control>(b'V', 36);
const S_CTRL: Opcode = opcode::read_write::<Setting>(b'V', 28);
/// `V4L2_CTRL_FLAG_NEXT_CTRL`: the control after this number.
const NEXT: u32 = 0x8000_0000;

/// The camera.
pub struct Vivid {
    path: PathBuf,
}

impl Vivid {
    /// Plugs it in as `/dev/videoN`: one that gives pictures at this computer's side only, as a webcam does.
    pub fn plug(number: u8) -> Vivid {
        let about = ["n_devs=1", "node_types=0x1", "num_inputs=1", "input_types=0x0", "no_error_inj=0"];
        let done = Command::new("/bin/insmod")
            .arg("/modules/vivid.ko")
            .args(about)
            .arg(format!("vid_cap_nr={number}"))
            .status()
            .unwrap();
        assert!(done.success(), "vivid.ko cannot be loaded");
        let path = PathBuf::from(format!("/dev/video{number}"));
        until("the camera's file", || path.exists().then_some(()));
        Vivid { path }
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Sets one of its controls by name, as a test's hand.
    pub fn set(&self, name: &str, value: i32) {
        self.try_set(name, value).unwrap();
    }

    fn try_set(&self, name: &str, value: i32) -> std::io::Result<()> {
        let file = File::options().read(true).write(true).open(&self.path)?;
        let mut control = Control::default();
        loop {
            control.id |= NEXT;
            // SAFETY: the kernel reads and writes one `v4l2_queryctrl` at the pointer, during the call alone.
            unsafe { ioctl(&file, Updater::<QUERYCTRL, Control>::new(&mut control)) }?;
            if control.name.starts_with(name.as_bytes()) {
                break;
            }
        }
        let mut setting = Setting { id: control.id, value };
        // SAFETY: the same with one `v4l2_control`.
        unsafe { ioctl(&file, Updater::<S_CTRL, Setting>::new(&mut setting)) }?;
        Ok(())
    }

    /// It gives no more pictures, and stays where it is.
    pub fn stand_still(&self, still: bool) {
        self.set("Percentage of Dropped Buffers", if still { 100 } else { 0 });
    }

    /// Pulls it out; whoever has it open finds it gone.
    pub fn pull(self) {
        let rmmod =
            || Command::new("/bin/rmmod").arg("vivid").stderr(Stdio::null()).status().is_ok_and(|s| s.success());
        // Let go by its last user the camera is there again, and a quick driver has it open before it can be taken out: then it is
        // pulled once more. A camera that is just being let go cannot be set, and need not be.
        until("the camera to be let go", || {
            let _ = self.try_set("Disconnect", 1);
            rmmod().then_some(())
        });
        until("the camera's file to go", || (!self.path.exists()).then_some(()));
    }
}
