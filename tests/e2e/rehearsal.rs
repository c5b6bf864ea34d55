//! A clerk rehearses: every step of the list, in one browser, with the tablet in a frame whose network is really gone.

use anyhow::{Result, ensure};
use journeys::people::{Rehearsing, S1, S2, S3};
use journeys::{Browser, Device, Engine, Whole, in_every_engine};
use thirtyfour::prelude::*;

use crate::accessibility::is_accessible_everywhere;

const PHQ9: &str = "Patient Health Questionnaire (PHQ-9)";

in_every_engine!(a_clerk_tries_every_case_in_one_browser);

async fn a_clerk_tries_every_case_in_one_browser(engine: Engine) -> Result<()> {
    let whole = Whole::rehearsing().await?;
    let rehearsing = Rehearsing::begins(Browser::open_in(engine).await?, &whole).await?;
    let (login, password) = (
        rehearsing.reads("login").await?,
        rehearsing.reads("password").await?,
    );

    // Signing in with a network.
    rehearsing.has_seen(1).await?;
    rehearsing.tablet().await?.gets_in(&login, &password).await?;
    rehearsing.has_seen(2).await?;
    let nurse = rehearsing.tablet().await?;
    nurse.signs_out().await?;
    nurse.is_refused("nobody", "anything", S3).await?;
    nurse.is_refused(&login, "wrong-1", S1).await?;
    rehearsing.has_seen(4).await?;

    // The lock.
    let nurse = rehearsing.tablet().await?;
    nurse.is_refused(&login, "wrong-2", S1).await?;
    nurse.is_refused(&login, "wrong-3", S2).await?;
    nurse.is_refused(&login, &password, S2).await?;
    rehearsing.has_seen(6).await?;
    rehearsing.switches_the_network("off").await?;
    let nurse = rehearsing.tablet().await?;
    nurse.mark_says("Offline").await?;
    nurse.gets_in(&login, &password).await?;
    rehearsing.has_seen(7).await?;

    // Case A.
    rehearsing.tablet().await?.signs_out().await?;
    rehearsing.switches_the_network("on").await?;
    let temp = rehearsing.resets().await?;
    rehearsing.has_seen(8).await?;
    let nurse = rehearsing.tablet().await?;
    nurse.gets_in(&login, &temp).await?;
    nurse
        .tablet
        .sees("Offline sign-in on this tablet starts after you have changed it")
        .await?;
    nurse.signs_out().await?;
    rehearsing.has_seen(9).await?;
    rehearsing.switches_the_network("off").await?;
    rehearsing.tablet().await?.is_refused(&login, &temp, S1).await?;
    rehearsing.has_seen(10).await?;
    rehearsing.switches_the_network("on").await?;
    let new = rehearsing.chooses_a_new_password(&login, &temp).await?;
    rehearsing.has_seen(11).await?;
    rehearsing.tablet().await?.gets_in(&login, &new).await?;
    rehearsing.has_seen(12).await?;

    // Case B.
    rehearsing.switches_the_network("off").await?;
    let nurse = rehearsing.tablet().await?;
    let client = nurse.sees_a_client().await?;
    nurse.starts(&client, PHQ9).await?;
    nurse.chooses("/44250-9", "Several days").await?;
    nurse.sees_it_saved().await?;
    rehearsing.has_seen(13).await?;
    let nurse = rehearsing.tablet().await?;
    nurse.signs_out().await?;
    for wrong in ["wrong-1", "wrong-2", "wrong-3"] {
        nurse.is_refused(&login, wrong, S1).await?;
    }
    rehearsing.has_seen(14).await?;
    let temp = rehearsing.resets().await?;
    rehearsing.has_seen(15).await?;
    rehearsing.switches_the_network("on").await?;
    let new = rehearsing.chooses_a_new_password(&login, &temp).await?;
    rehearsing.has_seen(16).await?;
    rehearsing.tablet().await?.gets_in(&login, &new).await?;
    rehearsing.has_seen(18).await?;
    rehearsing.tablet().await?.signs_out().await?;
    rehearsing.switches_the_network("off").await?;
    rehearsing.tablet().await?.gets_in(&login, &new).await?;
    rehearsing.has_seen(19).await?;
    rehearsing.console().await?.sees("All done.").await?;

    // And again from the start, on a tablet that has forgotten everything.
    rehearsing.console().await?.press("Start over").await?;
    rehearsing.has_seen(1).await?;
    let other = rehearsing.reads("login").await?;
    ensure!(other != login, "the user is another one");
    let nurse = rehearsing.tablet().await?;
    nurse.tablet.arrives_at("Sign in").await?;
    nurse.is_refused(&login, &new, S3).await?;
    rehearsing.nurse.tablet.close().await
}

in_every_engine!(the_rehearsal_is_accessible);

async fn the_rehearsal_is_accessible(engine: Engine) -> Result<()> {
    let whole = Whole::rehearsing().await?;
    let rehearsing = Rehearsing::begins(Browser::open_in(engine).await?, &whole).await?;
    rehearsing.has_seen(1).await?;
    let console = rehearsing.console().await?;
    is_accessible_everywhere(console, "the rehearsal").await?;
    console.show_on(Device::DESKTOP).await?;
    // By the keyboard: what is pressed stays where it is, and keeps the focus.
    let switch = console.raw().find(By::Id("switch")).await?;
    switch.focus().await?;
    switch.send_keys(Key::Enter + "").await?;
    console.sees("Network: off").await?;
    let focused = console.raw().active_element().await?;
    ensure!(focused.id().await?.as_deref() == Some("switch"));
    rehearsing.resets().await?;
    is_accessible_everywhere(console, "the rehearsal, with a temp password").await?;
    for device in [Device::TABLET, Device::DESKTOP] {
        console.show_on(device).await?;
        ensure!(
            too_small(console).await?.is_empty(),
            "{:?}",
            too_small(console).await?
        );
    }
    console.press("End").await?;
    console.sees("Begin a rehearsal").await?;
    is_accessible_everywhere(console, "before a rehearsal").await?;
    rehearsing.nurse.tablet.close().await
}

/// What can be pressed and is lower than 44 px.
async fn too_small(browser: &Browser) -> Result<Vec<String>> {
    let script = "return [...document.querySelectorAll('main button, main a[href]')]
        .filter(e => e.checkVisibility() && e.getBoundingClientRect().height < 44).map(e => e.innerText);";
    let found = browser.raw().execute(script, vec![]).await?;
    Ok(serde_json::from_value(found.json().clone())?)
}
