//! Text at twice its size on a narrow phone: nothing is cut off, nothing lies on anything else, nobody scrolls sideways
//! (WCAG 2.2, 1.4.4 and 1.4.10).

use anyhow::{Context as _, Result};
use journeys::hands::ESCAPE;
use journeys::{Browser, Device, Engine, Whole};

use crate::people::{Nurse, SAMPLE_PASSWORD};

const PHQ9: &str = "Patient Health Questionnaire (PHQ-9)";

/// As a reader's own setting does it: every size is in `rem`.
async fn with_large_text(browser: &Browser) -> Result<()> {
    let script = "document.documentElement.style.fontSize = '200%';";
    browser.raw().execute(script, vec![]).await?;
    Ok(())
}

async fn is_readable(nurse: &Nurse, page: &str) -> Result<()> {
    let tablet = &nurse.tablet;
    tablet
        .is_no_wider_than_the_screen()
        .await
        .context(page.to_owned())?;
    tablet.is_readable().await.context(page.to_owned())
}

#[tokio::test]
async fn every_page_is_readable_on_a_phone_with_text_at_twice_its_size() -> Result<()> {
    let whole = Whole::start().await?;
    let nurse = Nurse::with_new_tablet_in(Engine::Chromium, &whole).await?;
    let tablet = &nurse.tablet;
    tablet.show_on(Device::PHONE).await?;
    with_large_text(tablet).await?;
    is_readable(&nurse, "sign in").await?;
    tablet.press("Forgot your password?").await?;
    tablet.arrives_at("Forgot your password?").await?;
    is_readable(&nurse, "reset").await?;
    tablet.go(&whole.url("/")).await?;
    with_large_text(tablet).await?;
    nurse.gets_in("field1", SAMPLE_PASSWORD).await?;
    let client = nurse.sees_a_client().await?;
    is_readable(&nurse, "caseload").await?;
    nurse.goes_to_the_check().await?;
    is_readable(&nurse, "ready").await?;
    nurse.goes_to_the_caseload().await?;
    nurse.starts(&client, "Home care intake").await?;
    tablet.arrives_at("Visit and identity check").await?;
    nurse.chooses("identity", "Yes").await?;
    nurse.sees_it_saved().await?;
    is_readable(&nurse, "assessment").await?;
    tablet.press("Sections").await?;
    tablet.sees("Find a question").await?;
    is_readable(&nurse, "the list of sections").await?;
    tablet.press("Find a question").await?;
    tablet.sees("places found").await?;
    is_readable(&nurse, "find a question").await?;
    tablet.types(ESCAPE).await?;
    nurse.goes_to_section("Daily activities").await?;
    is_readable(&nurse, "a scale").await?;
    nurse.goes_to_the_end_by_the_list().await?;
    tablet.press("Make Pending").await?;
    tablet.sees("Still needed before this is ready").await?;
    is_readable(&nurse, "check and finish").await?;
    tablet.press("History").await?;
    tablet.arrives_at("History").await?;
    is_readable(&nurse, "history").await?;
    nurse.goes_to_the_outbox().await?;
    is_readable(&nurse, "outbox").await?;

    // What became of a score, in its panel and on the client's page.
    for time in ["first", "second"] {
        nurse.goes_to_the_caseload().await?;
        nurse.starts(&client, PHQ9).await?;
        tablet.arrives_at(PHQ9).await?;
        nurse.answers_the_phq9().await?;
        if time == "second" {
            tablet.press("Earlier scores").await?;
            tablet.sees("Now, not signed").await?;
            is_readable(&nurse, "earlier scores").await?;
        }
        nurse.signs_it().await?;
        is_readable(&nurse, "signed").await?;
    }
    nurse.goes_to_the_caseload().await?;
    tablet.press(&client).await?;
    tablet.sees("Scores over time").await?;
    is_readable(&nurse, "the page of a client").await?;
    nurse.tablet.close().await
}
