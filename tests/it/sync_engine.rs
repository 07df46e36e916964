//! An engine of memory behind the sync driver's port: it stores what the machine wants stored and answers as the real one does.
//! Must never answer what it did not do.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::time::Instant;

use packbench::core::ids::PhotoHash;
use packbench::core::message::Message;
use packbench::engine::Input;
use packbench::engine::input::SyncNews;
use packbench::protocol::sync::{
    Effect, HeldLease, Input as SyncInput, Notice, OutboxEntry, PhotoJob, Restart, Span, spans,
};
use packbench::protocol::wire::*;
use packbench::sync::{EnginePort, ServerConfig, SyncCall, SyncConfig, SyncDriver, SyncHandle, Token, Unsent};

use crate::sync_kit::{DEADLINE, STATION, Server, TOKEN, TestClock};

/// What the engine has on its disk, and what it was told.
#[derive(Default)]
pub struct Disk {
    pub events: Vec<EventEnvelope>,
    pub epoch: u64,
    pub pushed: u64,
    pub pages: Vec<Cursor>,
    pub leases: BTreeMap<FulfillmentId, HeldLease>,
    pub photos: BTreeMap<ContentHash, Vec<u8>>,
    pub photos_done: Vec<ContentHash>,
    pub online: Vec<bool>,
    pub trouble: Vec<Option<Message>>,
    pub revoked: Vec<bool>,
    pub notices: Vec<Notice>,
    pub paired: Option<PairingAnswer>,
    pub refused: Option<Message>,
}

impl Disk {
    fn outbox(&self, before: u64) -> Vec<Span> {
        spans(self.events.iter().filter(|event| event.seq.0 > before).map(|event| OutboxEntry {
            seq: event.seq,
            bytes: event.size_bytes() as u64,
            mono_ms: 0,
        }))
    }

    fn act(&mut self, effect: Effect) -> Option<SyncCall> {
        let reply = match effect {
            Effect::SendPush { no, epoch, from_seq, to_seq } => {
                assert_eq!(epoch.0, self.epoch);
                let wanted = |event: &&EventEnvelope| (from_seq..=to_seq).contains(&event.seq);
                return Some(SyncCall::Push { no, events: self.events.iter().filter(wanted).cloned().collect() });
            }
            Effect::StorePage { no, page } => {
                self.pages.push(page.next_cursor);
                SyncInput::StoredPage { no }
            }
            Effect::StoreLeases { no, change } => {
                self.leases.extend(change.put.iter().map(|lease| (lease.fulfillment, *lease)));
                SyncInput::StoredLeases { no }
            }
            Effect::MarkPushed { epoch, upto, .. } => {
                assert!(epoch.0 != self.epoch || upto.0 >= self.pushed, "confirmed backwards");
                self.pushed = self.pushed.max(upto.0);
                return None;
            }
            Effect::MarkPhotoDone { hash } => {
                self.photos_done.push(hash);
                return None;
            }
            Effect::AdoptEpoch { epoch } => {
                self.epoch = epoch.0;
                self.pushed = 0;
                for (index, event) in self.events.iter_mut().enumerate() {
                    *event = event.clone().renumbered(epoch, Seq(index as u64 + 1), EventHash::GENESIS);
                }
                SyncInput::EpochAdopted { epoch, outbox: self.outbox(0) }
            }
            Effect::ReloadOutbox { from_seq } => {
                let before = from_seq.0 - 1;
                SyncInput::OutboxReloaded { epoch: Epoch(self.epoch), before: Seq(before), outbox: self.outbox(before) }
            }
            Effect::LoadPhotos => SyncInput::PhotosLoaded(Vec::new()),
            Effect::Raise(notice) => {
                self.notices.push(notice);
                return None;
            }
            Effect::SendPull { .. }
            | Effect::SendLease { .. }
            | Effect::SendPhoto { .. }
            | Effect::SendEpoch { .. }
            | Effect::ArmTimer { .. } => panic!("the driver must do {effect:?} itself"),
        };
        Some(SyncCall::Machine(reply))
    }

    fn take(&mut self, input: Input) -> Option<SyncCall> {
        let Input::Sync(news) = input else { panic!("not for sync: {input:?}") };
        match news {
            SyncNews::Online(online) => self.online.push(online),
            SyncNews::Trouble(message) => self.trouble.push(message),
            SyncNews::Revoked(revoked) => self.revoked.push(revoked),
            SyncNews::Paired(answer) => self.paired = Some(*answer),
            SyncNews::PairingRefused(message) => self.refused = Some(message),
            SyncNews::Store(effect) => return self.act(effect),
        }
        None
    }
}

#[derive(Default)]
struct Queue {
    inputs: VecDeque<Input>,
    /// Refuses everything, as a full channel does.
    full: bool,
    refused: usize,
    stopped: bool,
}

/// The port: a bounded channel that can be held full.
pub struct Port {
    queue: Mutex<Queue>,
    changed: Condvar,
    room: usize,
}

