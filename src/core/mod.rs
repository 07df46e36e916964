//! The pure domain of a packing station: identities, units, money, orders, scans, and the guided
//! workflow as `decide(session, facts, command, now) -> Result<Vec<Event>, Refusal>` and `apply`.
//!
//! This room must never read a clock, a file, a socket or a random number, and it knows no
//! serialisation format: whatever it needs arrives as an argument, whatever happened leaves as a
//! value. What a person reads leaves as a [`message::Message`]: a key with arguments, never a
//! sentence.

pub mod aim;
pub mod chance;
pub mod checklist;
pub mod command_code;
pub mod control;
pub mod country;
pub mod escapes;
pub mod gs1;
pub mod ids;
pub mod kit;
pub mod layout;
pub mod learning;
pub mod measured;
pub mod message;
pub mod money;
pub mod network;
pub mod order;
pub mod packaging;
pub mod person;
pub mod pickup;
pub mod policy;
pub mod priority;
pub mod product;
pub mod returns;
pub mod scan;
pub mod session;
pub mod signal;
pub mod stock;
pub mod time;
pub mod trace;
pub mod units;
pub mod usb_id;
pub mod voice;
pub mod weight;
