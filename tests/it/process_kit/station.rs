//! The station's process: this test binary started again as nothing but engine, sync driver and data folder. It is told line
//! by line what a person does, and answers after the commit with the facts on its disk and what the screen asks for.

use packbench::core::aim::AimId;
use packbench::core::checklist::DocumentKind;
use packbench::core::ids::GestureId;
use packbench::core::message::Message;
use packbench::core::scan::Scan;
use packbench::core::session::PrintState;
use packbench::core::session::event::Reason;
use packbench::core::time::UtcMs;
use packbench::core::units::Grams;
use packbench::demo::DemoError;
use packbench::demo::bench::{Bench, Chore, Setup};
use packbench::demo::packer::paper;
use packbench::engine::Input;
use packbench::engine::input::{DeviceNews, PhotoOutcome, ScaleReading, Ui};
use packbench::engine::view::{DeviceKind, DeviceState, Screen, Sheet as Over, StageView, StationView};
use packbench::sync::ServerConfig;
use serde::{Deserialize, Serialize};
use std::io::{BufRead as _, Write as _};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use uuid::Uuid;

/// Set for a child that shall be a station: its folder.
pub const FOLDER: &str = "PACKBENCH_TEST_STATION_FOLDER";
/// Set for a child that shall be a station: central's address.
pub const CENTRAL: &str = "PACKBENCH_TEST_STATION_CENTRAL";
/// The test that a station's process runs.
pub const CHILD: &str = "process_kit::station::this_process_is_a_station";
/// What a line of the station begins with; everything else on its output is the test harness's.
pub const MARK: &str = "told ";

/// What a person does at a station.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Ask {
    Pair(String),
    Scan { gesture: Uuid, bytes: Vec<u8>, matrix: bool },
    Weight(i64),
    Start,
    Continue,
    TakeStop,
    Count(u32),
    Tick(usize),
    CloseSheet,
    PaperCame(bool),
    Reprint(u16),
    Look,
    SwitchOff,
}

/// A fact on the station's disk.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Fact {
    pub epoch: i64,
    pub seq: i64,
    pub id: String,
}

/// A paper that came out of the printer, and the bars that were read from it if it is a label.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Sheet {
    pub number: String,
    pub parcel: u16,
    pub document: String,
    pub code: Option<String>,
}

/// What the screen asks for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Seen {
    Pairing,
    Login,
    Queue { waiting: usize },
    Review,
    Pick { place: Option<String> },
    Verify { sku: String, done: u32, of: u32, count_max: u32 },
    Pack { suggested: bool },
    Checklist { current: Option<usize> },
    Weigh { expected_g: i64 },
    Label { blocked: Option<String>, printed: bool, printing: bool },
    Done,
    PaperUnknown { document: String, parcel: u16 },
    OtherSheet,
    Other(String),
}

/// A station's answer, given after the commit.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Told {
    /// New facts on its disk since it told last, in order.
    pub facts: Vec<Fact>,
    pub papers: Vec<Sheet>,
    pub seen: Seen,
    pub number: String,
    pub parcel: u16,
    /// Key of what the screen said last.
    pub said: String,
    /// Facts that central has not confirmed.
    pub unsynced: u64,
    pub online: bool,
}

// --- the station's process -----------------------------------------------------------------------------------------------

/// Not a test of its own: what the station's process of the other tests runs. Without their variables it has nothing to do.
#[test]
#[ignore = "the station's process of the tests that kill it"]
fn this_process_is_a_station() {
    if let (Ok(folder), Ok(url)) = (std::env::var(FOLDER), std::env::var(CENTRAL)) {
        serve(PathBuf::from(folder), &url).unwrap();
    }
}

