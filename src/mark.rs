//! The quiet mark in the header, in words.

use crate::components::{Mark, Symbol, Tone};
use crate::language::tr;

/// Whether the main application can be reached.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Reach {
    /// There is a network, and nobody has answered yet.
    #[default]
    Unknown,
    Online,
    Offline,
}

/// How things stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    pub reach: Reach,
    pub signed_in: bool,
    /// Sending needs a sign-in with a network first.
    pub sign_in_to_send: bool,
    pub waiting: u32,
    pub refused: u32,
    /// How many are being sent.
    pub sending: Option<u32>,
}

pub fn mark(standing: Standing) -> Mark {
    let Standing {
        reach,
        waiting,
        refused,
        ..
    } = standing;
    let (place, cloud) = match reach {
        Reach::Unknown => (tr!("Connecting"), Symbol::Cloud),
        Reach::Online if waiting == 0 => (tr!("Online"), Symbol::CloudCheck),
        Reach::Online => (tr!("Online"), Symbol::Cloud),
        Reach::Offline => (tr!("Offline"), Symbol::CloudOff),
    };
    let quiet = |text: String, symbol, tone| Mark {
        text,
        symbol,
        tone,
        busy: false,
    };
    // Where it takes two lines, the second begins with what is told.
    let here = |told: &str| format!("{place}\u{a0}· {told}");
    let good = if reach == Reach::Online {
        Tone::Good
    } else {
        Tone::Neutral
    };
    match standing {
        Standing {
            sending: Some(count),
            signed_in: true,
            ..
        } => Mark {
            text: if count == 0 {
                tr!("Checking for news").into()
            } else {
                tr!("Sending {n}", n = count)
            },
            symbol: Symbol::Turning,
            tone: Tone::Neutral,
            busy: true,
        },
        Standing {
            reach: Reach::Online,
            signed_in: true,
            sign_in_to_send: true,
            ..
        } => quiet(tr!("Sign in to send").into(), Symbol::Key, Tone::Attention),
        Standing {
            reach: Reach::Online,
            refused: 1..,
            ..
        } => quiet(
            here(&tr!("{n} not accepted" | "{n} not accepted" % refused)),
            Symbol::Alert,
            Tone::Attention,
        ),
        Standing { waiting: 1.., .. } => quiet(
            here(&tr!("{n} waiting" | "{n} waiting" % waiting)),
            cloud,
            Tone::Neutral,
        ),
        Standing { signed_in: true, .. } => quiet(here(tr!("all sent")), cloud, good),
        _ => quiet(place.into(), cloud, good),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mark_says_how_things_stand() {
        let online = Standing {
            reach: Reach::Online,
            signed_in: true,
            ..Standing::default()
        };
        let offline = Standing {
            reach: Reach::Offline,
            ..online
        };
        for (standing, text) in [
            (online, "Online · all sent"),
            (Standing { waiting: 3, ..online }, "Online · 3 waiting"),
            (
                Standing {
                    waiting: 3,
                    sending: Some(3),
                    ..online
                },
                "Sending 3",
            ),
            (
                Standing {
                    sending: Some(0),
                    ..online
                },
                "Checking for news",
            ),
            (
                Standing {
                    waiting: 2,
                    refused: 1,
                    ..online
                },
                "Online · 1 not accepted",
            ),
            (
                Standing {
                    waiting: 2,
                    sign_in_to_send: true,
                    ..online
                },
                "Sign in to send",
            ),
            (
                Standing {
                    reach: Reach::Unknown,
                    ..online
                },
                "Connecting · all sent",
            ),
            (offline, "Offline · all sent"),
            (
                Standing {
                    waiting: 3,
                    ..offline
                },
                "Offline · 3 waiting",
            ),
            (
                Standing {
                    waiting: 3,
                    refused: 1,
                    ..offline
                },
                "Offline · 3 waiting",
            ),
            (
                Standing {
                    waiting: 3,
                    sign_in_to_send: true,
                    ..offline
                },
                "Offline · 3 waiting",
            ),
            (
                Standing {
                    signed_in: false,
                    ..online
                },
                "Online",
            ),
            (
                Standing {
                    signed_in: false,
                    ..offline
                },
                "Offline",
            ),
            (
                Standing {
                    signed_in: false,
                    waiting: 3,
                    ..online
                },
                "Online · 3 waiting",
            ),
        ] {
            assert_eq!(mark(standing).text.replace('\u{a0}', " "), text, "{standing:?}");
        }
    }

    #[test]
    fn being_offline_is_nothing_to_worry_about() {
        for waiting in [0, 3] {
            let standing = Standing {
                reach: Reach::Offline,
                signed_in: true,
                waiting,
                ..Standing::default()
            };
            assert_eq!(mark(standing).tone, Tone::Neutral);
        }
    }
}
