//! Boots a machine with made USB devices (QEMU, dummy_hcd) and runs the tests of `usb_guest`, `usb_bench`, `usb_camera` and `usb_speed` in it: HID
//! POS scanners, a HID scale, a USB printer, a CDC-ACM scanner, two that type and a camera are found, used, pulled out and plugged in
//! again, by the real drivers.

use crate::tree;
use std::path::PathBuf;
use std::process::Command;

#[test]
fn every_usb_device_works_in_a_machine_of_its_own() {
    let tools =
        std::env::var_os("PACKBENCH_TEST_TOOLS").map_or_else(|| tree::root().join("target/test-tools"), PathBuf::from);
    let program = std::env::current_exe().expect("this program");
    let ran = Command::new(tree::root().join("tests/lib/usb_machine.sh"))
        .arg("run")
        .arg(tools.join("usb-machine"))
        .arg(program)
        .args([
            "--ignored",
            "--test-threads=1",
            "--nocapture",
            "usb_guest::",
            "usb_bench::",
            "usb_camera::",
            "usb_speed::",
        ])
        .output()
        .expect("tests/lib/usb_machine.sh");
    let told = format!("{}{}", String::from_utf8_lossy(&ran.stdout), String::from_utf8_lossy(&ran.stderr));
    assert!(ran.status.success(), "{told}");
    told.lines().filter(|line| line.contains("bus and all")).for_each(|line| println!("{line}"));
    assert!(told.contains("test result: ok. 19 passed; 0 failed"), "{told}");
}
