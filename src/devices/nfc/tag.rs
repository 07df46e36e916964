//! What is on a tag, read and written by commands to the card: NFC Forum Type 4 (files) and Type 2 (pages, through the
//! reader's own commands). Knows no reader and no library: a [`Card`] answers. Must never leave a tag that says half a code:
//! the length is written last, so a tag that was pulled away says the old code, the new one, or nothing.

use super::ndef::{self, MESSAGE_BYTES_MAX, NdefFault};

/// Somebody who answers commands.
pub trait Card {
    /// Sends one command and waits for its answer, status word included.
    ///
    /// # Errors
    /// [`CardFault`] where no answer came.
    fn transmit(&mut self, command: &[u8]) -> Result<Vec<u8>, CardFault>;
}

/// Why a card gave no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CardFault {
    /// It was taken away.
    Gone,
    /// Another program holds the reader.
    Busy,
    /// The reader or its service is gone, or failed.
    Reader,
}

/// Why a tag could not be read or written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TagFault {
    /// It was taken away too early.
    Gone,
    /// Another program holds the reader.
    Busy,
    /// The reader failed.
    Reader,
    /// It holds no NDEF: another kind of card, or one that was never formatted.
    NotNdef,
    /// What it holds breaks the rules.
    Broken,
    /// It may not be written.
    ReadOnly,
    /// It is too small for the code.
    TooSmall,
    /// It refused a command.
    Refused,
    /// What was written is not what is read back.
    Differs,
    /// The code itself cannot be written.
    BadCode,
    /// No tag was held to the reader in time.
    NoTag,
}

impl TagFault {
    /// A stable word for catalogues and logs.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Gone => "gone",
            Self::Busy => "busy",
            Self::Reader => "reader",
            Self::NotNdef => "not-ndef",
            Self::Broken => "broken",
            Self::ReadOnly => "read-only",
            Self::TooSmall => "too-small",
            Self::Refused => "refused",
            Self::Differs => "differs",
            Self::BadCode => "bad-code",
            Self::NoTag => "no-tag",
        }
    }
}

impl From<CardFault> for TagFault {
    fn from(fault: CardFault) -> Self {
        match fault {
            CardFault::Gone => Self::Gone,
            CardFault::Busy => Self::Busy,
            CardFault::Reader => Self::Reader,
        }
    }
}

impl From<NdefFault> for TagFault {
    fn from(fault: NdefFault) -> Self {
        match fault {
            NdefFault::BadCode => Self::BadCode,
            NdefFault::Cut | NdefFault::Marks | NdefFault::Form | NdefFault::Text | NdefFault::TooLong => Self::Broken,
        }
    }
}

/// Longest unique number of a tag, in bytes (ISO 14443-3: 4, 7 or 10).
const UID_BYTES_MAX: usize = 10;
/// Bytes read or written by one command at most, whatever the tag allows: every reader takes a short command.
const CHUNK_MAX: usize = 240;
/// Least bytes per command of a Type 4 tag that keeps its rules.
const CHUNK_MIN: usize = 13;

/// The technology, as the reader tells it in the answer to reset.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Technology {
    /// Files behind SELECT: NFC Forum Type 4, and every other card with commands of its own.
    Type4,
    /// Pages of four bytes: MIFARE Ultralight, NTAG.
    Type2,
    /// A storage card of another kind; it has a number, and no NDEF that is read here.
    OtherStorage,
}

/// Reads the answer to reset (PC/SC part 3, 3.1.3.2.3): storage cards carry the PC/SC application's number and their name.
#[must_use]
pub fn technology(atr: &[u8]) -> Technology {
    const STORAGE: [u8; 7] = [0x4f, 0x0c, 0xa0, 0x00, 0x00, 0x03, 0x06];
    const ULTRALIGHT: [u8; 2] = [0x00, 0x03];
    let Some(at) = atr.windows(STORAGE.len()).position(|window| window == STORAGE) else { return Technology::Type4 };
    // After the number: one byte for the standard, two for the card's name.
    let name = atr.get(at + STORAGE.len() + 1..at + STORAGE.len() + 3);
    if name == Some(&ULTRALIGHT) { Technology::Type2 } else { Technology::OtherStorage }
}

