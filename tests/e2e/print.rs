//! An assessment on paper: the whole of it and nothing else, from a tablet without a network.

use anyhow::{Context as _, Result, ensure};
use base64ct::{Base64, Encoding as _};
use journeys::{Device, Engine, Whole, in_every_engine, until};
use serde_json::json;
use thirtyfour::common::print::PrintParameters;

use crate::people::{Nurse, SAMPLE_PASSWORD};

const INTAKE: &str = "Home care intake";
const PHQ9: &str = "Patient Health Questionnaire (PHQ-9)";
const NOTE: &str = "The daughter was there and helped to answer.";

/// The text of each page that the browser's own print makes of what is shown.
async fn printed(nurse: &Nurse) -> Result<Vec<String>> {
    let pdf = match nurse.tablet.engine() {
        Engine::Chromium => {
            let wanted = json!({ "preferCSSPageSize": true, "printBackground": false, "paperWidth": 8.27, "paperHeight": 11.69 });
            let made = nurse.tablet.devtools("Page.printToPDF", wanted).await?;
            Base64::decode_vec(made["data"].as_str().context("a PDF")?).map_err(anyhow::Error::msg)?
        }
        _ => nurse.tablet.raw().print_page(PrintParameters::default()).await?,
    };
    let pdf = lopdf::Document::load_mem(&pdf)?;
    let pages = pdf.get_pages();
    let text = |page: &u32| {
        Ok(pdf
            .extract_text(&[*page])?
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" "))
    };
    pages.keys().map(text).collect()
}

/// Presses the button of the page's bar, and learns whether the browser was asked to print.
async fn asks_to_print(nurse: &Nurse) -> Result<()> {
    let tablet = &nurse.tablet;
    let watch = "window.asked = 0; window.print = () => { window.asked += 1; };";
    tablet.raw().execute(watch, vec![]).await?;
    tablet.press_at(".bar button.button-primary").await?;
    until("the browser prints", || async {
        let asked = tablet.raw().execute("return window.asked", vec![]).await?;
        Ok((asked.json() == 1).then_some(()))
    })
    .await
}

#[tokio::test]
async fn a_draft_and_a_signed_assessment_are_printed_whole_without_a_network() -> Result<()> {
    let mut whole = Whole::start().await?;
    let nurse = Nurse::with_new_tablet(&whole).await?;
    let tablet = &nurse.tablet;
    nurse.gets_in("field1", SAMPLE_PASSWORD).await?;
    tablet.sees("Start assessment").await?;
    whole.stop().await?;

    nurse.starts("Testcase Amber", INTAKE).await?;
    nurse.chooses("identity", "Yes").await?;
    nurse.chooses("interpreter", "No").await?;
    nurse.notes(NOTE).await?;
    nurse.sees_it_saved().await?;
    nurse.goes_to_the_end_by_the_list().await?;
    tablet.sees(NOTE).await?;
    tablet.press("Print").await?;
    tablet.sees("Not signed: this is a draft").await?;
    tablet.is_accessible().await?;
    asks_to_print(&nurse).await?;

    let pages = printed(&nurse).await?;
    ensure!(
        pages.len() >= 2,
        "an intake takes more than a page: {}",
        pages.len()
    );
    let all = pages.join(" ");
    for told in [
        "Testcase Amber",
        "Not signed: this is a draft",
        "Do name and date of birth match the client's papers? Yes",
        NOTE,
        // Required, and not answered yet.
        "Answer still needed",
        "Washing and bathing",
    ] {
        ensure!(all.contains(told), "{told} is not on paper: {all}");
    }
    for not_told in [
        "Sections",
        "Undo",
        "Menu",
        "Saved",
        "Stop here until you know",
        "Which language does",
    ] {
        ensure!(!all.contains(not_told), "{not_told} is on paper");
    }
    for (page, text) in pages.iter().enumerate() {
        let foot = format!("Page {} of {}", page + 1, pages.len());
        ensure!(text.contains(&foot), "{foot}: {text}");
        ensure!(
            text.contains("Testcase Amber · Home care intake · Draft"),
            "whose page {} is: {text}",
            page + 1
        );
    }

    // Undone, and taken back: a note is like an answer.
    nurse.goes_to_section("Visit and identity check").await?;
    tablet.press("Undo").await?;
    until("the note is gone", || async {
        let note = tablet.field("Notes on this section (optional)").await?;
        Ok((note.prop("value").await?.unwrap_or_default().is_empty()).then_some(()))
    })
    .await?;
    tablet.press("Redo").await?;
    nurse.sees_it_saved().await?;
    nurse.goes_to_the_end_by_the_list().await?;
    tablet.press("History").await?;
    tablet.sees("Notes: Visit and identity check").await?;
    nurse.goes_to_the_caseload().await?;

    nurse.starts("Testcase Amber", PHQ9).await?;
    nurse.answers_the_phq9().await?;
    nurse.signs_it().await?;
    tablet.press("Print").await?;
    tablet.sees("Printed").await?;
    // On the screen it is black on white in the dark too, and so is the paper.
    tablet.show_on(Device::PHONE.in_the_dark()).await?;
    tablet.is_accessible().await?;
    tablet
        .devtools("Emulation.setEmulatedMedia", json!({ "media": "print" }))
        .await?;
    let colours =
        "const of = (e, what) => getComputedStyle(e)[what], paper = document.querySelector('.paper');
        return [of(paper, 'color'), of(paper, 'backgroundColor'), of(document.body, 'backgroundColor')];";
    let colours = tablet.raw().execute(colours, vec![]).await?;
    assert_eq!(
        *colours.json(),
        json!(["rgb(0, 0, 0)", "rgb(255, 255, 255)", "rgb(255, 255, 255)"])
    );
    let seen = tablet.text().await?;
    for away in ["Menu", "Sections", "Caseload", "Skip to the content"] {
        ensure!(!seen.contains(away), "{away} is on paper");
    }
    let pages = printed(&nurse).await?;
    let all = pages.join(" ");
    for told in [
        "Signed by Test Field One, ",
        "Born",
        "Feeling tired or having little energy Several days",
        "Total score 8 Mild depression (5 to 9)",
    ] {
        ensure!(all.contains(told), "{told} is not on paper: {all}");
    }
    ensure!(!all.contains("Answer still needed"), "{all}");
    nurse.tablet.close().await
}

