//! The only unsafe code of this room: pocketsphinx, opened at run time. Building needs no header and no library of it, and a station
//! without it says what to install. Every pointer stays inside [`Decoder`], which one thread owns and frees.
//!
//! Versions: the functions of `libpocketsphinx.so.3` and `libsphinxbase.so.3` (0.8 and its pre-releases of 5), as Debian and Ubuntu
//! carry them.

use std::ffi::{CStr, CString, c_char, c_int, c_void};
use std::path::Path;

use libloading::Library;

/// The libraries by the names their packages install.
const BASE: &str = "libsphinxbase.so.3";
const SPHINX: &str = "libpocketsphinx.so.3";

type Parse = unsafe extern "C" fn(*mut c_void, *const c_void, i32, *mut *mut c_char, i32) -> *mut c_void;
type FreeConfig = unsafe extern "C" fn(*mut c_void) -> c_int;
type Args = unsafe extern "C" fn() -> *const c_void;
type Init = unsafe extern "C" fn(*mut c_void) -> *mut c_void;
type Plain = unsafe extern "C" fn(*mut c_void) -> c_int;
type Process = unsafe extern "C" fn(*mut c_void, *const i16, usize, c_int, c_int) -> c_int;
type Hypothesis = unsafe extern "C" fn(*mut c_void, *mut i32) -> *const c_char;

/// Why there is no recogniser.
#[derive(Debug, thiserror::Error)]
pub enum SphinxError {
    /// The library is not installed, or is another one.
    #[error("the speech recogniser is not installed (libpocketsphinx3): {0}")]
    Library(#[from] libloading::Error),
    /// The acoustic model is not installed.
    #[error("the acoustic model is not installed (pocketsphinx-en-us): there is no {0}")]
    Model(String),
    /// The library did not take model, dictionary or grammar.
    #[error("the speech recogniser did not take the model, the dictionary or the grammar")]
    Refused,
}

struct Functions {
    free_config: FreeConfig,
    free: Plain,
    start: Plain,
    end: Plain,
    process: Process,
    hypothesis: Hypothesis,
}

/// A decoder with its grammar.
pub(super) struct Decoder {
    config: *mut c_void,
    decoder: *mut c_void,
    call: Functions,
    // Dropped last: the functions above live in them.
    _sphinx: Library,
    _base: Library,
}

/// Files without which the library would end the whole program instead of failing.
const MODEL_FILES: &[&str] =
    &["feat.params", "mdef", "means", "variances", "transition_matrices", "noisedict", "sendump"];

impl Decoder {
    /// Loads library, acoustic model, dictionary and grammar.
    ///
    /// # Errors
    /// [`SphinxError`]: what is missing.
    pub(super) fn open(model: &Path, dictionary: &Path, grammar: &Path) -> Result<Self, SphinxError> {
        let whole = |file: &&str| std::fs::metadata(model.join(file)).is_ok_and(|about| about.len() > 0);
        if let Some(missing) = MODEL_FILES.iter().find(|file| !whole(file)) {
            return Err(SphinxError::Model(model.join(missing).display().to_string()));
        }
        let words = [
            "packbench",
            "-hmm",
            &model.display().to_string(),
            "-dict",
            &dictionary.display().to_string(),
            "-fsg",
            &grammar.display().to_string(),
            "-logfn",
            "/dev/null",
        ]
        .map(|word| CString::new(word).unwrap_or_default());
        let mut argv = words.each_ref().map(|word| word.as_ptr().cast_mut());
        let count = i32::try_from(argv.len()).unwrap_or(0);
        // SAFETY: the two libraries run no code of ours when they are loaded, and none that expects a state of the process. The
        // types are those of their headers (cmd_ln.h, pocketsphinx.h) for the major version that their names carry. `argv` and its
        // strings outlive the call, which copies them. A null answer is looked for before anything is used.
        unsafe {
            let base = Library::new(BASE)?;
            let sphinx = Library::new(SPHINX)?;
            let parse = *base.get::<Parse>(b"cmd_ln_parse_r\0")?;
            let args = *sphinx.get::<Args>(b"ps_args\0")?;
            let init = *sphinx.get::<Init>(b"ps_init\0")?;
            let call = Functions {
                free_config: *base.get(b"cmd_ln_free_r\0")?,
                free: *sphinx.get(b"ps_free\0")?,
                start: *sphinx.get(b"ps_start_utt\0")?,
                end: *sphinx.get(b"ps_end_utt\0")?,
                process: *sphinx.get(b"ps_process_raw\0")?,
                hypothesis: *sphinx.get(b"ps_get_hyp\0")?,
            };
            let config = parse(std::ptr::null_mut(), args(), count, argv.as_mut_ptr(), 1);
            if config.is_null() {
                return Err(SphinxError::Refused);
            }
            let decoder = init(config);
            if decoder.is_null() {
                (call.free_config)(config);
                return Err(SphinxError::Refused);
            }
            Ok(Self { config, decoder, call, _sphinx: sphinx, _base: base })
        }
    }

    /// The words of one utterance, as the grammar has them; none where nothing fits.
    pub(super) fn hear(&mut self, samples: &[i16]) -> Option<String> {
        // SAFETY: `decoder` is what `ps_init` gave, not null and not freed; `&mut self` says that nobody else uses it. The library
        // reads `samples.len()` samples and keeps none. The text belongs to the decoder and is copied before the next call.
        unsafe {
            if (self.call.start)(self.decoder) < 0 {
                return None;
            }
            let taken = (self.call.process)(self.decoder, samples.as_ptr(), samples.len(), 0, 1);
            if (self.call.end)(self.decoder) < 0 || taken < 0 {
                return None;
            }
            let mut score = 0;
            let text = (self.call.hypothesis)(self.decoder, &raw mut score);
            if text.is_null() { None } else { Some(CStr::from_ptr(text).to_string_lossy().into_owned()) }
        }
    }
}

impl Drop for Decoder {
    fn drop(&mut self) {
        // SAFETY: both pointers came from this library, are not null, and are used by nobody after this.
        unsafe {
            (self.call.free)(self.decoder);
            (self.call.free_config)(self.config);
        }
    }
}
