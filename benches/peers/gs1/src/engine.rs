//! The official engine, called.

use std::ffi::{CStr, CString, c_char, c_int, c_void};

unsafe extern "C" {
    fn peer_new(dictionary: *const c_char) -> *mut c_void;
    fn peer_rules(ctx: *mut c_void, unknown_ais: bool, short_gtins: bool, required_ais: bool);
    fn peer_set(ctx: *mut c_void, mode: c_int, data: *mut c_char) -> bool;
    fn peer_error(ctx: *mut c_void) -> c_int;
    fn peer_linter_error(ctx: *mut c_void) -> c_int;
    fn peer_markup(ctx: *mut c_void) -> *const c_char;
    fn peer_bracketed(ctx: *mut c_void) -> *const c_char;
    fn peer_link(ctx: *mut c_void, stem: *const c_char) -> *const c_char;
    fn peer_data(ctx: *mut c_void) -> *const c_char;
    fn peer_count(ctx: *mut c_void) -> c_int;
    fn peer_element(
        ctx: *mut c_void,
        n: c_int,
        ai: *mut *const u8,
        ai_len: *mut c_int,
        value: *mut *const u8,
        value_len: *mut c_int,
    ) -> bool;
}

/// What a text is given to the engine as.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Mode {
    Scan,
    Bracketed,
    Uri,
}

pub struct Engine {
    ctx: *mut c_void,
    buffer: Vec<u8>,
    errors: Vec<String>,
    linter_errors: Vec<String>,
}

/// Names of an enumeration of a C header, between two of its words.
fn names(header: &str, from: &str, to: &str, prefix: &str) -> Vec<String> {
    let text = std::fs::read_to_string(header).expect("a header of the engine");
    let start = text.find(from).expect("the enumeration");
    let end = start + text[start..].find(to).expect("its end");
    let words = text[start..end].lines().filter_map(|l| l.trim().strip_prefix(prefix));
    words.map(|w| w.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').next().unwrap_or("").to_owned()).collect()
}

impl Engine {
    /// The engine of a checkout, judging by a dictionary.
    pub fn new(checkout: &str, dictionary: &str) -> Engine {
        let path = CString::new(dictionary).expect("a path");
        // SAFETY: a string with its end; the engine copies what it needs.
        let ctx = unsafe { peer_new(path.as_ptr()) };
        assert!(!ctx.is_null(), "the engine does not begin");
        let private = format!("{checkout}/src/c-lib/enc-private.h");
        let public = format!("{checkout}/src/c-lib/syntax/gs1syntaxdictionary.h");
        Engine {
            ctx,
            buffer: Vec::new(),
            errors: names(&private, "gs1_encoder_eNO_ERROR", "__GS1_ENCODERS_NUM_ERRS", "gs1_encoder_e"),
            linter_errors: names(&public, "typedef enum", "__GS1_LINTER_NUM_ERRS", "GS1_LINTER_"),
        }
    }

    pub fn rules(&mut self, unknown_ais: bool, short_gtins: bool, required_ais: bool) {
        // SAFETY: the context lives as long as this.
        unsafe { peer_rules(self.ctx, unknown_ais, short_gtins, required_ais) }
    }

    /// Whether the engine takes a text.
    pub fn set(&mut self, mode: Mode, data: &[u8]) -> bool {
        self.buffer.clear();
        self.buffer.extend_from_slice(data);
        self.buffer.push(0);
        // SAFETY: the buffer ends with a null and is the engine's alone meanwhile.
        unsafe { peer_set(self.ctx, mode as c_int, self.buffer.as_mut_ptr().cast()) }
    }

    /// The same for timing: the text ends with a null already.
    pub fn set_terminated(&mut self, mode: Mode, data: &mut [u8]) -> bool {
        assert_eq!(data.last(), Some(&0));
        // SAFETY: as above.
        unsafe { peer_set(self.ctx, mode as c_int, data.as_mut_ptr().cast()) }
    }

    /// The name of the rule that the last text broke.
    pub fn error(&self) -> &str {
        // SAFETY: the context lives as long as this.
        let (error, linter) = unsafe { (peer_error(self.ctx), peer_linter_error(self.ctx)) };
        match self.errors[error as usize].as_str() {
            "AI_LINTER_ERROR" => &self.linter_errors[linter as usize],
            other => other,
        }
    }

    /// `(AI)before|wrong|after` where a value broke a rule.
    pub fn markup(&self) -> Option<Vec<u8>> {
        // SAFETY: as above; the text lies in the context.
        let is_linter = self.errors[unsafe { peer_error(self.ctx) } as usize] == "AI_LINTER_ERROR";
        text(unsafe { peer_markup(self.ctx) }).filter(|_| is_linter)
    }

    pub fn bracketed(&mut self) -> Option<Vec<u8>> {
        // SAFETY: as above.
        text(unsafe { peer_bracketed(self.ctx) })
    }

    pub fn link(&mut self, stem: &str) -> Option<Vec<u8>> {
        let stem = CString::new(stem).expect("a stem");
        // SAFETY: as above.
        text(unsafe { peer_link(self.ctx, stem.as_ptr()) })
    }

    /// The data as the engine keeps it, FNC1 as `^`.
    pub fn data(&self) -> Vec<u8> {
        // SAFETY: as above.
        text(unsafe { peer_data(self.ctx) }).unwrap_or_default()
    }

    pub fn elements(&self) -> Vec<(Vec<u8>, Vec<u8>)> {
        let mut out = Vec::new();
        // SAFETY: pointers and lengths lie in the context's buffers, and are read before the next text is set.
        unsafe {
            for n in 0..peer_count(self.ctx) {
                let (mut ai, mut ai_len, mut value, mut value_len) = (std::ptr::null(), 0, std::ptr::null(), 0);
                if peer_element(self.ctx, n, &raw mut ai, &raw mut ai_len, &raw mut value, &raw mut value_len) {
                    let bytes = |p: *const u8, len: c_int| std::slice::from_raw_parts(p, len as usize).to_vec();
                    out.push((bytes(ai, ai_len), bytes(value, value_len)));
                }
            }
        }
        out
    }
}

fn text(p: *const c_char) -> Option<Vec<u8>> {
    // SAFETY: null, or a string with its end.
    (!p.is_null()).then(|| unsafe { CStr::from_ptr(p) }.to_bytes().to_vec())
}
