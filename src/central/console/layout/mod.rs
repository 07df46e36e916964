//! The editor of the warehouse's layout: a form of aisles, cross-aisles and bays, beside it the warehouse from above with a walk to try
//! it, what is wrong named by its item, and the versions before.

mod draft;
mod drawing;
pub mod edit;
mod form;
mod say;
