//! What the station's cameras show, as the window asks for it. Must never wait for a camera.

use super::hands::Waker;
use crate::devices::camera::view::{View, Viewfinder};
use crate::devices::config::DEVICES_MAX;
use crate::devices::{DeviceHandle, DeviceId, DeviceKind};
use crate::station::camera::CameraPort;
use crate::station::panel::Picture;
use std::sync::Arc;

/// The cameras of a station. Clones share them.
#[derive(Clone, Default)]
pub struct Eyes {
    /// The one that photos are taken with comes first.
    list: Arc<[(String, Viewfinder)]>,
}

impl Eyes {
    /// All cameras among the devices; each new picture wakes the window.
    #[must_use]
    pub fn open(devices: &DeviceHandle, first: Option<&DeviceId>, wake: &Waker) -> Eyes {
        let cameras = devices.devices().filter(|(_, kind)| *kind == DeviceKind::Camera).map(|(id, _)| id);
        let mut list: Vec<(String, Viewfinder)> = Vec::new();
        for id in cameras {
            let Some(finder) = devices.viewfinder(id) else { continue };
            let waker = wake.clone();
            finder.tell(move || waker.wake());
            let at = if Some(id) == first { 0 } else { list.len() };
            list.insert(at, (id.to_string(), finder));
        }
        Eyes { list: list.into() }
    }

    /// For the window; nothing where there is no camera.
    #[must_use]
    pub fn port(&self) -> Option<Box<dyn CameraPort>> {
        (!self.list.is_empty()).then(|| Box::new(self.clone()) as Box<dyn CameraPort>)
    }

    fn finder(&self, name: &str) -> Option<(usize, &Viewfinder)> {
        let named = self.list.iter().enumerate().find(|(_, (known, _))| name.is_empty() || known == name);
        named.map(|(at, (_, finder))| (at, finder))
    }
}

/// A picture of the camera at this place of the list. No two cameras have a number in common.
fn picture(at: usize, view: View) -> Picture {
    let side = |px: u32| usize::try_from(px).unwrap_or(0);
    let places = u64::try_from(DEVICES_MAX).unwrap_or(1);
    let id = view.number.wrapping_mul(places).wrapping_add(u64::try_from(at).unwrap_or(0));
    Picture { id, width: side(view.width_px), height: side(view.height_px), rgb: view.rgb }
}

impl CameraPort for Eyes {
    fn look(&self, name: &str) {
        if let Some((_, finder)) = self.finder(name) {
            finder.look();
        }
    }

    fn live(&self, name: &str) -> Option<Picture> {
        let (at, finder) = self.finder(name)?;
        finder.live().map(|view| picture(at, view))
    }

    fn taken(&self) -> Option<Picture> {
        let taken = self.list.iter().enumerate().filter_map(|(at, (_, finder))| Some((at, finder.taken()?)));
        taken.max_by_key(|(_, view)| view.seen).map(|(at, view)| picture(at, view))
    }
}
