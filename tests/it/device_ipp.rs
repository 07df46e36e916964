//! Driverless printing against `ippeveprinter`, a real IPP Everywhere printer (Debian's cups-ipp-utils): print in three formats, paper
//! that runs out, a busy printer, jobs taken back on either side, a printer that goes away, and TLS.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use packbench::devices::config::IppPrinterConfig;
use packbench::devices::printer::{NotReady, PrintFailure, PrintFormat, PrintOutcome};
use packbench::devices::{DeviceCommand, DeviceEvent, DeviceSpec, DeviceStatus, DeviceWarning, LostReason};

use crate::device_support::{Station, id, need, until};

/// The packer sees a fault within this time.
const SEEN: Duration = Duration::from_secs(2);
pub const PDF: &[u8] = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n";

/// What prints: what happens to a job goes by its name. It ends with the test, whose folder goes away.
const HOOK: &str = r#"#!/bin/sh
here=$(dirname "$0")
case "$IPP_JOB_NAME" in
*empty*)
    echo "STATE: +media-empty-error,media-needed" >&2
    until [ -e "$here/refill" ] || [ ! -e "$0" ]; do sleep 0.02; done
    echo "STATE: -media-empty-error,media-needed" >&2 ;;
*slow*) until [ -e "$here/go" ] || [ ! -e "$0" ]; do sleep 0.02; done ;;
*bad*) exit 1 ;;
esac
cp "$1" "$here/paper-$IPP_JOB_NAME"
echo "$IPP_JOB_NAME $CONTENT_TYPE" >>"$here/printed"
"#;

/// The printer, and the message bus that it cannot start without.
pub struct Ippd {
    folder: tempfile::TempDir,
    bus: Child,
    printer: Option<Child>,
    pub port: u16,
}

pub fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

