//! Whoever stands between the tablet and the main application is not the main application: a captive portal or a proxy
//! says nothing about a password.

use anyhow::Result;
use journeys::{Browser, Whole};
use serde_json::json;

use crate::people::{Nurse, S1, SAMPLE_PASSWORD};
use crate::tricks::{Answer, Stranger};

const UNREACHED: &str =
    "The main application could not be reached. Nobody is locked out on this tablet while offline.";

fn answers() -> Vec<(&'static str, Answer)> {
    let html = |status, headers: &[(&'static str, &'static str)]| Answer {
        status,
        headers: [&[("content-type", "text/html")][..], headers].concat(),
        body: "<html><body>Welcome to the hotel. Please sign in.</body></html>".into(),
    };
    let json = |status, body: serde_json::Value| Answer {
        status,
        headers: vec![("content-type", "application/json")],
        body: body.to_string(),
    };
    let locked = json!({ "result": "locked", "attempt_id": "00000000-0000-4000-8000-000000000001" });
    vec![
        ("a captive portal's page", html(200, &[])),
        (
            "a captive portal's redirect",
            html(302, &[("location", "/welcome")]),
        ),
        ("511 Network Authentication Required", html(511, &[])),
        ("a portal that answers JSON", json(200, json!({}))),
        ("an answer to another attempt", json(200, locked.clone())),
        ("401", html(401, &[])),
        ("403", html(403, &[])),
        ("407", html(407, &[])),
        ("429", html(429, &[("retry-after", "2")])),
        ("502", html(502, &[])),
        ("503 with a \"no\" in it", json(503, locked)),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn a_captive_portal_or_a_proxy_is_never_taken_for_an_answer() -> Result<()> {
    let whole = Whole::start().await?;
    let stranger = Stranger::before(&whole).await?;
    let nurse = Nurse::with(Browser::open().await?, &stranger.url("/")).await?;
    nurse.gets_in("field1", SAMPLE_PASSWORD).await?;
    nurse.signs_out().await?;
    for (what, answer) in answers() {
        let throttled = answer.status == 429;
        stranger.answers(answer);
        nurse
            .is_refused("field1", "not-my-password", S1)
            .await
            .map_err(|error| error.context(what))?;
        nurse.tablet.sees(UNREACHED).await?;
        if throttled {
            nurse
                .tablet
                .sees("It asks you to wait 2 seconds before you try again.")
                .await?;
        }
    }
    // And the right password opens, behind the last of them.
    nurse.gets_in("field1", SAMPLE_PASSWORD).await?;
    nurse.signs_out().await?;
    // None of the eleven was counted: the account is open, and there is no strike on it.
    stranger.passes_on();
    nurse.is_refused("field1", "not-my-password", S1).await?;
    nurse.is_refused("field1", "not-my-password", S1).await?;
    nurse.gets_in("field1", SAMPLE_PASSWORD).await?;
    nurse.tablet.close().await
}
