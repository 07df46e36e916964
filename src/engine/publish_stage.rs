//! The order on the bench as the screen shows it: one stage per step.

use super::desk::{Bench, Desk};
use super::load::Loaded;
use super::view::{
    BoxView, ChecklistRow, ChecklistView, DeviceKind, DeviceState, DoneView, LabelPreview, LabelView, LineView,
    ListIcon, MapStop, MapView, OutsideView, PackView, PackagingView, PickPlace, PickView, PrintRow, PrintWay,
    ProductView, ReadingView, ReviewView, StageView, StockRow, StockView, VerifyView, WeighView,
};
use crate::core::checklist::{self, DocumentKind, ItemKind};
use crate::core::ids::{ProductId, UserId};
use crate::core::message::{Arg, Message};
use crate::core::order::{Entry, Flag};
use crate::core::person::{Person, Role};
use crate::core::policy::{ByHandPolicy, PickConfirm};
use crate::core::session::decide::{count_max, weigh};
use crate::core::session::event::{PrintOutcome, Reason, Undoable};
use crate::core::session::refusal::TraceField;
use crate::core::session::{Facts, LineState, Mode, PrintState, Step};
use crate::core::time::Day;
use crate::core::units::Grams;
use crate::core::weight;
use std::sync::Arc;

/// The order on the bench.
pub(super) fn pack(desk: &Desk, b: &Bench) -> PackView {
    let s = &b.session;
    let stage = stage(desk, b);
    let (say, say_detail, signal) = super::publish_say::say(b, &stage);
    PackView {
        fulfillment: s.fulfillment,
        number: b.loaded.order.number.clone(),
        ship_by: b.loaded.order.ship_by,
        step: s.step,
        elsewhere: s.picked_elsewhere,
        lines: lines(b),
        done: if s.step == Step::Pick { s.lines.iter().map(|l| l.picked).sum() } else { s.verified() },
        of: s.to_ship(),
        parcel: s.parcel().no,
        parcels: u16::try_from(s.parcels.len()).unwrap_or(u16::MAX),
        say,
        say_detail,
        signal,
        stage,
        undo: s.undo.last().map(|u| undo_words(b, u)),
        step_since: s.step_since,
        opened: s.opened,
    }
}

/// Bin a product is kept in.
#[must_use]
pub(super) fn bin_of(l: &Loaded, id: ProductId) -> Option<String> {
    let line = l.fulfillment.lines.iter().find(|x| x.product == id).map(|x| x.line);
    let stop = line.and_then(|no| l.walk.stops.iter().find(|s| s.line == no)).map(|s| s.location.clone());
    stop.or_else(|| l.stock.levels.iter().find(|x| x.product == id && x.quantity > 0).map(|x| x.location.clone()))
}

pub(super) fn product(l: &Loaded, id: ProductId) -> ProductView {
    let bin = bin_of(l, id);
    match l.products.get(&id) {
        Some(p) => ProductView { id, sku: p.sku.clone(), name: p.name.clone(), bin },
        None => ProductView { id, sku: String::new(), name: String::new(), bin },
    }
}

fn lines(b: &Bench) -> Arc<[LineView]> {
    let s = &b.session;
    // While picking, the walk says which line is next, not the order of the list.
    let stop = if s.step == Step::Pick {
        crate::core::session::decide::current_stop(s, &b.loaded.walk.stops).map(|(stop, _)| stop.line)
    } else {
        None
    };
    let shown = stop.or_else(|| s.line_shown().map(|l| l.no));
    let picking = matches!(s.step, Step::Order | Step::Review | Step::Stock | Step::Pick);
    s.lines
        .iter()
        .map(|l| LineView {
            no: l.no,
            product: product(&b.loaded, l.product),
            done: if picking { l.picked } else { l.verified },
            of: l.ordered.saturating_sub(l.short),
            short: l.short,
            current: matches!(s.step, Step::Pick | Step::Verify) && shown == Some(l.no),
            substituted: !l.substitutes.is_empty(),
        })
        .collect()
}

