//! A print server's queue (CUPS itself) in front of a driverless printer: what became of a job and why nothing comes is told through
//! it, and it is printed once.

use std::fs;
use std::process::{Child, Command, Stdio};

use packbench::devices::config::IppPrinterConfig;
use packbench::devices::printer::{NotReady, PrintFailure, PrintFormat, PrintOutcome};
use packbench::devices::{DeviceStatus, DeviceWarning};

use crate::device_ipp::{Ippd, PDF, free_port, need_in_sbin, outcome, print, shown, station};
use crate::device_support::until;

const SERVER: &str = "Listen 127.0.0.1:PORT
WebInterface No
Browsing No
DefaultAuthType None
<Location />
  Order allow,deny
  Allow all
</Location>
<Policy default>
  JobPrivateAccess all
  JobPrivateValues none
  <Limit All>
    Order deny,allow
  </Limit>
</Policy>
";

const FILES: &str = "ServerRoot DIR/root
RequestRoot DIR/spool
CacheDir DIR/cache
StateDir DIR/state
AccessLog DIR/access.log
ErrorLog DIR/error.log
PageLog DIR/page.log
SystemGroup root
";

/// The server, with the queue `office` of a printer.
struct Cups {
    folder: tempfile::TempDir,
    server: Child,
    port: u16,
}

impl Cups {
    fn start(printer: &Ippd) -> Cups {
        let (folder, port) = (tempfile::tempdir().unwrap(), free_port());
        let dir = folder.path();
        // Its helpers run as another user where the server runs as root.
        fs::set_permissions(dir, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
        for name in ["root", "spool", "cache", "state"] {
            fs::create_dir(dir.join(name)).unwrap();
        }
        fs::write(dir.join("cupsd.conf"), SERVER.replace("PORT", &port.to_string())).unwrap();
        fs::write(dir.join("cups-files.conf"), FILES.replace("DIR", dir.to_str().unwrap())).unwrap();
        let server = Command::new(need_in_sbin("cupsd", "cups-daemon"))
            .arg("-f")
            .arg("-c")
            .arg(dir.join("cupsd.conf"))
            .arg("-s")
            .arg(dir.join("cups-files.conf"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let cups = Cups { folder, server, port };
        until("the print server", || std::net::TcpStream::connect(("127.0.0.1", port)).ok().map(drop));
        let uri = format!("ipp://localhost:{}/ipp/print", printer.port);
        cups.tell("lpadmin", &["-p", "office", "-E", "-v", &uri, "-m", "raw"]);
        cups
    }

    /// Somebody does something at the server.
    fn tell(&self, program: &str, arguments: &[&str]) {
        let host = format!("127.0.0.1:{}", self.port);
        let done = Command::new(need_in_sbin(program, "cups-client")).args(["-h", &host]).args(arguments).output();
        let done = done.unwrap();
        let log = || fs::read_to_string(self.folder.path().join("error.log")).unwrap_or_default();
        assert!(done.status.success(), "{program}: {}\n{}", String::from_utf8_lossy(&done.stderr), log());
    }

    fn config(&self) -> IppPrinterConfig {
        IppPrinterConfig::new(format!("ipp://localhost:{}/printers/office", self.port))
    }
}

impl Drop for Cups {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

#[test]
fn a_job_goes_through_the_queue_once_and_is_followed_until_its_paper_is_out() {
    let printer = Ippd::start();
    let cups = Cups::start(&printer);
    let station = station(cups.config());
    print(&station, "slip", PrintFormat::Pdf, PDF);
    assert_eq!(outcome(&station, "slip"), PrintOutcome::Sent);
    assert_eq!(outcome(&station, "slip"), PrintOutcome::PaperMoved);
    assert_eq!(fs::read(printer.path("paper-slip")).unwrap(), PDF, "byte for byte");
    assert_eq!(printer.printed(), ["slip application/pdf"], "once");
}

#[test]
fn what_the_printer_behind_the_queue_lacks_is_told_and_the_job_goes_on_with_it() {
    let printer = Ippd::start();
    let cups = Cups::start(&printer);
    let station = station(cups.config());
    print(&station, "empty", PrintFormat::Pdf, PDF);
    assert_eq!(outcome(&station, "empty"), PrintOutcome::Sent);
    station.status("office", "no paper", |s| *s == DeviceStatus::Attention { why: DeviceWarning::PaperOut });
    printer.touch("refill");
    assert_eq!(outcome(&station, "empty"), PrintOutcome::PaperMoved);
    assert_eq!(printer.printed(), ["empty application/pdf"], "once");
}

#[test]
fn a_queue_that_is_paused_or_takes_nothing_is_said_so_and_gets_nothing() {
    let printer = Ippd::start();
    let cups = Cups::start(&printer);
    let station = station(cups.config());
    let no = |why| PrintOutcome::Failed { why: PrintFailure::NotReady(why), bytes_sent: 0 };
    cups.tell("cupsdisable", &["office"]);
    shown(&station, DeviceWarning::Paused);
    print(&station, "a", PrintFormat::Pdf, PDF);
    assert_eq!(outcome(&station, "a"), no(NotReady::Paused));
    cups.tell("cupsenable", &["office"]);
    station.ready("office");
    cups.tell("cupsreject", &["office"]);
    shown(&station, DeviceWarning::NotAccepting);
    print(&station, "b", PrintFormat::Pdf, PDF);
    assert_eq!(outcome(&station, "b"), no(NotReady::NotAccepting));
    cups.tell("cupsaccept", &["office"]);
    station.ready("office");
    assert_eq!(printer.printed(), Vec::<String>::new());
}

#[test]
fn a_job_canceled_in_the_queue_is_said_so() {
    let printer = Ippd::start();
    let cups = Cups::start(&printer);
    let station = station(cups.config());
    print(&station, "slow", PrintFormat::Pdf, PDF);
    assert_eq!(outcome(&station, "slow"), PrintOutcome::Sent);
    cups.tell("cancel", &["-a", "office"]);
    let canceled = PrintOutcome::Failed { why: PrintFailure::Canceled, bytes_sent: PDF.len() };
    assert_eq!(outcome(&station, "slow"), canceled);
    printer.touch("go");
}
