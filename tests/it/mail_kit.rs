//! A real mail server for tests (`tests/lib/mail_server.py`, made of aiosmtpd), and a house whose mail goes out through it.

use crate::api_kit::tool;
use crate::central_kit::{Bench, Post, central_with};
use crate::central_sync::packing;
use crate::orders_create::{create, furnished, line, typed};
use crate::sql_conformance::Site;
use packbench::central::actor::Actor;
use packbench::central::services::messages::{self, MessageRow};
use packbench::central::services::orders::Created;
use packbench::central::services::orders::entry::DeskKind;
use packbench::central::{Encryption, MailServer};
use packbench::core::gs1;
use packbench::protocol::wire::{ChangeKind, LeaseAnswer, Outcome};
use serde_json::{Value, json};
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::atomic::Ordering;
use std::sync::mpsc;
use std::time::{Duration, Instant};

pub const DEADLINE: Duration = Duration::from_secs(40);
pub const MINUTE_MS: i64 = 60_000;

/// A mail server; it ends when this is dropped.
pub struct Counterpart {
    pub port: u16,
    child: Child,
    plan: ChildStdin,
    came: mpsc::Receiver<Value>,
}

impl Drop for Counterpart {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Counterpart {
    /// Starts one on a port, 0 for any.
    pub fn start(port: u16, rest: &[&str]) -> Counterpart {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/lib/mail_server.py");
        let rest = if rest.is_empty() { &["none"] } else { rest };
        let mut child = Command::new(tool("python/bin/python"))
            .arg(script)
            .arg(port.to_string())
            .args(rest)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let (said, plan) = (child.stdout.take().unwrap(), child.stdin.take().unwrap());
        let (send, came) = mpsc::sync_channel(1_000);
        let read = move || {
            for line in BufReader::new(said).lines().map_while(Result::ok) {
                if send.send(serde_json::from_str(&line).unwrap()).is_err() {
                    break;
                }
            }
        };
        std::thread::Builder::new().name("test-mail".to_owned()).spawn(read).unwrap();
        let began: Value = came.recv_timeout(DEADLINE).expect("the mail server listens");
        let port = u16::try_from(began["port"].as_u64().unwrap()).unwrap();
        Counterpart { port, child, plan, came }
    }

    /// How it meets one of the next messages.
    pub fn plan(&mut self, how: &Value) {
        writeln!(self.plan, "{how}").unwrap();
        assert!(self.next()["planned"].is_number());
    }

    /// What it says next: a message that it took, or that it hangs.
    pub fn next(&self) -> Value {
        self.came.recv_timeout(DEADLINE).expect("a message comes")
    }

    /// Nothing more came.
    pub fn nothing(&self) {
        let came = self.came.try_recv();
        assert!(came.is_err(), "{came:?}");
    }
}

/// How the house reaches it.
pub fn server(port: u16, encryption: Encryption) -> MailServer {
    MailServer {
        host: "127.0.0.1".to_owned(),
        port,
        encryption,
        login: None,
        from: "Example Shop <orders@shop.example>".to_owned(),
        authorities: Vec::new(),
        patience: Duration::from_secs(2),
    }
}

/// A furnished house whose mail goes out through that server.
pub fn house(site: &Site, server: MailServer) -> Bench {
    let bench = central_with(site, |settings| {
        settings.mail = Some(server);
        settings.public_url = "https://packbench.example".to_owned();
    });
    furnished(&bench);
    bench
}

/// A business order of two kinds of goods.
pub fn order(bench: &Bench) -> Created {
    create(bench, &typed(DeskKind::B2b, vec![line("85123A", 2), line("71053", 1)])).unwrap()
}

/// Lets time pass, and tells whoever waits.
pub fn pass(bench: &Bench, ms: i64) {
    bench.now.fetch_add(ms, Ordering::SeqCst);
    let store = bench.central.store();
    let hint = |work: &mut packbench::central::store::work::Work<'_>| {
        let site = work.site();
        work.changed(ChangeKind::Settings, site);
        Ok(())
    };
    store.write_blocking(Actor::Job("test"), hint).unwrap();
}

