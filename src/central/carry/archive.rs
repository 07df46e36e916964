//! A backup: one gzip file of lines (`zcat` and `jq` read it; docs/operating.md says how). The first line says what it is, then
//! each table with its columns, its rows, and their number and hash; then, if asked for, the files of the photo folder in
//! pieces; the last line holds the number of lines before it and the SHA-256 of all of them. A file without it was cut off.

use super::error::{CarryError, Res, file};
use super::files;
use super::flow::{Database, Sink, Source, Sum, Tell, Told, tell_now};
use super::shape::{Table, newest, tables};
use super::text;
use crate::central::error::{CentralError, Refusal};
use crate::central::secrets::hex;
use crate::central::store::sites;
use crate::sql::{self, Conn, Target, Val};
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::fs::File;
use std::io::{BufRead as _, BufReader, BufWriter, Read as _, Write as _};
use std::path::{Path, PathBuf};

/// The form of the file.
const FORM: u32 = 1;
/// Longest line: a row holds no files.
const LINE_BYTES_MAX: u64 = 64 << 20;

/// The first line.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Header {
    /// The form of the file: 1.
    pub packbench_backup: u32,
    /// Schema version of the database.
    pub schema: i64,
    /// Version of the program that wrote it.
    pub program: String,
    /// When it was taken, UTC ms.
    pub taken_ms: i64,
    /// The site.
    pub site: String,
    /// The name of its stream, which a restored database changes.
    pub stream: String,
    /// Whether the files of the photo folder are in it.
    pub files: bool,
}

/// A line that is no row.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Mark {
    /// A table begins.
    Table { name: String, columns: Vec<String> },
    /// It ends.
    TableEnd { name: String, rows: u64, hash: String },
    /// A file of the photo folder begins.
    File { name: String, bytes: u64 },
    /// A piece of it.
    Part { b: String },
    /// The end.
    End { lines: u64, sha256: String },
}

/// Copies a database into a new file, while others go on working with it. `photos`: the folder whose files go in too.
///
/// # Errors
/// [`CarryError::NotEmpty`] if the file exists; any fault of the database or the disk. No half file stays behind.
pub fn back_up(target: &Target, to: &Path, photos: Option<&Path>, now_ms: i64, tell: Tell<'_>) -> Res<Header> {
    if to.exists() {
        return Err(CarryError::NotEmpty { place: to.display().to_string(), what: "the file exists".to_owned() });
    }
    let mut conn = sql::open_read_only(target)?;
    let schema = sql::schema_version(conn.as_mut())?;
    if schema != newest() {
        let todo =
            "take the backup with the program of before, or bring it up to date with `packbench central migrate` first";
        return Err(CarryError::Version { place: target.to_string(), found: schema, known: newest(), todo });
    }
    let mut part = to.as_os_str().to_owned();
    part.push(".part");
    let part = PathBuf::from(part);
    conn.begin_read()?;
    let written = write(conn.as_mut(), &part, photos, now_ms, tell);
    let ended = conn.rollback();
    let header = match written.and_then(|header| ended.map(|()| header).map_err(Into::into)) {
        Ok(header) => header,
        Err(error) => {
            // A half copy is of no use; that it cannot be removed adds nothing to the error.
            let _ = std::fs::remove_file(&part);
            return Err(error);
        }
    };
    std::fs::rename(&part, to).map_err(file("naming", to))?;
    files::flush_folder(to)?;
    Ok(header)
}

fn write(tx: &mut dyn Conn, part: &Path, photos: Option<&Path>, now_ms: i64, tell: Tell<'_>) -> Res<Header> {
    let id = sites::only(tx)?;
    let site = sites::get(tx, id)?;
    let header = Header {
        packbench_backup: FORM,
        schema: newest(),
        program: env!("CARGO_PKG_VERSION").to_owned(),
        taken_ms: now_ms,
        site: site.id.to_string(),
        stream: site.stream,
        files: photos.is_some(),
    };
    let fault = file("writing", part);
    let mut out = Out {
        to: GzEncoder::new(BufWriter::new(File::create(part).map_err(&fault)?), Compression::fast()),
        path: part.to_owned(),
        line: String::new(),
        lines: 0,
        hash: Sha256::new(),
    };
    out.json(&header)?;
    Database(tx).pour(&tables(newest())?, &mut out, tell)?;
    if let Some(photos) = photos {
        for found in files::list(photos)? {
            out.file(photos, &found, tell)?;
        }
    }
    let (lines, sha256) = (out.lines, hex(&out.hash.clone().finalize()));
    out.json(&Mark::End { lines, sha256 })?;
    let flushed = out.to.finish().and_then(|to| to.into_inner().map_err(|error| error.into_error()));
    flushed.and_then(|to| to.sync_all()).map_err(&fault)?;
    Ok(header)
}

