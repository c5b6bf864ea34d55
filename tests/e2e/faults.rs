//! Storage, workers and clocks that fail at the wrong moment: the user is told, and nothing is lost.

use anyhow::Result;
use journeys::{Browser, Whole};
use serde_json::json;

use crate::people::{Nurse, S1, S3, SAMPLE_PASSWORD};
use crate::tricks::{self, prepare, run};

const INTAKE: &str = "Home care intake";

/// A tablet whose pages are prepared by a script.
async fn tablet_with(script: &str, url: &str) -> Result<Nurse> {
    let tablet = Browser::open().await?;
    prepare(&tablet, script).await?;
    Nurse::with(tablet, url).await
}

async fn fill(nurse: &Nurse, full: bool) -> Result<()> {
    run(&nurse.tablet, &format!("failWrites({full})")).await.map(drop)
}

#[tokio::test]
async fn a_full_storage_at_the_sign_in_opens_no_session() -> Result<()> {
    let whole = Whole::start().await?;
    let nurse = tablet_with(tricks::FULL, &whole.url("/")).await?;
    fill(&nurse, true).await?;
    nurse.is_refused("field1", SAMPLE_PASSWORD, S3).await?;
    nurse
        .tablet
        .sees("This tablet could not store the sign-in. Free some space on the tablet, then try again.")
        .await?;
    // Its own trouble is no reason for an Access Request.
    assert!(!nurse.tablet.text().await?.contains("Access Request"));
    fill(&nurse, false).await?;
    nurse.gets_in("field1", SAMPLE_PASSWORD).await?;
    nurse.tablet.close().await
}

#[tokio::test]
async fn a_full_storage_at_an_answer_is_told_and_the_form_stays_open_until_there_is_room() -> Result<()> {
    let whole = Whole::start().await?;
    let nurse = tablet_with(tricks::FULL, &whole.url("/")).await?;
    nurse.gets_in("field1", SAMPLE_PASSWORD).await?;
    nurse.starts("Testcase Amber", INTAKE).await?;
    nurse.chooses("interpreter", "Yes").await?;
    nurse.sees_it_saved().await?;
    fill(&nurse, true).await?;
    nurse.writes("language", "Portuguese").await?;
    nurse.tablet.sees("Your last answers are not saved.").await?;
    nurse
        .tablet
        .sees("Free some space and keep this page open")
        .await?;
    // Whoever signs out now would lose it: the page stays.
    nurse.tablet.press("Menu").await?;
    nurse.tablet.press("Sign out").await?;
    nurse.tablet.sees("Your last answers are not saved.").await?;
    assert_eq!(nurse.reads("language").await?, "Portuguese");
    fill(&nurse, false).await?;
    nurse.tablet.press("Try again").await?;
    nurse
        .tablet
        .sees_no_more("Your last answers are not saved.")
        .await?;
    nurse.sees_it_saved().await?;
    nurse.tablet.reload().await?;
    nurse.types("field1", SAMPLE_PASSWORD).await?;
    nurse.finds_chosen("interpreter", "Yes").await?;
    assert_eq!(nurse.reads("language").await?, "Portuguese");
    nurse.tablet.close().await
}

#[tokio::test]
async fn a_browser_without_storage_says_so_and_asks_nobody() -> Result<()> {
    let whole = Whole::start().await?;
    let nurse = tablet_with(tricks::NO_STORAGE, &whole.url("/")).await?;
    nurse.tablet.sees("This tablet cannot be used just now.").await?;
    nurse.types("field1", SAMPLE_PASSWORD).await?;
    nurse.tablet.sees(S3).await?;
    nurse
        .tablet
        .sees("The storage of this tablet cannot be opened. Close other tabs of this site, leave private browsing")
        .await?;
    nurse.tablet.sees("Nothing was sent").await?;
    nurse.tablet.close().await
}

#[tokio::test]
async fn a_worker_that_dies_while_it_derives_is_an_error_and_the_next_try_works() -> Result<()> {
    let mut whole = Whole::start().await?;
    let nurse = tablet_with(tricks::KILL_WORKERS, &whole.url("/")).await?;
    nurse.gets_in("field1", SAMPLE_PASSWORD).await?;
    nurse.signs_out().await?;
    whole.stop().await?;
    for death in ["loudly", "silently"] {
        run(&nurse.tablet, &format!("window.killing = '{death}'")).await?;
        nurse.is_refused("field1", SAMPLE_PASSWORD, S3).await?;
        nurse
            .tablet
            .sees("This tablet could not check the password just now. Close other apps and tabs, then try again.")
            .await?;
        // It was no wrong password: no way to a reset is offered, however often it happens.
        assert!(!nurse.tablet.text().await?.contains("get a new one"));
    }
    run(&nurse.tablet, "window.killing = null").await?;
    nurse.gets_in("field1", SAMPLE_PASSWORD).await?;
    assert!(
        !nurse.tablet.text().await?.contains("failed attempt"),
        "no strike of any kind"
    );
    nurse.tablet.close().await
}

