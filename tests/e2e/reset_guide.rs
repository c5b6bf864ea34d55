//! The guide to a new password by itself: what it keeps is erased when it ends and after a week, also by a tablet that
//! stays on, and a colleague's sign-in does not end it.

use anyhow::{Result, ensure};
use journeys::{Browser, Whole};

use crate::people::{Nurse, SAMPLE_PASSWORD};
use crate::tricks::{CLOCK, prepare, run};

const KEPT: &str = "return localStorage.getItem('reset-guide')";
const HOUR_MS: u64 = 3_600_000;
const WEEK_MS: u64 = 7 * 24 * HOUR_MS;

#[tokio::test]
async fn what_the_guide_keeps_is_erased_by_hand_and_after_a_week() -> Result<()> {
    let whole = Whole::start().await?;
    let tablet = Browser::open().await?;
    prepare(&tablet, CLOCK).await?;
    let nurse = Nurse::with(tablet, &whole.url("/")).await?;
    let tablet = &nurse.tablet;
    let asks = || async {
        tablet.press("Forgot your password?").await?;
        nurse
            .asks_for_a_new_password("Test Field One", "Sample Home Care", "555 010 0199")
            .await?;
        tablet.press("I have asked already").await?;
        nurse.stands_at("Answer the helpdesk's call").await
    };
    asks().await?;
    tablet.press("End and erase").await?;
    tablet.arrives_at("Sign in").await?;
    ensure!(run(tablet, KEPT).await?.is_null(), "it was ended by hand");
    ensure!(!tablet.text().await?.contains("Your new password, step"));

    // A colleague signs in meanwhile: it is not their guide.
    asks().await?;
    tablet.press("Back to sign-in").await?;
    nurse.gets_in("field2", SAMPLE_PASSWORD).await?;
    nurse.signs_out().await?;
    tablet.sees("Your new password, step 2 of 5").await?;

    // Nearly a week later it is there, and a little after that it is gone.
    for (ahead, there) in [(WEEK_MS - HOUR_MS, true), (HOUR_MS, false)] {
        run(tablet, &format!("setClock(Date.now() + {ahead})")).await?;
        tablet.reload().await?;
        tablet.arrives_at("Sign in").await?;
        let text = tablet.text().await?;
        ensure!(
            text.contains("Your new password, step") == there,
            "{ahead}: {text}"
        );
        ensure!(run(tablet, KEPT).await?.is_null() != there);
    }

    // A tablet that stays on erases it when it wakes, and takes its fields off the page.
    asks().await?;
    run(tablet, &format!("later({WEEK_MS})")).await?;
    tablet.arrives_at("Sign in").await?;
    ensure!(run(tablet, KEPT).await?.is_null(), "a tablet that stays on");
    nurse.tablet.close().await
}