impl EnginePort for Port {
    fn send(&self, input: Input) -> Result<(), Unsent> {
        let mut queue = self.queue.lock().unwrap();
        if queue.stopped {
            return Err(Unsent::Gone);
        }
        if queue.full || queue.inputs.len() >= self.room {
            queue.refused += 1;
            return Err(Unsent::Busy(Box::new(input)));
        }
        queue.inputs.push_back(input);
        self.changed.notify_all();
        Ok(())
    }
}

impl Port {
    fn next(&self) -> Option<Input> {
        let mut queue = self.queue.lock().unwrap();
        loop {
            if let Some(input) = queue.inputs.pop_front() {
                return Some(input);
            }
            if queue.stopped {
                return None;
            }
            queue = self.changed.wait(queue).unwrap();
        }
    }

    pub fn set_full(&self, full: bool) {
        self.queue.lock().unwrap().full = full;
    }

    pub fn refused(&self) -> usize {
        self.queue.lock().unwrap().refused
    }

    pub fn stop(&self) {
        self.queue.lock().unwrap().stopped = true;
        self.changed.notify_all();
    }
}

/// Waits until `done`, and says what it waited for if in vain.
pub fn until(what: &str, mut done: impl FnMut() -> bool) {
    let deadline = Instant::now() + DEADLINE;
    while !done() {
        assert!(Instant::now() < deadline, "waited in vain for {what}");
        std::thread::park_timeout(std::time::Duration::from_millis(2));
    }
}

/// An engine of memory with a running driver.
pub struct Station {
    pub handle: SyncHandle,
    pub port: Arc<Port>,
    pub disk: Arc<Mutex<Disk>>,
}

impl Station {
    pub fn start(server: &Server, disk: Disk) -> Self {
        Self::start_with(ServerConfig::new(server.url.as_str()), &server.clock, 64, disk)
    }

    pub fn start_with(config: ServerConfig, clock: &Arc<TestClock>, room: usize, disk: Disk) -> Self {
        let disk = Arc::new(Mutex::new(Disk { epoch: 1, ..disk }));
        let port = Arc::new(Port { queue: Mutex::default(), changed: Condvar::new(), room });
        let files = Arc::clone(&disk);
        let blobs = move |hash: PhotoHash, offset: u64, max: usize| {
            let disk = files.lock().unwrap();
            let bytes = disk.photos.get(&ContentHash(hash.0)).ok_or(std::io::ErrorKind::NotFound)?;
            Ok(bytes.iter().skip(usize::try_from(offset).unwrap()).take(max).copied().collect())
        };
        let config = SyncConfig { server: config, token: Token::new(TOKEN.to_owned()), station_id: STATION };
        assert!(!format!("{config:?}").contains(TOKEN));
        let handle =
            SyncDriver::spawn(config, Arc::clone(clock) as _, Arc::clone(&port) as _, Arc::new(blobs)).unwrap();
        let (engine_port, engine_disk, engine_handle) = (Arc::clone(&port), Arc::clone(&disk), handle.clone());
        let engine = move || {
            while let Some(input) = engine_port.next() {
                let reply = engine_disk.lock().unwrap().take(input);
                if let Some(reply) = reply {
                    let _ = engine_handle.offer(reply);
                }
            }
        };
        std::thread::Builder::new().name("test-engine".to_owned()).spawn(engine).unwrap();
        let station = Self { handle, port, disk };
        station.restart();
        station
    }

    /// Tells the machine what the disk holds.
    fn restart(&self) {
        let disk = self.disk();
        let photos =
            disk.photos.iter().map(|(hash, bytes)| PhotoJob { hash: *hash, bytes: bytes.len() as u64 }).collect();
        let restart = Restart {
            epoch: Epoch(disk.epoch),
            start_no: 1,
            pushed: Seq(disk.pushed),
            outbox: disk.outbox(disk.pushed),
            cursor: None,
            leases: Vec::new(),
            returning: Vec::new(),
            photos,
            epoch_wish: None,
            halt: None,
            rate_per_hour: 30,
            leases_max: 50,
            sscc_left: 1_000,
        };
        drop(disk);
        self.offer(SyncInput::Restarted(Box::new(restart)));
    }

    pub fn disk(&self) -> MutexGuard<'_, Disk> {
        self.disk.lock().unwrap()
    }

    pub fn offer(&self, input: SyncInput) {
        self.handle.offer(SyncCall::Machine(input)).unwrap();
    }

    /// Waits with a clock that runs faster than the driver's own timer: the timer is set off here.
    pub fn until(&self, what: &str, mut done: impl FnMut(&Disk) -> bool) {
        until(what, || {
            self.offer(SyncInput::Timer);
            done(&self.disk())
        });
    }

    /// The last trouble told: its key, none if there is none.
    pub fn trouble(&self) -> Option<&'static str> {
        self.disk().trouble.last().and_then(|message| message.as_ref().map(|message| message.key))
    }
}

impl Drop for Station {
    fn drop(&mut self) {
        self.port.stop();
        let _ = self.handle.stop();
    }
}