#[tokio::test]
async fn the_clock_of_the_tablet_decides_nothing() -> Result<()> {
    let mut whole = Whole::start().await?;
    let nurse = tablet_with(tricks::CLOCK, &whole.url("/")).await?;
    nurse.gets_in("field1", SAMPLE_PASSWORD).await?;
    nurse.sees_a_client().await?;
    nurse.signs_out().await?;
    whole.stop().await?;
    for (year, word) in [(1970, "Basque"), (2099, "Catalan"), (2026, "Danish")] {
        run(&nurse.tablet, &format!("setClock(Date.UTC({year}, 1, 3))")).await?;
        nurse.tablet.reload().await?;
        nurse.is_refused("field1", "not-the-password", S1).await?;
        nurse.gets_in("field1", SAMPLE_PASSWORD).await?;
        if year == 1970 {
            nurse.starts("Testcase Amber", INTAKE).await?;
            nurse.chooses("interpreter", "Yes").await?;
        } else {
            nurse.opens("Testcase Amber", INTAKE).await?;
            nurse.field_of("language").await?.clear().await?;
        }
        nurse.writes("language", word).await?;
        nurse.sees_it_saved().await?;
        nurse.goes_to_the_caseload().await?;
        nurse.signs_out().await?;
    }
    whole.start_again().await?;
    nurse.gets_in("field1", SAMPLE_PASSWORD).await?;
    nurse.mark_says("Online · all sent").await?;
    nurse.opens("Testcase Amber", INTAKE).await?;
    assert_eq!(nurse.reads("language").await?, "Danish");
    nurse.tablet.close().await
}

#[tokio::test]
async fn an_idle_lock_in_mid_word_keeps_the_draft_and_the_back_button_stays_locked() -> Result<()> {
    let whole = Whole::start().await?;
    let nurse = tablet_with(tricks::CLOCK, &whole.url("/")).await?;
    nurse.gets_in("field1", SAMPLE_PASSWORD).await?;
    nurse.starts("Testcase Amber", INTAKE).await?;
    nurse.chooses("interpreter", "Yes").await?;
    nurse.writes("language", "Portug").await?;
    // A touch a moment before the time is over keeps it open; nobody touches it after that.
    run(&nurse.tablet, "later(14.5 * 60000)").await?;
    nurse.tablet.sees("Are you still there?").await?;
    nurse.writes("language", "u").await?;
    nurse.tablet.sees_no_more("Are you still there?").await?;
    run(&nurse.tablet, "later(15 * 60000)").await?;
    nurse.tablet.arrives_at("Sign in").await?;
    nurse
        .tablet
        .sees("You were signed out because the tablet was not used for 15 minutes. Your answers are saved.")
        .await?;
    nurse.tablet.raw().back().await?;
    nurse.tablet.arrives_at("Sign in").await?;
    nurse.tablet.raw().forward().await?;
    nurse.tablet.arrives_at("Sign in").await?;
    nurse.types("field1", SAMPLE_PASSWORD).await?;
    nurse.finds_chosen("interpreter", "Yes").await?;
    assert_eq!(nurse.reads("language").await?, "Portugu");
    nurse.tablet.close().await
}

#[tokio::test]
async fn markup_that_is_typed_as_an_answer_is_text() -> Result<()> {
    const MARKUP: &str = "<img src=x onerror=document.title='owned'><b>bold</b>";
    let whole = Whole::start().await?;
    let nurse = Nurse::with_new_tablet(&whole).await?;
    nurse.gets_in("field1", SAMPLE_PASSWORD).await?;
    nurse.starts("Testcase Amber", INTAKE).await?;
    nurse.chooses("identity", "No").await?;
    nurse.writes("identity-why", MARKUP).await?;
    nurse.sees_it_saved().await?;
    nurse.tablet.reload().await?;
    nurse.types("field1", SAMPLE_PASSWORD).await?;
    nurse.finds_chosen("identity", "No").await?;
    assert_eq!(nurse.reads("identity-why").await?, MARKUP);
    nurse.tablet.press("Sections").await?;
    nurse.goes_to_the_end().await?;
    let made =
        "return [document.querySelectorAll('main img, main b').length, document.title.includes('owned')]";
    assert_eq!(run(&nurse.tablet, made).await?, json!([0, false]));
    nurse.tablet.close().await
}
