//! The virtual devices and the made warehouse behind the window's panel. Nothing here blocks: pictures are made ready on
//! threads of their own, and what the office does is done on another.

use super::picture;
use crate::core::ids::{FulfillmentId, PackagingId, ProductId};
use crate::core::session::refusal::TraceField;
use crate::demo::office::Office;
use crate::demo::world::World;
use crate::demo::world::goods::Thing as Good;
use crate::demo::world::people::{self, PEOPLE, lead, packer_of};
use crate::devices::printer::{NotReady, PrintJob};
use crate::devices::virtual_::{Drawing, VirtualCamera, VirtualPrinter, VirtualScale, VirtualScanner};
use crate::engine::EngineHandle;
use crate::engine::view::{PackView, ProductView, StageView, StationView};
use crate::protocol::wire::Role;
use crate::station::panel::{PanelPort, Person, Picture, Thing};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Receiver;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

/// Capacity of the virtual scale, g.
const CAPACITY_G: i64 = 30_000;
/// A made parcel is this much off what is expected, g: real ones never weigh as calculated.
const OFF_G: i64 = 3;

/// A picture that a device thread leaves for the window.
#[derive(Clone, Default)]
struct Easel(Arc<Mutex<Option<Picture>>>);

impl Easel {
    fn put(&self, drawing: &Drawing) {
        let mut shown = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let id = shown.as_ref().map_or(0, |before| before.id) + 1;
        let side = |px: u32| usize::try_from(px).unwrap_or(0);
        let (width, height) = (side(drawing.width_px), side(drawing.height_px));
        *shown = Some(Picture { id, width, height, rgb: Arc::from(drawing.rgb.as_slice()) });
    }

    fn look(&self) -> Option<Picture> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// The devices of the demo, as the station runs them and the panel moves them.
#[derive(Clone)]
pub(super) struct Devices {
    pub scanner: VirtualScanner,
    pub scale: VirtualScale,
    pub labels: VirtualPrinter,
    pub office: VirtualPrinter,
    pub camera: VirtualCamera,
    seen: Easel,
}

impl Devices {
    pub fn new() -> Devices {
        let seen = Easel::default();
        seen.put(&picture::draw());
        let easel = seen.clone();
        let camera = VirtualCamera::new(move || {
            let drawing = picture::draw();
            easel.put(&drawing);
            drawing
        });
        Devices {
            scanner: VirtualScanner::new(),
            scale: VirtualScale::new(CAPACITY_G),
            labels: VirtualPrinter::new(),
            office: VirtualPrinter::new(),
            camera,
            seen,
        }
    }
}

/// What the panel reaches.
pub(super) struct Port {
    pub devices: Devices,
    pub engine: EngineHandle,
    pub office: Arc<Office>,
    pub made: Arc<World>,
    /// The network cable: set while it is pulled.
    pub cut: Arc<AtomicBool>,
    paper: AtomicBool,
    label: Easel,
}

impl Port {
    /// A port, with the thread that makes printed labels ready; `wake` asks the window to draw.
    ///
    /// # Errors
    /// If the system gives no thread.
    pub fn start(
        devices: Devices,
        engine: EngineHandle,
        office: Arc<Office>,
        made: Arc<World>,
        cut: Arc<AtomicBool>,
        wake: impl Fn() + Send + 'static,
    ) -> std::io::Result<Port> {
        let (label, printed) = (Easel::default(), devices.labels.subscribe());
        let easel = label.clone();
        // It ends with the printer.
        thread::Builder::new().name("demo-labels".to_owned()).spawn(move || show(&printed, &easel, &wake))?;
        Ok(Port { devices, engine, office, made, cut, paper: AtomicBool::new(true), label })
    }

    /// The good of a product that the screen shows, and the number of the unit that comes to hand next.
    fn good(&self, id: ProductId) -> Option<(&Good, u64)> {
        let view = self.engine.view();
        let pack = view.pack.as_ref()?;
        let good = self.made.thing(&product(pack, id)?.sku)?;
        Some((good, unit(pack)))
    }

    fn box_code(&self, id: PackagingId) -> Option<String> {
        let view = self.engine.view();
        let name = &view.packagings.iter().find(|packaging| packaging.id == id)?.name;
        let kind = self.made.boxes().iter().find(|kind| kind.name == name)?;
        Some(kind.code.to_owned())
    }