/// A file that is being written.
struct Out {
    to: GzEncoder<BufWriter<File>>,
    path: PathBuf,
    line: String,
    lines: u64,
    hash: Sha256,
}

impl Out {
    /// Writes the line that is ready.
    fn send(&mut self) -> Res<()> {
        self.line.push('\n');
        self.hash.update(self.line.as_bytes());
        self.lines += 1;
        let sent = self.to.write_all(self.line.as_bytes());
        self.line.clear();
        sent.map_err(file("writing", &self.path))
    }

    fn json<T: Serialize>(&mut self, value: &T) -> Res<()> {
        self.line = serde_json::to_string(value).map_err(|_| CentralError::Inner { what: "writing JSON" })?;
        self.send()
    }

    fn file(&mut self, folder: &Path, found: &files::Found, tell: Tell<'_>) -> Res<()> {
        let path = folder.join(&found.name);
        let fault = file("reading", &path);
        self.json(&Mark::File { name: found.name.clone(), bytes: found.bytes })?;
        let mut from = File::open(&path).map_err(&fault)?;
        let mut piece = vec![0; files::PIECE];
        loop {
            let n = files::read_full(&mut from, &mut piece).map_err(&fault)?;
            if n == 0 {
                break;
            }
            self.line.push_str("{\"part\":{\"b\":\"");
            base64::Engine::encode_string(
                &base64::engine::general_purpose::STANDARD,
                piece.get(..n).unwrap_or_default(),
                &mut self.line,
            );
            self.line.push_str("\"}}");
            self.send()?;
        }
        tell(Told { what: "files", table: &found.name, rows: found.bytes, done: false });
        Ok(())
    }
}

impl Sink for Out {
    fn begin(&mut self, table: &Table) -> Res<()> {
        self.json(&Mark::Table { name: table.name.to_owned(), columns: table.names().map(str::to_owned).collect() })
    }

    fn row(&mut self, vals: &[Val]) -> Res<()> {
        text::put(&mut self.line, vals).map_err(|what| CentralError::Inner { what })?;
        self.send()
    }

    fn end(&mut self, table: &Table, sum: &Sum) -> Res<()> {
        self.json(&Mark::TableEnd { name: table.name.to_owned(), rows: sum.rows, hash: sum.hash() })
    }
}

/// A backup that is being read.
pub(super) struct Archive<'a> {
    from: BufReader<GzDecoder<BufReader<File>>>,
    path: PathBuf,
    /// Where files go, if they are wanted.
    photos: Option<&'a Path>,
    line: String,
    lines: u64,
    hash: Sha256,
    /// The first line.
    pub header: Header,
    /// Files that were put into the folder.
    pub files: u64,
}