fn undo_words(b: &Bench, u: &Undoable) -> Message {
    match u {
        Undoable::Picked { quantity, .. } => Message::new("undo-picked").with("count", *quantity),
        Undoable::Verified { product: p, units, .. } | Undoable::Moved { product: p, units, .. } => {
            Message::new("undo-verified").with("name", product(&b.loaded, *p).name).with("count", *units)
        }
        Undoable::TraceAsked => Message::new("undo-trace"),
        Undoable::Ticked { .. } => Message::new("undo-ticked"),
    }
}

fn stage(desk: &Desk, b: &Bench) -> StageView {
    let s = &b.session;
    match s.mode {
        Mode::Paused { since } => return StageView::Paused { since },
        Mode::Held { reason, .. } => {
            return StageView::Held { reason, lead_can_release: reason == Reason::ShortComplete };
        }
        Mode::MustUnpack => return must_unpack(b),
        Mode::Working | Mode::Ended(_) => {}
    }
    match s.step {
        Step::Order | Step::Review => StageView::Review(review(b)),
        Step::Stock => StageView::Stock(stock(b)),
        Step::Pick => StageView::Pick(pick(b)),
        Step::Verify => StageView::Verify(verify(b)),
        Step::Pack => StageView::Pack(pack_stage(desk, b)),
        Step::Checklist => StageView::Checklist(list(b)),
        Step::Weigh => StageView::Weigh(weigh_stage(desk, b)),
        Step::Label | Step::Confirm => StageView::Label(label(desk, b)),
        Step::Next => StageView::Done(done(desk, b)),
    }
}

fn must_unpack(b: &Bench) -> StageView {
    let packed = b.session.parcels.iter().flat_map(|p| &p.units).map(|u| (u.product, u.units));
    // Picked but not yet in a box counts too: it lies on the bench.
    let loose = b.session.lines.iter().filter(|l| l.picked > l.verified).map(|l| (l.product, l.picked - l.verified));
    let mut units: Vec<(ProductView, u32)> = Vec::new();
    for (id, n) in packed.chain(loose) {
        match units.iter_mut().find(|(p, _)| p.id == id) {
            Some((_, sum)) => *sum = sum.saturating_add(n),
            None => units.push((product(&b.loaded, id), n)),
        }
    }
    StageView::MustUnpack { units }
}

fn review(b: &Bench) -> ReviewView {
    let (o, s) = (&b.loaded.order, &b.session);
    let mut handling = Vec::new();
    let mut add = |yes: bool, key: &'static str| {
        if yes {
            handling.push(Message::new(key));
        }
    };
    let products = || s.lines.iter().filter_map(|l| b.loaded.products.get(&l.product));
    add(o.rush, "review-rush");
    add(o.expedited_by.is_some(), "review-expedited");
    add(o.customer.vip, "review-vip");
    add(o.customer.is_new, "review-new-customer");
    add(products().any(|p| p.facts.fragile), "review-fragile");
    add(products().any(|p| p.facts.this_side_up), "review-this-side-up");
    add(products().any(|p| p.facts.lithium.is_some()), "review-lithium");
    add(products().any(|p| p.facts.dangerous && p.facts.lithium.is_none()), "review-dangerous");
    add(products().any(|p| p.facts.temperature_c.is_some()), "review-temperature");
    add(products().any(|p| p.facts.adult_signature), "review-adult");
    add(products().any(|p| p.tracking.any()), "review-traced");
    add(checklist::is_abroad(o, &b.loaded.policy), "review-abroad");
    let note = |l: &crate::core::order::OrderLine| {
        let name = product(&b.loaded, l.product).name;
        match (&l.note, l.gift_wrap) {
            (Some(n), _) => Some((name, Message::new("review-line-note").with("note", n.as_str()))),
            (None, true) => Some((name, Message::new("review-line-wrap"))),
            (None, false) => None,
        }
    };
    ReviewView {
        customer: o.customer.number.clone(),
        country: o.ship_to.country.map(|c| c.as_str().to_owned()),
        shipping: [o.shipping.carrier.as_str(), o.shipping.service.as_str(), o.shipping.route.as_str()]
            .iter()
            .filter(|t| !t.is_empty())
            .copied()
            .collect::<Vec<_>>()
            .join(" · "),
        note: o.note.clone(),
        flags: o.flags.iter().filter(|f| !s.cleared.contains(f)).copied().collect::<Vec<Flag>>(),
        gift: o.gift,
        line_notes: o.lines.iter().filter_map(note).take(4).collect(),
        handling,
        lines: u32::try_from(s.lines.len()).unwrap_or(u32::MAX),
        units: s.to_ship(),
    }
}

