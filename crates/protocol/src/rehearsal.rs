//! What the app in the frame of a rehearsal tells the helpdesk's console beside it, as JSON by `postMessage`. Nothing that
//! was typed is in it, and no secret.

use serde::{Deserialize, Serialize};

/// In the settings of a main application that is rehearsed, and of no other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Rehearsal {
    /// The origin of the console beside the frame: the only one that is told anything, and listened to.
    pub console_origin: String,
}

/// What was seen in the frame.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shown {
    /// How the tablet stands.
    Standing {
        /// It starts without a network.
        installed: bool,
        /// Documents that wait to be sent.
        waiting: u32,
    },
    /// A sign-in was refused, with this message on the page.
    Refused {
        message: String,
        /// By the main application; else by the tablet itself.
        answered: bool,
        /// Refusals by the tablet itself, in a row.
        failures: u32,
    },
    /// Somebody is signed in.
    Opened {
        /// By the tablet itself.
        offline: bool,
        /// With a temp password.
        temp: bool,
    },
}
