//! Who makes a change. Every write of this room names one; an event refers to people by id and never holds their data.

use crate::protocol::wire::{StationId, UserId};

/// The one who acts.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Actor {
    /// A person at the console.
    User(UserId),
    /// A paired station.
    Station(StationId),
    /// A program with an API key, by the key's id.
    Key(String),
    /// The server itself: an import, the command line, a timer. Lower-case words such as `import`.
    Job(&'static str),
}

impl Actor {
    /// The kind as the store writes it.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Actor::User(_) => "user",
            Actor::Station(_) => "station",
            Actor::Key(_) => "key",
            Actor::Job(_) => "job",
        }
    }

    /// The id or word within its kind.
    #[must_use]
    pub fn id(&self) -> String {
        match self {
            Actor::User(user) => user.to_string(),
            Actor::Station(station) => station.to_string(),
            Actor::Key(key) => key.clone(),
            Actor::Job(name) => (*name).to_owned(),
        }
    }
}