fn serve(folder: PathBuf, url: &str) -> Result<(), DemoError> {
    let setup = Setup { name: "PACK 1".to_owned(), folder, server: ServerConfig::new(url) };
    let file = setup.file();
    let mut bench = Bench::start(setup, Arc::default())?;
    let disk = rusqlite::Connection::open_with_flags(&file, rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
    let mut last = newest(&disk);
    for (kind, name) in
        [(DeviceKind::Scanner, "scanner"), (DeviceKind::Scale, "scale"), (DeviceKind::Printer, "printer")]
    {
        let news = DeviceNews { kind, name: name.to_owned(), state: DeviceState::Ready, detail: None, cure: None };
        bench.act(Input::Device(news)).unwrap();
    }
    for line in std::io::stdin().lock().lines() {
        let ask: Ask = serde_json::from_str(&line.unwrap()).unwrap();
        if matches!(ask, Ask::SwitchOff) {
            return bench.power_off();
        }
        act(&mut bench, ask)?;
        let papers = chores(&mut bench);
        let view = bench.view().unwrap();
        let facts = facts_after(&disk, last);
        last = facts.last().map_or(last, |fact| (fact.epoch, fact.seq));
        let told = tell(&view, facts, papers);
        // One write of one line: it is there wholly or not at all.
        let line = format!("\n{MARK}{}\n", serde_json::to_string(&told).unwrap());
        std::io::stdout().write_all(line.as_bytes()).unwrap();
        std::io::stdout().flush().unwrap();
    }
    Ok(())
}

fn newest(disk: &rusqlite::Connection) -> (i64, i64) {
    let sql = "SELECT epoch, seq FROM event ORDER BY epoch DESC, seq DESC LIMIT 1";
    disk.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?))).unwrap_or((0, 0))
}

/// The facts on a station's disk after a number.
pub fn facts_after(disk: &rusqlite::Connection, (epoch, seq): (i64, i64)) -> Vec<Fact> {
    let sql = "SELECT epoch, seq, id FROM event WHERE epoch > ?1 OR (epoch = ?1 AND seq > ?2) ORDER BY epoch, seq";
    let mut list = disk.prepare_cached(sql).unwrap();
    let fact = |row: &rusqlite::Row<'_>| {
        let id = Uuid::from_slice(&row.get::<_, Vec<u8>>(2)?).unwrap().to_string();
        Ok(Fact { epoch: row.get(0)?, seq: row.get(1)?, id })
    };
    list.query_map([epoch, seq], fact).unwrap().map(Result::unwrap).collect()
}

fn act(bench: &mut Bench, ask: Ask) -> Result<(), DemoError> {
    let input = match ask {
        Ask::Pair(code) => return bench.pair(&code),
        Ask::Look => {
            bench.look_up(Duration::from_millis(20)).unwrap();
            return Ok(());
        }
        Ask::Scan { gesture, bytes, matrix } => Input::Scan(Scan {
            gesture: GestureId(gesture),
            device: "scanner".to_owned(),
            bytes,
            symbology: matrix.then_some(AimId::GS1_DATAMATRIX),
            at: UtcMs(bench.wall_ms()),
        }),
        Ask::Weight(grams) => {
            // A box is put on the scale: first it sways, then it rests.
            let reading = |grams, stable, at_mono_ms| Input::Weight {
                scale: String::new(),
                reading: ScaleReading { grams: Grams(grams), stable, at_mono_ms },
            };
            bench.act(reading(grams / 2, false, bench.mono_ms())).unwrap();
            reading(grams, true, bench.mono_ms())
        }
        Ask::Start => Input::Ui(Ui::Start),
        Ask::Continue => Input::Ui(Ui::Continue),
        Ask::TakeStop => Input::Ui(Ui::TakeStop),
        Ask::Count(more) => Input::Ui(Ui::Count(more)),
        Ask::Tick(line) => Input::Ui(Ui::Tick(line)),
        Ask::CloseSheet => Input::Ui(Ui::CloseSheet),
        Ask::PaperCame(yes) => Input::Ui(Ui::PaperCame { yes }),
        Ask::Reprint(parcel) => {
            Input::Ui(Ui::Reprint { fulfillment: None, parcel, document: DocumentKind::Label, reason: Reason::NoPaper })
        }
        Ask::SwitchOff => Input::Stop,
    };
    bench.act(input).unwrap();
    Ok(())
}

