//! A station without a window: a database in a folder of its own, a clock that a test turns, a printer and a camera that
//! answer at once, and a packer who reads nothing but the view.

use super::world::{self, Job, Someone};
use packbench::core::aim::AimId;
use packbench::core::command_code::CommandCode;
use packbench::core::ids::{GestureId, UserId};
use packbench::core::scan::{Scan, Trace};
use packbench::core::session::event::PrintOutcome;
use packbench::core::session::refusal::TraceField;
use packbench::core::session::{Mode, Session};
use packbench::core::signal::SoundName;
use packbench::core::time::{Day, UtcMs};
use packbench::core::units::Grams;
use packbench::engine::disk::UnknownDisk;
use packbench::engine::input::{LabelInPhoto, PhotoOutcome, PhotosAt, PrintOrder, ScaleReading, SyncNews, Ui};
use packbench::engine::view::{Screen, StageView};
use packbench::engine::{Clock, Effect, Engine, EngineConfig, Input, StationView, VoiceRules};
use packbench::i18n::{Catalogue, Lang};
use packbench::protocol::sync::{self, HeldLease, LeaseChange};
use packbench::protocol::wire::{
    BootId, Change, Cursor, Epoch, Fence, LeaseGrant, PairingAnswer, PullPage, SsccBlockRecord,
};
use packbench::sql::Conn;
use packbench::storage::{self, Blobs};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use uuid::Uuid;

/// Time that only a test moves.
#[derive(Debug)]
pub struct ManualClock {
    pub wall_ms: AtomicI64,
    pub mono_ms: AtomicU64,
    pub boot: AtomicU64,
    ids: AtomicU64,
}

impl ManualClock {
    pub fn new() -> ManualClock {
        ManualClock {
            wall_ms: AtomicI64::new(world::START_MS),
            mono_ms: AtomicU64::new(1_000_000),
            boot: AtomicU64::new(1),
            ids: AtomicU64::new(1),
        }
    }

    pub fn pass_ms(&self, ms: u64) {
        self.mono_ms.fetch_add(ms, Ordering::SeqCst);
        self.wall_ms.fetch_add(i64::try_from(ms).expect("a span"), Ordering::SeqCst);
    }
}

impl Clock for ManualClock {
    fn wall_ms(&self) -> i64 {
        self.wall_ms.load(Ordering::SeqCst)
    }
    fn mono_ms(&self) -> u64 {
        self.mono_ms.load(Ordering::SeqCst)
    }
    fn boot_id(&self) -> BootId {
        BootId::from_u128(u128::from(self.boot.load(Ordering::SeqCst)))
    }
    fn new_id(&self) -> Uuid {
        Uuid::from_u128(0x7000_0000_0000_7000_8000_0000_0000_0000 + u128::from(self.ids.fetch_add(1, Ordering::SeqCst)))
    }
}

/// What the camera gives.
pub const PHOTO: &[u8] = b"\xff\xd8 not really a picture \xff\xd9";

/// The words of papers in English.
pub fn words() -> packbench::labels::documents::Words {
    let catalogue = Catalogue::new(Lang::En);
    packbench::labels::documents::Words::from_catalogue(|key| {
        catalogue.render(&packbench::core::message::Message::new(key))
    })
}

/// A station and its surroundings.
pub struct Station {
    dir: tempfile::TempDir,
    pub file: PathBuf,
    pub clock: Arc<ManualClock>,
    pub engine: Engine,
    /// Everything handed out since the last look.
    pub effects: Vec<Effect>,
    /// Papers handed to the printer, ever.
    pub papers: Vec<PrintOrder>,
    /// The printer's answer to each; none: it stays silent.
    pub printer: Option<PrintOutcome>,
    /// Photos asked for are taken.
    pub camera: bool,
    pub gesture: u128,
    serial: u32,
    page: u64,
}

impl Station {
    /// Paired, with the site's records, numbers, and these orders leased; nobody is logged in.
    pub fn new(jobs: &[Job]) -> Station {
        let mut s = Station::unpaired();
        s.pair();
        s.pull(world::site_changes());
        s.numbers(world::block(1, 1, 100, 1_000));
        s.give(jobs);
        s
    }

