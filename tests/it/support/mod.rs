//! What several test files share.

pub mod flow;
pub mod flow_bench;
