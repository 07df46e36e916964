//! A file as rows of cells: CSV with any of the usual separators, or the first sheet of a workbook. What the file is, its content
//! says, never its name. Everything is bounded: bytes, rows, columns, cells, and what a workbook unpacks to.

use super::decode::{self, Encoding};
use calamine::{DataRef, Reader as _, Xlsx};
use std::io::{Cursor, Read as _};

/// Largest file, bytes.
pub const FILE_BYTES_MAX: usize = 20 << 20;
/// Most rows below the head.
pub const ROWS_MAX: usize = 50_000;
/// Most columns.
pub const COLUMNS_MAX: usize = 80;
/// Longest cell, characters.
pub const CELL_MAX: usize = 2_000;
/// All text of the cells, bytes. A workbook keeps a text once and names it in as many cells as it likes: it is the cells that fill the
/// memory.
pub const TEXT_BYTES_MAX: usize = 64 << 20;
/// Longest cell before blanks around it are taken off, bytes; no letter has more than four.
const RAW_CELL_BYTES_MAX: usize = 4 * CELL_MAX + 1_000;
/// What a workbook may unpack to, bytes.
const UNPACKED_BYTES_MAX: u64 = 200 << 20;
/// What those of its parts may unpack to that are held as a whole, each: all but sheets, pictures and what pivot tables remember.
const HELD_BYTES_MAX: u64 = 32 << 20;
/// Most parts of a workbook.
const PARTS_MAX: usize = 1_000;
/// Lines that are looked at to find the separator.
const LOOKED_AT: usize = 20;

/// Why a file cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Neither a text nor a workbook.
    Strange,
    /// A workbook of before 2007.
    OldWorkbook,
    /// A workbook that cannot be read.
    Broken,
    /// It unpacks to more than is allowed.
    Bomb,
    /// Too large, or too many rows, columns or characters in a cell.
    Large,
    /// No row below a head.
    Empty,
}

impl Fault {
    /// The key of what is said.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Fault::Strange => "sheet-strange",
            Fault::OldWorkbook => "sheet-old",
            Fault::Broken => "sheet-broken",
            Fault::Bomb => "sheet-bomb",
            Fault::Large => "sheet-large",
            Fault::Empty => "sheet-empty",
        }
    }
}

/// A row of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Its number in the file, from 1.
    pub no: u64,
    /// Its cells, trimmed.
    pub cells: Vec<String>,
}

/// What a file holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grid {
    /// How it was read, for people: `CSV ; UTF-8`.
    pub form: String,
    /// Whether a comma rather than a point parts whole and fraction, as far as the file shows.
    pub comma: bool,
    /// The head.
    pub head: Vec<String>,
    /// The rows that are not blank.
    pub rows: Vec<Line>,
}