    /// The same with Anna logged in.
    pub fn with_anna(jobs: &[Job]) -> Station {
        let mut s = Station::new(jobs);
        s.scan(world::ANNA.badge);
        assert_eq!(s.view().screen, Screen::Queue);
        s
    }

    pub fn unpaired() -> Station {
        let dir = tempfile::tempdir().expect("a folder");
        let file = dir.path().join("station.db");
        let clock = Arc::new(ManualClock::new());
        let (engine, effects) = start(open(&file), &clock, dir.path());
        Station {
            dir,
            file,
            clock,
            engine,
            effects,
            papers: Vec::new(),
            printer: Some(PrintOutcome::PaperMoved),
            camera: true,
            gesture: 0,
            serial: 0,
            page: 0,
        }
    }

    /// A station on a copy of a prepared file that no connection holds. Its connection goes through `wrap`; a start that
    /// fails there is made once more without it.
    pub fn copied(ready: &Path, wrap: impl FnOnce(Box<dyn Conn>) -> Box<dyn Conn>) -> Station {
        let dir = tempfile::tempdir().expect("a folder");
        let file = dir.path().join("station.db");
        std::fs::copy(ready, &file).expect("a copy");
        let clock = Arc::new(ManualClock::new());
        let (engine, effects) = try_start(wrap(open_unsynced(&file)), &clock, dir.path())
            .unwrap_or_else(|_| start(open_unsynced(&file), &clock, dir.path()));
        Station {
            dir,
            file,
            clock,
            engine,
            effects,
            papers: Vec::new(),
            printer: Some(PrintOutcome::PaperMoved),
            camera: true,
            gesture: 0,
            serial: 0,
            page: 0,
        }
    }

    /// Ends; what it leaves on the disk.
    pub fn leave(self) -> tempfile::TempDir {
        self.into_parts().2
    }

    /// The engine for a thread of its own, its clock, and the folder that must outlive it.
    pub fn into_parts(self) -> (Engine, Arc<ManualClock>, tempfile::TempDir) {
        let Station { engine, clock, dir, .. } = self;
        (engine, clock, dir)
    }

    pub fn folder(&self) -> &Path {
        self.dir.path()
    }

    pub fn pair(&mut self) {
        let answer = PairingAnswer {
            station_id: world::STATION,
            station_name: "PACK 3".to_owned(),
            site_id: world::SITE,
            site_name: "Made-up Store".to_owned(),
            token: "token-of-the-tests".to_owned(),
            epoch: Epoch(1),
            server_time_ms: world::START_MS,
        };
        self.feed(Input::Sync(SyncNews::Paired(Box::new(answer))));
    }

    /// The process dies and comes up again on the same file: nothing is said goodbye to.
    pub fn restart(&mut self) {
        let conn = open(&self.file);
        self.restart_on(conn);
    }

    pub fn restart_on(&mut self, conn: Box<dyn Conn>) {
        let (engine, effects) = start(conn, &self.clock, self.dir.path());
        self.engine = engine;
        self.effects = effects;
    }

    /// The same station with these settings for voice; Anna logs in again.
    pub fn with_voice(mut self, voice: VoiceRules) -> Station {
        let blobs = Blobs::open(&self.dir.path().join("photos")).expect("a folder");
        let clock: Arc<dyn Clock> = Arc::<ManualClock>::clone(&self.clock);
        let config = EngineConfig { voice, ..config() };
        (self.engine, self.effects) = Engine::start(open(&self.file), clock, config, blobs).expect("a start");
        self.scan(world::ANNA.badge);
        self
    }

    /// The machine is booted anew: the monotonic clock counts from elsewhere.
    pub fn reboot(&mut self) {
        self.clock.boot.fetch_add(1, Ordering::SeqCst);
        self.clock.mono_ms.store(5_000, Ordering::SeqCst);
        self.restart();
    }

