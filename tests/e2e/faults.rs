//! Storage, workers and clocks that fail at the wrong moment: the user is told, and nothing is lost.

use anyhow::Result;
use journeys::{Browser, Version, Whole, until};
use serde_json::json;

use crate::people::{Nurse, S1, S3, SAMPLE_PASSWORD};
use crate::tricks::{self, prepare, run};

const INTAKE: &str = "Home care intake";

/// A tablet whose pages are prepared by a script.
async fn tablet_with(script: &str, url: &str) -> Result<Nurse> {
    let tablet = Browser::open().await?;
    prepare(&tablet, script).await?;
    Nurse::with(tablet, url).await
}

async fn fill(nurse: &Nurse, full: bool) -> Result<()> {
    run(&nurse.tablet, &format!("failWrites({full})")).await.map(drop)
}

#[tokio::test]
async fn a_full_storage_at_the_sign_in_opens_no_session() -> Result<()> {
    let whole = Whole::start().await?;
    let nurse = tablet_with(tricks::FULL, &whole.url("/")).await?;
    fill(&nurse, true).await?;
    nurse.is_refused("field1", SAMPLE_PASSWORD, S3).await?;
    nurse
        .tablet
        .sees("This tablet could not store the sign-in. Free some space on the tablet, then try again.")
        .await?;
    // Its own trouble is no reason for an Access Request.
    assert!(!nurse.tablet.text().await?.contains("Access Request"));
    fill(&nurse, false).await?;
    nurse.gets_in("field1", SAMPLE_PASSWORD).await?;
    nurse.tablet.close().await
}

#[tokio::test]
async fn a_full_storage_at_an_answer_is_told_and_the_form_stays_open_until_there_is_room() -> Result<()> {
    let whole = Whole::start().await?;
    let nurse = tablet_with(tricks::FULL, &whole.url("/")).await?;
    nurse.gets_in("field1", SAMPLE_PASSWORD).await?;
    nurse.starts("Testcase Amber", INTAKE).await?;
    nurse.chooses("interpreter", "Yes").await?;
    nurse.sees_it_saved().await?;
    fill(&nurse, true).await?;
    nurse.writes("language", "Portuguese").await?;
    nurse.tablet.sees("Your last answers are not saved.").await?;
    nurse
        .tablet
        .sees("Free some space and keep this page open")
        .await?;
    // Whoever signs out now would lose it: the page stays.
    nurse.tablet.press("Menu").await?;
    nurse.tablet.press("Sign out").await?;
    nurse.tablet.sees("Your last answers are not saved.").await?;
    assert_eq!(nurse.reads("language").await?, "Portuguese");
    fill(&nurse, false).await?;
    it_is_saved_after_all(&nurse, "Portuguese").await?;
    nurse.tablet.close().await
}

/// Pressed again, and there after a reload, with what was saved before.
async fn it_is_saved_after_all(nurse: &Nurse, language: &str) -> Result<()> {
    nurse.tablet.press("Try again").await?;
    nurse
        .tablet
        .sees_no_more("Your last answers are not saved.")
        .await?;
    nurse.sees_it_saved().await?;
    nurse.tablet.reload().await?;
    nurse.types("field1", SAMPLE_PASSWORD).await?;
    nurse.finds_chosen("interpreter", "Yes").await?;
    assert_eq!(nurse.reads("language").await?, language);
    Ok(())
}

