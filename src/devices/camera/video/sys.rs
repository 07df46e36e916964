//! The kernel's calls for cameras (Video4Linux2, `linux/videodev2.h`): a file, its format, and frames in memory that the kernel
//! shares. The only unsafe code of the cameras: no crate speaks to them without a C compiler's headers or libclang at build
//! time. Must never wait longer than asked, and never show a frame's memory while the kernel may write to it.

use std::fs::File;
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::ptr::NonNull;
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::ioctl::{Opcode, Updater, ioctl, opcode};
use rustix::mm::{MapFlags, ProtFlags, mmap, munmap};

/// Frames that are shared with the kernel: one is looked at while others fill.
const BUFFERS: u32 = 4;
/// Formats and sizes that are looked at.
const LISTED_MAX: u32 = 64;

/// A picture as it is taken (`V4L2_BUF_TYPE_VIDEO_CAPTURE`).
const CAPTURE: u32 = 1;
/// Memory of the kernel's (`V4L2_MEMORY_MMAP`).
const MEMORY: u32 = 1;
/// `V4L2_CAP_VIDEO_CAPTURE` and `V4L2_CAP_STREAMING`.
const CAN_CAPTURE: u32 = 1;
const CAN_STREAM: u32 = 0x0400_0000;
/// `V4L2_CAP_DEVICE_CAPS`: the file's own abilities are told beside those of the whole device.
const TELLS_ITS_OWN: u32 = 0x8000_0000;
/// `V4L2_BUF_FLAG_ERROR`: the frame came damaged.
const DAMAGED: u32 = 0x40;
/// `V4L2_FRMSIZE_TYPE_DISCRETE`.
const DISCRETE: u32 = 1;

#[repr(C)]
#[derive(Clone, Copy)]
struct Capability {
    driver: [u8; 16],
    card: [u8; 32],
    bus: [u8; 32],
    version: u32,
    device_can: u32,
    file_can: u32,
    reserved: [u32; 3],
}

#[repr(C)]
#[derive(Clone, Copy, Default)]
struct FormatListed {
    index: u32,
    kind: u32,
    flags: u32,
    description: [u8; 32],
    fourcc: [u8; 4],
    bus_code: u32,
    reserved: [u32; 3],
}

#[repr(C)]
#[derive(Clone, Copy, Default)]
struct SizeListed {
    index: u32,
    fourcc: [u8; 4],
    kind: u32,
    /// Discrete: width and height. Stepwise: least, most and step of the width, then of the height.
    sides: [u32; 6],
    reserved: [u32; 2],
}

#[repr(C)]
#[derive(Clone, Copy)]
struct PixelFormat {
    width: u32,
    height: u32,
    fourcc: [u8; 4],
    field: u32,
    bytes_per_line: u32,
    bytes: u32,
    colours: u32,
    private: u32,
    flags: u32,
    encoding: u32,
    quantisation: u32,
    transfer: u32,
    /// What other kinds of format need.
    rest: [u8; 152],
    /// Other kinds hold pointers: the union is aligned as they are.
    align: [usize; 0],
}

#[repr(C)]
#[derive(Clone, Copy)]
struct Format {
    kind: u32,
    pixels: PixelFormat,
}

#[repr(C)]
#[derive(Clone, Copy, Default)]
struct RequestBuffers {
    count: u32,
    kind: u32,
    memory: u32,
    can: u32,
    flags: u8,
    reserved: [u8; 3],
}

#[repr(C)]
#[derive(Clone, Copy, Default)]
struct Buffer {
    index: u32,
    kind: u32,
    used: u32,
    flags: u32,
    field: u32,
    time: [i64; 2],
    timecode: [u32; 4],
    sequence: u32,
    memory: u32,
    /// Where the kernel's memory begins within the file.
    offset: u32,
    offset_rest: u32,
    length: u32,
    reserved: u32,
    request: u32,
}

// The kernel tells its calls apart by the size of what they take: a wrong size is a wrong number.
const _: () =
    assert!(size_of::<Capability>() == 104 && size_of::<FormatListed>() == 64 && size_of::<SizeListed>() == 44);
#[cfg(target_pointer_width = "64")]
const _: () = assert!(size_of::<Format>() == 208 && size_of::<Buffer>() == 88 && size_of::<RequestBuffers>() == 20);

