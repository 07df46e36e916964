//! The system's card service (PC/SC) through its own library, which is opened at run time: building needs nothing of it, and a
//! station without readers does without. The only unsafe code of the program; it must stay as thin as it is: every call below
//! is one function of the library with its rule beside it, and nothing but safe types leaves this file.

use std::ffi::{CStr, CString, c_char, c_long, c_ulong, c_void};
use std::sync::OnceLock;
use std::time::Duration;

use libloading::Library;

use super::tag::{Card, CardFault};
use crate::devices::event::LostReason;

/// The library's name in every Linux distribution.
const LIBRARY: &str = "libpcsclite.so.1";
/// Longest answer to reset (ISO 7816-3).
const ATR_BYTES_MAX: usize = 33;
/// Longest answer to a short command: 256 bytes and the status word.
const ANSWER_BYTES_MAX: usize = 258;
/// Longest list of readers' names that is taken, in bytes.
const NAMES_BYTES_MAX: usize = 8_192;

// Words of winscard.h and pcsclite.h.
pub(crate) type Word = c_ulong;
type Code = c_long;
type Handle = c_long;

const OK: Word = 0;
const SCOPE_USER: Word = 0;
const SHARE_EXCLUSIVE: Word = 1;
const PROTOCOL_T0: Word = 1;
const PROTOCOL_T1: Word = 2;
const LEAVE: Word = 0;
const STATE_UNKNOWN: Word = 0x0004;
const STATE_UNAVAILABLE: Word = 0x0008;
const STATE_PRESENT: Word = 0x0020;
const STATE_CHANGED: Word = 0x0002;
const STATE_MUTE: Word = 0x0200;
/// The upper half of a state counts what came and went.
const COUNT_SHIFT: u32 = 16;
const STATE_BITS: Word = 0xffff;

const E_UNKNOWN_READER: Word = 0x8010_0009;
const E_TIMEOUT: Word = 0x8010_000a;
const E_SHARING: Word = 0x8010_000b;
const E_NO_SMARTCARD: Word = 0x8010_000c;
const E_READER_UNAVAILABLE: Word = 0x8010_0017;
const E_NO_SERVICE: Word = 0x8010_001d;
const E_SERVICE_STOPPED: Word = 0x8010_001e;
const E_NO_READERS: Word = 0x8010_002e;
const E_COMM: Word = 0x8010_0013;
const W_UNRESPONSIVE: Word = 0x8010_0066;
const W_UNPOWERED: Word = 0x8010_0067;
const W_RESET: Word = 0x8010_0068;
const W_REMOVED: Word = 0x8010_0069;
const W_SECURITY: Word = 0x8010_006a;

/// `SCARD_READERSTATE` as pcsc-lite lays it out on Linux.
#[repr(C)]
struct ReaderState {
    name: *const c_char,
    user: *mut c_void,
    known: Word,
    now: Word,
    atr_length: Word,
    atr: [u8; ATR_BYTES_MAX],
}

/// `SCARD_IO_REQUEST`.
#[repr(C)]
struct IoRequest {
    protocol: Word,
    length: Word,
}

type Establish = unsafe extern "C" fn(Word, *const c_void, *const c_void, *mut Handle) -> Code;
type Release = unsafe extern "C" fn(Handle) -> Code;
type ListReaders = unsafe extern "C" fn(Handle, *const c_char, *mut c_char, *mut Word) -> Code;
type StatusChange = unsafe extern "C" fn(Handle, Word, *mut ReaderState, Word) -> Code;
type Connect = unsafe extern "C" fn(Handle, *const c_char, Word, Word, *mut Handle, *mut Word) -> Code;
type Disconnect = unsafe extern "C" fn(Handle, Word) -> Code;
type Transmit =
    unsafe extern "C" fn(Handle, *const IoRequest, *const u8, Word, *mut IoRequest, *mut u8, *mut Word) -> Code;

/// The library's functions. They stay valid as long as the library stays open, which is for ever: it lies in a static.
struct Api {
    establish: Establish,
    release: Release,
    list_readers: ListReaders,
    status_change: StatusChange,
    connect: Connect,
    disconnect: Disconnect,
    transmit: Transmit,
    _library: Library,
}

/// Why the card service did not do what was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ServiceFault {
    /// The library is not installed.
    NoLibrary,
    /// The service does not run.
    NoService,
    /// The service lets this user in not.
    NotPermitted,
    /// The reader is gone.
    NoReader,
    /// Another program holds the reader.
    Busy,
    /// The tag is gone, or answers nothing.
    NoCard,
    /// Anything else, with the library's number.
    Other(u32),
}

impl ServiceFault {
    /// The reason the device screen tells.
    pub(crate) fn reason(self) -> LostReason {
        match self {
            Self::NoLibrary | Self::NoService => LostReason::NoCardService,
            Self::NotPermitted => LostReason::NotPermitted,
            Self::NoReader => LostReason::Disconnected,
            Self::Busy => LostReason::Busy,
            Self::NoCard | Self::Other(_) => LostReason::Io,
        }
    }
}

