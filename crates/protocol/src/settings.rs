//! What the agency configures in the main application and the tablet keeps for when it is offline.

use serde::{Deserialize, Serialize};

use crate::Rehearsal;

/// `GET /api/settings`, open to everyone: the sign-in page needs it before anyone has signed in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Settings {
    /// Where a request for a reset is mailed.
    pub helpdesk_email: String,
    /// The page on which an agency submits an Access Request.
    pub access_request_url: String,
    /// Whom to ask, as one line for people.
    pub contact: String,
    /// Where the main application's pages are; it ends in `/main/`.
    pub main_url: String,
    /// This is no real main application: the helpdesk rehearses with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rehearsal: Option<Rehearsal>,
}

/// The body of every 4xx and 5xx under `/api`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ErrorBody {
    /// For programs; stable.
    pub code: String,
    /// For people: what is wrong and what to do.
    pub message: String,
}