    fn trace(&self, id: ProductId, field: TraceField) -> Option<String> {
        let (good, unit) = self.good(id)?;
        Some(match field {
            TraceField::Serial => good.serial(unit),
            TraceField::Lot => good.lot.clone(),
            TraceField::Expiry => text(good.read(unit).0),
        })
    }
}

/// The number of a unit: of this order, and as many as were counted before it. Serial numbers are read once each.
fn unit(pack: &PackView) -> u64 {
    let order = pack.fulfillment.0.as_u64_pair().1 % 1_000_000_000;
    order * 10_000 + u64::from(pack.lines.iter().map(|line| line.done).sum::<u32>())
}

/// Codes of the made world are plain text.
fn text(code: Vec<u8>) -> String {
    String::from_utf8(code).unwrap_or_default()
}

/// A product that is shown somewhere on the bench.
fn product(pack: &PackView, id: ProductId) -> Option<&ProductView> {
    let staged = match &pack.stage {
        StageView::Pick(pick) => Some(&pick.product),
        StageView::Verify(check) => Some(&check.product),
        StageView::Review(_)
        | StageView::Stock(_)
        | StageView::Pack(_)
        | StageView::Checklist(_)
        | StageView::Weigh(_)
        | StageView::Label(_)
        | StageView::Done(_)
        | StageView::Paused { .. }
        | StageView::Held { .. }
        | StageView::MustUnpack { .. } => None,
    };
    let lines = pack.lines.iter().map(|line| &line.product);
    staged.into_iter().chain(lines).find(|product| product.id == id)
}

/// Decodes what is printed, for the panel.
fn show(printed: &Receiver<PrintJob>, easel: &Easel, wake: &impl Fn()) {
    for job in printed {
        match image::load_from_memory(&job.bytes) {
            Ok(picture) => {
                let rgb = picture.into_rgb8();
                easel.put(&Drawing { width_px: rgb.width(), height_px: rgb.height(), rgb: rgb.into_raw() });
                wake();
            }
            Err(e) => tracing::error!(error = %e, "a printed label cannot be shown"),
        }
    }
}

impl PanelPort for Port {
    fn people(&self) -> Vec<Person> {
        let of = |p: &people::Person| Person {
            initials: p.initials.to_owned(),
            badge: p.badge.to_owned(),
            pin: p.pin.to_owned(),
            lead: p.role == Role::Lead,
        };
        let (leads, packers): (Vec<_>, Vec<_>) = PEOPLE.iter().partition(|p| p.role == Role::Lead);
        packers.into_iter().chain(leads).map(of).collect()
    }

    fn code(&self, thing: &Thing) -> Option<String> {
        match thing {
            Thing::PackerBadge => Some(packer_of(0).badge.to_owned()),
            Thing::LeadBadge => Some(lead().badge.to_owned()),
            Thing::Order(code) | Thing::Shelf(code) | Thing::Slot(code) => Some(code.clone()),
            Thing::Product(id) => self.good(*id).map(|(good, unit)| text(good.read(unit).0)),
            Thing::Trace(id, field) => self.trace(*id, *field),
            Thing::Box(id) => self.box_code(*id),
            // Application identifier 00 is the parcel's number (GS1 General Specifications, 3.3.1).
            Thing::Label(sscc) => Some(format!("00{sscc}")),
            Thing::Command(command) => Some(command.barcode()),
        }
    }

    fn wrong_code(&self, view: &StationView) -> Option<String> {
        let pack = view.pack.as_ref()?;
        let foreign = |good: &&Good| !pack.lines.iter().any(|line| line.product.sku == good.sku);
        let things = &self.made.things;
        things.values().filter(foreign).min_by(|a, b| a.sku.cmp(&b.sku)).map(|good| good.ean.clone())
    }

    fn scan(&self, code: &str) {
        if let Err(e) = self.devices.scanner.scan(code.as_bytes()) {
            tracing::warn!(error = %e, "the virtual scanner took no code");
        }
    }

    fn weigh(&self, grams: i64, stable: bool) {
        self.devices.scale.place(grams, stable);
    }

    fn parcel_g(&self, view: &StationView) -> Option<i64> {
        match &view.pack.as_ref()?.stage {
            StageView::Weigh(weigh) => Some(weigh.expected_g.0 + OFF_G),
            StageView::Review(_)
            | StageView::Stock(_)
            | StageView::Pick(_)
            | StageView::Verify(_)
            | StageView::Pack(_)
            | StageView::Checklist(_)
            | StageView::Label(_)
            | StageView::Done(_)
            | StageView::Paused { .. }
            | StageView::Held { .. }
            | StageView::MustUnpack { .. } => None,
        }
    }

    fn unit_g(&self, view: &StationView) -> Option<i64> {
        let line = view.pack.as_ref()?.lines.iter().find(|line| line.done > 0)?;
        Some(i64::from(self.made.thing(&line.product.sku)?.weight_g))
    }

    fn label(&self) -> Option<Picture> {
        self.label.look()
    }

    fn paper(&self) -> bool {
        self.paper.load(Ordering::Acquire)
    }

    fn set_paper(&self, paper: bool) {
        self.paper.store(paper, Ordering::Release);
        let trouble = if paper { None } else { Some(NotReady::PaperOut) };
        self.devices.labels.set_trouble(trouble);
    }

    fn camera(&self) -> Option<Picture> {
        self.devices.seen.look()
    }

    fn network(&self) -> bool {
        !self.cut.load(Ordering::Acquire)
    }

    fn set_network(&self, open: bool) {
        self.cut.store(!open, Ordering::Release);
    }

    fn cancel(&self, fulfillment: FulfillmentId) {
        let view = self.engine.view();
        let on_bench =
            view.pack.as_ref().filter(|pack| pack.fulfillment == fulfillment).map(|pack| pack.number.clone());
        let queued = || view.queue.rows.iter().find(|row| row.fulfillment == fulfillment).map(|row| row.number.clone());
        let Some(number) = on_bench.or_else(queued) else { return };
        let office = Arc::clone(&self.office);
        let work = move || {
            if let Err(e) = office.cancel(&number) {
                tracing::warn!(error = %e, "the order was not called off");
            }
        };
        if let Err(e) = thread::Builder::new().name("demo-cancel".to_owned()).spawn(work) {
            tracing::warn!(error = %e, "the order was not called off");
        }
    }
}