fn name(document: DocumentKind) -> String {
    format!("{document:?}")
}

/// The printer's and the camera's side: labels are drawn and their bars read again.
fn chores(bench: &mut Bench) -> Vec<Sheet> {
    let mut papers = Vec::new();
    while let Some(chore) = bench.chore() {
        match chore {
            Chore::Paper(order) => {
                let paper = paper::print(&order);
                let number = bench.view().unwrap().pack.as_ref().map(|pack| pack.number.clone()).unwrap_or_default();
                let (parcel, document) = (order.job.parcel, name(order.job.document));
                papers.push(Sheet { number, parcel, document, code: paper.codes.first().cloned() });
                bench.act(Input::Printed { job: order.job, outcome: paper.outcome }).unwrap();
            }
            Chore::Photo(_) => {
                let why = Message::new("device-camera-absent");
                bench.act(Input::Photo(PhotoOutcome::Failed(why))).unwrap();
            }
            Chore::Pin { purpose, .. } => {
                bench.act(Input::PinChecked { purpose, user: None }).unwrap();
            }
        }
    }
    papers
}

fn tell(view: &StationView, facts: Vec<Fact>, papers: Vec<Sheet>) -> Told {
    let pack = view.pack.as_deref();
    Told {
        facts,
        papers,
        seen: seen(view),
        number: pack.map(|pack| pack.number.clone()).unwrap_or_default(),
        parcel: pack.map_or(1, |pack| pack.parcel),
        said: view.feedback.as_ref().map_or("", |feedback| feedback.title.key).to_owned(),
        unsynced: view.network.waiting,
        online: view.network.online,
    }
}

fn seen(view: &StationView) -> Seen {
    match &view.sheet {
        Some(Over::PrintUnknown { document, parcel }) => {
            return Seen::PaperUnknown { document: name(*document), parcel: *parcel };
        }
        Some(_) => return Seen::OtherSheet,
        None => {}
    }
    match (&view.screen, &view.pack) {
        (Screen::Pairing { .. }, _) => Seen::Pairing,
        (Screen::Login(_), _) => Seen::Login,
        (Screen::Pack, Some(pack)) => stage(&pack.stage),
        (Screen::Queue, _) => Seen::Queue { waiting: view.queue.rows.len() },
        (other, _) => Seen::Other(format!("{other:?}")),
    }
}

fn stage(stage: &StageView) -> Seen {
    match stage {
        StageView::Review(review) if review.flags.is_empty() => Seen::Review,
        StageView::Stock(_) => Seen::Review,
        StageView::Pick(pick) => Seen::Pick { place: pick.location.as_ref().map(|place| place.code.clone()) },
        StageView::Verify(verify) => Seen::Verify {
            sku: verify.product.sku.clone(),
            done: verify.done,
            of: verify.of,
            count_max: verify.count_max,
        },
        StageView::Pack(view) => Seen::Pack { suggested: view.suggested.is_some() },
        StageView::Checklist(list) => Seen::Checklist { current: list.items.get(list.current).map(|_| list.current) },
        StageView::Weigh(weigh) if weigh.outside.is_none() => Seen::Weigh { expected_g: weigh.expected_g.0 },
        StageView::Label(label) => {
            let last = label.prints.iter().filter(|p| p.document == DocumentKind::Label).max_by_key(|p| p.copy);
            Seen::Label {
                blocked: label.blocked.as_ref().map(|(why, _)| why.key.to_owned()),
                printed: last.is_some(),
                printing: last.is_some_and(|p| matches!(p.state, PrintState::Attempting)),
            }
        }
        StageView::Done(_) => Seen::Done,
        other => Seen::Other(format!("{other:?}")),
    }
}