const QUERYCAP: Opcode = opcode::read::<Capability>(b'V', 0);
const ENUM_FMT: Opcode = opcode::read_write::<FormatListed>(b'V', 2);
const S_FMT: Opcode = opcode::read_write::<Format>(b'V', 5);
const REQBUFS: Opcode = opcode::read_write::<RequestBuffers>(b'V', 8);
const QUERYBUF: Opcode = opcode::read_write::<Buffer>(b'V', 9);
const QBUF: Opcode = opcode::read_write::<Buffer>(b'V', 15);
const DQBUF: Opcode = opcode::read_write::<Buffer>(b'V', 17);
const STREAMON: Opcode = opcode::write::<u32>(b'V', 18);
const ENUM_FRAMESIZES: Opcode = opcode::read_write::<SizeListed>(b'V', 74);

/// One call that reads and writes `value`.
fn call<const CODE: Opcode, T: Copy>(file: &File, value: &mut T) -> io::Result<()> {
    // SAFETY: every code above is made of the type it is used with, checked by the assertions above, all of whose bit
    // patterns are values; the kernel reads and writes that many bytes at the pointer and keeps it no longer than the call.
    unsafe { ioctl(file, Updater::<CODE, T>::new(value)) }.map_err(io::Error::from)
}

/// Four letters that name a format.
pub(super) type FourCc = [u8; 4];

/// What a camera's file says of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct About {
    /// It gives pictures in shared memory; files of other uses stand beside it under the same name.
    pub(super) captures: bool,
}

/// How frames come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Shape {
    pub(super) fourcc: FourCc,
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) bytes_per_line: u32,
}

/// Memory that the kernel fills.
struct Shared {
    start: NonNull<u8>,
    length: usize,
}

// SAFETY: it is owned memory of the process, tied to no thread.
unsafe impl Send for Shared {}

impl Drop for Shared {
    fn drop(&mut self) {
        // SAFETY: `start` and `length` are what `mmap` gave, nobody holds a reference into it (they live within `frame`), and it is
        // unmapped once.
        if let Err(e) = unsafe { munmap(self.start.as_ptr().cast(), self.length) } {
            tracing::debug!(error = %e, "a camera's memory was not given back");
        }
    }
}

/// An open camera. Closing the file ends its stream.
pub(super) struct Device {
    shared: Vec<Shared>,
    file: File,
}

impl Device {
    pub(super) fn open(path: &Path) -> io::Result<Device> {
        let flags = i32::try_from(rustix::fs::OFlags::NONBLOCK.bits()).unwrap_or(0);
        let file = File::options().read(true).write(true).custom_flags(flags).open(path)?;
        Ok(Device { shared: Vec::new(), file })
    }

    pub(super) fn about(&self) -> io::Result<About> {
        let mut found = Capability {
            driver: [0; 16],
            card: [0; 32],
            bus: [0; 32],
            version: 0,
            device_can: 0,
            file_can: 0,
            reserved: [0; 3],
        };
        call::<QUERYCAP, _>(&self.file, &mut found)?;
        let can = if found.device_can & TELLS_ITS_OWN == 0 { found.device_can } else { found.file_can };
        let captures = can & CAN_CAPTURE != 0 && can & CAN_STREAM != 0;
        Ok(About { captures })
    }

    /// The formats it gives.
    pub(super) fn formats(&self) -> Vec<FourCc> {
        let one = |index| {
            let mut listed = FormatListed { index, kind: CAPTURE, ..FormatListed::default() };
            call::<ENUM_FMT, _>(&self.file, &mut listed).ok().map(|()| listed.fourcc)
        };
        (0..LISTED_MAX).map_while(one).collect()
    }

    /// The sizes of a format: width and height. A camera that scales by itself names its largest.
    pub(super) fn sizes(&self, fourcc: FourCc) -> Vec<(u32, u32)> {
        let one = |index| {
            let mut listed = SizeListed { index, fourcc, ..SizeListed::default() };
            call::<ENUM_FRAMESIZES, _>(&self.file, &mut listed).ok()?;
            let [first, second, _, _, most_height, _] = listed.sides;
            // A range comes once and ends the list by itself.
            Some(if listed.kind == DISCRETE { (first, second) } else { (second, most_height) })
        };
        (0..LISTED_MAX).map_while(one).collect()
    }