/// Codes are unsigned words of 32 bits in a signed type; some versions of the library extend their sign.
fn plain(code: Code) -> Word {
    Word::from_ne_bytes(code.to_ne_bytes()) & 0xffff_ffff
}

fn result(code: Code) -> Result<(), ServiceFault> {
    match plain(code) {
        OK => Ok(()),
        E_NO_SERVICE | E_SERVICE_STOPPED | E_COMM => Err(ServiceFault::NoService),
        W_SECURITY => Err(ServiceFault::NotPermitted),
        E_UNKNOWN_READER | E_READER_UNAVAILABLE | E_NO_READERS => Err(ServiceFault::NoReader),
        E_SHARING => Err(ServiceFault::Busy),
        E_NO_SMARTCARD | W_UNRESPONSIVE | W_UNPOWERED | W_RESET | W_REMOVED => Err(ServiceFault::NoCard),
        other => Err(ServiceFault::Other(u32::try_from(other).unwrap_or(u32::MAX))),
    }
}

/// The library, opened once. While it is missing each call tries again, so that installing it needs no restart.
fn api() -> Result<&'static Api, ServiceFault> {
    static API: OnceLock<Api> = OnceLock::new();
    if let Some(api) = API.get() {
        return Ok(api);
    }
    let opened = open_library().map_err(|error| {
        tracing::debug!(%error, "the library of the card service cannot be opened");
        ServiceFault::NoLibrary
    })?;
    Ok(API.get_or_init(|| opened))
}

fn open_library() -> Result<Api, libloading::Error> {
    // SAFETY: the library's initialisers are those of pcsc-lite, which do nothing but set up its own memory.
    let library = unsafe { Library::new(LIBRARY) }?;
    // SAFETY: each type above is the function's declaration in winscard.h; the pointers are copied out of the library, which
    // is kept open beside them.
    unsafe {
        Ok(Api {
            establish: *library.get(b"SCardEstablishContext\0")?,
            release: *library.get(b"SCardReleaseContext\0")?,
            list_readers: *library.get(b"SCardListReaders\0")?,
            status_change: *library.get(b"SCardGetStatusChange\0")?,
            connect: *library.get(b"SCardConnect\0")?,
            disconnect: *library.get(b"SCardDisconnect\0")?,
            transmit: *library.get(b"SCardTransmit\0")?,
            _library: library,
        })
    }
}

/// A conversation with the card service; one thread's own.
pub(crate) struct Service {
    api: &'static Api,
    handle: Handle,
}

impl Service {
    pub(crate) fn open() -> Result<Self, ServiceFault> {
        let api = api()?;
        let mut handle: Handle = 0;
        // SAFETY: the two reserved pointers are null as demanded; `handle` outlives the call.
        result(unsafe { (api.establish)(SCOPE_USER, std::ptr::null(), std::ptr::null(), &raw mut handle) })?;
        Ok(Self { api, handle })
    }

    /// The names of the readers that are plugged in.
    pub(crate) fn readers(&self) -> Result<Vec<String>, ServiceFault> {
        let mut names = vec![0u8; NAMES_BYTES_MAX];
        let mut length = word(names.len());
        // SAFETY: `names` has `length` writable bytes and outlives the call; no group means all readers.
        let code = unsafe {
            (self.api.list_readers)(self.handle, std::ptr::null(), names.as_mut_ptr().cast(), &raw mut length)
        };
        match result(code) {
            Err(ServiceFault::NoReader) => return Ok(Vec::new()),
            other => other?,
        }
        names.truncate(usize::try_from(length).unwrap_or(0));
        let names = names.split(|b| *b == 0).filter(|name| !name.is_empty());
        Ok(names.map(|name| String::from_utf8_lossy(name).into_owned()).collect())
    }

    /// Waits at most `timeout` for anything to happen at the watched readers; `false` when nothing did.
    pub(crate) fn wait(&self, watches: &mut [Watch], timeout: Duration) -> Result<bool, ServiceFault> {
        let mut states: Vec<ReaderState> = watches.iter().map(Watch::state).collect();
        let timeout_ms = Word::try_from(timeout.as_millis()).unwrap_or(Word::MAX);
        // SAFETY: the states and the names they point to outlive the call, and their number is told.
        let code =
            unsafe { (self.api.status_change)(self.handle, timeout_ms, states.as_mut_ptr(), word(states.len())) };
        if plain(code) == E_TIMEOUT {
            return Ok(false);
        }
        result(code)?;
        for (watch, state) in watches.iter_mut().zip(&states) {
            watch.now = state.now;
            let length = usize::try_from(state.atr_length).unwrap_or(0).min(ATR_BYTES_MAX);
            watch.atr = state.atr.get(..length).unwrap_or_default().to_vec();
        }
        Ok(true)
    }

