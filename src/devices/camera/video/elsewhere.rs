//! The calls of `sys` on systems without Video4Linux2: no camera is ever listed there, so none is opened. Must never pretend.

use std::io;
use std::path::Path;
use std::time::Duration;

pub(super) type FourCc = [u8; 4];

pub(super) struct About {
    pub(super) captures: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Shape {
    pub(super) fourcc: FourCc,
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) bytes_per_line: u32,
}

pub(super) enum Device {}

impl Device {
    pub(super) fn open(_: &Path) -> io::Result<Device> {
        Err(io::ErrorKind::NotFound.into())
    }

    pub(super) fn about(&self) -> io::Result<About> {
        match *self {}
    }

    pub(super) fn formats(&self) -> Vec<FourCc> {
        match *self {}
    }

    pub(super) fn sizes(&self, _: FourCc) -> Vec<(u32, u32)> {
        match *self {}
    }

    pub(super) fn set(&mut self, _: FourCc, _: u32, _: u32) -> io::Result<Shape> {
        match *self {}
    }

    pub(super) fn start(&mut self) -> io::Result<()> {
        match *self {}
    }

    pub(super) fn frame<R>(&mut self, _: Duration, _: impl FnOnce(&[u8]) -> R) -> io::Result<Option<R>> {
        match *self {}
    }
}