/// Reads it.
///
/// # Errors
/// [`Fault`].
pub fn read(bytes: &[u8]) -> Result<Grid, Fault> {
    if bytes.len() > FILE_BYTES_MAX {
        return Err(Fault::Large);
    }
    if bytes.starts_with(b"PK\x03\x04") {
        return workbook(bytes);
    }
    if bytes.starts_with(b"\xd0\xcf\x11\xe0") {
        return Err(Fault::OldWorkbook);
    }
    if [b"%PDF".as_slice(), b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x1f\x8b"]
        .iter()
        .any(|mark| bytes.starts_with(mark))
    {
        return Err(Fault::Strange);
    }
    let (text, encoding) = decode::text(bytes).ok_or(Fault::Strange)?;
    separated(&text, encoding)
}

fn separated(text: &str, encoding: Encoding) -> Result<Grid, Fault> {
    let mark = separator(text);
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(mark).from_reader(text.as_bytes());
    let mut gathered = Gathered::default();
    let mut record = csv::StringRecord::new();
    while reader.read_record(&mut record).map_err(|_| Fault::Broken)? {
        if record.len() > COLUMNS_MAX {
            return Err(Fault::Large);
        }
        let no = record.position().map_or(0, |at| at.line() + blank_lines(text, at.byte()));
        gathered.row(no, record.iter().map(str::to_owned).collect())?;
    }
    let shown = if mark == b'\t' { "Tab".to_owned() } else { char::from(mark).to_string() };
    gathered.grid(format!("CSV {shown} {}", encoding.name()))
}

/// Blank lines that were passed over before the row that begins there: a row is known by the line it stands on.
fn blank_lines(text: &str, from: u64) -> u64 {
    let rest = usize::try_from(from).ok().and_then(|from| text.as_bytes().get(from..)).unwrap_or_default();
    let blank = rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n'));
    blank.filter(|byte| **byte == b'\n').map(|_| 1).sum()
}

/// The separator that the first lines have most of, outside of quotes.
fn separator(text: &str) -> u8 {
    let mut counts = [(b';', 0), (b'\t', 0), (b',', 0), (b'|', 0)];
    let (mut quoted, mut lines) = (false, 0);
    for byte in text.bytes() {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' if !quoted => lines += 1,
            _ if !quoted => counts.iter_mut().filter(|(mark, _)| *mark == byte).for_each(|(_, count)| *count += 1),
            _ => {}
        }
        // A head without quotes is the best witness; commas may be decimal below it.
        if lines >= LOOKED_AT || (lines == 1 && counts.iter().any(|(_, count)| *count > 0)) {
            break;
        }
    }
    let mut best = (b',', 0);
    for (mark, count) in counts {
        if count > best.1 {
            best = (mark, count);
        }
    }
    best.0
}

/// Rows as they come.
#[derive(Default)]
struct Gathered {
    head: Option<Vec<String>>,
    rows: Vec<Line>,
    text_bytes: usize,
}

impl Gathered {
    fn row(&mut self, no: u64, cells: Vec<String>) -> Result<(), Fault> {
        let cells: Vec<String> = cells.into_iter().map(|cell| clean(&cell)).collect();
        if cells.len() > COLUMNS_MAX || cells.iter().any(|cell| cell.chars().count() > CELL_MAX) {
            return Err(Fault::Large);
        }
        if cells.iter().all(String::is_empty) {
            return Ok(());
        }
        self.text_bytes += cells.iter().map(String::len).sum::<usize>();
        if self.text_bytes > TEXT_BYTES_MAX {
            return Err(Fault::Large);
        }
        match &self.head {
            None => self.head = Some(cells),
            Some(_) if self.rows.len() >= ROWS_MAX => return Err(Fault::Large),
            Some(_) => self.rows.push(Line { no, cells }),
        }
        Ok(())
    }

    fn grid(self, form: String) -> Result<Grid, Fault> {
        let head = self.head.ok_or(Fault::Empty)?;
        if self.rows.is_empty() {
            return Err(Fault::Empty);
        }
        let comma = self.rows.iter().flat_map(|row| &row.cells).any(|cell| is_comma_number(cell));
        Ok(Grid { form, comma, head, rows: self.rows })
    }
}

/// Without what no database keeps, and without blanks around, also those that do not break lines.
fn clean(cell: &str) -> String {
    cell.replace(['\0', '\u{feff}'], "").trim_matches(|c: char| c.is_whitespace() || c == '\u{a0}').to_owned()
}

/// `12,5` and `1.234,50`, but not `1,234`.
fn is_comma_number(cell: &str) -> bool {
    let Some((whole, part)) = cell.rsplit_once(',') else { return false };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits(part) && part.len() != 3 && digits(&whole.replace(['.', ' ', '\u{a0}', '-', '\''], ""))
}

