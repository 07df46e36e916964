//! What the queue tells about the next order besides why it is next: how many parcels it becomes, gift wrap, a note. The
//! planner is asked once per order and version, not with every refresh: a plan takes longer than a scan may.

use super::load::{self, Loaded};
use super::view::{WhyIcon, WhyRow};
use super::{Engine, EngineError};
use crate::core::ids::FulfillmentId;
use crate::core::message::Message;
use crate::planning::carton;
use crate::protocol::wire::{ChangeKind, FulfillmentRecord, OrderRecord};
use crate::storage::records;

/// Longest part of a note that the queue shows, characters; the review shows all of it.
const NOTE_CHARS_MAX: usize = 60;
/// Most boxes that are named.
const BOXES_MAX: usize = 4;

/// What was found out about an order, and of which version.
#[derive(Clone, Debug)]
pub(super) struct Outlook {
    fulfillment: FulfillmentId,
    versions: (u64, u64),
    rows: Vec<WhyRow>,
}

impl Engine {
    /// The rows about this order, from the last time where nothing changed since.
    ///
    /// # Errors
    /// If the database refuses or a record cannot be read.
    pub(super) fn outlook(&mut self, id: FulfillmentId, f: &FulfillmentRecord) -> Result<Vec<WhyRow>, EngineError> {
        let order: Option<OrderRecord> = records::get(self.conn.as_mut(), ChangeKind::Order, f.order_id.0)?;
        let versions = (f.version, order.map_or(0, |o| o.version));
        if let Some(known) = &self.desk.outlook
            && known.fulfillment == id
            && known.versions == versions
        {
            return Ok(known.rows.clone());
        }
        let rows = load::load(self.conn.as_mut(), id)?.map(|loaded| rows(&loaded)).unwrap_or_default();
        self.desk.outlook = Some(Outlook { fulfillment: id, versions, rows: rows.clone() });
        Ok(rows)
    }
}

fn rows(loaded: &Loaded) -> Vec<WhyRow> {
    let mut rows: Vec<WhyRow> = boxes(loaded).into_iter().collect();
    let wrapped = loaded.order.lines.iter().filter(|line| line.gift_wrap).count();
    if wrapped > 0 {
        let n = i64::try_from(wrapped).unwrap_or(i64::MAX);
        let detail = Message::new("queue-gift-sub").with("n", n);
        rows.push(WhyRow { icon: WhyIcon::Gift, title: Message::new("queue-gift"), detail });
    }
    if let Some(note) = &loaded.order.note {
        let line = note.split_whitespace().collect::<Vec<_>>().join(" ");
        let mut short: String = line.chars().take(NOTE_CHARS_MAX).collect();
        if short.len() < line.len() {
            short.push('…');
        }
        let detail = Message::new("queue-note-text").with("text", short);
        rows.push(WhyRow { icon: WhyIcon::Note, title: Message::new("queue-note"), detail });
    }
    rows
}

/// How many parcels, in which boxes; nothing where a size is unknown or something fits nowhere: no promise then.
fn boxes(loaded: &Loaded) -> Option<WhyRow> {
    let units = loaded.fulfillment.lines.iter().map(|line| (line.product, line.quantity));
    let carton::Suggestion { parcels, left_over, unknown, .. } = loaded.plan(units);
    if !left_over.is_empty() || !unknown.is_empty() {
        return None;
    }
    let names: Vec<&str> = parcels
        .iter()
        .filter_map(|parcel| loaded.packagings.iter().find(|p| p.id == parcel.packaging))
        .map(|p| p.name.as_str())
        .collect();
    let (title, detail) = match names.as_slice() {
        [] => return None,
        [only] => (Message::new("queue-one-parcel"), Message::new("queue-box-fits").with("box", *only)),
        many => {
            let n = i64::try_from(many.len()).unwrap_or(i64::MAX);
            let mut boxes = many.iter().take(BOXES_MAX).copied().collect::<Vec<_>>().join(", ");
            if many.len() > BOXES_MAX {
                boxes.push_str(", …");
            }
            (Message::new("queue-parcels").with("n", n), Message::new("queue-boxes").with("boxes", boxes))
        }
    };
    Some(WhyRow { icon: WhyIcon::Box, title, detail })
}