/// By a quota, set from outside: Chromium has no other means to be full in earnest.
#[tokio::test]
async fn a_storage_that_is_really_full_is_told_and_saves_as_soon_as_there_is_room() -> Result<()> {
    let whole = Whole::start().await?;
    let nurse = Nurse::with_new_tablet(&whole).await?;
    nurse.gets_in("field1", SAMPLE_PASSWORD).await?;
    nurse.starts("Testcase Amber", INTAKE).await?;
    nurse.chooses("interpreter", "Yes").await?;
    nurse.sees_it_saved().await?;
    let origin = whole.url("");
    let quota = json!({ "origin": origin, "quotaSize": 1 });
    nurse
        .tablet
        .devtools("Storage.overrideQuotaForOrigin", quota)
        .await?;
    // Chromium looks at the quota from time to time only, and takes what it found for true meanwhile.
    let typed = until("a save that is refused", || async {
        nurse.writes("language", "x").await?;
        let refused = nurse
            .tablet
            .text()
            .await?
            .contains("Your last answers are not saved.");
        Ok(if refused {
            Some(nurse.reads("language").await?)
        } else {
            None
        })
    })
    .await?;
    nurse
        .tablet
        .sees("The storage of this tablet is full. Free some space and keep this page open")
        .await?;
    assert_eq!(nurse.reads("language").await?, typed, "it stands there still");
    nurse
        .tablet
        .devtools("Storage.overrideQuotaForOrigin", json!({ "origin": origin }))
        .await?;
    it_is_saved_after_all(&nurse, &typed).await?;
    nurse.tablet.close().await
}

#[tokio::test]
async fn a_new_version_in_another_tab_that_needs_the_storage_waits_until_the_old_tab_has_saved() -> Result<()>
{
    const WORDS: &str = "Mobile Assessments was updated in another tab. Your answers are saved, and this page can store \
                         nothing more.";
    let whole = Whole::start().await?;
    let nurse = Nurse::with_new_tablet(&whole).await?;
    let driver = nurse.tablet.raw();
    nurse.gets_in("field1", SAMPLE_PASSWORD).await?;
    nurse.starts("Testcase Amber", INTAKE).await?;
    nurse.chooses("interpreter", "Yes").await?;
    nurse.sees_it_saved().await?;
    let first = driver.window().await?;
    let second = driver.new_tab().await?;
    driver.switch_to_window(second.clone()).await?;
    // A page of ours that is not the app: a newer version would open the database like this. It thinks better of it then, so
    // that this version can read it again.
    nurse.tablet.go(&whole.url("/health")).await?;
    run(
        &nurse.tablet,
        "window.upgraded = 'asked';
         window.upgrade = () => {
           const asked = indexedDB.open('mobile-assessments', 2);
           asked.onupgradeneeded = () => { window.upgraded = 'open'; asked.transaction.abort(); };
         };",
    )
    .await?;
    driver.switch_to_window(first.clone()).await?;
    // In the middle of a word: nothing has saved it yet.
    nurse.writes("language", "Portug").await?;
    driver.switch_to_window(second.clone()).await?;
    run(&nurse.tablet, "upgrade()").await?;
    until("the newer version has the storage", || async {
        let state = run(&nurse.tablet, "return window.upgraded").await?;
        Ok((state == json!("open")).then_some(()))
    })
    .await?;
    driver.switch_to_window(first).await?;
    nurse.tablet.sees(WORDS).await?;
    nurse.tablet.is_accessible().await?;
    assert_eq!(
        run(&nurse.tablet, "return !!document.querySelector('dialog:modal')").await?,
        json!(true),
        "nobody types on into what cannot be saved"
    );

    nurse.tablet.press("Reload").await?;
    nurse.tablet.arrives_at("Sign in").await?;
    nurse
        .tablet
        .sees("Mobile Assessments was updated. Sign in to go on.")
        .await?;
    nurse.types("field1", SAMPLE_PASSWORD).await?;
    nurse.finds_chosen("interpreter", "Yes").await?;
    assert_eq!(nurse.reads("language").await?, "Portug");
    nurse.tablet.close().await
}

