//! A whole visit on a phone, with a finger: from the sign-in to the signature, without a network, the battery taken out in the
//! middle. Everything that is met on the way can be hit by a thumb.
//!
//! Chromium is a phone of 390 px, Firefox as narrow as its window gets. WebKit's driver refuses: it makes a mouse of a finger, and
//! when its page is killed it answers everything with 500, "unknown error".

use std::path::Path;

use anyhow::{Context as _, Result};
use journeys::hands::{ENTER, Finger};
use journeys::{Browser, Device, Engine, Whole, killed};
use serde_json::json;

use crate::people::{Nurse, SAMPLE_PASSWORD};

/// What is held in one hand, and touched: a phone, or the narrowest that a browser can be shown on.
async fn phone(engine: Engine, profile: &Path, whole: &Whole) -> Result<Nurse> {
    let profile = profile.display();
    let arguments = match engine {
        Engine::Firefox => vec!["-profile".to_owned(), profile.to_string()],
        _ => vec![format!("--user-data-dir={profile}")],
    };
    let tablet = Browser::open_with(engine, &arguments).await?;
    match engine.cannot_show(Device::PHONE) {
        None => tablet.show_on(Device::PHONE).await?,
        Some(_) => tablet.show_on(Device::NARROW_WINDOW).await?,
    }
    if engine == Engine::Chromium {
        let touch = json!({ "enabled": true, "maxTouchPoints": 1 });
        tablet
            .devtools("Emulation.setTouchEmulationEnabled", touch)
            .await?;
    }
    tablet.go(&whole.url("/")).await?;
    tablet.arrives_at("Sign in").await?;
    Ok(Nurse { tablet })
}

/// What is in reach now is large enough, and nothing is wider than the screen.
async fn fits(nurse: &Nurse, page: &str) -> Result<()> {
    nurse.tablet.is_easy_to_press().await.context(page.to_owned())?;
    nurse
        .tablet
        .is_no_wider_than_the_screen()
        .await
        .context(page.to_owned())
}

async fn signs_in(nurse: &Nurse) -> Result<()> {
    let finger = Finger(&nurse.tablet);
    finger.writes("Username", "field1").await?;
    finger.writes("Password", SAMPLE_PASSWORD).await?;
    fits(nurse, "sign in").await?;
    finger.taps("Sign in").await?;
    nurse.tablet.arrives_at("Caseload").await
}

mod a_whole_intake_by_touch_with_the_battery_taken_out_in_the_middle {
    use super::*;

    #[tokio::test]
    async fn chromium() -> Result<()> {
        a_whole_intake_by_touch(Engine::Chromium).await
    }

    #[tokio::test]
    async fn firefox() -> Result<()> {
        a_whole_intake_by_touch(Engine::Firefox).await
    }
}

