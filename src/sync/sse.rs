//! Server-sent events (WHATWG HTML, section 9.2), read only so far as to count them: a hint has no content that matters. Must never
//! keep what it reads.

/// Counts events in a byte stream that comes in pieces of any size.
#[derive(Debug, Default)]
pub(super) struct EventCounter {
    /// First bytes of the present line.
    start: [u8; START],
    /// Length of the present line, as far as it matters.
    length: usize,
    /// A `data` line was read since the last blank line.
    has_data: bool,
    /// The last byte was a carriage return; a line feed after it belongs to it.
    after_return: bool,
}

/// Length of `data:`.
const START: usize = 5;

impl EventCounter {
    /// Events that end within `bytes`.
    pub(super) fn feed(&mut self, bytes: &[u8]) -> usize {
        let mut events = 0;
        for &byte in bytes {
            let belongs = byte == b'\n' && self.after_return;
            self.after_return = byte == b'\r';
            match byte {
                _ if belongs => {}
                b'\r' | b'\n' => events += usize::from(self.end_line()),
                _ => self.take(byte),
            }
        }
        events
    }

    fn take(&mut self, byte: u8) {
        if let Some(place) = self.start.get_mut(self.length) {
            *place = byte;
        }
        self.length = (self.length + 1).min(START + 1);
    }

    /// Whether the line that ends here ends an event.
    fn end_line(&mut self) -> bool {
        let is_blank = self.length == 0;
        let is_data =
            (self.length == 4 && self.start.starts_with(b"data")) || (self.length >= START && self.start == *b"data:");
        self.length = 0;
        if is_blank {
            return std::mem::take(&mut self.has_data);
        }
        self.has_data |= is_data;
        false
    }
}

#[cfg(test)]
mod tests {
    use super::EventCounter;

    #[test]
    fn counts_events_in_any_pieces_and_line_ends() {
        let stream = b": hello\n\nevent: pull\ndata: 7\n\ndata\r\n\r\nevent: none\r\rdata:x\rdata:y\r\rdatax: no\n\n";
        for size in 1..=stream.len() {
            let mut counter = EventCounter::default();
            let events: usize = stream.chunks(size).map(|piece| counter.feed(piece)).sum();
            assert_eq!(events, 3, "in pieces of {size}");
        }
    }
}
