//! Codes as scanners, people and web sites write them, right ones and damaged ones.

use super::{Entry, Rng, find, values};

/// The separator as scanners send it.
pub const GS: u8 = 0x1d;

/// Identifiers with their values.
pub type Elements = Vec<(String, Vec<u8>)>;

/// Elements of one code: some identifiers with those they need beside them. Some exclude each other.
pub fn elements(rng: &mut Rng, all: &[Entry]) -> Elements {
    let mut out = Elements::new();
    if !rng.one_in(3) {
        need(rng, all, "01", &mut out, 0);
    }
    for _ in 0..rng.below(4) + 1 - usize::from(!out.is_empty()) {
        let entry = rng.pick(all);
        let ai = between(rng, entry);
        need(rng, all, &ai, &mut out, 0);
    }
    if rng.one_in(2) {
        let by = rng.below(out.len().max(1));
        out.rotate_left(by);
    }
    if rng.one_in(12) && !out.is_empty() {
        let mut again = rng.pick(&out).clone();
        if rng.one_in(3) {
            again.1 = find(all, &again.0).map_or(again.1, |e| values::value(rng, &e.spec));
        }
        out.push(again);
    }
    out
}

/// One identifier of a line.
fn between(rng: &mut Rng, entry: &Entry) -> String {
    let (from, to): (usize, usize) = (entry.from.parse().unwrap(), entry.to.parse().unwrap());
    format!("{:0width$}", from + rng.below(to + 1 - from), width = entry.from.len())
}

fn need(rng: &mut Rng, all: &[Entry], ai: &str, out: &mut Elements, depth: usize) {
    // `31nn` is any line that fits.
    let fits =
        |e: &&Entry| e.from.len() == ai.len() && e.from.bytes().zip(ai.bytes()).all(|(a, b)| b == b'n' || a == b);
    let entry = match find(all, ai) {
        Some(entry) => entry,
        None => {
            let lines: Vec<&Entry> = all.iter().filter(fits).collect();
            *rng.pick(&lines)
        }
    };
    let ai = if ai.contains('n') { between(rng, entry) } else { ai.to_owned() };
    if depth > 3 || out.iter().any(|(a, _)| *a == ai) {
        return;
    }
    let is_met = |group: &Vec<String>| group.iter().all(|g| out.iter().any(|(a, _)| a == g));
    let missing = (!entry.required.is_empty() && !entry.required.iter().any(is_met) && !rng.one_in(25))
        .then(|| rng.pick(&entry.required).clone());
    out.push((ai, values::value(rng, &entry.spec)));
    for other in missing.into_iter().flatten() {
        need(rng, all, &other, out, depth + 1);
    }
}

/// The element string, with a needless separator here and there.
pub fn element_string(rng: &mut Rng, all: &[Entry], elements: &Elements) -> Vec<u8> {
    let mut out = Vec::new();
    for (n, (ai, value)) in elements.iter().enumerate() {
        out.extend(ai.bytes().chain(value.iter().copied()));
        let predefined = find(all, ai).is_some_and(|e| e.predefined);
        if (!predefined && n + 1 < elements.len()) || rng.one_in(20) {
            out.push(GS);
        }
    }
    out
}

/// The same with a symbology identifier before.
pub fn scanned(rng: &mut Rng, all: &[Entry], elements: &Elements) -> Vec<u8> {
    if rng.one_in(10) {
        let digits = if rng.one_in(3) { ("]E4", "N8,csum") } else { ("]E0", "N13,csum") };
        let second =
            if rng.one_in(2) { [b"|]e0", &element_string(rng, all, elements)[..]].concat() } else { Vec::new() };
        return [digits.0.as_bytes(), &values::value(rng, digits.1), &second].concat();
    }
    let id = rng.pick(&["]C1", "]e0", "]d2", "]Q3", "]J1"]);
    [id.as_bytes(), &element_string(rng, all, elements)].concat()
}

/// `(01)…(10)…`
pub fn bracketed(rng: &mut Rng, elements: &Elements) -> Vec<u8> {
    let mut out = Vec::new();
    for (n, (ai, value)) in elements.iter().enumerate() {
        if n > 0 && rng.one_in(40) {
            out.push(b'|');
        }
        out.extend(format!("({ai})").bytes());
        for b in value {
            if *b == b'(' {
                out.push(b'\\');
            }
            out.push(*b);
        }
    }
    out
}