fn stock(b: &Bench) -> StockView {
    let l = &b.loaded;
    let row = |x: &LineState| {
        let own = b.session.promised_of(x.product);
        StockRow {
            product: product(l, x.product),
            wanted: x.to_pick(),
            free: l.stock.free(x.product, own),
            elsewhere: l.stock.elsewhere(x.product, own),
        }
    };
    let rows: Vec<StockRow> = b.session.lines.iter().map(row).collect();
    let shortfalls = rows.iter().filter(|row| row.lacks()).count();
    StockView { rows, as_of: l.stock.as_of, shortfalls: u32::try_from(shortfalls).unwrap_or(u32::MAX) }
}

fn pick(b: &Bench) -> PickView {
    let (s, w) = (&b.session, &b.loaded.walk);
    let current = crate::core::session::decide::current_stop(s, &w.stops);
    let index = current.and_then(|(stop, _)| w.stops.iter().position(|x| x == stop));
    let rest = s.lines.iter().find(|l| l.to_pick() > 0);
    let line = current.map(|(stop, _)| stop.line).or(rest.map(|l| l.no));
    let id = line.and_then(|no| s.line(no)).map(|l| l.product);
    PickView {
        stop: index.map_or(0, |i| u32::try_from(i + 1).unwrap_or(0)),
        stops: u32::try_from(w.stops.len()).unwrap_or(u32::MAX),
        length_mm: w.length_mm,
        location: index.map(|i| place(b, i)),
        take: current.map_or(rest.map_or(0, |l| l.to_pick()), |(_, n)| n),
        product: id.map_or_else(|| product(&b.loaded, ProductId(uuid::Uuid::nil())), |id| product(&b.loaded, id)),
        map: map(b, index),
        touch_allowed: b.loaded.policy.pick == PickConfirm::ScanOrTouch || index.is_none(),
    }
}

/// Levels of a shelf where the site made no plan.
const USUAL_LEVELS: u8 = 4;

fn place(b: &Bench, i: usize) -> PickPlace {
    let w = &b.loaded.walk;
    let code = w.stops.get(i).map(|s| s.location.clone()).unwrap_or_default();
    let planned = w.floor.as_ref().and_then(|f| f.plan.as_ref()).map_or(USUAL_LEVELS, |plan| plan.layout.levels);
    let levels = w.places.iter().flatten().map(|p| p.level).max().unwrap_or(1).max(planned);
    match (w.places.get(i).and_then(Option::as_ref), &w.floor) {
        (Some(p), Some(f)) => PickPlace {
            code,
            aisle: f.aisle_names.get(usize::from(p.aisle)).cloned().unwrap_or_default(),
            bay: p.bay + 1,
            level: p.level,
            levels,
            side: p.side,
        },
        _ => PickPlace { code, aisle: String::new(), bay: 0, level: 0, levels, side: crate::core::stock::Side::Left },
    }
}

fn map(b: &Bench, index: Option<usize>) -> Option<Arc<MapView>> {
    let w = &b.loaded.walk;
    let floor = w.floor.clone()?;
    let at = index.unwrap_or(w.stops.len());
    let stops: Vec<MapStop> = w
        .places
        .iter()
        .enumerate()
        .filter_map(|(i, p)| p.as_ref().map(|p| MapStop { aisle: p.aisle, bay: p.bay, side: p.side, done: i < at }))
        .collect();
    (!stops.is_empty()).then(|| Arc::new(MapView { floor, stops, way: w.way.clone(), current: at }))
}