fn workbook(bytes: &[u8]) -> Result<Grid, Fault> {
    unpacks_small(bytes)?;
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|_| Fault::Broken)?;
    let name = book.sheet_names().first().cloned().ok_or(Fault::Empty)?;
    let mut cells = book.worksheet_cells_reader(&name).map_err(|_| Fault::Broken)?;
    let mut gathered = Gathered::default();
    let (mut row, mut now): (Vec<String>, u32) = (Vec::new(), 0);
    // Cell by cell: a sheet that names its first and its last cell alone would fill the memory as a whole.
    while let Some(cell) = cells.next_cell().map_err(|_| Fault::Broken)? {
        let (at, column) = cell.get_position();
        if at != now {
            gathered.row(u64::from(now) + 1, std::mem::take(&mut row))?;
            now = at;
        }
        let text = shown(cell.get_value())?;
        if text.is_empty() {
            continue;
        }
        let column = usize::try_from(column).unwrap_or(usize::MAX);
        if column >= COLUMNS_MAX {
            return Err(Fault::Large);
        }
        if row.len() <= column {
            row.resize(column + 1, String::new());
        }
        if let Some(place) = row.get_mut(column) {
            *place = text;
        }
    }
    gathered.row(u64::from(now) + 1, row)?;
    let mut grid = gathered.grid("XLSX".to_owned())?;
    // Numbers of a workbook are numbers, written with a point.
    grid.comma = false;
    Ok(grid)
}

fn shown(value: &DataRef<'_>) -> Result<String, Fault> {
    // Before it is copied: one long text may stand in every cell of a row.
    let short = |text: &str| if text.len() > RAW_CELL_BYTES_MAX { Err(Fault::Large) } else { Ok(text.to_owned()) };
    Ok(match value {
        DataRef::Int(int) => int.to_string(),
        // The shortest text that reads back as the same number, so 12.5 is what was typed.
        DataRef::Float(float) => float.to_string(),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => short(text)?,
        DataRef::SharedString(text) => short(text)?,
        DataRef::Bool(on) => if *on { "1" } else { "0" }.to_owned(),
        DataRef::DateTime(at) => {
            let (year, month, day, ..) = at.to_ymd_hms_milli();
            format!("{year:04}-{month:02}-{day:02}")
        }
        DataRef::Error(_) | DataRef::Empty => String::new(),
    })
}

/// May a part be as large as the whole? Sheets are read cell by cell, pictures and what pivot tables remember not at all. What the reader
/// holds is known by its name wherever it lies.
fn is_streamed(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let held = ["sharedstrings.xml", "styles.xml", "workbook.xml", ".rels"];
    let streamed = ["xl/worksheets/", "xl/media/", "xl/pivotcache/"];
    streamed.iter().any(|folder| name.starts_with(folder)) && !held.iter().any(|end| name.ends_with(end))
}

