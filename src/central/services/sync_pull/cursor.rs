//! The cursor: only this server reads it. It names the stream, so that a cursor of another database is known as such.

use crate::protocol::wire::Cursor;
use crate::protocol::wire::pull::CURSOR_BYTES_MAX;
use uuid::Uuid;

/// A place in the stream of changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub stream: String,
    pub gseq: i64,
    pub snapshot: Option<Uuid>,
}

impl Place {
    pub fn read(cursor: &Cursor) -> Option<Place> {
        if cursor.0.len() > CURSOR_BYTES_MAX {
            return None;
        }
        let mut parts = cursor.0.splitn(4, '.');
        if parts.next()? != "1" {
            return None;
        }
        let stream = parts.next()?.to_owned();
        let gseq: i64 = parts.next()?.parse().ok()?;
        let snapshot = match parts.next()? {
            "" => None,
            id => Some(Uuid::parse_str(id).ok()?),
        };
        (gseq >= 0).then_some(Place { stream, gseq, snapshot })
    }

    pub fn cursor(&self) -> Cursor {
        let snapshot = self.snapshot.map(|id| id.to_string()).unwrap_or_default();
        Cursor(format!("1.{}.{}.{snapshot}", self.stream, self.gseq))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_reads_back_and_others_do_not() {
        for snapshot in [None, Some(Uuid::from_u128(7))] {
            let place = Place { stream: "s".to_owned(), gseq: 42, snapshot };
            assert_eq!(Place::read(&place.cursor()), Some(place));
        }
        for text in ["", "2.s.1.", "1.s.-1.", "1.s.x.", "1.s.1", "1.s.1.zz", &"1".repeat(300)] {
            assert_eq!(Place::read(&Cursor(text.to_owned())), None, "{text}");
        }
    }
}
