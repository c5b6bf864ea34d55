//! Two tabs of one browser: they sign in one after the other, and what both edit becomes a conflict that a person sees.

use anyhow::Result;
use journeys::{Browser, Whole, until};
use serde_json::json;

use crate::people::{Nurse, SAMPLE_PASSWORD};
use crate::tricks::{Stranger, run_until_done};

const INTAKE: &str = "Home care intake";

#[tokio::test(flavor = "multi_thread")]
async fn two_tabs_that_sign_in_at_once_do_it_one_after_the_other() -> Result<()> {
    let whole = Whole::start().await?;
    let stranger = Stranger::before(&whole).await?;
    let nurse = Nurse::with(Browser::open().await?, &stranger.url("/")).await?;
    let driver = nurse.tablet.raw();
    let first = driver.window().await?;
    let second = driver.new_tab().await?;
    driver.switch_to_window(second.clone()).await?;
    nurse.tablet.go(&stranger.url("/")).await?;
    nurse.tablet.fill("Username", "field1").await?;
    nurse.tablet.fill("Password", SAMPLE_PASSWORD).await?;
    driver.switch_to_window(first.clone()).await?;
    stranger.holds_sign_ins();
    nurse.types("field1", SAMPLE_PASSWORD).await?;
    until("the first tab has asked", || async {
        Ok((stranger.sign_ins() == 1).then_some(()))
    })
    .await?;
    driver.switch_to_window(second.clone()).await?;
    nurse.tablet.press("Sign in").await?;
    until("the second tab waits for the first", || async {
        let waiting = run_until_done(
            &nurse.tablet,
            "navigator.locks.query().then(l => done(l.pending.length));",
        );
        Ok((waiting.await? == json!(1)).then_some(()))
    })
    .await?;
    nurse.tablet.sees("Signing in…").await?;
    assert_eq!(stranger.sign_ins(), 1, "the second has not asked yet");
    stranger.passes_on();
    for tab in [second, first] {
        driver.switch_to_window(tab).await?;
        nurse.tablet.arrives_at("Caseload").await?;
    }
    assert_eq!(stranger.sign_ins(), 2, "one press is one attempt");
    nurse.tablet.close().await
}

#[tokio::test]
async fn two_tabs_that_edit_one_assessment_lose_nothing_and_say_so() -> Result<()> {
    let whole = Whole::start().await?;
    let nurse = Nurse::with_new_tablet(&whole).await?;
    let driver = nurse.tablet.raw();
    nurse.gets_in("field1", SAMPLE_PASSWORD).await?;
    nurse.starts("Testcase Amber", INTAKE).await?;
    nurse.chooses("interpreter", "Yes").await?;
    nurse.sees_it_saved().await?;
    let address = driver.current_url().await?;
    let first = driver.window().await?;
    let second = driver.new_tab().await?;
    driver.switch_to_window(second.clone()).await?;
    nurse.tablet.go(address.as_str()).await?;
    nurse.types("field1", SAMPLE_PASSWORD).await?;
    nurse.finds_chosen("interpreter", "Yes").await?;

    driver.switch_to_window(first).await?;
    nurse.writes("language", "Portuguese").await?;
    nurse.sees_it_saved().await?;
    driver.switch_to_window(second).await?;
    nurse.writes("language", "Galician").await?;
    nurse.tablet.sees(CONFLICT).await?;
    nurse.tablet.is_accessible().await?;
    assert_eq!(
        nurse.reads("language").await?,
        "Galician",
        "what was typed stands there"
    );
    nurse.sees_it_saved().await?;

    // Both are in the caseload, and each says what was typed into it.
    nurse.goes_to_the_caseload().await?;
    let mut found = nurse.finds_in_every(INTAKE, "language").await?;
    found.sort();
    assert_eq!(found, ["Galician", "Portuguese"]);
    nurse.tablet.close().await
}

const CONFLICT: &str = "This assessment was changed in another tab at the same time.";