    /// Another look into the same file.
    pub fn look(&self) -> Box<dyn Conn> {
        open(&self.file)
    }

    pub fn feed(&mut self, input: Input) {
        self.feed_all(vec![input]);
    }

    /// One group; printer, camera and PIN checker answer what comes out.
    pub fn feed_all(&mut self, inputs: Vec<Input>) {
        let mut waiting = vec![inputs];
        while let Some(group) = waiting.pop() {
            for e in self.engine.step(group) {
                if let Some(answer) = self.answer(&e) {
                    waiting.push(vec![answer]);
                }
                self.effects.push(e);
            }
        }
    }

    fn answer(&mut self, e: &Effect) -> Option<Input> {
        match e {
            Effect::Print(order) => {
                assert!(!order.sheets.is_empty(), "a job without a page");
                self.papers.push((**order).clone());
                self.printer.map(|outcome| Input::Printed { job: order.job, outcome })
            }
            Effect::TakePhoto { fulfillment, note } if self.camera => {
                let hash = self.engine.blobs().put(PHOTO).expect("room for a photo");
                let bytes = PHOTO.len() as u64;
                let (parcel, label) = (note.parcel, LabelInPhoto::NotLooked);
                Some(Input::Photo(PhotoOutcome::Stored { fulfillment: *fulfillment, hash, bytes, parcel, label }))
            }
            Effect::CheckPin { purpose, pin, candidates } => {
                let user = candidates.iter().find(|(_, phc)| is_pin(&pin.0, phc)).map(|(id, _)| *id);
                Some(Input::PinChecked { purpose: *purpose, user })
            }
            _ => None,
        }
    }

    pub fn ui(&mut self, ui: Ui) {
        self.feed(Input::Ui(ui));
    }

    pub fn tick(&mut self, ms: u64) {
        self.clock.pass_ms(ms);
        self.feed(Input::Tick);
    }

    pub fn gesture(&mut self, bytes: &[u8]) -> Scan {
        self.gesture += 1;
        Scan {
            gesture: GestureId(Uuid::from_u128(self.gesture)),
            device: "hand".to_owned(),
            bytes: bytes.to_vec(),
            symbology: None,
            at: UtcMs(self.clock.wall_ms()),
        }
    }

    pub fn scan(&mut self, text: &str) {
        let scan = self.gesture(text.as_bytes());
        self.feed(Input::Scan(scan));
    }

    pub fn scan_gs1(&mut self, text: &str) {
        let scan = Scan { symbology: Some(AimId::GS1_128), ..self.gesture(text.as_bytes()) };
        self.feed(Input::Scan(scan));
    }

    pub fn code(&mut self, code: CommandCode) {
        self.scan(&code.barcode());
    }

    pub fn weigh(&mut self, g: i64) {
        self.shows("", g, true);
    }

    /// Takes everything off the scale.
    pub fn unload(&mut self) {
        self.shows("", 0, true);
    }

    /// What one of several scales shows.
    pub fn shows(&mut self, scale: &str, g: i64, stable: bool) {
        let at_mono_ms = i64::try_from(self.clock.mono_ms()).expect("small");
        let reading = ScaleReading { grams: Grams(g), stable, at_mono_ms };
        self.feed(Input::Weight { scale: scale.to_owned(), reading });
    }

    pub fn pin(&mut self, pin: &str) {
        for d in pin.bytes() {
            self.ui(Ui::Digit(d - b'0'));
        }
        self.ui(Ui::DigitsDone);
    }

    /// Badge and PIN on the approval that is asked for.
    pub fn approve(&mut self, who: Someone) {
        self.scan(who.badge);
        self.pin(who.pin);
    }

    pub fn store(&mut self, wish: sync::Effect) {
        self.feed(Input::Sync(SyncNews::Store(wish)));
    }

    pub fn pull(&mut self, changes: Vec<Change>) {
        self.page += 1;
        let page = PullPage {
            changes,
            next_cursor: Cursor(format!("page {}", self.page)),
            more: false,
            server_time_ms: self.clock.wall_ms(),
            snapshot: None,
        };
        self.store(sync::Effect::StorePage { no: self.page, page: Box::new(page) });
    }

