//! The caseload: by when somebody is due, by name however it is typed, and the page of one client.

use anyhow::Result;
use journeys::{Engine, Whole, in_every_engine, until};
use thirtyfour::prelude::*;

use crate::forger::Forger;
use crate::people::{Nurse, SAMPLE_PASSWORD};
use crate::tricks::{run, run_until_done};

const PHQ9: &str = "Patient Health Questionnaire (PHQ-9)";

in_every_engine!(a_client_is_found_and_their_scores_are_seen);

async fn a_client_is_found_and_their_scores_are_seen(engine: Engine) -> Result<()> {
    let mut whole = Whole::start().await?;
    let nurse = Nurse::with_new_tablet_in(engine, &whole).await?;
    let tablet = &nurse.tablet;
    nurse.gets_in("field1", SAMPLE_PASSWORD).await?;
    nurse.sees_a_client().await?;
    let all = names(&nurse).await?;
    // Each client is in exactly one of: overdue, this week, later, no date. Today is part of this week.
    chooses(&nurse, "Overdue").await?;
    let overdue = names(&nurse).await?;
    chooses(&nurse, "This week").await?;
    let week = names(&nurse).await?;
    chooses(&nurse, "Today").await?;
    let today = names(&nurse).await?;
    assert!(
        overdue
            .iter()
            .all(|name| all.contains(name) && !week.contains(name))
    );
    assert!(
        today.iter().all(|name| week.contains(name)),
        "{today:?} in {week:?}"
    );
    let has = |names: &[String], name: &str| names.iter().any(|one| one == name);
    assert!(has(&week, "Testcase Amber"), "due in two days: {week:?}");
    assert!(
        has(&all, "Testcase Coral") && !has(&week, "Testcase Coral"),
        "{all:?}"
    );
    tablet.is_accessible().await?;
    chooses(&nurse, "All").await?;
    tablet.fill("Find a client", "amb TEST").await?;
    until("the one who is meant", || async {
        Ok((names(&nurse).await? == ["Testcase Amber"]).then_some(()))
    })
    .await?;

    tablet.press("Testcase Amber").await?;
    tablet.arrives_at("Testcase Amber").await?;
    tablet.sees("There are none on this tablet yet.").await?;
    tablet.is_accessible().await?;
    for round in ["Not at all", "Several days"] {
        tablet.press("Start assessment").await?;
        if round == "Several days" {
            // Whoever is choosing a form goes on choosing while the one before is sent.
            whole.start_again().await?;
            nurse.mark_says("Online · all sent").await?;
        }
        tablet.press(PHQ9).await?;
        nurse.answers_the_phq9().await?;
        nurse.chooses("/44255-8", round).await?;
        whole.stop().await?;
        nurse.signs_it().await?;
        tablet.press("Back to the caseload").await?;
        tablet.arrives_at("Caseload").await?;
        tablet.press("Testcase Amber").await?;
        tablet.arrives_at("Testcase Amber").await?;
    }
    tablet.sees("Scores over time").await?;
    tablet.sees("today").await?;
    let rows = tablet.raw().find_all(By::Css(".trend tbody tr")).await?;
    assert_eq!(rows.len(), 2, "a row for each signed assessment");
    tablet.is_accessible().await?;
    nurse.tablet.close().await
}

/// Two thousand clients are drawn, found and scrolled as twenty are: what is on the page is what is near the screen. The
/// times are printed, with `--nocapture`, and not judged: the machine has other work.
#[tokio::test]
async fn two_thousand_clients_are_as_light_as_twenty() -> Result<()> {
    for count in [20, 2_000] {
        let mut whole = Whole::start().await?;
        let nurse = Nurse::with_new_tablet(&whole).await?;
        let tablet = &nurse.tablet;
        nurse.gets_in("field1", SAMPLE_PASSWORD).await?;
        nurse.mark_says("Online · all sent").await?;
        let forger = Forger::with(tablet, &whole, "field1", SAMPLE_PASSWORD).await?;
        whole.stop().await?;
        forger.fills_the_caseload(tablet, count).await?;
        tablet.reload().await?;
        nurse.gets_in("field1", SAMPLE_PASSWORD).await?;
        tablet.sees("Testcase Number0000").await?;
        let cards = run(tablet, "return document.querySelectorAll('.client').length").await?;
        assert!(
            cards.as_u64() <= Some(40),
            "{cards} cards for a page that shows a few"
        );

        let scrolled = run_until_done(tablet, SCROLLS).await?;
        eprintln!("{count} clients: {scrolled}");
        let last = format!("Testcase Number{:04}", count - 1);
        let begun = std::time::Instant::now();
        tablet
            .fill("Find a client", last.trim_start_matches("Testcase "))
            .await?;
        tablet.sees(&last).await?;
        eprintln!(
            "{count} clients: the last one found {} ms after typing began",
            begun.elapsed().as_millis()
        );
        nurse.tablet.close().await?;
    }
    Ok(())
}

/// Scrolls as a thumb does for 120 frames, and says how long the frames took.
const SCROLLS: &str = "const times = []; let before = performance.now(), frame = 0;
    const step = now => {
      times.push(now - before); before = now;
      if (++frame < 120) { scrollBy(0, 120); return requestAnimationFrame(step); }
      times.shift(); times.sort((a, b) => a - b);
      const at = part => times[Math.floor((times.length - 1) * part)].toFixed(1);
      done(`frames of ${at(0.5)} ms (half), ${at(0.95)} ms (95 of 100), ${at(1)} ms (the longest); `
        + `${document.querySelectorAll('.client').length} cards after it`);
    };
    requestAnimationFrame(step);";

/// In one glance, since between two of them the list may be drawn anew; of cards below the fold too, which have no `innerText`.
async fn names(nurse: &Nurse) -> Result<Vec<String>> {
    let script = "return [...document.querySelectorAll('li h2')].map(name => name.textContent.trim())";
    Ok(serde_json::from_value(run(&nurse.tablet, script).await?)?)
}

/// Taps one of the choices of when somebody is due.
async fn chooses(nurse: &Nurse, when: &str) -> Result<()> {
    let label = format!("//fieldset[legend='Due']//label[normalize-space()='{when}']");
    nurse.tablet.clicks_on(By::XPath(label), when).await
}
