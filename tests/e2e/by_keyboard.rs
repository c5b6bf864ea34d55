//! A whole visit by the keyboard alone, from the sign-in to the signature: no click, and no script but for looking. What has
//! the focus is seen wherever it comes by.

use anyhow::Result;
use journeys::hands::{CONTROL, ENTER, Keyboard, SHIFT};
use journeys::{Browser, Engine, Whole, in_every_engine};

use crate::people::{Nurse, SAMPLE_PASSWORD};

in_every_engine!(a_whole_intake_by_the_keyboard_alone);

async fn a_whole_intake_by_the_keyboard_alone(engine: Engine) -> Result<()> {
    let whole = Whole::start().await?;
    let nurse = Nurse::with(Browser::open_in(engine).await?, &whole.url("/")).await?;
    let tablet = &nurse.tablet;
    let keys = Keyboard(tablet);
    keys.writes("Username", "field1").await?;
    keys.writes("Password", SAMPLE_PASSWORD).await?;
    keys.presses("Sign in").await?;
    tablet.arrives_at("Caseload").await?;
    keys.presses("Start assessment").await?;
    keys.presses("Home care intake").await?;
    tablet.arrives_at("Visit and identity check").await?;
    match engine {
        // Its driver's keys do not come into a date field.
        Engine::WebKit => nurse.picks("visit-date", "2026-11-26").await?,
        Engine::Chromium | Engine::Firefox => keys.writes("visit-date", "11262026").await?,
    }
    keys.chooses("identity", "Yes").await?;
    keys.ticks("present", "The client").await?;
    keys.chooses("interpreter", "No").await?;
    keys.presses("Next: Living situation").await?;
    tablet.arrives_at("Living situation").await?;
    keys.chooses("lives-with", "Alone").await?;
    keys.writes("home", "House").await?;
    keys.writes("contact-name", "Testcase Daughter").await?;
    keys.writes("contact-phone", "555 010 0199").await?;
    keys.chooses("stairs", "No").await?;
    keys.ticks("hazards", "None of these").await?;
    keys.presses("Next: Daily activities").await?;
    tablet.arrives_at("Daily activities").await?;
    for activity in ["bathing", "dressing", "toilet", "transfer", "eating", "walking"] {
        keys.chooses(&format!("adl-{activity}"), "With aids").await?;
    }
    tablet.sees("Some help needed").await?;
    keys.chooses("adl-helper", "A care service").await?;
    keys.presses("Next: Medicines").await?;
    tablet.arrives_at("Medicines").await?;

    // From here on by the key that leads to the next question without an answer, over the ends of sections.
    let next = || async {
        tablet.presses_with(&[CONTROL], ENTER)?;
        keys.sees_the_focus().await
    };
    next().await?;
    keys.stands_at("med-count").await?;
    tablet.types("0").await?;
    keys.chooses("allergies", "No").await?;
    next().await?;
    tablet.arrives_at("Mobility and falls").await?;
    keys.ticks("aids", "Stick").await?;
    keys.chooses("fell", "No").await?;
    keys.presses("Next: Nutrition").await?;
    tablet.arrives_at("Nutrition").await?;
    keys.chooses("weight-lost", "No").await?;
    keys.writes("meals", "7").await?;
    keys.presses("Next: Mood and safety").await?;
    tablet.arrives_at("Mood and safety").await?;
    keys.chooses("low", "Never").await?;
    keys.chooses("safe", "Yes").await?;

    // To the last question by finding it.
    tablet.presses_with(&[CONTROL, SHIFT], "F")?;
    keys.writes("Words or a code", "agree with this plan").await?;
    tablet.types(ENTER).await?;
    tablet.arrives_at("Plan and summary").await?;
    keys.chooses("agrees", "Yes").await?;
    keys.writes("summary", "All is well.").await?;
    nurse.sees_it_saved().await?;
    keys.presses("Check and finish").await?;
    tablet.arrives_at("Check and finish").await?;
    keys.presses("Make Pending").await?;
    tablet.sees("ready to be signed").await?;
    keys.presses("Sign and complete").await?;
    tablet.sees("You sign as").await?;
    keys.presses("Sign and complete").await?;
    tablet.arrives_at("Completed assessment").await?;
    nurse.mark_says("Online · all sent").await?;
    nurse.tablet.close().await
}