    pub fn leases(&mut self, change: LeaseChange) {
        self.store(sync::Effect::StoreLeases { no: 1, change: Box::new(change) });
    }

    pub fn numbers(&mut self, block: SsccBlockRecord) {
        self.leases(LeaseChange { sscc_blocks: vec![block], ..no_change() });
    }

    /// Sends orders and leases them for 14 hours.
    pub fn give(&mut self, jobs: &[Job]) {
        if jobs.is_empty() {
            return;
        }
        self.pull(jobs.iter().flat_map(Job::changes).collect());
        for j in jobs {
            self.lease(j, 1);
        }
    }

    pub fn lease(&mut self, j: &Job, fence: u64) {
        let held = HeldLease {
            fulfillment: j.work.id,
            fence: Fence(fence),
            begun: false,
            sent_mono_ms: self.clock.mono_ms(),
            sent_wall_ms: self.clock.wall_ms(),
            boot_id: self.clock.boot_id(),
            ttl_ms: 14 * 3_600_000,
        };
        let grant = LeaseGrant {
            fulfillment: j.work.id,
            fence: Fence(fence),
            ttl_ms: held.ttl_ms,
            invoice_number: Some(format!("INV-{}", j.number())),
        };
        self.leases(LeaseChange { put: vec![held], grants: vec![grant], ..no_change() });
    }

    pub fn view(&mut self) -> StationView {
        self.engine.view()
    }

    pub fn stage(&mut self) -> StageView {
        self.view().pack.as_ref().expect("an order on the bench").stage.clone()
    }

    /// Key of the last thing said.
    pub fn said(&mut self) -> &'static str {
        self.view().feedback.as_ref().expect("something was said").title.key
    }

    /// Sounds since the last look.
    pub fn sounds(&mut self) -> Vec<SoundName> {
        let sounds = self.effects.iter().filter_map(|e| if let Effect::Sound(s) = e { Some(*s) } else { None });
        let list = sounds.collect();
        self.effects.clear();
        list
    }

    /// What the sync machine was told since the last look.
    pub fn told(&mut self) -> Vec<sync::Input> {
        let told = std::mem::take(&mut self.effects);
        told.into_iter().filter_map(|e| if let Effect::Sync(i) = e { Some(*i) } else { None }).collect()
    }

    /// Does what the screen asks for; false where it asks for nothing more, or waits for somebody else.
    pub fn work_once(&mut self) -> bool {
        let view = self.view();
        if view.screen != Screen::Pack {
            return false;
        }
        let packagings = Arc::clone(&view.packagings);
        match self.stage() {
            StageView::Review(r) if r.flags.is_empty() => self.ui(Ui::Continue),
            StageView::Stock(_) => self.ui(Ui::Continue),
            StageView::Pick(p) => match p.location {
                Some(at) => self.scan(&at.code),
                None => self.ui(Ui::TakeStop),
            },
            StageView::Verify(v) => match v.asks {
                Some(TraceField::Serial) => {
                    self.serial += 1;
                    let serial = format!("SN-{}", self.serial);
                    self.scan(&serial);
                }
                Some(TraceField::Lot) => self.scan("LOT-A"),
                Some(TraceField::Expiry) => {
                    let expiry = Day::new(2030, 1, 1);
                    self.ui(Ui::Trace(Trace { expiry, ..Trace::default() }));
                }
                None if v.moving_from.is_some() => self.ui(Ui::Continue),
                None => self.scan(&v.product.sku),
            },
            StageView::Pack(b) if b.suggested.is_some() => self.ui(Ui::Continue),
            StageView::Pack(_) => self.ui(Ui::ChooseBox(packagings.last().expect("a box").id)),
            StageView::Checklist(c) => match c.items[c.current].by_photo {
                true => self.ui(Ui::Photo),
                false => self.ui(Ui::Tick(c.current)),
            },
            StageView::Weigh(w) => {
                self.unload();
                self.weigh(w.expected_g.0);
            }
            StageView::Label(l) => match (l.put_at, l.preview) {
                (Some(place), _) => self.scan(&place),
                (None, Some(p)) => self.scan_gs1(&format!("00{}", p.sscc)),
                (None, None) => return false,
            },
            StageView::Review(_)
            | StageView::Done(_)
            | StageView::Paused { .. }
            | StageView::Held { .. }
            | StageView::MustUnpack { .. } => return false,
        }
        true
    }

    /// Works until the screen asks for nothing more.
    pub fn work(&mut self) {
        for _ in 0..500 {
            if !self.work_once() {
                return;
            }
            self.clock.pass_ms(700);
        }
        panic!("no end in sight: {:?}", self.stage());
    }

    /// Works until this stage is up.
    pub fn work_until(&mut self, wanted: impl Fn(&StageView) -> bool) {
        for _ in 0..500 {
            if self.view().screen == Screen::Pack && wanted(&self.stage()) {
                return;
            }
            assert!(self.work_once(), "stopped before: {:?}", self.view().screen);
        }
        panic!("never came: {:?}", self.stage());
    }

    /// The open session, rebuilt from its events alone.
    pub fn rebuilt(&self, j: &Job) -> Option<Session> {
        rebuilt(self.look().as_mut(), j)
    }
}

