//! Carrying a whole site from one place to another: into a backup file, out of one, from one engine to the other. Always all or
//! nothing: rows go into a database that holds nothing, in one transaction, are counted and hashed again where they arrived, and
//! are only then committed (a SQLite file gets its name only then). What a killed run leaves behind is an empty target.
//!
//! The tables are those of the program's own migrations, so a table that is added later is carried without anybody thinking of
//! it. A value has one form on both engines, so a table has one hash on both.

mod archive;
mod error;
mod files;
mod flow;
mod place;
mod renew;
mod shape;
mod text;

pub use archive::{Header, back_up};
pub use error::{CarryError, Res};
pub use files::{Copied, copy as copy_files};
pub use flow::{Sum, Told};
pub use place::{Moved, move_site};
pub use renew::{Renewed, Restored, heard_all, restore};
pub use shape::{Table, tables};