#[tokio::test]
async fn an_update_in_the_middle_of_a_session_waits_and_loses_no_work() -> Result<()> {
    const BANNER: &str = "A new version of Mobile Assessments is ready.";
    let version = Version::current()?;
    let whole = Whole::serving(version.path()).await?;
    let nurse = Nurse::with_new_tablet(&whole).await?;
    nurse.gets_in("field1", SAMPLE_PASSWORD).await?;
    nurse.starts("Testcase Amber", INTAKE).await?;
    nurse.chooses("interpreter", "Yes").await?;
    run(&nurse.tablet, "window.isTheSamePage = true").await?;

    // A deployment that broke off: the old version goes on, whole.
    version.publish("the second version")?;
    version.break_off()?;
    nurse.tablet.looks_for_an_update().await?;
    assert_eq!(nurse.tablet.versions_kept().await?, 1);

    // Whole, it waits. Nothing moves under the finger that is answering, and nothing reloads.
    version.complete()?;
    nurse.tablet.looks_for_an_update().await?;
    nurse.writes("language", "Portuguese").await?;
    nurse.sees_it_saved().await?;
    assert!(!nurse.tablet.text().await?.contains(BANNER));
    assert!(!nurse.tablet.runs("the second version").await?);
    nurse.goes_to_the_caseload().await?;
    nurse.tablet.sees(BANNER).await?;
    assert!(!nurse.tablet.runs("the second version").await?);
    assert_eq!(
        run(&nurse.tablet, "return window.isTheSamePage === true").await?,
        json!(true),
        "nothing reloads by itself"
    );
    nurse.tablet.press("Update now").await?;
    until("the page is loaded anew", || async {
        let fresh = "return !window.isTheSamePage && document.readyState === 'complete'";
        Ok((run(&nurse.tablet, fresh).await? == json!(true)).then_some(()))
    })
    .await?;
    nurse.tablet.arrives_at("Sign in").await?;
    assert!(nurse.tablet.runs("the second version").await?);
    nurse.gets_in("field1", SAMPLE_PASSWORD).await?;
    nurse.opens("Testcase Amber", INTAKE).await?;
    nurse.finds_chosen("interpreter", "Yes").await?;
    assert_eq!(nurse.reads("language").await?, "Portuguese");
    nurse.tablet.close().await
}

#[tokio::test]
async fn a_browser_without_storage_says_so_and_asks_nobody() -> Result<()> {
    let whole = Whole::start().await?;
    let nurse = tablet_with(tricks::NO_STORAGE, &whole.url("/")).await?;
    nurse.tablet.sees("This tablet cannot be used just now.").await?;
    nurse.types("field1", SAMPLE_PASSWORD).await?;
    nurse.tablet.sees(S3).await?;
    nurse
        .tablet
        .sees("The storage of this tablet cannot be opened. Close other tabs of this site, leave private browsing")
        .await?;
    nurse.tablet.sees("Nothing stored here has been changed.").await?;
    nurse.tablet.close().await
}

#[tokio::test]
async fn a_worker_that_dies_while_it_derives_is_an_error_and_the_next_try_works() -> Result<()> {
    let mut whole = Whole::start().await?;
    let nurse = tablet_with(tricks::KILL_WORKERS, &whole.url("/")).await?;
    nurse.gets_in("field1", SAMPLE_PASSWORD).await?;
    nurse.signs_out().await?;
    whole.stop().await?;
    for death in ["loudly", "silently"] {
        run(&nurse.tablet, &format!("window.killing = '{death}'")).await?;
        nurse.is_refused("field1", SAMPLE_PASSWORD, S3).await?;
        nurse
            .tablet
            .sees("This tablet could not check the password just now. Close other apps and tabs, then try again.")
            .await?;
        // It was no wrong password: no way to a reset is offered, however often it happens.
        assert!(!nurse.tablet.text().await?.contains("get a new one"));
    }
    run(&nurse.tablet, "window.killing = null").await?;
    nurse.gets_in("field1", SAMPLE_PASSWORD).await?;
    assert!(
        !nurse.tablet.text().await?.contains("failed attempt"),
        "no strike of any kind"
    );
    nurse.tablet.close().await
}

