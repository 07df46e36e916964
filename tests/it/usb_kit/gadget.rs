//! One USB device made with Linux's gadgets (configfs) at a port that loops back to this machine (dummy_hcd).

use crate::device_support::until;
use std::fs;
use std::path::{Path, PathBuf};

const GADGETS: &str = "/sys/kernel/config/usb_gadget";

/// Who a device says it is.
#[derive(Clone, Copy)]
pub struct About<'a> {
    pub name: &'a str,
    pub id: (u16, u16),
    pub product: &'a str,
    /// Empty: none.
    pub serial: &'a str,
}

/// What a device is.
pub enum Function<'a> {
    /// HID, by its report descriptor and the length of its longest report.
    Hid(&'a [u8], usize),
    /// The same without a pipe for output reports: they come as requests.
    HidByRequest(&'a [u8], usize),
    /// Printer class, by its device id.
    Printer(&'a str),
    /// Serial port (CDC-ACM).
    Serial,
}

/// A device that can be plugged in.
pub struct Gadget {
    dir: PathBuf,
    function: PathBuf,
    link: PathBuf,
}

fn write(path: &Path, bytes: impl AsRef<[u8]>) {
    fs::write(path, bytes).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
}

impl Gadget {
    pub fn new(about: About<'_>, function: &Function<'_>) -> Gadget {
        let dir = Path::new(GADGETS).join(about.name);
        fs::create_dir(&dir).unwrap_or_else(|e| panic!("{}: {e}", dir.display()));
        write(&dir.join("idVendor"), format!("{:#06x}", about.id.0));
        write(&dir.join("idProduct"), format!("{:#06x}", about.id.1));
        let words = dir.join("strings/0x409");
        fs::create_dir(&words).unwrap();
        write(&words.join("manufacturer"), "Packbench tests");
        write(&words.join("product"), about.product);
        if !about.serial.is_empty() {
            write(&words.join("serialnumber"), about.serial);
        }
        let config = dir.join("configs/c.1");
        fs::create_dir(&config).unwrap();
        let kind = match function {
            Function::Hid(..) | Function::HidByRequest(..) => "hid",
            Function::Printer(_) => "printer",
            Function::Serial => "acm",
        };
        let name = format!("{kind}.{}", about.name);
        let place = dir.join("functions").join(&name);
        fs::create_dir(&place).unwrap();
        match function {
            Function::Hid(descriptor, length) | Function::HidByRequest(descriptor, length) => {
                if matches!(function, Function::HidByRequest(..)) {
                    write(&place.join("no_out_endpoint"), "1");
                }
                write(&place.join("protocol"), "0");
                write(&place.join("subclass"), "0");
                write(&place.join("report_length"), length.to_string());
                write(&place.join("report_desc"), descriptor);
            }
            Function::Printer(device_id) => write(&place.join("pnp_string"), device_id),
            Function::Serial => {}
        }
        let link = config.join(&name);
        std::os::unix::fs::symlink(&place, &link).unwrap();
        Gadget { dir, function: place, link }
    }

    /// Plugs it into a port.
    pub fn plug(&self, port: u8) {
        write(&self.dir.join("UDC"), format!("dummy_udc.{port}"));
    }

    /// Pulls it out.
    pub fn pull(&self) {
        write(&self.dir.join("UDC"), "\n");
    }

    /// The file behind which the device itself stands: `/dev/hidg0`, `/dev/g_printer0`, `/dev/ttyGS0`. The numbers are given in the
    /// order in which the devices were made.
    pub fn node(&self, kind: &str) -> PathBuf {
        let number = match kind {
            "hidg" => {
                fs::read_to_string(self.function.join("dev")).unwrap().trim().split(':').nth(1).unwrap().to_owned()
            }
            "ttyGS" => fs::read_to_string(self.function.join("port_num")).unwrap().trim().to_owned(),
            _ => "0".to_owned(),
        };
        let path = PathBuf::from(format!("/dev/{kind}{number}"));
        until("the device's own file", || path.exists().then_some(()));
        path
    }
}

impl Drop for Gadget {
    fn drop(&mut self) {
        // The machine ends soon after; what cannot be taken apart is no matter.
        for (what, gone) in [
            ("unplugged", fs::write(self.dir.join("UDC"), "\n")),
            ("unlinked", fs::remove_file(&self.link)),
            ("its function removed", fs::remove_dir(&self.function)),
            ("its configuration removed", fs::remove_dir(self.dir.join("configs/c.1"))),
            ("its words removed", fs::remove_dir(self.dir.join("strings/0x409"))),
            ("removed", fs::remove_dir(&self.dir)),
        ] {
            if let Err(e) = gone {
                println!("{}: could not be {what}: {e}", self.dir.display());
            }
        }
    }
}