/// Messages of an order, newest first.
pub fn mails(bench: &Bench, order: &Created) -> Vec<MessageRow> {
    let (store, id) = (bench.central.store(), order.id.clone());
    let site = store.site();
    store.read_blocking(move |tx| messages::of_order(tx, site, &id)).unwrap()
}

/// Kind and state of each.
pub fn states(bench: &Bench, order: &Created) -> Vec<(String, String)> {
    mails(bench, order).into_iter().map(|row| (row.kind, row.state)).collect()
}

/// Waits until the newest message of an order is as it should be.
pub fn until(bench: &Bench, order: &Created, fits: impl Fn(&MessageRow) -> bool) -> MessageRow {
    let end = Instant::now() + DEADLINE;
    loop {
        let newest = mails(bench, order).into_iter().next();
        if let Some(newest) = newest.as_ref().filter(|newest| fits(newest)) {
            return newest.clone();
        }
        assert!(Instant::now() < end, "{newest:#?}");
        std::thread::yield_now();
    }
}

/// A refusal of the mail server.
pub fn refusal(at: &str, answer: &str) -> Value {
    json!({ at: answer })
}

/// An authority and a certificate for this machine's own name and address, made by openssl: folder with `ca.crt`, `server.crt` and
/// `server.key`.
pub fn certificates() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let script = "set -e
        openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj '/CN=Mail test authority' -keyout ca.key -out ca.crt
        openssl req -newkey rsa:2048 -nodes -subj '/CN=localhost' -keyout server.key -out server.csr
        printf 'subjectAltName=DNS:localhost,IP:127.0.0.1\\nbasicConstraints=CA:FALSE\\n' >server.ext
        openssl x509 -req -in server.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 30 -extfile server.ext -out server.crt";
    let made = Command::new("sh").args(["-c", script]).current_dir(folder.path()).output().unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    folder
}

/// A station that packs orders one after the other.
pub struct Bay {
    post: Post,
    held: LeaseAnswer,
    next: u64,
}

/// What was packed.
pub struct PackedPart {
    /// Id of the part of the order.
    pub part: String,
    /// Number on its one parcel.
    pub sscc: String,
}

impl Bay {
    pub fn open(bench: &Bench, name: &'static str) -> Bay {
        let mut post = bench.pair(name);
        let held = post.leases(bench, 50);
        Bay { post, held, next: 0 }
    }

    /// Packs the next part of an order that was there when the bay opened, as a packer does scan by scan, and tells central of it.
    pub fn pack_next(&mut self, bench: &Bench, number: &str) -> PackedPart {
        let sql = "SELECT f.id FROM fulfillments f JOIN orders o ON o.id = f.order_id WHERE o.number = $1 \
            AND f.state <> 'packed' ORDER BY f.part LIMIT 1";
        let number = number.to_owned();
        let read =
            move |tx: &mut dyn packbench::sql::Conn| Ok(tx.one(sql, packbench::vals![&number])?.unwrap().at(0)?);
        let part: String = bench.central.store().read_blocking(read).unwrap();
        let mut grants = self.held.granted.iter();
        let grant = grants.find(|grant| grant.fulfillment.to_string() == part).expect("the bench holds it").clone();
        let block = self.held.sscc_blocks.first().expect("numbers for parcels");
        let sscc = gs1::sscc(&block.company_prefix, block.first + self.next, block.extension).unwrap();
        self.next += 1;
        let events = packing(bench, &mut self.post, grant.fulfillment, grant.fence, &sscc);
        let answer = self.post.push(bench, events);
        assert!(answer.outcomes.iter().all(|one| one.outcome == Outcome::Accepted), "{answer:?}");
        PackedPart { part, sscc }
    }
}