/// Sends a command whose answer must be 90 00; the data before it.
fn ask(card: &mut dyn Card, command: &[u8]) -> Result<Vec<u8>, TagFault> {
    let mut answer = card.transmit(command)?;
    let status = answer.split_off(answer.len().saturating_sub(2));
    if status == [0x90, 0x00] { Ok(answer) } else { Err(TagFault::Refused) }
}

/// The tag's own number; none where the reader has no such command.
///
/// # Errors
/// [`TagFault`].
pub fn uid(card: &mut dyn Card) -> Result<Option<Vec<u8>>, TagFault> {
    match ask(card, &[0xff, 0xca, 0x00, 0x00, 0x00]) {
        Ok(uid) if (1..=UID_BYTES_MAX).contains(&uid.len()) => Ok(Some(uid)),
        Ok(_) | Err(TagFault::Refused) => Ok(None),
        Err(fault) => Err(fault),
    }
}

/// The code a tag says; none where it holds no message, or one without text and address.
///
/// # Errors
/// [`TagFault`].
pub fn read(card: &mut dyn Card, technology: Technology) -> Result<Option<String>, TagFault> {
    let message = match technology {
        Technology::Type4 => Files::open(card).and_then(|files| files.read(card)),
        Technology::Type2 => Pages::open(card).and_then(|pages| pages.read(card)),
        Technology::OtherStorage => Err(TagFault::NotNdef),
    };
    match message {
        Ok(message) => Ok(ndef::code_of(&ndef::parse(&message)?).map(str::to_owned)),
        Err(TagFault::NotNdef) => Ok(None),
        Err(fault) => Err(fault),
    }
}

/// Writes a code and reads it back.
///
/// # Errors
/// [`TagFault`].
pub fn write(card: &mut dyn Card, technology: Technology, code: &str) -> Result<(), TagFault> {
    let message = ndef::message_of(code)?;
    let held = match technology {
        Technology::Type4 => {
            let files = Files::open(card)?;
            files.write(card, &message)?;
            files.read(card)?
        }
        Technology::Type2 => {
            let pages = Pages::open(card)?;
            pages.write(card, &message)?;
            pages.read(card)?
        }
        Technology::OtherStorage => return Err(TagFault::NotNdef),
    };
    if held == message { Ok(()) } else { Err(TagFault::Differs) }
}

/// A Type 4 tag whose NDEF file is selected.
struct Files {
    /// Bytes of the file that hold the message.
    room: usize,
    read_max: usize,
    write_max: usize,
    writable: bool,
}

/// Bytes of the length before the message.
const LENGTH_BYTES: usize = 2;

impl Files {
    fn open(card: &mut dyn Card) -> Result<Self, TagFault> {
        const APPLICATION: [u8; 13] = [0x00, 0xa4, 0x04, 0x00, 0x07, 0xd2, 0x76, 0x00, 0x00, 0x85, 0x01, 0x01, 0x00];
        const CAPABILITIES: [u8; 2] = [0xe1, 0x03];
        no_ndef(ask(card, &APPLICATION))?;
        no_ndef(select(card, CAPABILITIES))?;
        let held = no_ndef(read_binary(card, 0, 15))?;
        let &[_, _, version, mle_hi, mle_lo, mlc_hi, mlc_lo, kind, length, id_hi, id_lo, size_hi, size_lo, read, write] =
            held.as_slice()
        else {
            return Err(TagFault::NotNdef);
        };
        // Mapping version 2 or 3 with a file of at most 32 KB; anything else nobody here can write down truly.
        if !matches!(version >> 4, 2 | 3) || kind != 0x04 || length != 0x06 || read != 0x00 {
            return Err(TagFault::NotNdef);
        }
        let chunk = |hi, lo| usize::from(u16::from_be_bytes([hi, lo])).clamp(CHUNK_MIN, CHUNK_MAX);
        no_ndef(select(card, [id_hi, id_lo]))?;
        Ok(Self {
            room: usize::from(u16::from_be_bytes([size_hi, size_lo])).saturating_sub(LENGTH_BYTES),
            read_max: chunk(mle_hi, mle_lo),
            write_max: chunk(mlc_hi, mlc_lo),
            writable: write == 0x00,
        })
    }

