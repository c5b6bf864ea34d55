//! The life of a document, with two who have the client: written, made Pending, taken back with a reason, signed; read,
//! and copied, by the colleague. And somebody who would change what is not theirs.

use anyhow::{Context as _, Result};
use journeys::{Engine, Whole, in_every_engine};
use thirtyfour::prelude::*;

use crate::forger;
use crate::people::{Nurse, SAMPLE_PASSWORD};

const PHQ9: &str = "Patient Health Questionnaire (PHQ-9)";
/// A client of field1 and of field2.
const CLIENT: &str = "Testcase Coral";

in_every_engine!(a_document_lives_from_draft_to_complete_and_a_colleague_copies_it);

async fn a_document_lives_from_draft_to_complete_and_a_colleague_copies_it(engine: Engine) -> Result<()> {
    let whole = Whole::start().await?;
    let nurse = Nurse::with_new_tablet_in(engine, &whole).await?;
    let tablet = &nurse.tablet;
    nurse.gets_in("field1", SAMPLE_PASSWORD).await?;
    nurse.starts(CLIENT, PHQ9).await?;
    nurse.answers_the_phq9().await?;
    nurse.goes_to_the_end().await?;
    tablet.press("Make Pending").await?;
    tablet.sees("ready to be signed").await?;

    // Back to draft, which asks for a reason, and forward again.
    tablet.press("Back to draft").await?;
    tablet.press("Take back to draft").await?;
    tablet.sees("Say in a few words why").await?;
    tablet.is_accessible().await?;
    tablet.fill("Reason", "one answer was misheard").await?;
    tablet.press("Take back to draft").await?;
    tablet.sees("Make Pending").await?;
    tablet.press_at("main a[href$='/1']").await?;
    nurse.chooses("/44255-8", "Not at all").await?;
    nurse.sees_it_saved().await?;
    nurse.signs_it().await?;
    tablet.arrives_at("Completed assessment").await?;
    tablet.is_accessible().await?;

    tablet.press("History").await?;
    tablet.arrives_at("History").await?;
    for told in [
        "Checked: all 15 entries are as written down",
        "Signed and completed",
        "Reason: one answer was misheard",
        "Changed from “More than half the days” to “Not at all”",
        "Made Pending",
        "Begun",
    ] {
        tablet.sees(told).await?;
    }
    tablet.is_accessible().await?;
    nurse.mark_says("Online · all sent").await?;
    nurse.goes_to_the_caseload().await?;
    nurse.signs_out().await?;

    // The colleague reads it, and can change nothing.
    nurse.gets_in("field2", SAMPLE_PASSWORD).await?;
    nurse.opens(CLIENT, PHQ9).await?;
    tablet.arrives_at("Completed assessment").await?;
    tablet.sees("By Test Field One").await?;
    tablet.sees("Signed by Test Field One").await?;
    tablet.is_accessible().await?;
    tablet.press_at("main a[href$='/1']").await?;
    tablet.sees("It is not altered any more").await?;
    tablet.sees("Several days").await?;
    let inputs = tablet
        .raw()
        .find_all(By::Css("main input, main textarea, main select"));
    assert!(inputs.await?.is_empty(), "answers stand there as text");
    tablet.is_accessible().await?;

    // A copy is the colleague's own.
    tablet.press("Check and finish").await?;
    tablet.press("Copy").await?;
    tablet
        .sees("Begun as a copy of an assessment by Test Field One")
        .await?;
    tablet.arrives_at("Check and finish").await?;
    tablet.press("History").await?;
    tablet.sees("Checked: the 1 entry is as written down").await?;
    tablet.sees("Test Field Two").await?;
    tablet.is_accessible().await?;
    nurse.mark_says("Online · all sent").await?;
    nurse.tablet.close().await
}

in_every_engine!(whoever_forges_anothers_document_is_refused_and_the_outbox_says_why);

async fn whoever_forges_anothers_document_is_refused_and_the_outbox_says_why(engine: Engine) -> Result<()> {
    let whole = Whole::start().await?;
    let nurse = Nurse::with_new_tablet_in(engine, &whole).await?;
    let tablet = &nurse.tablet;
    nurse.gets_in("field1", SAMPLE_PASSWORD).await?;
    nurse.starts(CLIENT, PHQ9).await?;
    nurse.answers_the_phq9().await?;
    nurse.signs_it().await?;
    nurse.mark_says("Online · all sent").await?;
    nurse.goes_to_the_caseload().await?;
    nurse.signs_out().await?;
    nurse.gets_in("field2", SAMPLE_PASSWORD).await?;
    nurse.mark_says("Online · all sent").await?;

    let forger = forger::Forger::with(tablet, &whole, "field2", SAMPLE_PASSWORD).await?;
    let theirs = forger
        .received
        .first()
        .context("the colleague's document")?
        .clone();
    for (forged, why) in [
        (
            forger.as_own_draft(&theirs),
            "This assessment belongs to another user, and only its author can change it.",
        ),
        (
            forger.with_a_bent_history(&theirs),
            "The history of this assessment does not fit together, so it cannot be taken.",
        ),
    ] {
        forger.leaves(tablet, &forged).await?;
        nurse.goes_to_the_outbox().await?;
        tablet.press("Send now").await?;
        tablet.sees(why).await?;
        tablet.is_accessible().await?;
        nurse.goes_to_the_caseload().await?;
    }
    nurse.tablet.close().await
}
