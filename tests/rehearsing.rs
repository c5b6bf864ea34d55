//! Who rehearses: a clerk at the console, and the nurse at the tablet in its frame, who are one person in one browser.

use anyhow::Result;
use thirtyfour::prelude::*;

use crate::people::{Nurse, SAMPLE_PASSWORD};
use crate::{Browser, Device, Whole, until};

/// One person who is the helpdesk at the console and the nurse at the tablet in its frame.
pub struct Rehearsing {
    pub nurse: Nurse,
}

impl Rehearsing {
    pub async fn begins(browser: Browser, whole: &Whole) -> Result<Self> {
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

    pub async fn console(&self) -> Result<&Browser> {
        self.nurse.tablet.leaves_the_frame().await?;
        Ok(&self.nurse.tablet)
    }

    pub async fn tablet(&self) -> Result<&Nurse> {
        self.nurse.tablet.enters_the_frame("tablet").await?;
        Ok(&self.nurse)
    }

    /// What stands in a part of the console, once it is there.
    pub async fn reads(&self, id: &str) -> Result<String> {
        let console = self.console().await?;
        let css = format!("#{id}");
        let text = until(id, || async {
            let found = console.raw().find(By::Css(&css)).await?;
            Ok(Some(found.text().await?))
        });
        Ok(text.await?.trim().to_owned())
    }

    pub async fn has_seen(&self, steps: usize) -> Result<()> {
        self.console().await?.sees(&format!("{steps} of 19 seen")).await
    }

    pub async fn switches_the_network(&self, to: &str) -> Result<()> {
        let console = self.console().await?;
        console.press(&format!("Switch {to} the network")).await?;
        console.sees(&format!("Network: {to}")).await
    }

    /// As the helpdesk; the temp password that is shown then.
    pub async fn resets(&self) -> Result<String> {
        self.console().await?.press("Reset password").await?;
        self.console().await?.sees("Temp password").await?;
        self.reads("temp").await
    }

    /// In the main application, which is shown in the frame, and back.
    pub async fn chooses_a_new_password(&self, login: &str, temp: &str) -> Result<String> {
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