/// Any session of an order, rebuilt from its events alone.
pub fn rebuilt(c: &mut dyn Conn, j: &Job) -> Option<Session> {
    let loaded = packbench::engine::load::load(c, j.id()).expect("readable").expect("its records");
    loaded.session(storage::outbox::facts(c, j.id()).expect("readable"))
}

/// The way out of a session that has one.
pub fn is_over(s: &Session) -> bool {
    s.packed || matches!(s.mode, Mode::Ended(_))
}

pub fn no_change() -> LeaseChange {
    LeaseChange {
        put: Vec::new(),
        grants: Vec::new(),
        lost: Vec::new(),
        recalled: Vec::new(),
        returned: Vec::new(),
        sscc_blocks: Vec::new(),
    }
}

pub fn is_pin(pin: &str, phc: &str) -> bool {
    use argon2::password_hash::{PasswordVerifier as _, phc::PasswordHash};
    let hash = PasswordHash::new(phc).expect("a PHC string");
    argon2::Argon2::default().verify_password(pin.as_bytes(), &hash).is_ok()
}

pub fn open(file: &Path) -> Box<dyn Conn> {
    storage::open(file).expect("a database").0
}

/// For tests about the death of the process, not of the machine: what was written is there, synced or not.
pub fn open_unsynced(file: &Path) -> Box<dyn Conn> {
    let target = packbench::sql::Target::Sqlite(file.to_path_buf());
    let mut conn = packbench::sql::open(&target).expect("a database");
    conn.batch("PRAGMA synchronous=OFF").expect("a pragma");
    conn
}

pub fn config() -> EngineConfig {
    EngineConfig {
        words: words(),
        version: "0.1.0".to_owned(),
        idle_lock_min: 10,
        badge_alone: true,
        photos_at: PhotosAt::default(),
        voice: VoiceRules::default(),
        // A scanner of this name could be set up, where a test has one.
        set_up: Arc::from(["bench".to_owned()]),
        disk: Arc::new(UnknownDisk),
    }
}

pub fn start(conn: Box<dyn Conn>, clock: &Arc<ManualClock>, folder: &Path) -> (Engine, Vec<Effect>) {
    try_start(conn, clock, folder).expect("a start")
}

fn try_start(
    conn: Box<dyn Conn>,
    clock: &Arc<ManualClock>,
    folder: &Path,
) -> Result<(Engine, Vec<Effect>), packbench::engine::EngineError> {
    let blobs = Blobs::open(&folder.join("photos")).expect("a folder");
    let clock: Arc<dyn Clock> = Arc::<ManualClock>::clone(clock);
    Engine::start(conn, clock, config(), blobs)
}

pub fn user_id(s: Someone) -> UserId {
    UserId(Uuid::from_u128(s.id))
}
