//! Which page an address names. Pure. `browser::address` knows where one is, [`crate::App`] draws the page.

use protocol::{ClientId, RecordId};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Route {
    Caseload,
    /// `None`: the address holds no id.
    Assessment(Option<RecordId>),
    /// `None`: the address holds no id.
    Client(Option<ClientId>),
    Outbox,
    Ready,
    Settings,
    Reset,
    Nowhere,
}

impl Route {
    pub fn of(path: &str) -> Self {
        let mut parts = parts(path);
        let page = match (parts.next(), parts.next(), parts.next()) {
            (None, ..) => Self::Caseload,
            (Some("assessment"), Some(id), _) => Self::Assessment(id.parse().ok()),
            (Some("client"), Some(id), None) => Self::Client(id.parse().ok()),
            (Some("outbox"), None, _) => Self::Outbox,
            (Some("ready"), None, _) => Self::Ready,
            (Some("settings"), None, _) => Self::Settings,
            (Some("reset"), None, _) => Self::Reset,
            _ => Self::Nowhere,
        };
        if parts.next().is_some() {
            Self::Nowhere
        } else {
            page
        }
    }

    /// The page is shown to whoever is there; the others only to somebody who is signed in.
    pub fn is_open(self) -> bool {
        matches!(self, Self::Reset | Self::Nowhere)
    }
}

/// The part of an assessment that the address names, if it is one of this assessment.
pub fn section_of(path: &str, id: RecordId) -> Option<Option<String>> {
    (Route::of(path) == Route::Assessment(Some(id))).then(|| parts(path).nth(2).map(str::to_owned))
}

fn parts(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter(|part| !part.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "00000000-0000-4000-8000-000000000001";

    #[test]
    fn an_address_names_a_page() {
        let id: RecordId = ID.parse().unwrap();
        for (path, route) in [
            ("/", Route::Caseload),
            ("", Route::Caseload),
            ("/outbox", Route::Outbox),
            ("/outbox/", Route::Outbox),
            ("/ready", Route::Ready),
            ("/settings", Route::Settings),
            ("/reset", Route::Reset),
            (&format!("/assessment/{ID}"), Route::Assessment(Some(id))),
            (&format!("/client/{ID}"), Route::Client(ID.parse().ok())),
            (&format!("/client/{ID}/3"), Route::Nowhere),
            ("/client/mistyped", Route::Client(None)),
            (&format!("/assessment/{ID}/3"), Route::Assessment(Some(id))),
            (&format!("/assessment/{ID}/3/4"), Route::Nowhere),
            ("/assessment/mistyped", Route::Assessment(None)),
            ("/assessment", Route::Nowhere),
            ("/outbox/3", Route::Nowhere),
            ("/nothing", Route::Nowhere),
        ] {
            assert_eq!(Route::of(path), route, "{path}");
        }
    }

    #[test]
    fn an_address_names_a_section_of_its_own_assessment() {
        let id: RecordId = ID.parse().unwrap();
        let other = "00000000-0000-4000-8000-000000000002".parse().unwrap();
        let path = format!("/assessment/{ID}/finish");
        assert_eq!(section_of(&path, id), Some(Some("finish".to_owned())));
        assert_eq!(section_of(&format!("/assessment/{ID}"), id), Some(None));
        assert_eq!(section_of(&path, other), None);
        assert_eq!(section_of("/outbox", id), None);
    }
}