#[tokio::test]
async fn the_clock_of_the_tablet_decides_nothing() -> Result<()> {
    let mut whole = Whole::start().await?;
    let nurse = tablet_with(tricks::CLOCK, &whole.url("/")).await?;
    nurse.gets_in("field1", SAMPLE_PASSWORD).await?;
    nurse.sees_a_client().await?;
    nurse.signs_out().await?;
    whole.stop().await?;
    for (year, word) in [(1970, "Basque"), (2099, "Catalan"), (2026, "Danish")] {
        run(&nurse.tablet, &format!("setClock(Date.UTC({year}, 1, 3))")).await?;
        nurse.tablet.reload().await?;
        nurse.is_refused("field1", "not-the-password", S1).await?;
        nurse.gets_in("field1", SAMPLE_PASSWORD).await?;
        if year == 1970 {
            nurse.starts("Testcase Amber", INTAKE).await?;
            nurse.chooses("interpreter", "Yes").await?;
        } else {
            nurse.opens("Testcase Amber", INTAKE).await?;
            nurse.field_of("language").await?.clear().await?;
        }
        nurse.writes("language", word).await?;
        nurse.sees_it_saved().await?;
        nurse.goes_to_the_caseload().await?;
        nurse.signs_out().await?;
    }
    whole.start_again().await?;
    nurse.gets_in("field1", SAMPLE_PASSWORD).await?;
    nurse.mark_says("Online · all sent").await?;
    nurse.opens("Testcase Amber", INTAKE).await?;
    assert_eq!(nurse.reads("language").await?, "Danish");
    nurse.tablet.close().await
}

#[tokio::test]
async fn an_idle_lock_in_mid_word_keeps_the_draft_and_the_back_button_stays_locked() -> Result<()> {
    let whole = Whole::start().await?;
    let nurse = tablet_with(tricks::CLOCK, &whole.url("/")).await?;
    nurse.gets_in("field1", SAMPLE_PASSWORD).await?;
    nurse.starts("Testcase Amber", INTAKE).await?;
    nurse.chooses("interpreter", "Yes").await?;
    nurse.writes("language", "Portug").await?;
    // A touch a moment before the time is over keeps it open; nobody touches it after that.
    run(&nurse.tablet, "later(14.5 * 60000)").await?;
    nurse.tablet.sees("Are you still there?").await?;
    nurse.writes("language", "u").await?;
    nurse.tablet.sees_no_more("Are you still there?").await?;
    run(&nurse.tablet, "later(15 * 60000)").await?;
    nurse.tablet.arrives_at("Sign in").await?;
    nurse
        .tablet
        .sees("You were signed out because the tablet was not used for 15 minutes. Your answers are saved.")
        .await?;
    nurse.tablet.raw().back().await?;
    nurse.tablet.arrives_at("Sign in").await?;
    nurse.tablet.raw().forward().await?;
    nurse.tablet.arrives_at("Sign in").await?;
    nurse.types("field1", SAMPLE_PASSWORD).await?;
    nurse.finds_chosen("interpreter", "Yes").await?;
    assert_eq!(nurse.reads("language").await?, "Portugu");
    nurse.tablet.close().await
}

#[tokio::test]
async fn markup_that_is_typed_as_an_answer_is_text() -> Result<()> {
    const MARKUP: &str = "<img src=x onerror=document.title='owned'><b>bold</b>";
    let whole = Whole::start().await?;
    let nurse = Nurse::with_new_tablet(&whole).await?;
    nurse.gets_in("field1", SAMPLE_PASSWORD).await?;
    nurse.starts("Testcase Amber", INTAKE).await?;
    nurse.chooses("identity", "No").await?;
    nurse.writes("identity-why", MARKUP).await?;
    nurse.sees_it_saved().await?;
    nurse.tablet.reload().await?;
    nurse.types("field1", SAMPLE_PASSWORD).await?;
    nurse.finds_chosen("identity", "No").await?;
    assert_eq!(nurse.reads("identity-why").await?, MARKUP);
    nurse.tablet.press("Sections").await?;
    nurse.goes_to_the_end().await?;
    let made =
        "return [document.querySelectorAll('main img, main b').length, document.title.includes('owned')]";
    assert_eq!(run(&nurse.tablet, made).await?, json!([0, false]));
    nurse.tablet.close().await
}