impl Ippd {
    pub fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let hook = folder.path().join("hook.sh");
        fs::write(&hook, HOOK).unwrap();
        fs::set_permissions(&hook, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
        fs::create_dir(folder.path().join("spool")).unwrap();
        let bus = Command::new(need("dbus-daemon", "dbus"))
            .args(["--session", "--nofork", "--nopidfile"])
            .arg(format!("--address=unix:path={}", folder.path().join("bus").display()))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        until("the message bus", || folder.path().join("bus").exists().then_some(()));
        let mut ippd = Self { folder, bus, printer: None, port: free_port() };
        ippd.switch_on();
        ippd
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn switch_on(&mut self) {
        self.keys();
        let bus = format!("unix:path={}", self.path("bus").display());
        let formats = "application/pdf,image/pwg-raster,image/jpeg";
        let program = need_in_sbin("ippeveprinter", "cups-ipp-utils");
        let printer = Command::new(program)
            .args(["-n", "localhost", "-r", "off", "-f", formats, "-k", "-p", &self.port.to_string(), "-K"])
            .arg(self.path("keys"))
            .arg("-d")
            .arg(self.path("spool"))
            .arg("-c")
            .arg(self.path("hook.sh"))
            .arg("Office")
            .env("DBUS_SYSTEM_BUS_ADDRESS", bus)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        self.printer = Some(printer);
        until("the printer", || std::net::TcpStream::connect(("127.0.0.1", self.port)).ok().map(drop));
    }

    /// The certificate that it shows, and its key.
    fn keys(&self) {
        let keys = self.path("keys");
        if keys.exists() {
            return;
        }
        fs::create_dir(&keys).unwrap();
        let made = Command::new(need("openssl", "openssl"))
            .args(["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"])
            .args(["-addext", "subjectAltName=DNS:localhost", "-addext", "basicConstraints=critical,CA:FALSE"])
            .arg("-keyout")
            .arg(keys.join("localhost.key"))
            .arg("-out")
            .arg(keys.join("localhost.crt"))
            .stderr(Stdio::null())
            .status();
        assert!(made.unwrap().success());
    }

    pub fn switch_off(&mut self) {
        if let Some(mut printer) = self.printer.take() {
            printer.kill().unwrap();
            printer.wait().unwrap();
        }
    }

    pub fn config(&self) -> IppPrinterConfig {
        IppPrinterConfig::new(format!("ipp://localhost:{}/ipp/print", self.port))
    }

    pub fn touch(&self, name: &str) {
        fs::write(self.path(name), b"").unwrap();
    }

    /// Names and formats of what came out.
    pub fn printed(&self) -> Vec<String> {
        let list = fs::read_to_string(self.path("printed")).unwrap_or_default();
        list.lines().map(str::to_owned).collect()
    }

    /// Somebody takes a job back at the printer.
    fn cancel(&self, number: i32) {
        let question = "{ OPERATION Cancel-Job GROUP operation-attributes-tag ATTR charset attributes-charset utf-8 \
                        ATTR language attributes-natural-language en ATTR uri printer-uri $uri \
                        ATTR integer job-id $id ATTR name requesting-user-name somebody }";
        let file = self.path("cancel.test");
        fs::write(&file, question).unwrap();
        let done = Command::new(need("ipptool", "cups-ipp-utils"))
            .args(["-q", "-d", &format!("id={number}"), &format!("ipp://localhost:{}/ipp/print", self.port)])
            .arg(&file)
            .status();
        assert!(done.unwrap().success());
    }
}

impl Drop for Ippd {
    fn drop(&mut self) {
        self.touch("refill");
        self.touch("go");
        self.switch_off();
        let _ = self.bus.kill();
        let _ = self.bus.wait();
    }
}

/// Some machines have no /usr/sbin on the path of a user.
pub fn need_in_sbin(program: &str, package: &str) -> PathBuf {
    let sbin = Path::new("/usr/sbin").join(program);
    if sbin.is_file() { sbin } else { need(program, package) }
}

pub fn station(config: IppPrinterConfig) -> Station {
    let station = Station::start(vec![("office", DeviceSpec::IppPrinter(config))]);
    station.ready("office");
    station
}

pub fn print(station: &Station, job: &str, format: PrintFormat, bytes: &[u8]) {
    let command = DeviceCommand::Print { printer: id("office"), job: job.into(), format, bytes: bytes.into() };
    station.supervisor.handle().send(command).unwrap();
}

pub fn outcome(station: &Station, wanted: &str) -> PrintOutcome {
    station.next("a print outcome", |event| match event {
        DeviceEvent::Printed { job, outcome, .. } => {
            assert_eq!(job, wanted);
            Some(outcome.clone())
        }
        _ => None,
    })
}

pub fn shown(station: &Station, warning: DeviceWarning) {
    let begun = Instant::now();
    station.status("office", &format!("{warning:?}"), |s| *s == DeviceStatus::Attention { why: warning.clone() });
    assert!(begun.elapsed() < SEEN, "{warning:?} took {:?}", begun.elapsed());
}

#[test]
fn every_format_is_followed_until_its_paper_is_out() {
    let ippd = Ippd::start();
    let station = station(ippd.config());
    let now = until("what it takes", || {
        let now = station.supervisor.handle().printers().remove(0);
        (!now.facts.formats.is_empty()).then_some(now)
    });
    for format in [PrintFormat::Pdf, PrintFormat::Pwg, PrintFormat::Jpeg] {
        assert!(now.facts.formats.contains(&format), "{format:?} is not in {:?}", now.facts.formats);
    }
    assert_eq!(now.facts.dpi, [300, 600]);
    let mut wanted = Vec::new();
    for (job, format, mime) in [
        ("slip", PrintFormat::Pdf, "application/pdf"),
        ("form", PrintFormat::Pwg, "image/pwg-raster"),
        ("page", PrintFormat::Jpeg, "image/jpeg"),
    ] {
        let bytes = [PDF, job.as_bytes()].concat();
        print(&station, job, format, &bytes);
        assert_eq!(outcome(&station, job), PrintOutcome::Sent);
        assert_eq!(outcome(&station, job), PrintOutcome::PaperMoved);
        assert_eq!(fs::read(ippd.path(&format!("paper-{job}"))).unwrap(), bytes, "byte for byte");
        wanted.push(format!("{job} {mime}"));
        assert_eq!(ippd.printed(), wanted, "once");
    }
    print(&station, "label", PrintFormat::Zpl, b"^XA^XZ");
    assert_eq!(outcome(&station, "label"), PrintOutcome::Failed { why: PrintFailure::WrongFormat, bytes_sent: 0 });
    print(&station, "drawing", PrintFormat::Png, b"\x89PNG");
    assert_eq!(outcome(&station, "drawing"), PrintOutcome::Failed { why: PrintFailure::WrongFormat, bytes_sent: 0 });
    print(&station, "bad", PrintFormat::Pdf, PDF);
    assert_eq!(outcome(&station, "bad"), PrintOutcome::Sent);
    let aborted = PrintOutcome::Failed { why: PrintFailure::Aborted, bytes_sent: PDF.len() };
    assert_eq!(outcome(&station, "bad"), aborted);
}

#[test]
fn without_paper_the_packer_is_told_and_the_job_goes_on_when_there_is_some() {
    let ippd = Ippd::start();
    let station = station(ippd.config());
    print(&station, "empty", PrintFormat::Pdf, PDF);
    assert_eq!(outcome(&station, "empty"), PrintOutcome::Sent);
    shown(&station, DeviceWarning::PaperOut);
    ippd.touch("refill");
    assert_eq!(outcome(&station, "empty"), PrintOutcome::PaperMoved);
    station.ready("office");
    assert_eq!(ippd.printed(), ["empty application/pdf"], "once");
}

#[test]
fn a_job_that_is_given_up_or_printed_again_is_taken_back() {
    let ippd = Ippd::start();
    let station = station(IppPrinterConfig { paper_ms_max: 800, ..ippd.config() });
    print(&station, "empty-1", PrintFormat::Pdf, PDF);
    assert_eq!(outcome(&station, "empty-1"), PrintOutcome::Sent);
    let no_paper = PrintFailure::NotReady(NotReady::PaperOut);
    assert_eq!(outcome(&station, "empty-1"), PrintOutcome::Failed { why: no_paper, bytes_sent: 0 });
    let other = IppPrinterConfig { user: "packbench-2".into(), ..ippd.config() };
    let patient = Station::start(vec![("office", DeviceSpec::IppPrinter(other))]);
    ippd.touch("refill");
    patient.ready("office");
    fs::remove_file(ippd.path("refill")).unwrap();
    print(&patient, "empty-2", PrintFormat::Pdf, PDF);
    assert_eq!(outcome(&patient, "empty-2"), PrintOutcome::Sent);
    let command = DeviceCommand::CancelPrint { printer: id("office"), job: "empty-".into() };
    patient.supervisor.handle().send(command).unwrap();
    assert_eq!(outcome(&patient, "empty-2"), PrintOutcome::Failed { why: PrintFailure::Canceled, bytes_sent: 0 });
}

#[test]
fn a_busy_printer_is_waited_for_within_bounds_and_gets_the_job_once() {
    let ippd = Ippd::start();
    let named = |user: &str| IppPrinterConfig { user: user.into(), ..ippd.config() };
    let (other, mine) = (station(named("packbench-1")), station(named("packbench-2")));
    print(&other, "slow", PrintFormat::Pdf, PDF);
    assert_eq!(outcome(&other, "slow"), PrintOutcome::Sent);
    print(&mine, "mine", PrintFormat::Pdf, PDF);
    shown(&mine, DeviceWarning::PrinterBusy);
    let hasty = station(IppPrinterConfig { busy_ms_max: 600, ..named("packbench-3") });
    print(&hasty, "hasty", PrintFormat::Pdf, PDF);
    let busy = PrintFailure::NotReady(NotReady::Busy);
    assert_eq!(outcome(&hasty, "hasty"), PrintOutcome::Failed { why: busy, bytes_sent: 0 });
    ippd.touch("go");
    assert_eq!(outcome(&other, "slow"), PrintOutcome::PaperMoved);
    assert_eq!(outcome(&mine, "mine"), PrintOutcome::Sent);
    assert_eq!(outcome(&mine, "mine"), PrintOutcome::PaperMoved);
    mine.ready("office");
    assert_eq!(ippd.printed(), ["slow application/pdf", "mine application/pdf"]);
}

#[test]
fn a_job_canceled_at_the_printer_is_said_so() {
    let ippd = Ippd::start();
    let station = station(ippd.config());
    print(&station, "slow", PrintFormat::Pdf, PDF);
    assert_eq!(outcome(&station, "slow"), PrintOutcome::Sent);
    ippd.cancel(1);
    ippd.touch("go");
    let canceled = PrintOutcome::Failed { why: PrintFailure::Canceled, bytes_sent: PDF.len() };
    assert_eq!(outcome(&station, "slow"), canceled);
}

#[test]
fn a_printer_that_goes_is_said_within_two_seconds_and_comes_back() {
    let mut ippd = Ippd::start();
    let station = station(ippd.config());
    let lost = |s: &DeviceStatus| matches!(s, DeviceStatus::Lost { reason: LostReason::Refused, .. });
    ippd.switch_off();
    let begun = Instant::now();
    station.status("office", "the loss", lost);
    assert!(begun.elapsed() < SEEN, "{:?}", begun.elapsed());
    print(&station, "a", PrintFormat::Pdf, PDF);
    let refused = PrintFailure::NotThere(LostReason::Refused);
    assert_eq!(outcome(&station, "a"), PrintOutcome::Failed { why: refused, bytes_sent: 0 });
    ippd.switch_on();
    station.ready("office");
    print(&station, "slow", PrintFormat::Pdf, PDF);
    assert_eq!(outcome(&station, "slow"), PrintOutcome::Sent);
    ippd.switch_off();
    shown(&station, DeviceWarning::PrinterSilent);
    // Whether its paper came nobody knows: a person looks, and it is not sent again.
    assert_eq!(outcome(&station, "slow"), PrintOutcome::Failed { why: refused, bytes_sent: PDF.len() });
    station.status("office", "the loss", lost);
}

#[test]
fn by_tls_only_a_printer_with_the_right_certificate_is_trusted() {
    let ippd = Ippd::start();
    let uri = format!("ipps://localhost:{}/ipp/print", ippd.port);
    let with =
        |certificate: PathBuf| IppPrinterConfig { certificate: Some(certificate), ..IppPrinterConfig::new(&uri) };
    let trusting = station(with(ippd.path("keys/localhost.crt")));
    print(&trusting, "invoice", PrintFormat::Pdf, PDF);
    assert_eq!(outcome(&trusting, "invoice"), PrintOutcome::Sent);
    assert_eq!(outcome(&trusting, "invoice"), PrintOutcome::PaperMoved);
    let stranger = Ippd::start();
    let wary = Station::start(vec![("office", DeviceSpec::IppPrinter(with(stranger.path("keys/localhost.crt"))))]);
    wary.status("office", "mistrust", |s| matches!(s, DeviceStatus::Lost { .. } | DeviceStatus::Absent));
    print(&wary, "secret", PrintFormat::Pdf, PDF);
    let told = outcome(&wary, "secret");
    assert!(matches!(told, PrintOutcome::Failed { why: PrintFailure::NotThere(_), bytes_sent: 0 }), "{told:?}");
    assert_eq!(ippd.printed(), ["invoice application/pdf"]);
}
