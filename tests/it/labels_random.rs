//! Random labels of every symbology at 203 dpi, as PNG, as ZPL drawn by two other renderers and as PDF drawn by poppler: each read
//! byte for byte, FNC1 included, by two readers. zxing-cpp reads all of them; rxing reads the PNG, zbar bars and QR codes,
//! libdmtx Data Matrix, each in all the forms that it can have. What libdmtx does not find it is shown once more, enlarged by plain
//! repetition; how many were, the test prints.
//!
//! `PACKBENCH_LABELS` is how many (500); `PACKBENCH_LABELS_SEED` draws others. Outside programs read many files at a time.

use super::labels_kit::{Seeded, labelize_list, path_text, run, rxing_text, scratch, write_pgm, zxing_list};
use super::labels_random_kit::{By, Label, label};
use packbench::labels::{pdf, raster, zpl};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

const LABELS: usize = 500;
/// Labels of one round of outside programs.
const ROUND: usize = 250;

/// The pictures of one label: form and file.
type Forms = Vec<(&'static str, PathBuf)>;

fn number(name: &str, otherwise: usize) -> usize {
    std::env::var(name).ok().and_then(|n| n.parse().ok()).unwrap_or(otherwise)
}

/// What one reader found in one picture.
type Found = BTreeMap<PathBuf, Vec<Vec<u8>>>;

fn base64(text: &str) -> Vec<u8> {
    use ::base64::Engine as _;
    let clean: String = text.split_whitespace().collect();
    ::base64::engine::general_purpose::STANDARD.decode(clean).expect("base64")
}

fn between<'a>(text: &'a str, from: &str, to: &str) -> Option<&'a str> {
    let rest = text.split_once(from)?.1;
    rest.split_once(to).map(|(inner, _)| inner)
}

/// What a reader tells. Its status is no matter: they fail when there is no code in one of the pictures.
fn told(program: &str, package: &str, arguments: &[&str]) -> Vec<u8> {
    let output = std::process::Command::new(program).args(arguments).output();
    output.unwrap_or_else(|e| panic!("`{program}` cannot be run ({e}): install the package {package}")).stdout
}