in_every_engine!(only_the_assessment_is_on_the_paper);

async fn only_the_assessment_is_on_the_paper(engine: Engine) -> Result<()> {
    let whole = Whole::start().await?;
    let nurse = Nurse::with_new_tablet_in(engine, &whole).await?;
    let tablet = &nurse.tablet;
    nurse.gets_in("field1", SAMPLE_PASSWORD).await?;
    nurse.starts("Testcase Amber", PHQ9).await?;
    nurse.answers_the_phq9().await?;
    nurse.sees_it_saved().await?;
    nurse.goes_to_the_end().await?;
    tablet.press("Print").await?;
    tablet.sees("Not signed: this is a draft").await?;
    tablet.sees("Mild depression (5 to 9)").await?;
    asks_to_print(&nurse).await?;
    // What the browser would call the file.
    let name = tablet.raw().title().await?;
    ensure!(name.contains("Testcase Amber"), "the file would be called {name}");
    tablet.is_accessible().await?;
    // WebKit's driver prints nothing: "unknown command", it says.
    if engine == Engine::WebKit {
        return nurse.tablet.close().await;
    }
    let all = printed(&nurse).await?.join(" ");
    for told in [
        "Testcase Amber",
        "Not signed: this is a draft",
        "Mild depression (5 to 9)",
    ] {
        ensure!(all.contains(told), "{told} is not on paper: {all}");
    }
    for not_told in ["Sections", "Undo", "Menu", "Saved"] {
        ensure!(!all.contains(not_told), "{not_told} is on paper: {all}");
    }
    // In Spanish to its foot, which Firefox leaves away, and called as the form is called in Spanish.
    tablet.press("Menu").await?;
    tablet.press("Español").await?;
    tablet.sees("Sin firmar: es un borrador").await?;
    let pages = printed(&nurse).await?;
    let title = "Cuestionario sobre la salud del paciente (PHQ-9)";
    ensure!(pages[0].contains(title), "{title}: {}", pages[0]);
    if engine == Engine::Chromium {
        for foot in [
            format!("Página 1 de {}", pages.len()),
            format!("Testcase Amber · {title} · Borrador"),
        ] {
            ensure!(pages[0].contains(&foot), "{foot}: {}", pages[0]);
        }
    }
    nurse.tablet.close().await
}
