//! Which versions of the exchange are spoken: the present one and the two before it.

use protocol::VERSION;
use serde::Deserialize;

use crate::web::json::{ApiError, Body};

const BEFORE: u16 = 2;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spoken {
    Yes,
    TooOld,
    TooNew,
}

/// Looks at the version alone, since the rest of a body of another version may have another shape.
pub fn of(body: &Body) -> Result<Spoken, ApiError> {
    #[derive(Deserialize)]
    struct Head {
        version: u16,
    }
    body.parse::<Head>().map(|head| spoken(head.version))
}

fn spoken(version: u16) -> Spoken {
    // There is no version 0.
    let oldest = VERSION.saturating_sub(BEFORE).max(1);
    if version < oldest {
        Spoken::TooOld
    } else if version > VERSION {
        Spoken::TooNew
    } else {
        Spoken::Yes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_present_version_and_the_two_before_it_are_spoken() {
        assert_eq!(spoken(VERSION), Spoken::Yes);
        assert_eq!(spoken(VERSION.saturating_sub(2).max(1)), Spoken::Yes);
        assert_eq!(spoken(0), Spoken::TooOld);
        assert_eq!(spoken(VERSION + 1), Spoken::TooNew);
    }
}
