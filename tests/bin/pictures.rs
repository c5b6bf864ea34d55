//! Takes the pictures that README shows, on a tablet's page. `cargo xtask shots` calls this, and says where they go.

use std::path::PathBuf;

use anyhow::{Context as _, Result};
use journeys::people::{Nurse, Rehearsing, S1, S3, SAMPLE_PASSWORD};
use journeys::{Browser, Engine, Whole};
use serde_json::json;
use thirtyfour::prelude::*;

const INTAKE: &str = "Home care intake";
const PHQ9: &str = "Patient Health Questionnaire (PHQ-9)";

#[tokio::main]
async fn main() -> Result<()> {
    let folder = PathBuf::from(
        std::env::args()
            .nth(1)
            .context("needs the folder of the pictures")?,
    );
    let whole = Whole::start().await?;
    let nurse = Nurse::with_new_tablet(&whole).await?;
    // A tablet's scroll bar is seen only while a finger moves.
    let hidden = json!({ "hidden": true });
    nurse
        .tablet
        .devtools("Emulation.setScrollbarsHidden", hidden)
        .await?;
    nurse.gets_in("field1", SAMPLE_PASSWORD).await?;
    nurse.tablet.sees("Start assessment").await?;
    let mut clients = Vec::new();
    for heading in nurse.tablet.raw().find_all(By::Css("li h2")).await? {
        clients.push(heading.text().await?);
    }
    let [first, second, ..] = clients.as_slice() else {
        anyhow::bail!("the sample data has too few clients");
    };

    nurse.starts(first, PHQ9).await?;
    nurse.answers_the_phq9().await?;
    nurse.sees_it_saved().await?;
    // Where the reader sees the title, the questions and the mark.
    nurse.tablet.raw().execute("scrollTo(0, 0)", vec![]).await?;
    nurse.tablet.screenshot(&folder.join("form.png")).await?;
    nurse.signs_it().await?;

    nurse.tablet.press("Back to the caseload").await?;
    nurse.starts(second, INTAKE).await?;
    nurse.chooses("identity", "Yes").await?;
    nurse.sees_it_saved().await?;
    nurse.tablet.press("Caseload").await?;
    nurse.tablet.arrives_at("Caseload").await?;
    nurse.tablet.sees("Everything has been sent").await?;
    nurse.tablet.screenshot(&folder.join("caseload.png")).await?;
    nurse.tablet.close().await?;
    rehearsal(&folder.join("rehearsal.png")).await
}

/// A few steps of a rehearsal.
async fn rehearsal(picture: &std::path::Path) -> Result<()> {
    let whole = Whole::rehearsing().await?;
    let rehearsing = Rehearsing::begins(Browser::open_in(Engine::Chromium).await?, &whole).await?;
    let hidden = json!({ "hidden": true });
    rehearsing
        .console()
        .await?
        .devtools("Emulation.setScrollbarsHidden", hidden)
        .await?;
    rehearsing.has_seen(1).await?;
    let (login, password) = (
        rehearsing.reads("login").await?,
        rehearsing.reads("password").await?,
    );
    let nurse = rehearsing.tablet().await?;
    nurse.gets_in(&login, &password).await?;
    nurse.signs_out().await?;
    nurse.is_refused("nobody", "anything", S3).await?;
    nurse.is_refused(&login, "wrong", S1).await?;
    rehearsing.has_seen(4).await?;
    let console = rehearsing.console().await?;
    console.raw().execute("scrollTo(0, 0)", vec![]).await?;
    console.screenshot(picture).await?;
    rehearsing.nurse.tablet.close().await
}
