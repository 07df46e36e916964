//! Line drawings: SVG path data turned into polylines and, for filled shapes, triangles. Pure geometry and
//! painting of it; knows no icon, no product and no widget.

pub mod art;
pub mod path;
pub mod triangulate;

pub use art::{Art, Paint, Part};
pub use path::{Polyline, parse};
