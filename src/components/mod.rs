//! What every page is built from: buttons, fields, banners, a dialog, the header. No domain words here: a component
//! knows what it looks like and what was pressed, and nothing of clients or assessments.
//!
//! Neighbours: `pages` says what stands in them, `public/styles/app.css` how they look.

mod badge;
mod banner;
mod button;
mod dialog;
mod each;
mod field;
mod header;
mod heading;
mod icon;
mod link;
mod outer_link;
mod password;
mod progress;

pub use badge::Badge;
pub use banner::Banner;
pub use button::{Button, ButtonKind};
pub use dialog::Dialog;
pub use each::{Row, Show, each};
pub use field::{Choice, Field, FieldError, Radio};
pub use header::{Header, Mark, MenuButton, MenuLink};
pub use heading::{Heading, Visited};
pub use icon::{Icon, Symbol};
pub use link::{BackToCaseload, Link};
pub use outer_link::{LEAVES, OuterLink};
pub use password::PasswordField;
pub use progress::{Busy, Progress, Skeleton};

/// What a coloured surface means. A word stands beside it always.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    #[default]
    Neutral,
    Info,
    Good,
    Attention,
    /// Something that a person must do now.
    Danger,
}

impl Tone {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Neutral => "neutral",
            Self::Info => "info",
            Self::Good => "good",
            Self::Attention => "attention",
            Self::Danger => "danger",
        }
    }
}
