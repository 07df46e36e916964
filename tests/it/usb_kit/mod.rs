//! USB devices that the kernel makes of itself, inside the machine of tests/lib/usb_machine.sh: they are plugged in and pulled out
//! by a word, and behind them stands what a scanner, a scale or a printer does. Must never run on a machine that people use.

pub mod gadget;
pub mod things;
pub mod typist;
