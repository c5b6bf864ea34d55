//! Every kind of question, on one form: answered with a finger and with keys, without a network; it survives a reload, is
//! sent, and a colleague's tablet has the very same photograph, file and signature.

use anyhow::{Context as _, Result, ensure};
use journeys::{Engine, Whole, in_every_engine, until};
use serde_json::{Value, json};
use thirtyfour::prelude::*;

use crate::accessibility::is_accessible_everywhere;
use crate::people::{Nurse, SAMPLE_PASSWORD};

const FORM: &str = "Every kind of question";
/// A client of field1 and of field2.
const CLIENT: &str = "Testcase Coral";

/// The field for a unit that is not in its list.
const OWN_UNIT: &str = "div[data-linkid='water'] .input-own-unit";

in_every_engine!(every_kind_of_question_is_answered_survives_and_arrives);

async fn every_kind_of_question_is_answered_survives_and_arrives(engine: Engine) -> Result<()> {
    let mut whole = Whole::start().await?;
    let nurse = Nurse::with_new_tablet_in(engine, &whole).await?;
    let tablet = &nurse.tablet;
    nurse.gets_in("field1", SAMPLE_PASSWORD).await?;
    tablet.sees("Start assessment").await?;
    whole.stop().await?;
    nurse.starts(CLIENT, FORM).await?;
    tablet.arrives_at("Choosing").await?;
    let by_hand = Hand { nurse: &nurse };
    for (title, next) in [
        ("Choosing", Some("Numbers, dates and times")),
        ("Numbers, dates and times", Some("Words")),
        ("Words", Some("Tables and lists")),
        ("Tables and lists", Some("Explanations")),
        ("Explanations", Some("Photographs, files and signatures")),
        ("Photographs, files and signatures", None),
    ] {
        match title {
            "Choosing" => by_hand.chooses().await,
            "Words" => by_hand.writes().await,
            "Tables and lists" => by_hand.fills_in_tables().await,
            "Explanations" => by_hand.asks_for_explanations().await,
            "Photographs, files and signatures" => by_hand.attaches_and_signs().await,
            _ => by_hand.counts().await,
        }
        .with_context(|| format!("on the page “{title}”"))?;
        nurse.sees_it_saved().await?;
        if engine == Engine::Chromium {
            is_accessible_everywhere(tablet, title).await?;
            by_hand
                .nothing_is_cut_off_at_twice_the_size()
                .await
                .with_context(|| title.to_owned())?;
        }
        if let Some(next) = next {
            tablet.press_at(".bar .button-primary").await?;
            tablet.arrives_at(next).await?;
        }
    }
    let before = by_hand.attachments().await?;
    ensure!(
        before.len() == 3,
        "a photograph, a file and a signature: {}",
        before.len()
    );

    // A restart without a network, and everything stands there as it was left.
    tablet.reload().await?;
    nurse.types("field1", SAMPLE_PASSWORD).await?;
    tablet.arrives_at("Photographs, files and signatures").await?;
    ensure!(
        by_hand.attachments().await? == before,
        "the files are others after a reload"
    );
    nurse.goes_to_section("Numbers, dates and times").await?;
    ensure!(by_hand.says(".slider-value").await? == "6", "the slider");
    by_hand.comes_to_be_in("quantity", "lb").await?;
    ensure!(by_hand.own_unit().await? == json!("Large cups"));
    nurse.goes_to_section("Choosing").await?;
    nurse.finds_chosen("boolean", "Yes").await?;
    by_hand
        .are_asked_about(&["Heel", "Lower back"], &["3", "5"])
        .await?;
    nurse.finds_chosen("sore-side", "Left").await?;
    nurse
        .finds_chosen("diagnosis", "Heart failure ICD-10: I50.9")
        .await?;
    ensure!(nurse.reads("find").await? == "Français");
    nurse.goes_to_the_end_by_the_list().await?;
    tablet.press("Print").await?;
    for told in [
        "155 lb",
        "6 Large cups",
        "Heart failure",
        "High blood pressure",
        "Français",
        "Lower back: For how many days?",
    ] {
        tablet.sees(told).await?;
    }

    // It is signed and sent; what the colleague's tablet gets has come through the main application.
    nurse.goes_to_section("Photographs, files and signatures").await?;
    nurse.signs_it().await?;
    whole.start_again().await?;
    nurse.mark_says("Online · all sent").await?;
    nurse.goes_to_the_caseload().await?;
    nurse.opens(CLIENT, FORM).await?;
    tablet.arrives_at("Completed assessment").await?;
    tablet.press("History").await?;
    tablet.arrives_at("History").await?;
    tablet
        .sees("as written down, none changed, moved or missing")
        .await?;
    tablet.sees("list.txt").await?;
    nurse.tablet.close().await?;
    let colleague = Nurse::with_new_tablet_in(engine, &whole).await?;
    colleague.gets_in("field2", SAMPLE_PASSWORD).await?;
    colleague.opens(CLIENT, FORM).await?;
    colleague.tablet.arrives_at("Completed assessment").await?;
    colleague.tablet.press_at("main a[href$='/6']").await?;
    colleague
        .tablet
        .arrives_at("Photographs, files and signatures")
        .await?;
    colleague.tablet.sees("list.txt").await?;
    let after = Hand { nurse: &colleague }.attachments().await?;
    ensure!(after == before, "what arrived is not what was attached");
    colleague.tablet.close().await
}

