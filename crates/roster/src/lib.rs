//! Accounts as they are typed: by a supervisor, an operator or a spreadsheet. What is typed is checked here and becomes what
//! can be kept, or a sentence for each thing that is wrong; nothing here has a database or a clock.
//!
//! Where to start: [`Draft::check`] for one account, [`read`] for a file of them. Their neighbour is `accounts`, which says
//! what happens to an account once there is one.

pub mod calendar;
mod draft;
mod file;
mod role;

pub use draft::{Checked, Draft, Field, FieldFault, Profile, squeeze, wrong_text};
pub use file::{FileFault, MAX_BYTES, MAX_LINES, Row, read};
pub use role::Role;