fn verify(b: &Bench) -> VerifyView {
    let s = &b.session;
    let shown = s.line_shown().or_else(|| s.line_in_hand.and_then(|n| s.line(n))).or_else(|| s.lines.first());
    let asks = s.awaiting.as_ref().and_then(|a| {
        let p = b.loaded.products.get(&a.product)?;
        match (p.tracking.serial && a.trace.serial.is_none(), p.tracking.lot && a.trace.lot.is_none()) {
            (true, _) => Some(TraceField::Serial),
            (false, true) => Some(TraceField::Lot),
            (false, false) => (p.tracking.expiry && a.trace.expiry.is_none()).then_some(TraceField::Expiry),
        }
    });
    let source = match &b.loaded.fulfillment.entry {
        Entry::Order => None,
        Entry::Tote(t) | Entry::Slot(t) => Some(t.clone()),
    };
    let who = nobody();
    VerifyView {
        product: product(&b.loaded, shown.map_or(ProductId(uuid::Uuid::nil()), |l| l.product)),
        done: shown.map_or(0, |l| l.verified),
        of: shown.map_or(0, |l| l.ordered.saturating_sub(l.short)),
        asks,
        source,
        count_max: count_max(s, &facts(&b.loaded, &who)),
        by_hand: b.loaded.policy.by_hand != ByHandPolicy::Never,
        moving_from: s.moving_from,
    }
}

fn pack_stage(desk: &Desk, b: &Bench) -> BoxView {
    let plan = b.plan.as_deref();
    let find = |id| desk.packagings.iter().find(|p| p.id == id).cloned();
    let suggested: Option<PackagingView> = plan.and_then(|p| p.packaging).and_then(find);
    BoxView {
        suggested,
        why: plan.map(|p| p.why.clone()).unwrap_or_default(),
        placed: plan.map(|p| p.placed.clone()).unwrap_or_default(),
        order: plan.map(|p| p.order.iter().map(|(id, n)| (product(&b.loaded, *id), *n)).collect()).unwrap_or_default(),
        filled_percent: plan.and_then(|p| p.filled_percent),
    }
}

/// Facts for reading only: nobody acts.
fn facts<'a>(l: &'a Loaded, nobody: &'a Person) -> Facts<'a> {
    l.facts(nobody, None, None, Day { year: 1970, month: 1, day: 1 })
}

fn nobody() -> Person {
    Person { id: UserId(uuid::Uuid::nil()), initials: String::new(), role: Role::Packer }
}

fn list(b: &Bench) -> ChecklistView {
    let who = nobody();
    let contents = facts(&b.loaded, &who).contents(b.session.parcel());
    let fresh = checklist::items(&b.loaded.order, &contents, &b.loaded.policy);
    let items = b.session.parcel().checklist.clone().unwrap_or_default();
    let rows = items.iter().map(|i| {
        // A stored list does not hold its reasons: they are told anew from order and products.
        let why = fresh.iter().find(|f| f.kind == i.kind).map_or_else(|| i.why.clone(), |f| f.why.clone());
        ChecklistRow {
            icon: icon(&i.kind),
            say: words(b, &i.kind, "say"),
            title: words(b, &i.kind, "title"),
            why,
            done: i.done,
            by_photo: i.kind == ItemKind::Photo,
            offered: i.kind == ItemKind::PhotoOffered,
        }
    });
    ChecklistView { items: rows.collect(), current: items.iter().position(|i| !i.done).unwrap_or(items.len()) }
}

fn icon(k: &ItemKind) -> ListIcon {
    match k {
        ItemKind::Document(_) => ListIcon::Doc,
        ItemKind::Insert(_) => ListIcon::Insert,
        ItemKind::GiftWrap(_) | ItemKind::GiftMessage => ListIcon::Gift,
        ItemKind::Fragile => ListIcon::Fragile,
        ItemKind::LithiumMark(_)
        | ItemKind::DangerousGoods(_)
        | ItemKind::Temperature(..)
        | ItemKind::AdultSignature => ListIcon::Mark,
        ItemKind::Photo | ItemKind::PhotoOffered => ListIcon::Photo,
    }
}