    /// Connects to the tag that lies on a reader, for this program alone.
    pub(crate) fn connect(&self, watch: &Watch) -> Result<Connection, ServiceFault> {
        let (mut handle, mut protocol): (Handle, Word) = (0, 0);
        // SAFETY: the name ends with a zero byte and outlives the call, as do both results.
        let code = unsafe {
            (self.api.connect)(
                self.handle,
                watch.name.as_ptr(),
                SHARE_EXCLUSIVE,
                PROTOCOL_T0 | PROTOCOL_T1,
                &raw mut handle,
                &raw mut protocol,
            )
        };
        result(code)?;
        Ok(Connection { api: self.api, handle, protocol })
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        // SAFETY: the handle is this conversation's and is not used again. A service that is gone refuses, which is no harm.
        let _ = result(unsafe { (self.api.release)(self.handle) });
    }
}

fn word(length: usize) -> Word {
    Word::try_from(length).unwrap_or(Word::MAX)
}

/// What is known of one reader.
pub(crate) struct Watch {
    name: CString,
    known: Word,
    now: Word,
    atr: Vec<u8>,
}

impl Watch {
    /// A reader of which nothing is known yet; a name with a zero byte is no reader's.
    pub(crate) fn reader(name: &str) -> Option<Self> {
        Some(Self { name: CString::new(name).ok()?, known: 0, now: 0, atr: Vec::new() })
    }

    /// The service's word for "a reader was plugged in or out".
    pub(crate) fn plugging() -> Self {
        const PLUGGING: &CStr = c"\\\\?PnP?\\Notification";
        Self { name: PLUGGING.to_owned(), known: 0, now: 0, atr: Vec::new() }
    }

    fn state(&self) -> ReaderState {
        ReaderState {
            name: self.name.as_ptr(),
            user: std::ptr::null_mut(),
            known: self.known,
            now: self.known,
            atr_length: 0,
            atr: [0; ATR_BYTES_MAX],
        }
    }

    /// What is now is what is known from here on.
    pub(crate) fn take_note(&mut self) {
        self.known = self.now & !STATE_CHANGED;
    }

    /// The reader is not there any more.
    pub(crate) fn is_gone(&self) -> bool {
        self.now & (STATE_UNKNOWN | STATE_UNAVAILABLE) != 0
    }

    /// A tag lies on it.
    pub(crate) fn has_tag(&self) -> bool {
        self.now & STATE_PRESENT != 0
    }

    /// What lies on it answers nothing.
    pub(crate) fn is_mute(&self) -> bool {
        self.now & STATE_MUTE != 0
    }

    /// How many tags came and went: two quick ones are told apart by it even when none was seen to go.
    pub(crate) fn count(&self) -> Word {
        (self.now & !STATE_BITS) >> COUNT_SHIFT
    }

    /// The answer to reset of the tag.
    pub(crate) fn atr(&self) -> &[u8] {
        &self.atr
    }
}

/// A connected tag.
pub(crate) struct Connection {
    api: &'static Api,
    handle: Handle,
    protocol: Word,
}

impl Card for Connection {
    fn transmit(&mut self, command: &[u8]) -> Result<Vec<u8>, CardFault> {
        let request = IoRequest { protocol: self.protocol, length: word(std::mem::size_of::<IoRequest>()) };
        let mut answer = vec![0u8; ANSWER_BYTES_MAX];
        let mut length = word(answer.len());
        // SAFETY: command, request and answer outlive the call and their lengths are told; no answer header is asked for.
        let code = unsafe {
            (self.api.transmit)(
                self.handle,
                &raw const request,
                command.as_ptr(),
                word(command.len()),
                std::ptr::null_mut(),
                answer.as_mut_ptr(),
                &raw mut length,
            )
        };
        match result(code) {
            // Some readers say so when a tag leaves in the middle of a command: no error, and no status word either.
            Ok(()) if length < 2 => Err(CardFault::Gone),
            Ok(()) => {
                answer.truncate(usize::try_from(length).unwrap_or(0));
                Ok(answer)
            }
            Err(ServiceFault::NoCard) => Err(CardFault::Gone),
            Err(ServiceFault::Busy) => Err(CardFault::Busy),
            // Readers answer a tag that left in the middle of a command with a bare transmission error: whether it is the
            // tag or the reader, the next look at the reader tells.
            Err(ServiceFault::Other(_)) => Err(CardFault::Gone),
            Err(
                ServiceFault::NoLibrary | ServiceFault::NoService | ServiceFault::NotPermitted | ServiceFault::NoReader,
            ) => Err(CardFault::Reader),
        }
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        // SAFETY: the handle is this connection's and is not used again. The tag stays as it is; one that left refuses.
        let _ = result(unsafe { (self.api.disconnect)(self.handle, LEAVE) });
    }
}
