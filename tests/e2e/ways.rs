//! The ways through a long assessment: finding a question, the next without an answer, the first problem; what is read out; and
//! where one was.

use anyhow::{Result, ensure};
use journeys::hands::{CONTROL, ENTER, SHIFT};
use journeys::{Browser, Engine, Whole, killed, until};
use thirtyfour::prelude::*;

use crate::people::{Nurse, SAMPLE_PASSWORD};

const INTAKE: &str = "Home care intake";

/// The question that has the focus, by its link id.
async fn stands_at(nurse: &Nurse, link_id: &str) -> Result<()> {
    let script = "const e = document.activeElement; return e.dataset.linkid || '';";
    until(link_id, || async {
        let found = nurse.tablet.raw().execute(script, vec![]).await?;
        Ok((found.json() == link_id).then_some(()))
    })
    .await
}

/// What a screen reader reads out at once.
async fn hears(nurse: &Nurse, words: &str) -> Result<()> {
    until(words, || async {
        let region = nurse.tablet.raw().find(By::Css("[aria-live=assertive]")).await?;
        let said = region.prop("textContent").await?.unwrap_or_default();
        Ok(said.contains(words).then_some(()))
    })
    .await
}

#[tokio::test]
async fn a_question_of_any_section_is_found_and_what_is_open_or_wrong_is_gone_to() -> Result<()> {
    let whole = Whole::start().await?;
    let nurse = Nurse::with_new_tablet(&whole).await?;
    let tablet = &nurse.tablet;
    nurse.gets_in("field1", SAMPLE_PASSWORD).await?;
    nurse.starts("Testcase Amber", INTAKE).await?;
    tablet.arrives_at("Visit and identity check").await?;

    // By words in any order, wherever the question stands; the focus is where it is answered.
    tablet.press("Sections").await?;
    tablet.press("Find a question").await?;
    tablet.is_accessible().await?;
    tablet.fill("Words or a code", "tablets drops").await?;
    tablet.sees("1 place found").await?;
    tablet.sees("Medicines · Not answered").await?;
    tablet.is_accessible().await?;
    tablet.types(ENTER).await?;
    tablet.arrives_at("Medicines").await?;
    stands_at(&nurse, "med-count").await?;

    // What is wrong is read out once its field is left, and not before, and is gone to from anywhere.
    tablet.types("900").await?;
    nurse.sees_it_saved().await?;
    tablet.sees_no_more("1 answer to look at").await?;
    let region = tablet.raw().find(By::Css("[aria-live=assertive]")).await?;
    let said = region.prop("textContent").await?.unwrap_or_default();
    ensure!(said.is_empty(), "read out while it is typed: {said}");
    nurse.chooses("allergies", "No").await?;
    hears(&nurse, "How many different medicines does the client take?").await?;
    tablet.sees("1 answer to look at").await?;
    tablet.is_accessible().await?;
    nurse.goes_to_section("Visit and identity check").await?;
    tablet.press("1 answer to look at: go there").await?;
    tablet.arrives_at("Medicines").await?;
    stands_at(&nurse, "med-count").await?;
    tablet.presses_with(&[CONTROL, SHIFT], "F")?;
    tablet.press_at("dialog[open] label:nth-of-type(3)").await?;
    tablet.sees("1 place found").await?;
    tablet.sees("Medicines · 900").await?;
    tablet.press_at("dialog[open] ul a").await?;
    stands_at(&nurse, "med-count").await?;
    nurse.field_of("med-count").await?.clear().await?;
    nurse.writes("med-count", "0").await?;
    nurse.chooses("allergies", "No").await?;
    tablet.sees_no_more("1 answer to look at").await?;

    // From the last answer on, over the end of the section, and round to the beginning.
    tablet.press("Next unanswered").await?;
    tablet.arrives_at("Mobility and falls").await?;
    stands_at(&nurse, "aids").await?;
    nurse.goes_to_section("Plan and summary").await?;
    nurse.chooses("agrees", "Yes").await?;
    tablet.press("Next unanswered").await?;
    tablet.arrives_at("Visit and identity check").await?;
    stands_at(&nurse, "visit-date").await?;
    nurse.goes_to_the_caseload().await?;
    a_rule_of_the_whole_form_is_gone_to(&nurse).await?;

    // Where nothing is left it says so.
    nurse
        .starts("Testcase Amber", "Patient Health Questionnaire (PHQ-9)")
        .await?;
    nurse.answers_the_phq9().await?;
    nurse.chooses("/69722-7", "Not difficult at all").await?;
    tablet.press("Next unanswered").await?;
    tablet.sees("Every question is answered.").await?;
    tablet.is_accessible().await?;
    nurse.tablet.close().await
}

