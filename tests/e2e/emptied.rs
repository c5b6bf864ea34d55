//! Storage that was emptied, by the browser or by hand: told from a new tablet, said in plain words, and reported.

use anyhow::{Context as _, Result};
use journeys::{Browser, Whole};
use serde_json::json;

use crate::people::{Clerk, Nurse, SAMPLE_PASSWORD};
use crate::tricks::run;

const EMPTIED: &str = "The browser has removed what was stored on this tablet.";
const INTAKE: &str = "Home care intake";

/// Empties these kinds of storage, by the browser's names, and opens the app again.
async fn loses(tablet: &Browser, whole: &Whole, kinds: &str) -> Result<()> {
    tablet.go("about:blank").await?;
    let origin = whole.url("");
    tablet
        .devtools(
            "Storage.clearDataForOrigin",
            json!({ "origin": origin, "storageTypes": kinds }),
        )
        .await?;
    tablet.go(&whole.url("/")).await?;
    tablet.arrives_at("Sign in").await
}

async fn kept_id(tablet: &Browser) -> Result<String> {
    let id = run(tablet, "return localStorage.getItem('device')").await?;
    Ok(id.as_str().context("the id in local storage")?.to_owned())
}

#[tokio::test]
async fn emptied_storage_is_said_aloud_reported_and_told_from_a_new_tablet() -> Result<()> {
    let mut whole = Whole::start().await?;
    let nurse = Nurse::with_new_tablet(&whole).await?;
    let tablet = &nurse.tablet;
    nurse.gets_in("field1", SAMPLE_PASSWORD).await?;
    nurse.mark_says("Online · all sent").await?;
    let id = kept_id(tablet).await?;

    // Local storage alone: nothing is lost, and the id is put back.
    loses(tablet, &whole, "local_storage").await?;
    journeys::until("the id is back", || async { Ok(kept_id(tablet).await.ok()) }).await?;
    assert_eq!(kept_id(tablet).await?, id);
    assert!(!tablet.text().await?.contains(EMPTIED));

    // Offline with work that is not sent; then the database goes.
    nurse.gets_in("field1", SAMPLE_PASSWORD).await?;
    let client = nurse.sees_a_client().await?;
    whole.stop().await?;
    nurse.starts(&client, INTAKE).await?;
    nurse.chooses("identity", "Yes").await?;
    nurse.sees_it_saved().await?;
    loses(tablet, &whole, "indexeddb").await?;
    tablet.sees(EMPTIED).await?;
    tablet
        .sees("Assessments that had not been sent from here are lost.")
        .await?;
    // It is no passing word: it stands there after the next start too, and says more once that is known.
    tablet.reload().await?;
    tablet.sees(EMPTIED).await?;
    whole.start_again().await?;
    tablet.reload().await?;
    tablet
        .sees("and nothing was left to send then. What was filled in here after that is lost.")
        .await?;
    tablet
        .sees("Sign in with a network: that tells the helpdesk.")
        .await?;
    nurse.gets_in("field1", SAMPLE_PASSWORD).await?;
    tablet
        .sees("The main application has been told, and the helpdesk can see it.")
        .await?;
    assert_eq!(kept_id(tablet).await?, id, "the tablet is still itself");
    tablet.is_accessible().await?;
    tablet.press("I have read this").await?;
    tablet.sees_no_more(EMPTIED).await?;
    nurse.signs_out().await?;
    assert!(!tablet.text().await?.contains(EMPTIED));
    let clerk = Clerk::signs_in(&whole).await?;
    clerk
        .desk
        .sees("Tablets whose storage was emptied by the browser")
        .await?;
    clerk.desk.is_accessible().await?;
    clerk.desk.close().await?;

    // Both storages: the main application's cookie remembers.
    loses(tablet, &whole, "indexeddb,local_storage").await?;
    tablet.sees(EMPTIED).await?;
    tablet.sees("and nothing was left to send then.").await?;
    assert_eq!(kept_id(tablet).await?, id);
    nurse.gets_in("field1", SAMPLE_PASSWORD).await?;
    tablet.press("I have read this").await?;
    tablet.sees_no_more(EMPTIED).await?;

    // Everything, the cookie included: a new tablet.
    loses(tablet, &whole, "all").await?;
    nurse.gets_in("field1", SAMPLE_PASSWORD).await?;
    assert_ne!(kept_id(tablet).await?, id);
    assert!(!tablet.text().await?.contains(EMPTIED));
    nurse.tablet.close().await
}
