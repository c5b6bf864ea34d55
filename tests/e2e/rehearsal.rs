//! A clerk rehearses: every step of the list, in one browser, with the tablet in a frame whose network is really gone.

use anyhow::{Result, ensure};
use journeys::people::SAMPLE_PASSWORD;
use journeys::{Browser, Device, Engine, Whole, in_every_engine};
use thirtyfour::prelude::*;

use crate::accessibility::is_accessible_everywhere;
use crate::people::{Nurse, S1, S2, S3};

const PHQ9: &str = "Patient Health Questionnaire (PHQ-9)";

/// One person who is the helpdesk at the console and the nurse at the tablet in its frame.
struct Rehearsing {
    nurse: Nurse,
}

impl Rehearsing {
    async fn begins(browser: Browser, whole: &Whole) -> Result<Self> {
        browser.show_on(Device::DESKTOP).await?;
        browser.go(&whole.url("/main/rehearsal")).await?;
        browser.fill("Username", "helpdesk1").await?;
        browser.fill("Password", SAMPLE_PASSWORD).await?;
        browser.press("Sign in").await?;
        browser.press("Begin a rehearsal").await?;
        browser.sees("of 19 seen").await?;
        Ok(Self {
            nurse: Nurse { tablet: browser },
        })
    }

    async fn console(&self) -> Result<&Browser> {
        self.nurse.tablet.leaves_the_frame().await?;
        Ok(&self.nurse.tablet)
    }

    async fn tablet(&self) -> Result<&Nurse> {
        self.nurse.tablet.enters_the_frame("tablet").await?;
        Ok(&self.nurse)
    }

    /// What stands in a part of the console, once it is there.
    async fn reads(&self, id: &str) -> Result<String> {
        let console = self.console().await?;
        let css = format!("#{id}");
        let text = journeys::until(id, || async {
            let found = console.raw().find(By::Css(&css)).await?;
            Ok(Some(found.text().await?))
        });
        Ok(text.await?.trim().to_owned())
    }

    async fn has_seen(&self, steps: usize) -> Result<()> {
        self.console().await?.sees(&format!("{steps} of 19 seen")).await
    }

    async fn switches_the_network(&self, to: &str) -> Result<()> {
        let console = self.console().await?;
        console.press(&format!("Switch {to} the network")).await?;
        console.sees(&format!("Network: {to}")).await
    }

    /// As the helpdesk; the temp password that is shown then.
    async fn resets(&self) -> Result<String> {
        self.console().await?.press("Reset password").await?;
        self.console().await?.sees("Temp password").await?;
        self.reads("temp").await
    }

    /// In the main application, which is shown in the frame, and back.
    async fn chooses_a_new_password(&self, login: &str, temp: &str) -> Result<String> {
        let new = self.reads("new").await?;
        self.console()
            .await?
            .press("Main application of the user")
            .await?;
        let frame = &self.tablet().await?.tablet;
        frame.sees("Ask the helpdesk for a reset").await?;
        frame.fill("Username", login).await?;
        frame.fill("Password", temp).await?;
        frame.press("Sign in").await?;
        frame.arrives_at("Choose a new password").await?;
        frame.fill("New password", &new).await?;
        frame.fill("New password again", &new).await?;
        frame.press("Change password").await?;
        frame.arrives_at("Your password has been changed").await?;
        frame.press("Back to Mobile Assessments").await?;
        frame.sees_no_more("Your password has been changed").await?;
        Ok(new)
    }
}

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