async fn a_whole_intake_by_touch(engine: Engine) -> Result<()> {
    let mut whole = Whole::start().await?;
    let profile = tempfile::tempdir()?;
    let nurse = phone(engine, profile.path(), &whole).await?;
    nurse.tablet.is_installed().await?;
    signs_in(&nurse).await?;
    let tablet = &nurse.tablet;
    let finger = Finger(tablet);
    tablet.sees("Start assessment").await?;
    fits(&nurse, "caseload").await?;
    whole.stop().await?;

    finger.taps("Start assessment").await?;
    tablet.sees("For ").await?;
    fits(&nurse, "start assessment").await?;
    finger.taps("Home care intake").await?;
    tablet.arrives_at("Visit and identity check").await?;
    fits(&nurse, "first section").await?;
    // The browser's own calendar lies outside the page.
    nurse.picks("visit-date", "2026-11-26").await?;
    finger.answers("identity", "Yes").await?;
    finger.answers("present", "The client").await?;
    finger.answers("interpreter", "No").await?;
    finger.taps("Next: Living situation").await?;
    tablet.arrives_at("Living situation").await?;
    fits(&nurse, "second section").await?;
    finger.answers("lives-with", "Alone").await?;
    finger.writes("home", "House").await?;
    tablet.types(ENTER).await?;
    finger.writes("contact-name", "Testcase Daugh").await?;
    nurse.sees_it_saved().await?;

    // In the middle of a word.
    killed::dies(nurse.tablet).await?;
    let nurse = phone(engine, profile.path(), &whole).await?;
    signs_in(&nurse).await?;
    let tablet = &nurse.tablet;
    let finger = Finger(tablet);
    finger.taps("Home care intake").await?;
    tablet.arrives_at("Living situation").await?;
    tablet.sees("You were here").await?;
    fits(&nurse, "where one was").await?;
    assert_eq!(nurse.reads("contact-name").await?, "Testcase Daugh");
    nurse.finds_chosen("lives-with", "Alone").await?;
    // The field has the focus: one types on.
    tablet.types("ter").await?;
    finger.writes("contact-phone", "555 010 0199").await?;
    finger.answers("stairs", "No").await?;
    finger.answers("hazards", "None of these").await?;
    assert_eq!(nurse.reads("contact-name").await?, "Testcase Daughter");

    finger.taps("Next: Daily activities").await?;
    tablet.arrives_at("Daily activities").await?;
    fits(&nurse, "daily activities").await?;
    for activity in ["bathing", "dressing", "toilet", "transfer", "eating", "walking"] {
        finger.answers(&format!("adl-{activity}"), "Alone").await?;
    }
    tablet.sees("Little help needed").await?;
    finger.taps("Next: Medicines").await?;
    tablet.arrives_at("Medicines").await?;
    finger.writes("med-count", "0").await?;
    finger.answers("allergies", "No").await?;
    fits(&nurse, "medicines").await?;

    // Two sections on by the list, and back by what is left.
    finger.taps("Sections").await?;
    tablet.sees("Find a question").await?;
    fits(&nurse, "the list of sections").await?;
    finger.taps("Nutrition").await?;
    tablet.arrives_at("Nutrition").await?;
    finger.answers("weight-lost", "No").await?;
    finger.writes("meals", "7").await?;
    finger.taps("Sections").await?;
    finger.taps("Find a question").await?;
    finger.writes("Words or a code", "fall month").await?;
    tablet.sees("1 place found").await?;
    fits(&nurse, "find a question").await?;
    finger
        .taps("Has the client fallen in the last 12 months?")
        .await?;
    tablet.arrives_at("Mobility and falls").await?;
    finger.answers("fell", "No").await?;
    finger.taps("Sections").await?;
    finger.taps("Mood and safety").await?;
    tablet.arrives_at("Mood and safety").await?;
    finger.answers("low", "Never").await?;
    finger.answers("safe", "Yes").await?;
    finger.taps("Next: Plan and summary").await?;
    tablet.arrives_at("Plan and summary").await?;
    finger.writes("summary", "All is well.").await?;
    fits(&nurse, "plan").await?;

    // One is forgotten, and found by the list of what is missing.
    finger.taps("Check and finish").await?;
    tablet.arrives_at("Check and finish").await?;
    finger.taps("Make Pending").await?;
    tablet.sees("Still needed before this is ready").await?;
    fits(&nurse, "what is missing").await?;
    finger.taps("Does the client agree with this plan?").await?;
    tablet.arrives_at("Plan and summary").await?;
    finger.answers("agrees", "Yes").await?;
    nurse.sees_it_saved().await?;
    finger.taps("Check and finish").await?;
    tablet.arrives_at("Check and finish").await?;
    finger.taps("Make Pending").await?;
    tablet.sees("ready to be signed").await?;
    fits(&nurse, "pending").await?;
    finger.taps("Sign and complete").await?;
    tablet.sees("You sign as").await?;
    fits(&nurse, "the signature").await?;
    finger.taps("Sign and complete").await?;
    tablet.arrives_at("Completed assessment").await?;
    fits(&nurse, "completed").await?;
    whole.start_again().await?;
    finger.taps("Back to the caseload").await?;
    nurse.mark_says("Online · all sent").await?;
    nurse.tablet.close().await
}