    /// Asks for a format; the camera answers with what it gives.
    pub(super) fn set(&mut self, fourcc: FourCc, width: u32, height: u32) -> io::Result<Shape> {
        let pixels = PixelFormat {
            width,
            height,
            fourcc,
            field: 0,
            bytes_per_line: 0,
            bytes: 0,
            colours: 0,
            private: 0,
            flags: 0,
            encoding: 0,
            quantisation: 0,
            transfer: 0,
            rest: [0; 152],
            align: [],
        };
        let mut format = Format { kind: CAPTURE, pixels };
        call::<S_FMT, _>(&self.file, &mut format)?;
        let got = format.pixels;
        Ok(Shape { fourcc: got.fourcc, width: got.width, height: got.height, bytes_per_line: got.bytes_per_line })
    }

    /// Begins the stream.
    pub(super) fn start(&mut self) -> io::Result<()> {
        let mut asked = RequestBuffers { count: BUFFERS, kind: CAPTURE, memory: MEMORY, ..RequestBuffers::default() };
        call::<REQBUFS, _>(&self.file, &mut asked)?;
        for index in 0..asked.count {
            let mut buffer = Buffer { index, kind: CAPTURE, memory: MEMORY, ..Buffer::default() };
            call::<QUERYBUF, _>(&self.file, &mut buffer)?;
            self.share(&buffer)?;
            self.give(index)?;
        }
        let mut kind = CAPTURE;
        call::<STREAMON, _>(&self.file, &mut kind)
    }

    fn share(&mut self, buffer: &Buffer) -> io::Result<()> {
        let length = usize::try_from(buffer.length).map_err(io::Error::other)?;
        // SAFETY: a new mapping at a place the kernel chooses; it overlaps no memory of ours.
        let start = unsafe {
            mmap(
                std::ptr::null_mut(),
                length,
                ProtFlags::READ | ProtFlags::WRITE,
                MapFlags::SHARED,
                &self.file,
                u64::from(buffer.offset),
            )
        }?;
        let start = NonNull::new(start.cast()).ok_or_else(|| io::Error::other("the kernel shared no memory"))?;
        self.shared.push(Shared { start, length });
        Ok(())
    }

    fn give(&self, index: u32) -> io::Result<()> {
        let mut buffer = Buffer { index, kind: CAPTURE, memory: MEMORY, ..Buffer::default() };
        call::<QBUF, _>(&self.file, &mut buffer)
    }

    /// Takes a filled buffer, if there is one now.
    fn take(&self) -> io::Result<Option<Buffer>> {
        let mut buffer = Buffer { kind: CAPTURE, memory: MEMORY, ..Buffer::default() };
        match call::<DQBUF, _>(&self.file, &mut buffer) {
            Ok(()) => Ok(Some(buffer)),
            Err(e) if e.kind() == io::ErrorKind::WouldBlock => Ok(None),
            Err(e) => Err(e),
        }
    }

    /// Waits at most so long for a frame and shows the newest one that came whole; older ones are let go.
    pub(super) fn frame<R>(&mut self, wait: Duration, show: impl FnOnce(&[u8]) -> R) -> io::Result<Option<R>> {
        let timeout = Timespec::try_from(wait).map_err(io::Error::other)?;
        let mut files = [PollFd::new(&self.file, PollFlags::IN)];
        match poll(&mut files, Some(&timeout)) {
            Ok(0) | Err(rustix::io::Errno::INTR) => return Ok(None),
            Ok(_) => {}
            Err(e) => return Err(e.into()),
        }
        let mut newest: Option<Buffer> = None;
        // At most as many as there are: a camera faster than this loop must not hold it.
        for _ in 0..BUFFERS {
            let Some(taken) = self.take()? else { break };
            let old = if taken.flags & DAMAGED == 0 { newest.replace(taken) } else { Some(taken) };
            if let Some(old) = old {
                self.give(old.index)?;
            }
        }
        let Some(buffer) = newest else {
            // "Something happened", and it was no frame: the camera is gone or has given up, and would say so for ever.
            let ended = PollFlags::ERR | PollFlags::HUP | PollFlags::NVAL;
            let over = files.iter().any(|file| file.revents().intersects(ended));
            return if over { Err(rustix::io::Errno::NODEV.into()) } else { Ok(None) };
        };
        let shared = usize::try_from(buffer.index).ok().and_then(|index| self.shared.get(index));
        let shown = shared.map(|shared| {
            let used = usize::try_from(buffer.used).unwrap_or(0).min(shared.length);
            // SAFETY: the mapping has `length` bytes and lives as long as `self`; the kernel does not write to a buffer that was
            // taken, and this one is given back only below, after the borrow has ended.
            show(unsafe { std::slice::from_raw_parts(shared.start.as_ptr(), used) })
        });
        self.give(buffer.index)?;
        Ok(shown)
    }
}
