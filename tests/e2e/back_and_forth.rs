//! Undo and redo: what was tapped by mistake is taken back, on the page and on the disk.

use anyhow::Result;
use journeys::{Whole, until};
use serde_json::json;
use thirtyfour::prelude::*;

use crate::people::{Nurse, SAMPLE_PASSWORD};

async fn presses_keys(nurse: &Nurse, shift: bool) -> Result<()> {
    let script = "document.activeElement?.blur(); document.body.dispatchEvent(new KeyboardEvent('keydown',
        { key: arguments[0] ? 'Z' : 'z', ctrlKey: true, shiftKey: arguments[0], bubbles: true, cancelable: true }));";
    nurse.tablet.raw().execute(script, vec![json!(shift)]).await?;
    Ok(())
}

async fn can(nurse: &Nurse, name: &str, wanted: bool) -> Result<()> {
    let css = format!("button[aria-label='{name}']");
    until(name, || async {
        let button = nurse.tablet.raw().find(By::Css(&css)).await?;
        Ok((button.is_enabled().await? == wanted).then_some(()))
    })
    .await
}

#[tokio::test]
async fn an_answer_is_taken_back_and_given_again_and_saved_like_any_other() -> Result<()> {
    let whole = Whole::start().await?;
    let nurse = Nurse::with_new_tablet(&whole).await?;
    nurse.gets_in("field1", SAMPLE_PASSWORD).await?;
    nurse.starts("Testcase Amber", "Home care intake").await?;
    nurse.tablet.sees("Visit and identity check").await?;
    can(&nurse, "Undo", false).await?;
    can(&nurse, "Redo", false).await?;

    nurse.chooses("identity", "Yes").await?;
    nurse.chooses("interpreter", "Yes").await?;
    nurse.chooses("interpreter", "No").await?;
    nurse.tablet.press("Undo").await?;
    nurse.finds_chosen("interpreter", "Yes").await?;
    can(&nurse, "Redo", true).await?;
    presses_keys(&nurse, true).await?;
    nurse.finds_chosen("interpreter", "No").await?;
    presses_keys(&nurse, false).await?;
    nurse.finds_chosen("interpreter", "Yes").await?;
    for name in ["Undo", "Redo"] {
        let css = format!("button[aria-label='{name}']");
        let size = nurse.tablet.raw().find(By::Css(&css)).await?.rect().await?;
        assert!(
            size.width >= 44.0 && size.height >= 44.0,
            "{name} is too small to tap"
        );
    }

    // In another language it is the same assessment, and what can be taken back in one can in the other.
    nurse.tablet.press("Menu").await?;
    nurse.tablet.press("Español").await?;
    nurse
        .tablet
        .arrives_at("Visita y comprobación de identidad")
        .await?;
    nurse.finds_chosen("interpreter", "Sí").await?;
    can(&nurse, "Rehacer", true).await?;
    nurse.tablet.press("Rehacer").await?;
    nurse.finds_chosen("interpreter", "No").await?;
    nurse.tablet.press("Deshacer").await?;
    nurse.finds_chosen("interpreter", "Sí").await?;
    nurse.tablet.press("Menú").await?;
    nurse.tablet.press("English").await?;
    nurse.tablet.arrives_at("Visit and identity check").await?;
    can(&nurse, "Undo", true).await?;

    // On the disk as on the page.
    nurse.sees_it_saved().await?;
    nurse.goes_to_the_caseload().await?;
    nurse.opens("Testcase Amber", "Home care intake").await?;
    nurse.tablet.sees("Visit and identity check").await?;
    nurse.finds_chosen("interpreter", "Yes").await?;
    nurse.finds_chosen("identity", "Yes").await?;
    can(&nurse, "Undo", false).await?;
    nurse.tablet.close().await
}

#[tokio::test]
async fn the_way_back_leads_to_the_page_of_what_is_taken_back() -> Result<()> {
    let whole = Whole::start().await?;
    let nurse = Nurse::with_new_tablet(&whole).await?;
    nurse.gets_in("field1", SAMPLE_PASSWORD).await?;
    nurse.starts("Testcase Amber", "Home care intake").await?;
    nurse.tablet.sees("Visit and identity check").await?;
    nurse.chooses("identity", "Yes").await?;
    nurse.goes_to_the_end_by_the_list().await?;
    nurse.tablet.press("Undo").await?;
    nurse.tablet.arrives_at("Visit and identity check").await?;
    can(&nurse, "Undo", false).await?;
    nurse.tablet.close().await
}