/// The band's words for a line (`say`), or its name in the list (`title`).
fn words(b: &Bench, k: &ItemKind, form: &str) -> Message {
    let pick = |say: &'static str, title: &'static str| Message::new(if form == "say" { say } else { title });
    match k {
        ItemKind::Document(d) => {
            pick("list-say-document", "list-document").with("document", Arg::Key(document_key(*d)))
        }
        ItemKind::Insert(name) => pick("list-say-insert", "list-insert").with("name", name.as_str()),
        ItemKind::GiftWrap(no) => {
            let id = b.session.line(*no).map(|l| l.product);
            let name = id.map(|id| product(&b.loaded, id).name).unwrap_or_default();
            pick("list-say-gift-wrap", "list-gift-wrap").with("name", name)
        }
        ItemKind::GiftMessage => pick("list-say-gift-message", "list-gift-message"),
        ItemKind::Fragile => pick("list-say-fragile", "list-fragile"),
        ItemKind::LithiumMark(un) => pick("list-say-lithium", "list-lithium").with("un", format!("UN{un:04}")),
        ItemKind::DangerousGoods(un) => pick("list-say-dangerous", "list-dangerous").with("un", format!("UN{un:04}")),
        ItemKind::Temperature(low, high) => {
            pick("list-say-temperature", "list-temperature").with("low", i64::from(*low)).with("high", i64::from(*high))
        }
        ItemKind::AdultSignature => pick("list-say-adult", "list-adult"),
        ItemKind::Photo => pick("list-say-photo", "list-photo"),
        ItemKind::PhotoOffered => pick("list-say-photo-offered", "list-photo-offered"),
    }
}

/// Key of a paper's name.
#[must_use]
pub(super) fn document_key(d: DocumentKind) -> &'static str {
    match d {
        DocumentKind::Label => "document-label",
        DocumentKind::PackingSlip => "document-packing-slip",
        DocumentKind::Invoice => "document-invoice",
        DocumentKind::Cn22 => "document-cn22",
        DocumentKind::Cn23 => "document-cn23",
        DocumentKind::CommercialInvoice => "document-commercial-invoice",
    }
}

fn weigh_stage(desk: &Desk, b: &Bench) -> WeighView {
    let who = nobody();
    let f = facts(&b.loaded, &who);
    let gate = weigh::gate(&b.session, &f);
    let outside = b.outside.map(|grams| {
        let list: Vec<weight::Content> = weigh::contents(&f, b.session.parcel());
        let diff = grams - gate.expected_g;
        let suspect = weight::suspect(diff, &list, b.loaded.policy.scale_resolution_g);
        let mass = Grams(diff.0.abs());
        OutsideView { grams, suspect: suspect.map(|(p, n)| (product(&b.loaded, p), n, mass)) }
    });
    let present = |d: &&super::view::DeviceView| {
        d.kind == super::view::DeviceKind::Scale && d.state != super::view::DeviceState::Absent
    };
    WeighView {
        reading: desk.scales.reading().map(|r| ReadingView { grams: r.grams, stable: r.stable }),
        expected_g: gate.expected_g,
        low_g: gate.low_g,
        high_g: (gate.high_g.0 < i64::MAX).then_some(gate.high_g),
        labelled_g: weigh::labelled(&f, b.session.parcel()),
        relies_on_scans: gate.proves.message(),
        outside,
        scale: desk.devices.iter().any(|d| present(&d)),
    }
}