/// A Digital Link of the elements; without a key among them, one of whatever there is.
pub fn link(rng: &mut Rng, all: &[Entry], elements: &Elements) -> Vec<u8> {
    let stems = ["https://id.gs1.org", "https://example.com/some/shop", "HTTP://A", "http://x.example:8080/01/12"];
    let mut out = rng.pick(&stems).as_bytes().to_vec();
    let sequences = |ai: &str| find(all, ai).and_then(|e| e.key.clone());
    let key = elements.iter().position(|(ai, _)| sequences(ai).is_some()).unwrap_or(0);
    let Some((key_ai, key_value)) = elements.get(key) else { return out };
    part(rng, &mut out, '/', key_ai, key_value);
    let sequence = sequences(key_ai).filter(|s| !s.is_empty()).map_or(Vec::new(), |s| rng.pick(&s).clone());
    let mut path = Vec::new();
    for ai in &sequence {
        if let Some((ai, value)) = elements.iter().find(|(a, _)| a == ai).filter(|_| !rng.one_in(25)) {
            part(rng, &mut out, '/', ai, value);
            path.push(ai.clone());
        }
    }
    let mut mark = '?';
    for (n, (ai, value)) in elements.iter().enumerate() {
        let attribute = find(all, ai).is_some_and(|e| e.attribute) || rng.one_in(10);
        if n != key && !path.contains(ai) && attribute {
            part(rng, &mut out, mark, ai, value);
            mark = '&';
        }
        if rng.one_in(20) {
            out.extend(format!("{mark}{}", rng.pick(&["linkType=gs1:pip", "x", "", "=", "12=3"])).bytes());
            mark = '&';
        }
    }
    if rng.one_in(10) {
        out.extend(b"#part?/01/1");
    }
    out
}

/// `/10/AB` or `&10=AB`, escaped where it must be and sometimes where it need not.
fn part(rng: &mut Rng, out: &mut Vec<u8>, mark: char, ai: &str, value: &[u8]) {
    let names = [("01", "gtin"), ("10", "lot"), ("21", "ser"), ("00", "sscc"), ("414", "gln"), ("22", "cpv")];
    let name = names.iter().find(|(a, _)| *a == ai && mark == '/' && rng.one_in(12)).map_or(ai, |(_, name)| name);
    out.extend(format!("{mark}{name}{}", if mark == '/' { '/' } else { '=' }).bytes());
    let value = if ai == "01" && value.first() == Some(&b'0') && rng.one_in(6) { &value[1..] } else { value };
    for b in value {
        if b.is_ascii_alphanumeric() && !rng.one_in(60) {
            out.push(*b);
        } else if rng.one_in(2) {
            out.extend(format!("%{b:02X}").bytes());
        } else {
            out.extend(format!("%{b:02x}").bytes());
        }
    }
}

/// Random characters with something before them that makes them look like a code: scan data (0), bracketed text (1) or a
/// link (2).
pub fn random(rng: &mut Rng) -> (usize, Vec<u8>) {
    const SETS: [&[u8]; 4] = [
        b"0123456789\x1d()",
        b"0123456789()AB\\|",
        b"0123456789/%=?&#+AB^",
        &[1, 2, 0x1d, 0x80, 0xc3, 0xa9, 0xff, b'0', b'1', b'('],
    ];
    const BEFORE: [&[&str]; 3] = [
        &["]C1", "]e0", "]d2", "]E0", "]E4", "]Q1", "]d1", "]J0", "]C0", "]X", ""],
        &["(01)", "(10)", "(", "(99)", ""],
        &["https://a/01/", "http://a.b/00/", "https://", "https://x/01/12312312312333/10/"],
    ];
    let set = *rng.pick(&SETS);
    let mode = rng.below(3);
    let mut out = rng.pick(BEFORE[mode]).as_bytes().to_vec();
    for _ in 0..rng.below(60) {
        out.push(*rng.pick(set));
    }
    (mode, out)
}

/// Does something to a code, or nothing.
pub fn damage(rng: &mut Rng, code: &mut Vec<u8>) {
    const BYTES: &[u8] = b"0123456789019AZaz()\\/^|%+&=?#:.-_~<>\"' ]\x1d\x1d\x01\x80\xff(){}";
    if rng.one_in(3) {
        return;
    }
    for _ in 0..=rng.below(3) {
        let at = rng.below(code.len() + 1);
        let byte = *rng.pick(BYTES);
        match rng.below(8) {
            0 => code.insert(at, byte),
            1 if at < code.len() => drop(code.remove(at)),
            2 if at < code.len() => code[at] = byte,
            3 if at < code.len() => code[at] = b'0' + rng.below(10) as u8,
            4 => code.truncate(code.len() - rng.below(4).min(code.len())),
            5 if at + 1 < code.len() => code.swap(at, at + 1),
            6 => {
                let to = (at + 1 + rng.below(30)).min(code.len());
                let piece = code[at.min(to)..to].to_vec();
                let other = rng.below(code.len() + 1);
                code.splice(other..other, piece);
            }
            _ => {
                let to = (at + rng.below(6)).min(code.len());
                code.drain(at.min(to)..to);
            }
        }
    }
}