/// A field below the answer at this place.
fn below(place: usize, question: &str) -> String {
    format!(".below:nth-of-type({place}) input[data-linkid='{question}']")
}

/// A user's hand on the form.
struct Hand<'n> {
    nurse: &'n Nurse,
}

impl Hand<'_> {
    async fn script(&self, script: &str, arguments: Vec<Value>) -> Result<Value> {
        let answer = self.nurse.tablet.raw().execute(script, arguments).await?;
        Ok(answer.json().clone())
    }

    async fn says(&self, css: &str) -> Result<String> {
        let script = "return document.querySelector(arguments[0])?.textContent.trim() ?? ''";
        let said = self.script(script, vec![json!(css)]).await?;
        Ok(said.as_str().unwrap_or_default().to_owned())
    }

    async fn comes_to_say(&self, css: &str, words: &str) -> Result<()> {
        let said = until(words, || async {
            Ok((self.says(css).await? == words).then_some(()))
        })
        .await;
        match said {
            Ok(()) => Ok(()),
            Err(error) => Err(error.context(format!("{css} says: {}", self.says(css).await?))),
        }
    }

    async fn field(&self, css: &str) -> Result<WebElement> {
        let raw = self.nurse.tablet.raw();
        let field = until(css, || async { Ok(raw.find(By::Css(css)).await.ok()) }).await?;
        field.scroll_into_view().await?;
        Ok(field)
    }

    async fn keys(&self, css: &str, keys: impl Into<TypingData> + Send) -> Result<()> {
        Ok(self.field(css).await?.send_keys(keys).await?)
    }

    /// As a list of the browser's own is used.
    async fn picks_from(&self, css: &str, words: &str) -> Result<()> {
        let script = "const [list, want] = arguments;
            list.value = [...list.options].find(option => option.textContent.trim() === want).value;
            for (const event of ['input', 'change']) list.dispatchEvent(new Event(event, { bubbles: true }));";
        let list = self.field(css).await?.to_json()?;
        self.script(script, vec![list, json!(words)]).await?;
        Ok(())
    }

    /// Nobody scrolls sideways, however large the text is.
    async fn nothing_is_cut_off_at_twice_the_size(&self) -> Result<()> {
        let script = "const root = document.documentElement; root.style.fontSize = arguments[0];
            const wide = root.scrollWidth > root.clientWidth
              ? [...document.querySelectorAll('main *')].filter(e => e.getBoundingClientRect().right > root.clientWidth + 1)
                  .map(e => e.outerHTML.slice(0, 90)).slice(0, 4) : [];
            root.style.fontSize = ''; return wide;";
        for device in [journeys::Device::PHONE, journeys::Device::TABLET] {
            self.nurse.tablet.show_on(device).await?;
            let wide = self.script(script, vec![json!("200%")]).await?;
            ensure!(wide == json!([]), "wider than the page of {device:?}: {wide}");
        }
        self.nurse.tablet.show_on(journeys::Device::TABLET).await
    }

    async fn chooses(&self) -> Result<()> {
        let nurse = self.nurse;
        for (question, answer) in [
            ("boolean", "Yes"),
            ("tick", "The client has been told what this visit is for"),
            ("radio", "At home"),
            ("side", "Left"),
            ("several", "Cane"),
            ("several", "Grab bars"),
            ("open", "Tea"),
            // What else the form tells of an answer stands below it, and in the browser's own list behind it.
            ("diagnosis", "Heart failure ICD-10: I50.9"),
        ] {
            nurse.chooses(question, answer).await?;
        }
        self.says_more_of_each().await?;
        self.picks_from(
            "select[data-linkid='second']",
            "High blood pressure (ICD-10: I10)",
        )
        .await?;
        let own = self.field(".own-words input").await?;
        own.send_keys("Broth").await?;
        self.picks_from("select[data-linkid='list']", "A neighbour")
            .await?;
        // Found by typing, without its accent; nothing but the list's own answers is taken.
        self.keys("input[data-linkid='find']", "klingon").await?;
        self.comes_to_say(".combobox-note", "No answer in the list fits.")
            .await?;
        self.keys("input[data-linkid='find']", Key::Escape + Key::Tab)
            .await?;
        self.nurse
            .tablet
            .sees("Choose one of the answers in the list.")
            .await?;
        // By its code as well, which the form tells of each.
        self.field("input[data-linkid='find']").await?.clear().await?;
        self.keys("input[data-linkid='find']", "cmn").await?;
        self.comes_to_say(".combobox-option", "Mandarin Code: cmn")
            .await?;
        self.field("input[data-linkid='find']").await?.clear().await?;
        self.keys("input[data-linkid='find']", "francais").await?;
        self.comes_to_say(".combobox-note", "1 answer fits.").await?;
        self.keys("input[data-linkid='find']", Key::Down + Key::Enter)
            .await?;
        ensure!(nurse.reads("find").await? == "Français");
        // Several, one of them in the nurse's own words.
        let several = "input[data-linkid='find-several']";
        self.keys(several, "spanish").await?;
        self.keys(several, Key::Down + Key::Enter).await?;
        self.keys(several, "Sample Dialect").await?;
        self.keys(several, Key::Enter + "").await?;
        self.nurse.tablet.sees("Sample Dialect").await?;
        nurse.tablet.press("Remove : Sample Dialect").await?;
        nurse.tablet.sees_no_more("Sample Dialect").await
    }

    /// Below each answer its own questions, which go and come back with it.
    async fn says_more_of_each(&self) -> Result<()> {
        let nurse = self.nurse;
        nurse.chooses("sore", "Lower back").await?;
        self.are_asked_about(&["Lower back"], &[""]).await?;
        self.keys(&below(1, "sore-days"), "5").await?;
        // One that comes before it has its own, and moves it.
        nurse.chooses("sore", "Heel").await?;
        self.are_asked_about(&["Heel", "Lower back"], &["", "5"]).await?;
        self.keys(&below(1, "sore-days"), "3").await?;
        nurse.chooses("sore-side", "Left").await?;
        nurse.chooses("sore", "Heel").await?;
        nurse.tablet.sees("Removed: Heel.").await?;
        self.are_asked_about(&["Lower back"], &["5"]).await?;
        nurse.tablet.press_at(".undo button").await?;
        self.are_asked_about(&["Heel", "Lower back"], &["3", "5"]).await
    }

    /// For how many days, about each of these.
    async fn are_asked_about(&self, answers: &[&str], days: &[&str]) -> Result<()> {
        let script = "const [titles, days] = ['.below-title', \"input[data-linkid='sore-days']\"]
            .map(css => [...document.querySelectorAll(css)]);
            return [titles.map(title => title.textContent.trim()), days.map(input => input.value)]";
        until(&format!("{answers:?} {days:?}"), || async {
            let now = self.script(script, vec![]).await?;
            Ok((now == json!([answers, days])).then_some(()))
        })
        .await
    }

    /// What is chosen in the list of units.
    async fn comes_to_be_in(&self, question: &str, unit: &str) -> Result<()> {
        let script = "return document.querySelector(`div[data-linkid='${arguments[0]}'] .input-unit`).selectedOptions[0].textContent";
        until(unit, || async {
            let now = self.script(script, vec![json!(question)]).await?;
            Ok((now == json!(unit)).then_some(()))
        })
        .await
    }

    async fn own_unit(&self) -> Result<Value> {
        let script = "return document.querySelector(arguments[0]).value";
        self.script(script, vec![json!(OWN_UNIT)]).await
    }

    async fn counts(&self) -> Result<()> {
        let nurse = self.nurse;
        nurse.writes("integer", "12").await?;
        nurse
            .tablet
            .press("+ One more: How many falls in the last month?")
            .await?;
        nurse
            .tablet
            .press("+ One more: How many falls in the last month?")
            .await?;
        ensure!(
            nurse.reads("spinner").await? == "1",
            "from nothing to 0, and to 1"
        );
        nurse.writes("decimal", "37.2").await?;
        // The unit first, and it stays.
        self.picks_from("select.input-unit", "lb").await?;
        nurse.writes("quantity", "150").await?;
        let unit = self.script(
            "return document.querySelector('select.input-unit').selectedOptions[0].textContent",
            vec![],
        );
        ensure!(unit.await? == json!("lb"));
        // Also while the number is written anew.
        nurse.field_of("quantity").await?.clear().await?;
        nurse.writes("quantity", "155").await?;
        self.comes_to_be_in("quantity", "lb").await?;
        // One that is not in the list, before there is a number; what begins like one of the list is not taken for it.
        self.picks_from("div[data-linkid='water'] select", "Another unit")
            .await?;
        self.keys(OWN_UNIT, "Large ").await?;
        self.keys(OWN_UNIT, "cups").await?;
        nurse.writes("water", "6").await?;
        self.comes_to_be_in("water", "Another unit").await?;
        ensure!(self.own_unit().await? == json!("Large cups"));
        // A number of nobody knows what is told of, once the field is left.
        let error = "div[data-linkid='water'] .error-place";
        let wipe = "Large cups".chars().map(|_| Key::Backspace.value());
        self.keys(OWN_UNIT, wipe.chain([Key::Tab.value()]).collect::<String>())
            .await?;
        self.comes_to_say(error, "Say in which unit this is.").await?;
        self.keys(OWN_UNIT, "Large cups".to_owned() + Key::Tab).await?;
        self.comes_to_say(error, "").await?;
        ensure!(self.says(".slider-value").await? == "Not answered yet");
        self.keys("input[type=range]", Key::Right + "").await?;
        self.comes_to_say(".slider-value", "6").await?;
        nurse.picks("date", "2026-11-20").await?;
        nurse
            .tablet
            .press("The day is not known : When was the last visit?")
            .await?;
        nurse.tablet.sees("The day is known").await?;
        let year = self.script(
            "return document.querySelector(\"input.input-year[data-linkid='date']\").value",
            vec![],
        );
        ensure!(year.await? == json!("2026"), "of a day its month stays");
        self.picks_from("select[data-linkid='month']", "March").await?;
        nurse.writes("month", "2024").await?;
        nurse.writes("year", "1998").await?;
        nurse.picks("time", "07:30").await
    }

    async fn writes(&self) -> Result<()> {
        let nurse = self.nurse;
        nurse.writes("line", "Ms Sample").await?;
        nurse
            .writes(
                "text",
                &"What she says takes more than one line of a field. ".repeat(12),
            )
            .await?;
        nurse.writes("address", "https://example.org/plan").await?;
        nurse.writes("reference", "Dr Testcase").await?;
        let script = "const text = document.querySelector('textarea[data-linkid=text]');
            return text.scrollHeight <= text.clientHeight + 1";
        until("a field as tall as its text", || async {
            Ok((self.script(script, vec![]).await? == json!(true)).then_some(()))
        })
        .await
    }

    async fn fills_in_tables(&self) -> Result<()> {
        let nurse = self.nurse;
        for (question, answer) in [
            ("sleep", "Most days"),
            ("appetite", "Not at all"),
            ("worry", "Every day"),
        ] {
            nurse.chooses(question, answer).await?;
        }
        for cell in ["lying-sys", "lying-dia", "lying-pulse", "standing-sys"] {
            nurse.writes(cell, "80").await?;
        }
        // Another row, which has the focus; away with it, and back.
        nurse.writes("medicine", "Sample tablets").await?;
        nurse.tablet.press("Add another : Medicines").await?;
        until("the focus in the new row", || async {
            let script = "return document.activeElement?.closest('tr')?.rowIndex";
            Ok((self.script(script, vec![]).await? == json!(2)).then_some(()))
        })
        .await?;
        let rows = self
            .nurse
            .tablet
            .raw()
            .find_all(By::Css("input[data-linkid='medicine']"))
            .await?;
        rows.last()
            .context("a second row")?
            .send_keys("Other drops")
            .await?;
        nurse.tablet.press("Remove : Medicine 2").await?;
        nurse.tablet.sees("Removed: Medicine 2.").await?;
        nurse.tablet.press_at(".undo button").await?;
        until("the row is back", || async {
            let script =
                "return [...document.querySelectorAll('input[data-linkid=medicine]')].map(e => e.value)";
            Ok(
                (self.script(script, vec![]).await? == json!(["Sample tablets", "Other drops"]))
                    .then_some(()),
            )
        })
        .await?;
        nurse.writes("person", "Test Neighbour").await?;
        // A table on a tablet, and a card for each row on a phone: nobody scrolls sideways.
        let shape = "return getComputedStyle(document.querySelector('tbody tr')).display";
        ensure!(self.script(shape, vec![]).await? == json!("table-row"));
        if nurse.tablet.engine() == Engine::Chromium {
            nurse.tablet.show_on(journeys::Device::PHONE).await?;
            ensure!(self.script(shape, vec![]).await? == json!("grid"));
            nurse.tablet.show_on(journeys::Device::TABLET).await?;
        }
        Ok(())
    }

    async fn asks_for_explanations(&self) -> Result<()> {
        let nurse = self.nurse;
        nurse
            .tablet
            .press("What does this mean? How does the client manage stairs?")
            .await?;
        nurse.tablet.sees("A ramp is not counted.").await?;
        nurse.tablet.sees("More about this at example.org").await?;
        nurse.chooses("helped", "With help").await?;
        nurse.chooses("faces", "Some pain").await?;
        nurse.tablet.press("More about the home").await?;
        nurse.writes("pets", "Two cats").await?;
        let pictures =
            "return [...document.querySelectorAll('main img')].map(i => i.complete && i.naturalWidth > 0)";
        ensure!(self.script(pictures, vec![]).await? == json!([true, true, true, true, true]));
        // The one among words tells in words what it shows.
        let among_words = "return document.querySelector('.rich img').alt";
        ensure!(self.script(among_words, vec![]).await? == json!("An ear"));
        Ok(())
    }

    async fn attaches_and_signs(&self) -> Result<()> {
        let nurse = self.nurse;
        // A file as the dialog of the browser hands it over.
        let give = "const done = arguments[arguments.length - 1], [link, name, kind, text] = arguments;
            const hand = content => {
              const files = new DataTransfer();
              files.items.add(new File([content], name, { type: kind }));
              const input = document.querySelector(`input[type=file][data-linkid='${link}']:not([capture])`);
              input.files = files.files;
              input.dispatchEvent(new Event('change', { bubbles: true }));
              done();
            };
            if (!kind.startsWith('image/')) return hand(text);
            const canvas = document.createElement('canvas');
            [canvas.width, canvas.height] = [2400, 1200];
            const context = canvas.getContext('2d');
            for (let x = 0; x < 2400; x += 8) { context.fillStyle = `hsl(${x} 60% ${x % 90}%)`; context.fillRect(x, 0, 8, 1200); }
            canvas.toBlob(hand, kind);";
        let hand_over = |link: &str, name: &str, kind: &str, text: String| {
            let arguments = vec![json!(link), json!(name), json!(kind), json!(text)];
            async move {
                nurse.tablet.raw().execute_async(give, arguments).await?;
                anyhow::Ok(())
            }
        };
        hand_over("file", "film.mp4", "video/mp4", "no film".into()).await?;
        nurse
            .tablet
            .sees("“film.mp4” is of another kind. This question takes: A PDF or a text file. At most 200 kB.")
            .await?;
        hand_over("file", "long.txt", "text/plain", "x".repeat(200_600)).await?;
        nurse
            .tablet
            .sees("“long.txt” has 201 kB. Choose one of at most 200 kB.")
            .await?;
        hand_over(
            "file",
            "list.txt",
            "text/plain",
            "Sample tablets, one at noon".into(),
        )
        .await?;
        nurse.tablet.sees("list.txt · 27 bytes").await?;
        nurse.tablet.sees_no_more("Choose one of at most").await?;
        hand_over("photo", "entrance.jpg", "image/jpeg", String::new()).await?;
        nurse.tablet.sees("entrance.jpg").await?;
        let width = "return document.querySelector('.attachment img').naturalWidth";
        until("the photograph is made smaller", || async {
            Ok((self.script(width, vec![]).await? == json!(1600)).then_some(()))
        })
        .await?;
        self.signs_with_a_finger().await
    }

    async fn signs_with_a_finger(&self) -> Result<()> {
        let nurse = self.nurse;
        let pad = self.field("canvas.signature-pad").await?;
        let raw = nurse.tablet.raw();
        for down in [-20, 10] {
            raw.action_chain()
                .move_to_element_center(&pad)
                .move_by_offset(-80, down)
                .click_and_hold()
                .move_by_offset(60, 20)
                .move_by_offset(60, -30)
                .release()
                .perform()
                .await?;
        }
        let ink = "const pad = document.querySelector('canvas.signature-pad');
            const dots = pad.getContext('2d').getImageData(0, 0, pad.width, pad.height).data;
            let ink = 0; for (let at = 0; at < dots.length; at += 4) ink += dots[at] < 128; return ink;";
        let whole = self.script(ink, vec![]).await?.as_u64().context("ink")?;
        ensure!(whole > 1_000, "two lines are drawn: {whole} dots");
        nurse.tablet.press("Undo the last line").await?;
        let one = self.script(ink, vec![]).await?.as_u64().context("ink")?;
        ensure!(
            0 < one && one < whole,
            "one of two lines is left: {one} of {whole} dots"
        );
        nurse.tablet.press("Clear the signature").await?;
        ensure!(self.script(ink, vec![]).await? == json!(0));
        // Who cannot draw types.
        nurse
            .tablet
            .press("Type the name instead : The client agrees to this assessment")
            .await?;
        nurse
            .tablet
            .fill("Name of whoever signs", "Testcase Coral")
            .await?;
        nurse.tablet.press("Sign with this name").await?;
        nurse.tablet.sees("Typed signature: Testcase Coral").await
    }

    /// Every attachment on the page: its pictures letter for letter, the others by name and size.
    async fn attachments(&self) -> Result<Vec<String>> {
        let script = "return [...document.querySelectorAll('.attachment')].map(e =>
            (e.querySelector('img')?.src || '') + e.querySelector('.attachment-name').textContent.trim())";
        let found = until("the attachments", || async {
            let found = self.script(script, vec![]).await?;
            Ok(found
                .as_array()
                .is_some_and(|all| all.len() == 3)
                .then_some(found))
        })
        .await?;
        Ok(serde_json::from_value(found)?)
    }
}