fn label(desk: &Desk, b: &Bench) -> LabelView {
    let (s, p) = (&b.session, b.session.parcel());
    let who = nobody();
    let contents = facts(&b.loaded, &who).contents(p);
    let preview = p.sscc.as_ref().map(|sscc| LabelPreview {
        from: b.loaded.shipper.name.clone(),
        to: {
            let mut to = vec![b.loaded.order.ship_to.name.clone()];
            to.extend(super::papers::address_lines(&b.loaded.order.ship_to));
            to.extend(b.loaded.order.ship_to.country.map(|c| c.as_str().to_owned()));
            to
        },
        number: b.loaded.order.number.clone(),
        parcel: (
            u16::try_from(s.parcels.iter().take_while(|x| x.no != p.no).count()).map_or(1, |n| n + 1),
            u16::try_from(s.parcels.len()).unwrap_or(u16::MAX),
        ),
        route: b.loaded.order.shipping.route.clone(),
        weight_g: p.weight_g,
        marks: super::papers::marks(&contents)
            .into_iter()
            .map(|m| Message::new("label-mark").with("text", m.text))
            .collect(),
        sscc: sscc.clone(),
        picture: b.label.as_ref().and_then(|drawn| drawn.picture.clone()),
    });
    let all_confirmed = s.parcels.iter().all(|p| p.confirmed);
    LabelView {
        preview,
        prints: prints(desk, b),
        house_instead: b.house_instead.as_ref().filter(|(parcel, _)| *parcel == p.no).map(|(_, why)| why.clone()),
        blocked: b.blocked.clone(),
        put_at: b.loaded.fulfillment.consolidate_at.clone().filter(|_| all_confirmed && s.consolidated.is_none()),
    }
}

/// The latest copy of every paper of the parcel.
fn prints(desk: &Desk, b: &Bench) -> Vec<PrintRow> {
    let p = b.session.parcel();
    let mut rows: Vec<PrintRow> = Vec::new();
    for j in &p.prints {
        let at = b.print_at.iter().find(|(k, _)| *k == (p.no, j.document, j.copy)).map(|(_, at)| *at);
        let trouble = match j.state {
            PrintState::Ended(PrintOutcome::Failed(t)) => Some(t),
            PrintState::Attempting | PrintState::Ended(_) => None,
        };
        let way = print_way(desk, b, (p.no, j.document, j.copy), j.state);
        let row = PrintRow { document: j.document, copy: j.copy, state: j.state, trouble, at, way };
        match rows.iter_mut().find(|r| r.document == j.document) {
            Some(r) if r.copy < j.copy => *r = row,
            Some(_) => {}
            None => rows.push(row),
        }
    }
    rows
}

/// Where a job went. While its paper is not out, what its printer says of itself is why nothing comes.
fn print_way(desk: &Desk, b: &Bench, key: (u16, DocumentKind, u16), state: PrintState) -> Option<PrintWay> {
    let (_, way) = b.print_ways.iter().find(|(k, _)| *k == key)?;
    let mut way = way.clone();
    match state {
        PrintState::Attempting | PrintState::Ended(PrintOutcome::Sent) => {
            let printer = desk.devices.iter().find(|d| d.kind == DeviceKind::Printer && d.name == way.printer);
            let at_fault = printer.filter(|d| matches!(d.state, DeviceState::Attention | DeviceState::Lost { .. }));
            way.why = at_fault.and_then(|d| d.detail.as_ref()).map(|detail| detail.key);
        }
        PrintState::Ended(PrintOutcome::PaperMoved | PrintOutcome::Unknown) => way.why = None,
        PrintState::Ended(PrintOutcome::Failed(_)) => {}
    }
    Some(way)
}

fn done(desk: &Desk, b: &Bench) -> DoneView {
    let (orders, accepted, refused) = desk.today;
    let all = u64::from(accepted) + u64::from(refused);
    let right = (u64::from(accepted) * 1_000).checked_div(all).unwrap_or(1_000);
    DoneView {
        took_ms: b.session.step_ms.iter().take(10).sum(),
        median_ms: b.median_ms,
        today: orders,
        right_permille: u32::try_from(right).unwrap_or(1_000),
        cage: b.loaded.order.shipping.route.clone(),
        next: desk.queue.rows.first().cloned(),
        advance_at: b.advance_at,
        advance_ms: b.loaded.policy.auto_advance_ms,
    }
}
