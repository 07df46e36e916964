//! What the queue tells about the next order besides its turn: parcels, gift wrap, a note; and only while it is so.

use crate::station_kit::station::Station;
use crate::station_kit::world::{self, Job};
use packbench::engine::view::{WhyIcon, WhyRow};
use packbench::i18n::{Catalogue, Lang};
use packbench::protocol::wire::order::{NoteAudience, OrderNote};
use packbench::protocol::wire::{Change, Put};

fn rows(s: &mut Station) -> Vec<WhyRow> {
    s.view().queue.rows[0].why.clone()
}

fn said(rows: &[WhyRow], icon: WhyIcon) -> Option<(String, String)> {
    let words = Catalogue::new(Lang::En);
    let row = rows.iter().find(|row| row.icon == icon)?;
    Some((words.render(&row.title), words.render(&row.detail)))
}

#[test]
fn the_next_order_tells_its_parcels_and_only_the_next_one_does() {
    let jobs = [Job::new(1, &[(world::MUG, 2)]), Job::new(2, &[(world::MUG, 1)])];
    let mut s = Station::with_anna(&jobs);
    let (title, detail) = said(&rows(&mut s), WhyIcon::Box).expect("a plan");
    assert_eq!(title, "1 parcel");
    assert!(detail.starts_with("box ") && detail.ends_with("fits all, from the plan"), "{detail}");
    let second = s.view().queue.rows[1].why.clone();
    assert!(said(&second, WhyIcon::Box).is_none(), "a plan for each row would cost a plan for each scan");
}

#[test]
fn several_parcels_are_counted_and_named() {
    let mut s = Station::with_anna(&[Job::new(1, &[(world::MUG, 400)])]);
    let (title, detail) = said(&rows(&mut s), WhyIcon::Box).expect("a plan");
    assert!(title.ends_with(" parcels"), "{title}");
    assert!(detail.starts_with("boxes "), "{detail}");
}

#[test]
fn gift_wrap_and_a_note_show_and_follow_the_order() {
    let job = Job::new(1, &[(world::MUG, 1)]);
    let mut s = Station::with_anna(std::slice::from_ref(&job));
    assert!(said(&rows(&mut s), WhyIcon::Gift).is_none() && said(&rows(&mut s), WhyIcon::Note).is_none());
    let mut order = job.order.clone();
    order.version += 1;
    order.lines[0].gift_wrap = true;
    order.notes = vec![OrderNote {
        audience: NoteAudience::Packer,
        text: format!("Please\n{}", "pack well ".repeat(20)),
        at_ms: 1,
        by: None,
        must_read: false,
    }];
    s.pull(vec![Change::Order(Put::Upsert(Box::new(order)))]);
    assert_eq!(
        said(&rows(&mut s), WhyIcon::Gift),
        Some(("Gift wrap".to_owned(), "1 line, checklist will ask".to_owned()))
    );
    let (_, note) = said(&rows(&mut s), WhyIcon::Note).expect("a note");
    assert!(note.starts_with("“Please pack well") && note.ends_with("…”") && note.chars().count() < 70, "{note}");
}
