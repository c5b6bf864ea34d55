//! The pages. They draw what the tablet says and hand on what the user does; they decide nothing.

mod assessment;
mod caseload;
mod not_found;
mod outbox;
mod reset;
mod settings;
mod sign_in;

pub use assessment::Assessment;
pub use caseload::Caseload;
pub use not_found::NotFound;
pub use outbox::Outbox;
pub use reset::Reset;
pub use settings::Settings;
pub use sign_in::SignIn;
