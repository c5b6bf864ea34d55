//! "Same as last time": what the last completed assessment of a client said stands beside the question, and is taken over only
//! where somebody asks for it. And what comes of the scores.

use anyhow::{Context as _, Result};
use journeys::{Engine, Whole, in_every_engine, until};
use serde_json::json;
use thirtyfour::prelude::*;

use crate::people::{Nurse, SAMPLE_PASSWORD};

const PHQ9: &str = "Patient Health Questionnaire (PHQ-9)";
/// A client of field1 and of field2.
const CLIENT: &str = "Testcase Coral";
const NOTE: &str = "He sat by the window.";

/// What stands beside the question about last time, without its button.
async fn beside(nurse: &Nurse, link_id: &str) -> Result<String> {
    let script = "const line = document.querySelector(`[data-linkid='${arguments[0]}'] .last-time > p`);
        return line ? line.textContent.replace(/\\s+/g, ' ').trim() : '';";
    let found = nurse.tablet.raw().execute(script, vec![json!(link_id)]).await?;
    Ok(found.json().as_str().unwrap_or_default().to_owned())
}

/// Waits until what stands beside the question begins and ends so.
async fn tells(nurse: &Nurse, link_id: &str, begins: &str, ends: &str) -> Result<()> {
    let told = until(begins, || async {
        let told = beside(nurse, link_id).await?;
        Ok((told.starts_with(begins) && told.ends_with(ends)).then_some(()))
    });
    match told.await {
        Ok(()) => Ok(()),
        Err(error) => Err(error.context(format!("{link_id} says: {}", beside(nurse, link_id).await?))),
    }
}

async fn chosen(nurse: &Nurse) -> Result<u64> {
    let count = "return document.querySelectorAll('main input:checked').length";
    let found = nurse.tablet.raw().execute(count, vec![]).await?;
    found.json().as_u64().context("a number")
}

in_every_engine!(what_was_answered_last_time_is_taken_over_only_when_it_is_asked_for);

async fn what_was_answered_last_time_is_taken_over_only_when_it_is_asked_for(engine: Engine) -> Result<()> {
    let mut whole = Whole::start().await?;
    let nurse = Nurse::with_new_tablet_in(engine, &whole).await?;
    let tablet = &nurse.tablet;
    nurse.gets_in("field1", SAMPLE_PASSWORD).await?;
    nurse.starts(CLIENT, PHQ9).await?;
    nurse.answers_the_phq9().await?;
    nurse.notes(NOTE).await?;
    nurse.sees_it_saved().await?;
    nurse.signs_it().await?;
    nurse.mark_says("Online · all sent").await?;
    nurse.goes_to_the_caseload().await?;
    nurse.signs_out().await?;

    // The colleague has it as soon as there was a network, and goes on without one.
    nurse.gets_in("field2", SAMPLE_PASSWORD).await?;
    nurse.mark_says("Online · all sent").await?;
    whole.stop().await?;
    nurse.starts(CLIENT, PHQ9).await?;
    tablet.sees(", by Test Field One").await?;
    tells(&nurse, "/44250-9", "Last time (", "): Several days").await?;
    assert_eq!(chosen(&nurse).await?, 0, "nothing is filled in by itself");
    tablet.is_accessible().await?;

    // One, by its own button.
    tablet
        .press_at("[data-linkid='/44250-9'] .last-time button")
        .await?;
    nurse.finds_chosen("/44250-9", "Several days").await?;
    tells(&nurse, "/44250-9", "As last time (", ")").await?;
    // Another answer than last time.
    nurse.chooses("/44255-8", "Not at all").await?;
    tells(&nurse, "/44255-8", "Last time (", "): More than half the days").await?;

    // The rest, after they were listed; and not at all, if one thinks better of it.
    let all = "Answer the 7 open questions as last time";
    tablet.press(all).await?;
    tablet.sees("These answers will be filled in.").await?;
    tablet.sees("Nearly every day").await?;
    tablet.is_accessible().await?;
    tablet.press("Cancel").await?;
    assert_eq!(chosen(&nurse).await?, 2);
    tablet.press(all).await?;
    tablet.press("Take over 7 answers").await?;
    nurse.finds_chosen("/44259-0", "Nearly every day").await?;
    tells(&nurse, "/44260-8", "As last time (", ")").await?;
    tablet.sees("Mild depression (5 to 9)").await?;
    tablet.press("Earlier scores").await?;
    tablet.sees("Now, not signed").await?;
    let rows = tablet.raw().find_all(By::Css(".total-trend tbody tr")).await?;
    assert_eq!(rows.len(), 2, "then and now");
    tablet.is_accessible().await?;

    // It can be undone one by one, and what is changed is not as last time any more.
    tablet.press("Undo").await?;
    tells(&nurse, "/44260-8", "Last time (", "): Not at all").await?;
    nurse.chooses("/44259-0", "Not at all").await?;
    tells(&nurse, "/44259-0", "Last time (", "): Nearly every day").await?;
    nurse.chooses("/44260-8", "Not at all").await?;
    nurse.sees_it_saved().await?;

    // The mark is kept with the answer, and the history is honest.
    nurse.goes_to_the_caseload().await?;
    nurse.opens(CLIENT, PHQ9).await?;
    nurse.goes_to_the_end().await?;
    tablet.press("History").await?;
    tablet.sees("Answered “Several days”, as last time").await?;
    tablet.press("Check and finish").await?;
    tablet.press_at("main a[href$='/1']").await?;
    tells(&nurse, "/44254-1", "As last time (", ")").await?;
    tells(&nurse, "/44259-0", "Last time (", "): Nearly every day").await?;
    nurse.signs_it().await?;
    nurse.tablet.close().await
}