    fn read(&self, card: &mut dyn Card) -> Result<Vec<u8>, TagFault> {
        let length = match read_binary(card, 0, LENGTH_BYTES)?.as_slice() {
            [hi, lo] => usize::from(u16::from_be_bytes([*hi, *lo])),
            _ => return Err(TagFault::Broken),
        };
        if length > self.room || length > MESSAGE_BYTES_MAX {
            return Err(TagFault::Broken);
        }
        let mut message = Vec::with_capacity(length);
        while message.len() < length {
            let wanted = (length - message.len()).min(self.read_max);
            let part = read_binary(card, LENGTH_BYTES + message.len(), wanted)?;
            if part.len() != wanted {
                return Err(TagFault::Broken);
            }
            message.extend_from_slice(&part);
        }
        Ok(message)
    }

    fn write(&self, card: &mut dyn Card, message: &[u8]) -> Result<(), TagFault> {
        if !self.writable {
            return Err(TagFault::ReadOnly);
        }
        if message.len() > self.room {
            return Err(TagFault::TooSmall);
        }
        let length = u16::try_from(message.len()).map_err(|_| TagFault::TooSmall)?.to_be_bytes();
        let whole = [&length[..], message].concat();
        if whole.len() <= self.write_max {
            // One command: the tag has the old code or the new one.
            return update_binary(card, 0, &whole);
        }
        update_binary(card, 0, &[0, 0])?;
        for (at, part) in message.chunks(self.write_max).enumerate() {
            update_binary(card, LENGTH_BYTES + at * self.write_max, part)?;
        }
        update_binary(card, 0, &length)
    }
}

/// A refusal while the way to the message is looked for means that there is none.
fn no_ndef<T>(answer: Result<T, TagFault>) -> Result<T, TagFault> {
    answer.map_err(|fault| if fault == TagFault::Refused { TagFault::NotNdef } else { fault })
}

fn select(card: &mut dyn Card, [hi, lo]: [u8; 2]) -> Result<(), TagFault> {
    ask(card, &[0x00, 0xa4, 0x00, 0x0c, 0x02, hi, lo]).map(drop)
}

fn place(at: usize) -> Result<[u8; 2], TagFault> {
    // The highest bit of an offset would name a file instead.
    u16::try_from(at).ok().filter(|at| *at < 0x8000).map(u16::to_be_bytes).ok_or(TagFault::TooSmall)
}

fn short(length: usize) -> Result<u8, TagFault> {
    u8::try_from(length).map_err(|_| TagFault::Broken)
}

fn read_binary(card: &mut dyn Card, at: usize, length: usize) -> Result<Vec<u8>, TagFault> {
    let [hi, lo] = place(at)?;
    ask(card, &[0x00, 0xb0, hi, lo, short(length)?])
}

fn update_binary(card: &mut dyn Card, at: usize, bytes: &[u8]) -> Result<(), TagFault> {
    let [hi, lo] = place(at)?;
    let mut command = vec![0x00, 0xd6, hi, lo, short(bytes.len())?];
    command.extend_from_slice(bytes);
    ask(card, &command).map(drop)
}

/// Bytes of a page.
const PAGE: usize = 4;
/// Pages that one read answers.
const PAGES_READ: usize = 4;
/// The page of the capability container; the data begin after it.
const CONTAINER: usize = 3;
/// Pages with a number of one byte.
const PAGES_MAX: usize = 256;

/// A Type 2 tag: where its NDEF lies among its data.
struct Pages {
    /// The data area as far as it was needed, from page 4 on.
    data: Vec<u8>,
    /// Size of the data area in bytes.
    room: usize,
    /// Where the NDEF entry begins: its tag byte.
    entry: usize,
    writable: bool,
}

const NULL: u8 = 0x00;
const NDEF: u8 = 0x03;
const END: u8 = 0xfe;

impl Pages {
    fn open(card: &mut dyn Card) -> Result<Self, TagFault> {
        let head = read_pages(card, CONTAINER)?;
        let [magic, version, size, access] = head.get(..PAGE).and_then(|b| b.try_into().ok()).unwrap_or([0u8; PAGE]);
        if magic != 0xe1 || version >> 4 != 1 || access >> 4 != 0 {
            return Err(TagFault::NotNdef);
        }
        let room = (usize::from(size) * 8).min((PAGES_MAX - CONTAINER - 1) * PAGE);
        let mut pages = Self { data: Vec::new(), room, entry: 0, writable: access & 0x0f == 0 };
        // Reserved areas come first, each with its length; then the message.
        loop {
            match pages.byte(card, pages.entry)? {
                NULL => pages.entry += 1,
                NDEF => return Ok(pages),
                END => return Err(TagFault::NotNdef),
                _ => {
                    let (length, bytes) = pages.length(card, pages.entry + 1)?;
                    pages.entry += 1 + bytes + length;
                }
            }
        }
    }