/// It is no question's, and told on the last page: after what is wrong with an answer, and not on the page that is first.
async fn a_rule_of_the_whole_form_is_gone_to(nurse: &Nurse) -> Result<()> {
    const RULE: &str = "A client who is in hospital does not open the door.";
    let tablet = &nurse.tablet;
    nurse.starts("Testcase Birch", "Every kind of question").await?;
    tablet.arrives_at("Choosing").await?;
    nurse.chooses("radio", "In hospital").await?;
    let door = tablet.raw().find(By::Css("select[data-linkid='list']")).await?;
    door.send_keys("The client").await?;
    hears(nurse, RULE).await?;
    tablet.sees("1 answer to look at: go there").await?;
    let said = "return [...document.querySelectorAll('.error-place')].map(e => e.textContent).join('')";
    let said = tablet.raw().execute(said, vec![]).await?;
    ensure!(said.json() == "", "said on the first page: {}", said.json());
    nurse.goes_to_section("Numbers, dates and times").await?;
    nurse.writes("integer", "many").await?;
    tablet.press("Sections").await?;
    tablet.press("First problem 2").await?;
    stands_at(nurse, "integer").await?;
    nurse.field_of("integer").await?.clear().await?;
    nurse.writes("integer", "3").await?;
    nurse.goes_to_section("Words").await?;
    tablet.press("Sections").await?;
    tablet.press("First problem 1").await?;
    tablet.arrives_at("Check and finish").await?;
    tablet.sees("Rules of the form that are not met").await?;
    tablet.sees(RULE).await?;
    until("the focus at the rules", || async {
        let id = tablet
            .raw()
            .execute("return document.activeElement.id", vec![])
            .await?;
        Ok((id.json() == "form-rules").then_some(()))
    })
    .await?;
    tablet.is_accessible().await?;
    // With the answer that breaks it, it goes.
    nurse.goes_to_section("Choosing").await?;
    nurse.chooses("radio", "At home").await?;
    tablet.sees_no_more("1 answer to look at: go there").await?;
    nurse.goes_to_the_caseload().await
}

#[tokio::test]
async fn a_tab_that_is_killed_in_the_middle_of_a_word_opens_there_again() -> Result<()> {
    let whole = Whole::start().await?;
    let profile = tempfile::tempdir()?;
    let open = || async {
        let arguments = vec![format!("--user-data-dir={}", profile.path().display())];
        let browser = Browser::open_with(Engine::Chromium, &arguments).await?;
        Nurse::with(browser, &whole.url("/")).await
    };
    let nurse = open().await?;
    nurse.gets_in("field1", SAMPLE_PASSWORD).await?;
    nurse.starts("Testcase Amber", INTAKE).await?;
    nurse.tablet.arrives_at("Visit and identity check").await?;
    nurse.chooses("interpreter", "Yes").await?;
    nurse.goes_to_section("Living situation").await?;
    nurse.writes("contact-name", "Testcase Daugh").await?;
    nurse.sees_it_saved().await?;
    nurse.tablet.sees("Saved just now").await?;
    killed::dies(nurse.tablet).await?;

    let nurse = open().await?;
    nurse.gets_in("field1", SAMPLE_PASSWORD).await?;
    nurse.opens("Testcase Amber", INTAKE).await?;
    nurse.tablet.arrives_at("Living situation").await?;
    nurse.tablet.sees("You were here").await?;
    stands_at(&nurse, "contact-name").await?;
    assert_eq!(nurse.reads("contact-name").await?, "Testcase Daugh");
    nurse.tablet.is_accessible().await?;

    // One types on where one was, and the mark is gone on the next page.
    nurse.tablet.types("ter").await?;
    nurse.sees_it_saved().await?;
    nurse.goes_to_section("Visit and identity check").await?;
    nurse.tablet.sees_no_more("You were here").await?;
    nurse.finds_chosen("interpreter", "Yes").await?;
    nurse.goes_to_section("Living situation").await?;
    nurse.tablet.sees_no_more("You were here").await?;
    assert_eq!(nurse.reads("contact-name").await?, "Testcase Daughter");
    nurse.tablet.close().await
}
