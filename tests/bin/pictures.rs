//! Takes the pictures that README shows, on a tablet's page and at the helpdesk's desk. `cargo xtask shots` calls this,
//! and says where they go.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use journeys::people::{Clerk, Nurse, Rehearsing, S1, S3, SAMPLE_PASSWORD};
use journeys::{Browser, Device, Engine, Whole};
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
    console(&whole, &folder).await?;
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
async fn rehearsal(picture: &Path) -> Result<()> {
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

/// The helpdesk's queue, and one request that is being worked.
async fn console(whole: &Whole, folder: &Path) -> Result<()> {
    let clerk = Clerk::signs_in(whole).await?;
    let desk = &clerk.desk;
    desk.show_on(Device::DESKTOP).await?;
    desk.devtools("Emulation.setScrollbarsHidden", json!({ "hidden": true }))
        .await?;
    for (full_name, branch, phone) in [
        ("Sample Person Amber", "North branch", "555-555-0131"),
        ("Sample Person Birch", "South branch", "555-555-0132"),
        ("Test Field One", "North branch", "555-555-0199"),
        ("Sample Person Coral", "South branch", "555-555-0134"),
    ] {
        let mail = format!(
            "Full name: {full_name}\nAgency: Exampletown Home Care\nBranch: {branch}\nPhone with area code: {phone}"
        );
        clerk.pastes(&mail).await?;
        desk.press("Save the request").await?;
        desk.arrives_at(full_name).await?;
    }
    desk.press("Requests").await?;
    desk.press("Sample Person Amber").await?;
    desk.press("Not reached").await?;
    desk.sees("One call has reached nobody.").await?;
    desk.press("Requests").await?;
    desk.press("Test Field One").await?;
    clerk.chooses("field1").await?;
    desk.press("Reached").await?;
    desk.sees("The user is on the phone.").await?;
    desk.screenshot(&folder.join("request.png")).await?;
    desk.press("Requests").await?;
    desk.arrives_at("Helpdesk").await?;
    desk.screenshot(&folder.join("queue.png")).await?;
    clerk.desk.close().await
}
