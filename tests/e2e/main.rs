//! The journeys that the product is for, through its pages, in a real browser against the running whole. "Offline" is a
//! main application that is really stopped.

use journeys::people;

mod accessibility;
mod forgotten_password;
mod installed;
mod killed;
mod locked_online;
mod no_access;
mod temp_password_online;