/// zbar over many pictures: the codes of each, without what it takes lines and letters for.
fn zbar_all(pictures: &[(PathBuf, &'static str)]) -> Found {
    let paths: Vec<&str> = pictures.iter().map(|(path, _)| path_text(path)).collect();
    let kinds: BTreeMap<&str, &str> = pictures.iter().map(|(path, kind)| (path_text(path), *kind)).collect();
    let mut found = Found::new();
    if paths.is_empty() {
        return found;
    }
    let told = told("zbarimg", "zbar-tools", &[&["-q", "--xml"], &paths[..]].concat());
    let told = String::from_utf8_lossy(&told);
    for source in told.split("<source href='").skip(1) {
        let path = source.split('\'').next().unwrap_or_default();
        for symbol in source.split("<symbol type='").skip(1) {
            if symbol.split('\'').next() != kinds.get(path).copied() {
                continue;
            }
            let data = between(symbol, "<![CDATA[", "]]>").unwrap_or_default();
            let coded = between(symbol, "<data", ">").is_some_and(|head| head.contains("base64"));
            let bytes = if coded { base64(data) } else { data.as_bytes().to_vec() };
            found.entry(PathBuf::from(path)).or_default().push(bytes);
        }
    }
    found
}

/// What libdmtx reads of pictures of one Data Matrix each: one line for each that it reads, GS for FNC1.
fn dmtx_lines(paths: &[&str], time_ms_max: u32) -> Vec<Vec<u8>> {
    let time = format!("--milliseconds={time_ms_max}");
    let told = told("dmtxread", "dmtx-utils", &[&["--newline", "--stop-after=1", "--gs1=29", &time], paths].concat());
    let mut lines: Vec<Vec<u8>> = told.split(|b| *b == b'\n').map(<[u8]>::to_vec).collect();
    lines.pop();
    lines
}

/// libdmtx over many pictures of one Data Matrix each, and how many of them it had to look at a second time.
fn dmtx_all(pictures: &[PathBuf]) -> (Found, usize) {
    let paths: Vec<&str> = pictures.iter().map(|p| path_text(p)).collect();
    if paths.is_empty() {
        return (Found::new(), 0);
    }
    let lines = dmtx_lines(&paths, 5_000);
    if lines.len() == paths.len() {
        return (pictures.iter().cloned().zip(lines.into_iter().map(|line| vec![line])).collect(), 0);
    }
    // Some were not read: which shows when each is asked alone.
    let (mut found, mut again) = (Found::new(), 0);
    for picture in pictures {
        let mut read = dmtx_lines(&[path_text(picture)], 5_000);
        if read.is_empty() {
            again += 1;
            read = dmtx_lines(&[path_text(&doubled(picture))], 30_000);
        }
        found.insert(picture.clone(), read);
    }
    (found, again)
}

/// The same picture with every pixel twice as wide and twice as high, as a camera with more pixels sees the same label: nothing is
/// added to it. libdmtx walks along edges on a grid of pixels, and now and then misses a code that it finds so at once.
fn doubled(picture: &Path) -> PathBuf {
    let bytes = fs::read(picture).expect("a picture");
    let (width, grey) = if bytes.starts_with(b"P5") {
        pgm(&bytes)
    } else {
        let read = image::load_from_memory(&bytes).expect("a PNG").into_luma8();
        (read.width() as usize, read.into_raw())
    };
    let mut twice = Vec::with_capacity(4 * grey.len());
    for row in grey.chunks(width) {
        let row: Vec<u8> = row.iter().flat_map(|grey| [*grey, *grey]).collect();
        twice.extend([&row[..], &row[..]].concat());
    }
    let path = picture.with_extension("doubled.pgm");
    write_pgm(&path, 2 * width, &twice);
    path
}

/// Width and pixels of a grey picture of poppler's.
fn pgm(bytes: &[u8]) -> (usize, Vec<u8>) {
    let mut parts = bytes.splitn(4, u8::is_ascii_whitespace).skip(1);
    let mut number = || std::str::from_utf8(parts.next().expect("a number")).expect("text").parse::<usize>();
    let (width, height) = (number().expect("a width"), number().expect("a height"));
    let grey = bytes.get(bytes.len() - width * height..).expect("all pixels");
    (width, grey.to_vec())
}

/// Draws the labels in every form and returns the pictures, form by form.
fn draw(folder: &Path, labels: &[Label]) -> Vec<Forms> {
    let at = |i: usize, end: &str| folder.join(format!("{i}{end}"));
    let (mut jobs, mut others, mut sheets) = (String::new(), String::new(), Vec::new());
    for (i, label) in labels.iter().enumerate() {
        let picture = raster::render(&label.sheet, 203).expect("drawn");
        fs::write(at(i, ".png"), picture.png().expect("a PNG")).expect("written");
        let job = zpl::render(&label.sheet, zpl::Resolution::Dpi203).expect("ZPL");
        fs::write(at(i, ".zpl"), job).expect("written");
        let area = label.sheet.area();
        let job = format!("{}\t{}\t{}", area.w_um / 1_000, area.h_um / 1_000, path_text(&at(i, ".zpl")));
        jobs.push_str(&format!("{job}\t{}\n", path_text(&at(i, ".zpl.png"))));
        others.push_str(&format!("{job}\t{}\n", path_text(&at(i, ".other.png"))));
        sheets.push(label.sheet.clone());
    }
    let list = folder.join("jobs.tsv");
    fs::write(&list, jobs).expect("written");
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/lib/zpl_render.mjs");
    run("node", "nodejs, and `npm install -g zpl-renderer-js`", &[script, "--list", path_text(&list), "8"]);
    let other = labelize_list(&folder.join("others.tsv"), &others, "8");
    let (file, pages) = (folder.join("labels.pdf"), folder.join("page"));
    fs::write(&file, pdf::render(&sheets).expect("a PDF")).expect("written");
    // Printers of "203 dpi" have eight dots a millimetre.
    run("pdftoppm", "poppler-utils", &["-r", "203.2", "-gray", path_text(&file), path_text(&pages)]);
    let digits = labels.len().to_string().len();
    let page = |i: usize| folder.join(format!("page-{:0digits$}.pgm", i + 1));
    let forms = |i: usize| {
        let mut forms = vec![("png", at(i, ".png")), ("zpl", at(i, ".zpl.png")), ("pdf", page(i))];
        forms.extend(other.then(|| ("zpl by labelize", at(i, ".other.png"))));
        forms
    };
    (0..labels.len()).map(forms).collect()
}

/// Everything that any reader read otherwise than it was written, and how many pictures were looked at twice.
fn wrong(seed: usize, round: usize, labels: &[Label]) -> (Vec<String>, usize) {
    let folder = scratch(&format!("random-{seed}-{round}"));
    let pictures = draw(&folder, labels);
    let (mut for_zbar, mut for_dmtx) = (Vec::new(), Vec::new());
    for (label, forms) in labels.iter().zip(&pictures) {
        match label.by {
            By::Zbar(kind) => for_zbar.extend(forms.iter().map(|(_, p)| (p.clone(), kind))),
            By::Dmtx => for_dmtx.extend(forms.iter().map(|(_, p)| p.clone())),
        }
    }
    let (zbar, (dmtx, again)) = (zbar_all(&for_zbar), dmtx_all(&for_dmtx));
    let all: Vec<PathBuf> = pictures.iter().flatten().map(|(_, p)| p.clone()).collect();
    let zxing = zxing_list(&folder.join("pictures.txt"), &all);
    let mut wrong = Vec::new();
    for (i, (label, forms)) in labels.iter().zip(&pictures).enumerate() {
        let mut tell = |form: &str, by: &str, read: &[Vec<u8>]| {
            if !label.came_back(read) {
                let shown = |bytes: &[u8]| bytes.escape_ascii().to_string();
                let read: Vec<String> = read.iter().map(|b| shown(b)).collect();
                let place = folder.join(i.to_string());
                let written = shown(&label.content);
                wrong.push(format!("{} {} as {form} by {by}: {read:?} for {written}", place.display(), label.name));
            }
        };
        tell("png", "rxing", &rxing_text(&raster::render(&label.sheet, 203).expect("drawn"), label.rxing, label.gs1));
        for (form, picture) in forms {
            match label.by {
                By::Zbar(_) => tell(form, "zbar", zbar.get(picture).map_or(&[], Vec::as_slice)),
                By::Dmtx => tell(form, "libdmtx", dmtx.get(picture).map_or(&[], Vec::as_slice)),
            }
            if let Some(zxing) = &zxing {
                let read = zxing.get(picture).map_or(&[][..], Vec::as_slice);
                let marks = read.iter().all(|(mark, _)| label.mark.is_none_or(|m| m == mark));
                let read: Vec<Vec<u8>> = read.iter().map(|(_, bytes)| bytes.clone()).collect();
                tell(form, "zxing-cpp", if marks { &read } else { &[] });
            }
        }
    }
    if wrong.is_empty() {
        fs::remove_dir_all(&folder).expect("tidied up");
    }
    (wrong, again)
}

#[test]
fn random_labels_of_every_symbology_come_back_from_two_readers_in_every_form() {
    let (count, seed) = (number("PACKBENCH_LABELS", LABELS), number("PACKBENCH_LABELS_SEED", 0));
    let (next, twice, all) = (AtomicUsize::new(0), AtomicUsize::new(0), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        let work = || {
            loop {
                let round = next.fetch_add(1, Ordering::Relaxed);
                let numbers = round * ROUND..count.min((round + 1) * ROUND);
                if numbers.is_empty() {
                    return;
                }
                let labels: Vec<Label> = numbers.map(|n| label(n, &mut Seeded((seed + n) as u64))).collect();
                let (found, again) = wrong(seed, round, &labels);
                twice.fetch_add(again, Ordering::Relaxed);
                all.lock().expect("the list").extend(found);
            }
        };
        for n in 0..std::thread::available_parallelism().map_or(1, usize::from).min(8) {
            std::thread::Builder::new().name(format!("labels-{n}")).spawn_scoped(scope, work).expect("a thread");
        }
    });
    let all = all.into_inner().expect("the list");
    println!("libdmtx looked twice at {} pictures of {count} labels", twice.into_inner());
    let shown = all.iter().take(40).cloned().collect::<Vec<_>>().join("\n");
    assert!(all.is_empty(), "{} readings of {count} labels are wrong:\n{shown}", all.len());
}