/// Unpacks every part once and throws it away: what a part says of its own size is not believed.
fn unpacks_small(bytes: &[u8]) -> Result<(), Fault> {
    let mut parts = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|_| Fault::Broken)?;
    if parts.len() > PARTS_MAX {
        return Err(Fault::Bomb);
    }
    let (mut all, mut book) = (0, false);
    for at in 0..parts.len() {
        let part = parts.by_index(at).map_err(|_| Fault::Broken)?;
        book |= part.name().is_ok_and(|name| name == "xl/workbook.xml");
        let streamed = part.name().is_ok_and(|name| is_streamed(&name));
        let left = UNPACKED_BYTES_MAX - all;
        let most = if streamed { left } else { left.min(HELD_BYTES_MAX) };
        let unpacked = std::io::copy(&mut part.take(most + 1), &mut std::io::sink()).map_err(|_| Fault::Broken)?;
        all += unpacked;
        if unpacked > most {
            return Err(Fault::Bomb);
        }
    }
    if book { Ok(()) } else { Err(Fault::Strange) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_separator_is_that_of_the_head() {
        for (text, mark) in [
            ("a;b;c\n1,5;2;3\n", b';'),
            ("a,b\n1;2;3,4\n", b','),
            ("a\tb\n1,2\t3\n", b'\t'),
            ("\"a;b\",c\n1,2\n", b','),
            ("alone\n1\n", b','),
        ] {
            assert_eq!(separator(text), mark, "{text}");
        }
    }

    #[test]
    fn numbers_with_a_comma_are_told_from_thousands() {
        for (cell, is) in
            [("12,5", true), ("1.234,50", true), ("1,234", false), ("1,2,3", false), ("a,5", false), ("5", false)]
        {
            assert_eq!(is_comma_number(cell), is, "{cell}");
        }
    }

    #[test]
    fn rows_keep_their_number_and_blank_ones_go() {
        let grid = read("\n a ; b \n\n1;2\n;\n\"x\ny\";3\n".as_bytes()).unwrap();
        assert_eq!(grid.head, ["a", "b"]);
        let rows: Vec<_> = grid.rows.iter().map(|row| (row.no, row.cells.join("|"))).collect();
        assert_eq!(rows, [(4, "1|2".to_owned()), (6, "x\ny|3".to_owned())]);
        assert_eq!(grid.form, "CSV ; UTF-8");
    }

    #[test]
    fn what_is_no_list_is_refused_by_its_content() {
        let all = [
            (b"%PDF-1.7".as_slice(), Fault::Strange),
            (b"\xd0\xcf\x11\xe0\xa1\xb1", Fault::OldWorkbook),
            (b"PK\x03\x04rest", Fault::Broken),
            (b"\x89PNG\r\n", Fault::Strange),
            (b"", Fault::Empty),
            (b"head;only\n", Fault::Empty),
        ];
        for (bytes, fault) in all {
            assert_eq!(read(bytes), Err(fault), "{bytes:?}");
        }
        let wide = vec!["x"; COLUMNS_MAX + 1].join(";") + "\n1\n";
        assert_eq!(read(wide.as_bytes()), Err(Fault::Large));
        let long = format!("a\n{}\n", "y".repeat(CELL_MAX + 1));
        assert_eq!(read(long.as_bytes()), Err(Fault::Large));
        let many = format!("a\n{}", "1\n".repeat(ROWS_MAX + 1));
        assert_eq!(read(many.as_bytes()), Err(Fault::Large));
    }

    /// Rows of a workbook with one shared text, `letters` long, in each of so many cells.
    fn repeating(letters: usize, rows: usize, columns: usize) -> Vec<u8> {
        let mut book = rust_xlsxwriter::Workbook::new();
        let sheet = book.add_worksheet();
        let text = "y".repeat(letters);
        for row in 0..rows {
            for column in 0..columns {
                sheet.write(u32::try_from(row).unwrap(), u16::try_from(column).unwrap(), text.as_str()).unwrap();
            }
        }
        book.save_to_buffer().unwrap()
    }

    #[test]
    fn one_text_in_very_many_cells_of_a_small_workbook_is_refused() {
        let rows = TEXT_BYTES_MAX / (CELL_MAX * COLUMNS_MAX);
        let large = repeating(CELL_MAX, rows + 2, COLUMNS_MAX);
        assert!(large.len() < 1 << 20, "{} bytes", large.len());
        assert_eq!(read(&large), Err(Fault::Large));
        assert_eq!(read(&repeating(CELL_MAX, rows / 8, COLUMNS_MAX)).map(|grid| grid.rows.len()), Ok(rows / 8 - 1));
        assert_eq!(read(&repeating(RAW_CELL_BYTES_MAX + 1, 2, 1)), Err(Fault::Large), "not even copied");
    }

    #[test]
    fn what_is_held_as_a_whole_may_unpack_to_less_than_a_sheet() {
        for (name, streamed) in [
            ("xl/worksheets/sheet1.xml", true),
            ("xl/media/image1.png", true),
            ("xl/sharedStrings.xml", false),
            ("xl/worksheets/sharedStrings.xml", false),
            ("XL/STYLES.XML", false),
            ("xl/_rels/workbook.xml.rels", false),
        ] {
            assert_eq!(is_streamed(name), streamed, "{name}");
        }
    }
}
