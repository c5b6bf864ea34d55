//! The pages. They draw what the tablet says and hand on what the user does; they decide nothing.

mod assessment;
mod caseload;
mod chart;
mod load;
mod not_found;
mod outbox;
mod ready;
mod reset;
mod settings;
mod sign_in;
mod trend;
mod words;

pub use assessment::Assessment;
pub use caseload::{Caseload, ClientPage};
pub use not_found::NotFound;
pub use outbox::Outbox;
pub use ready::Ready;
pub use reset::{MainApplication, Reset};
pub use settings::Settings;
pub use sign_in::{SignIn, SignInSays};
