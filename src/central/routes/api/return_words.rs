//! The words of returns in this API: each is one of the service's, and neither can have one that the other has not.

use crate::central::services::returns as service;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

macro_rules! same_words {
    ($(#[$doc:meta])* $name:ident of $service:path { $($(#[$one:meta])* $variant:ident,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
        #[serde(rename_all = "snake_case")]
        pub(super) enum $name { $($(#[$one])* $variant,)+ }

        impl From<$name> for $service {
            fn from(one: $name) -> $service {
                match one { $($name::$variant => <$service>::$variant,)+ }
            }
        }

        impl From<$service> for $name {
            fn from(one: $service) -> $name {
                match one { $(<$service>::$variant => $name::$variant,)+ }
            }
        }
    };
}

same_words! {
    /// How far a return is.
    ReturnState of service::State {
        /// Nothing came yet.
        Requested,
        /// Units came.
        Received,
        /// It is over.
        Closed,
    }
}
same_words! {
    /// Why it comes back.
    ReturnReason of service::Reason {
        Unwanted,
        /// Broken when it arrived.
        Damaged,
        /// Something else was sent.
        Wrong,
        Faulty,
        Late,
        /// Said in `note`, which must be there then.
        Other,
    }
}
same_words! {
    /// What units are worth when they come back.
    ReturnGrade of service::Grade {
        /// As new: back to a shelf.
        Resell,
        /// To be looked at.
        Repair,
        /// Thrown away.
        Scrap,
    }
}
same_words! {
    /// How a return ended.
    ReturnResolution of service::Resolution {
        Refunded,
        /// Another order goes out.
        Exchanged,
        Nothing,
        /// Nothing came.
        Withdrawn,
    }
}