impl<'a> Archive<'a> {
    /// Opens it and reads its first line.
    ///
    /// # Errors
    /// [`CarryError::NoBackup`] for another file, [`CarryError::Version`] for one of a newer program.
    pub fn open(path: &Path, photos: Option<&'a Path>) -> Res<Archive<'a>> {
        let from = File::open(path).map_err(file("reading", path))?;
        let header = Header {
            packbench_backup: 0,
            schema: 0,
            program: String::new(),
            taken_ms: 0,
            site: String::new(),
            stream: String::new(),
            files: false,
        };
        let mut archive = Archive {
            from: BufReader::new(GzDecoder::new(BufReader::new(from))),
            path: path.to_owned(),
            photos,
            line: String::new(),
            lines: 0,
            hash: Sha256::new(),
            header,
            files: 0,
        };
        let none = || CarryError::NoBackup { path: path.to_owned() };
        if archive.next().is_err() {
            return Err(none());
        }
        archive.header = serde_json::from_str(&archive.line).map_err(|_| none())?;
        let header = &archive.header;
        if header.packbench_backup != FORM || header.schema > newest() || header.schema < 1 {
            let todo = "install the program that wrote it, or a newer one";
            let place = path.display().to_string();
            return Err(CarryError::Version { place, found: header.schema, known: newest(), todo });
        }
        Ok(archive)
    }

    /// Reads the next line, and takes the one before it into the hash.
    fn next(&mut self) -> Res<()> {
        self.hash.update(self.line.as_bytes());
        self.line.clear();
        let read = std::io::Read::by_ref(&mut self.from).take(LINE_BYTES_MAX).read_line(&mut self.line);
        match read {
            Ok(0) => Err(self.damaged("it ends too early")),
            Ok(_) if !self.line.ends_with('\n') => Err(self.damaged("a line is cut off")),
            Ok(_) => {
                self.lines += 1;
                Ok(())
            }
            Err(error) => Err(self.damaged(&format!("it cannot be unpacked ({error})"))),
        }
    }

    fn damaged(&self, what: &str) -> CarryError {
        CarryError::Damaged { line: self.lines + 1, what: what.to_owned() }
    }

    fn mark(&mut self) -> Res<Mark> {
        self.next()?;
        serde_json::from_str(&self.line).map_err(|_| self.damaged("no such line is known"))
    }

    /// One table, which begins with the next line.
    fn table(&mut self, table: &Table, into: &mut dyn Sink, tell: Tell<'_>) -> Res<Sum> {
        match self.mark()? {
            Mark::Table { name, columns } if name == table.name && columns.iter().eq(table.names()) => {}
            _ => return Err(self.damaged(&format!("here begins table {} with its columns", table.name))),
        }
        into.begin(table)?;
        let (mut sum, mut vals) = (Sum::default(), Vec::with_capacity(table.columns.len()));
        loop {
            self.next()?;
            if !self.line.starts_with('[') {
                break;
            }
            text::read(self.line.trim_end(), &mut vals).map_err(|what| self.damaged(what))?;
            if vals.len() != table.columns.len() {
                return Err(self.damaged("a row has another number of values than its table"));
            }
            sum.add(&vals);
            into.row(&vals)?;
            tell_now(tell, "reading", table, sum.rows);
        }
        let hash = sum.hash();
        match serde_json::from_str(&self.line) {
            Ok(Mark::TableEnd { name, rows, hash: told }) if name == table.name && rows == sum.rows && told == hash => {
            }
            Ok(_) | Err(_) => return Err(self.damaged(&format!("table {} is not as it was written", table.name))),
        }
        into.end(table, &sum)?;
        tell(Told { what: "reading", table: table.name, rows: sum.rows, done: true });
        Ok(sum)
    }

    /// What comes after the tables, to the end.
    fn rest(&mut self, tell: Tell<'_>) -> Res<()> {
        let mut open: Option<files::Arriving> = None;
        loop {
            let lines = self.lines;
            let mark = self.mark()?;
            if !matches!(mark, Mark::Part { .. })
                && let Some(arriving) = open.take()
            {
                self.files += u64::from(arriving.finish()?);
            }
            match mark {
                Mark::File { name, bytes } => {
                    tell(Told { what: "files", table: &name, rows: bytes, done: false });
                    open = Some(files::Arriving::begin(self.photos, &name, bytes)?);
                }
                Mark::Part { b } => {
                    let bytes = text::bytes(Some(&b.into())).map_err(|what| self.damaged(what))?;
                    match &mut open {
                        Some(arriving) => arriving.put(&bytes)?,
                        None => return Err(self.damaged("a piece of no file")),
                    }
                }
                Mark::End { lines: told, sha256 } => {
                    let hash = hex(&self.hash.clone().finalize());
                    if told != lines || sha256 != hash {
                        return Err(self.damaged("the hash of the whole is another"));
                    }
                    return Ok(());
                }
                Mark::Table { .. } | Mark::TableEnd { .. } => return Err(self.damaged("a table too many")),
            }
        }
    }
}

impl Source for Archive<'_> {
    fn pour(&mut self, tables: &[Table], into: &mut dyn Sink, tell: Tell<'_>) -> Res<Vec<Sum>> {
        let mut sums = Vec::with_capacity(tables.len());
        for table in tables {
            sums.push(self.table(table, into, tell)?);
        }
        self.rest(tell)?;
        if sums.is_empty() {
            return Err(CentralError::from(Refusal::Missing { entity: "table" }).into());
        }
        tracing::debug!(path = %self.path.display(), lines = self.lines, "a backup was read");
        Ok(sums)
    }
}
