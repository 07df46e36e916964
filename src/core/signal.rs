//! The one voice of the screen: five signals, and the sounds that go with what happened.

/// What the screen says at the moment. Two never show at once; the greater wins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Signal {
    /// Do this.
    Now,
    /// Happened and counted.
    Ok,
    /// The machine is busy, or offline.
    Wait,
    /// A person must choose.
    Decide,
    /// Refused, not counted.
    Stop,
}

/// A sound by what it means; rhythm tells them apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SoundName {
    /// Counted.
    Ok,
    /// A line is complete.
    LineFull,
    /// The order is done.
    OrderDone,
    /// Refused.
    Stop,
    /// Refused: right, but too many.
    StopMany,
    /// Refused: nobody knows this code.
    StopUnknown,
    /// A person must choose.
    Decide,
    /// Busy.
    Wait,
    /// The network went.
    Offline,
    /// The network came back.
    Online,
    /// A lead is called.
    Call,
}
