//! The journeys that the product is for, through its pages, in a real browser against the running whole. "Offline" is a
//! main application that is really stopped.

mod tricks;

use journeys::people;

mod accessibility;
mod administration;
mod back_and_forth;
mod between;
mod by_keyboard;
mod by_touch;
mod caseload;
mod controls;
mod documents;
mod emptied;
mod failed_attempts;
mod faults;
mod faulty_form;
mod forger;
mod forgotten_password;
mod helpdesk;
mod installed;
mod killed;
mod large_text;
mod last_time;
mod locked_online;
mod no_access;
mod print;
mod ready;
mod rehearsal;
mod reset_guide;
mod revoked;
mod second_assessment;
mod sharing;
mod spanish;
mod start;
mod temp_password_online;
mod traces;
mod two_tabs;
mod ways;
