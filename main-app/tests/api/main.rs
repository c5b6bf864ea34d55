//! The contract that any main application must meet, asked of the router without a socket.
//!
//! [`support`] has a client for each identity; each other file is one subject.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot go on says so by panicking"
)]

mod support;

mod abuse;
mod administration;
mod audit;
mod bad_input;
mod browsers;
mod colleagues;
mod documents;
mod evicted;
mod faults;
mod histories;
mod hosts;
mod keys;
mod news;
mod openapi;
mod own_account;
mod password;
mod program;
mod pwa;
mod races;
mod rehearsal;
mod requests;
mod reset;
mod roles;
mod secrets;
mod sessions;
mod sign_in;
mod sign_in_page;
mod tablets;
mod tls;
mod user_command;
