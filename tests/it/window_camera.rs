//! The camera in the window: a live picture where a photo is asked for and in the device check, the photo that was just taken, and a
//! camera that shows nothing.

use crate::window_flow::{self as flow, Window};
use crate::window_samples as samples;
use egui::{Key, Vec2, vec2};
use egui_kittest::kittest::Queryable as _;
use packbench::engine::StationView;
use packbench::engine::input::Ui as Request;
use packbench::engine::view::{ListIcon, PackView, StageView};
use packbench::station::camera::{CameraPort, TAKEN_MS};
use packbench::station::panel::Picture;
use std::cell::RefCell;
use std::rc::Rc;

const DESK: Vec2 = vec2(1280.0, 800.0);
const LIVE: &str = "What the camera sees";

/// What a camera before an open box sees: bench, flaps, and four things inside.
pub fn scene(id: u64) -> Picture {
    let (width, height) = (640_usize, 480_usize);
    let within = |x: usize, y: usize, (x0, y0, x1, y1): (usize, usize, usize, usize)| {
        (x0..x1).contains(&x) && (y0..y1).contains(&y)
    };
    let colour = |x: usize, y: usize| -> [u8; 3] {
        let things = [
            ((190, 150, 330, 250), [176, 58, 46]),
            ((340, 150, 450, 250), [36, 113, 163]),
            ((190, 260, 300, 340), [30, 132, 73]),
            ((310, 260, 450, 340), [214, 137, 16]),
        ];
        let thing = things.iter().find(|(place, _)| within(x, y, *place));
        match thing {
            Some((_, colour)) => *colour,
            None if within(x, y, (176, 136, 464, 354)) => [120, 88, 56],
            None if within(x, y, (150, 110, 490, 380)) => [198, 156, 109],
            None if within(x, y, (150, 40, 490, 110)) || within(x, y, (150, 380, 490, 450)) => [222, 184, 135],
            None => [196, 200, 204],
        }
    };
    let rgb: Vec<u8> = (0..height).flat_map(|y| (0..width).flat_map(move |x| colour(x, y))).collect();
    Picture { id, width, height, rgb: rgb.into() }
}

/// A camera whose pictures the test lays before it.
#[derive(Clone, Default)]
pub struct Camera(Rc<RefCell<Inside>>);

#[derive(Default)]
struct Inside {
    live: Option<Picture>,
    taken: Option<Picture>,
    looked: Vec<String>,
}

impl Camera {
    /// One that shows the box.
    pub fn with_scene() -> Camera {
        let camera = Camera::default();
        camera.0.borrow_mut().live = Some(scene(1));
        camera
    }

    fn looked(&self) -> Vec<String> {
        std::mem::take(&mut self.0.borrow_mut().looked)
    }
}

impl CameraPort for Camera {
    fn look(&self, name: &str) {
        self.0.borrow_mut().looked.push(name.to_owned());
    }

    fn live(&self, _: &str) -> Option<Picture> {
        self.0.borrow().live.clone()
    }

    fn taken(&self) -> Option<Picture> {
        self.0.borrow().taken.clone()
    }
}

/// The checklist at its photo.
pub fn photo_wanted() -> StationView {
    let mut order = PackView::clone(samples::checklist().pack.as_ref().unwrap());
    let StageView::Checklist(list) = &mut order.stage else { panic!("a checklist") };
    list.items.iter_mut().for_each(|item| item.done = true);
    let at = list.items.iter().position(|item| item.icon == ListIcon::Photo).unwrap();
    (list.items[at].done, list.items[at].by_photo, list.current) = (false, true, at);
    let say = packbench::core::message::Message::new("list-say-photo");
    samples::said(order, say, None, packbench::core::signal::Signal::Now)
}

fn open(view: StationView, camera: &Camera) -> Window {
    flow::open_with_camera(view, DESK, Box::new(camera.clone()))
}

#[test]
fn where_a_photo_is_asked_for_the_live_picture_stands_beside_one_large_button() {
    let camera = Camera::default();
    let mut window = open(photo_wanted(), &camera);
    assert!(window.harness.query_by_label_contains("No picture from the camera yet").is_some());
    assert!(camera.looked().iter().all(|name| name.is_empty()), "the camera that photos are taken with");
    camera.0.borrow_mut().live = Some(scene(7));
    window.wait(100);
    assert!(!camera.looked().is_empty());
    let place = window.harness.get_by_label(LIVE).rect();
    assert!(place.width() > 300.0, "large enough to judge: {place:?}");
    assert!((place.width() / place.height() - 640.0 / 480.0).abs() < 0.02, "not pulled out of shape: {place:?}");
    let buttons: Vec<_> = window.harness.get_all_by_label("Photo").map(|node| node.rect()).collect();
    let shutter = buttons.iter().max_by(|a, b| a.area().total_cmp(&b.area())).unwrap();
    assert!(shutter.height() >= 140.0 && shutter.width() >= 140.0, "for gloves: {shutter:?}");
    window.key(Key::F4);
    assert_eq!(window.requests(), [Request::Photo], "one key takes it");
    // A camera that goes dark is not shown as if it still saw.
    camera.0.borrow_mut().live = None;
    window.wait(100);
    assert!(window.harness.query_by_label(LIVE).is_none());
}

#[test]
fn the_photo_just_taken_is_shown_for_a_moment_wherever_one_is() {
    let camera = Camera::default();
    camera.0.borrow_mut().taken = Some(scene(3));
    let mut window = open(samples::verify(None), &camera);
    assert!(window.harness.query_by_label("Photo taken").is_none(), "one of before is no news");
    camera.0.borrow_mut().taken = Some(scene(4));
    window.wait(10);
    assert!(window.harness.query_by_label("Photo taken").is_some());
    window.key(Key::F2);
    assert!(matches!(window.requests()[..], [Request::OpenSheet(_)]), "it takes no key");
    window.wait(TAKEN_MS);
    assert!(window.harness.query_by_label("Photo taken").is_none());
    assert!(camera.looked().is_empty(), "no live picture is made ready where none is shown");
}

#[test]
fn without_a_camera_the_checklist_is_as_it_was() {
    let window = flow::open(photo_wanted(), DESK, None, false);
    assert!(window.harness.query_by_label(LIVE).is_none());
    assert!(window.harness.query_by_label_contains("No picture").is_none());
}