    /// A byte of the data area, read when it is needed.
    fn byte(&mut self, card: &mut dyn Card, at: usize) -> Result<u8, TagFault> {
        if at >= self.room {
            return Err(TagFault::NotNdef);
        }
        while self.data.len() <= at {
            let page = CONTAINER + 1 + self.data.len() / PAGE;
            self.data.extend(read_pages(card, page)?);
        }
        Ok(self.data.get(at).copied().unwrap_or(END))
    }

    /// A length of one or three bytes, and how many it took.
    fn length(&mut self, card: &mut dyn Card, at: usize) -> Result<(usize, usize), TagFault> {
        let first = self.byte(card, at)?;
        if first != 0xff {
            return Ok((usize::from(first), 1));
        }
        let pair = [self.byte(card, at + 1)?, self.byte(card, at + 2)?];
        Ok((usize::from(u16::from_be_bytes(pair)), 3))
    }

    fn read(&self, card: &mut dyn Card) -> Result<Vec<u8>, TagFault> {
        // What was read before a write is not believed.
        let mut fresh = Self { data: Vec::new(), ..*self };
        let (length, bytes) = fresh.length(card, self.entry + 1)?;
        let from = self.entry + 1 + bytes;
        if from + length > self.room || length > MESSAGE_BYTES_MAX {
            return Err(TagFault::Broken);
        }
        (from..from + length).map(|at| fresh.byte(card, at)).collect()
    }

    /// The first page gets length 0, then the message, then the first page its length: pulled away, the tag says nothing.
    fn write(&self, card: &mut dyn Card, message: &[u8]) -> Result<(), TagFault> {
        if !self.writable {
            return Err(TagFault::ReadOnly);
        }
        let mut entry = vec![NDEF];
        match u8::try_from(message.len()) {
            Ok(length) if length < 0xff => entry.push(length),
            Ok(_) | Err(_) => {
                entry.push(0xff);
                entry.extend(u16::try_from(message.len()).map_err(|_| TagFault::TooSmall)?.to_be_bytes());
            }
        }
        entry.extend_from_slice(message);
        if self.entry + entry.len() > self.room {
            return Err(TagFault::TooSmall);
        }
        if self.entry + entry.len() < self.room {
            entry.push(END);
        }
        // Whole pages: what lies before the entry in its first page stays, what lies behind the last one is nothing.
        let first = self.entry - self.entry % PAGE;
        let mut bytes = self.data.get(first..self.entry).unwrap_or_default().to_vec();
        let kept = bytes.len();
        bytes.extend(entry);
        bytes.resize(bytes.len().next_multiple_of(PAGE), 0);
        let page_of = |at: usize| CONTAINER + 1 + (first + at) / PAGE;
        if kept + 1 < PAGE {
            let mut emptied = bytes.get(..=kept).unwrap_or_default().to_vec();
            emptied.extend([0, END]);
            emptied.resize(PAGE, 0);
            write_page(card, page_of(0), &emptied)?;
        } else {
            // The length lies in the next page: that one is emptied first, and written last.
            write_page(card, page_of(PAGE), &[0, END, 0, 0])?;
        }
        let last = if kept + 1 < PAGE { 0 } else { PAGE };
        for at in (0..bytes.len()).step_by(PAGE).filter(|at| *at != last) {
            write_page(card, page_of(at), bytes.get(at..at + PAGE).unwrap_or_default())?;
        }
        write_page(card, page_of(last), bytes.get(last..last + PAGE).unwrap_or_default())
    }
}

fn read_pages(card: &mut dyn Card, page: usize) -> Result<Vec<u8>, TagFault> {
    let held = ask(card, &[0xff, 0xb0, 0x00, short(page)?, 0x10])?;
    if held.len() == PAGE * PAGES_READ { Ok(held) } else { Err(TagFault::Broken) }
}

fn write_page(card: &mut dyn Card, page: usize, bytes: &[u8]) -> Result<(), TagFault> {
    let mut command = vec![0xff, 0xd6, 0x00, short(page)?, 0x04];
    command.extend_from_slice(bytes);
    ask(card, &command).map(drop)
}
