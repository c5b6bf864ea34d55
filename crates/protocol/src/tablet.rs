//! `GET /api/tablet`: what the main application remembers of a tablet that may have forgotten itself.

use serde::{Deserialize, Serialize};

use crate::{DeviceId, Timestamp};

/// The tablet is known by its cookie, which holds its id and nothing else. Empty where there is no cookie, or none of a
/// tablet that has signed in here.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Remembered {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device_id: Option<DeviceId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_report: Option<LastReport>,
}

/// What a tablet said of itself when it last sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LastReport {
    /// How many documents still waited on it after that.
    pub waiting: u32,
    pub at: Timestamp,
}

/// What an emptied tablet may be told: what it had reported before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EvictionNoted {
    /// Absent where it had never sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_report: Option<LastReport>,
}
