//! Every form of a folder drawn in Chromium, filled in, opened again and looked at, on a phone in the light and on a desktop in the
//! dark: `drawn PAGE FORMS`. `cargo xtask drawn` makes the page (`benches/form-page`) and calls this.
#![allow(clippy::print_stdout, reason = "its output is the result")]

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, ensure};
use journeys::{Browser, Device, Whole};
use serde_json::Value;

/// More items than these on one page are drawn and filled in, and not looked at: the looking alone would take minutes.
const LOOKED_AT: u64 = 1_500;

#[tokio::main]
async fn main() -> Result<()> {
    let words: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    let [page, folder] = &*words else {
        anyhow::bail!("drawn needs the folders of the page and of the forms");
    };
    let forms = forms_in(folder)?;
    let whole = Whole::serving(page.clone()).await?;
    let mut wrong = 0;
    for device in [Device::PHONE, Device::DESKTOP.in_the_dark()] {
        let (mut browser, mut drawn) = (on(device, &whole).await?, 0);
        for form in &forms {
            let name = form.file_stem().unwrap_or_default().to_string_lossy();
            let found = look(&browser, form)
                .await
                .unwrap_or_else(|error| vec![format!("{error:#}")]);
            drawn += usize::from(found.is_empty());
            for one in &found {
                println!("{name}: {one}");
            }
            if !found.is_empty() {
                browser.close().await?;
                browser = on(device, &whole).await?;
            }
        }
        browser.close().await?;
        let shade = if device.dark { "dark" } else { "light" };
        println!(
            "{drawn} of {} forms at {}x{}, {shade}",
            forms.len(),
            device.width,
            device.height
        );
        wrong += forms.len() - drawn;
    }
    ensure!(wrong == 0, "{wrong} times a form was not as it should be");
    Ok(())
}

fn forms_in(folder: &Path) -> Result<Vec<PathBuf>> {
    let listed = std::fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    let mut forms = listed
        .map(|entry| Ok(entry?.path()))
        .collect::<Result<Vec<PathBuf>>>()?;
    forms.retain(|form| form.extension() == Some(OsStr::new("json")));
    forms.sort();
    ensure!(!forms.is_empty(), "there is no form in {}", folder.display());
    Ok(forms)
}

async fn on(device: Device, whole: &Whole) -> Result<Browser> {
    let browser = Browser::open().await?;
    browser.show_on(device).await?;
    browser.go(&whole.url("/?whole")).await?;
    Ok(browser)
}

/// What is wrong with a form, as it is drawn.
async fn look(browser: &Browser, form: &Path) -> Result<Vec<String>> {
    let text = std::fs::read_to_string(form).with_context(|| format!("cannot read {}", form.display()))?;
    let questionnaire: Value = serde_json::from_str(&text)?;
    let found = browser
        .raw()
        .execute_async(include_str!("drawn.js"), vec![questionnaire])
        .await?;
    let mut found: Vec<String> = serde_json::from_value(found.json().clone())?;
    let count = browser
        .raw()
        .execute(
            "return document.querySelectorAll('[data-linkid]').length;",
            vec![],
        )
        .await?;
    if count.json().as_u64().unwrap_or_default() <= LOOKED_AT {
        let looks = [
            browser.is_readable().await,
            browser.is_no_wider_than_the_screen().await,
            browser.is_easy_to_press().await,
            browser.is_accessible().await,
        ];
        found.extend(
            looks
                .into_iter()
                .filter_map(Result::err)
                .map(|error| format!("{error:#}")),
        );
    }
    Ok(found)
}
