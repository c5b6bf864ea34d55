//! "Find a question": over the whole form, whichever section is on the page. The browser's own search finds what is on the
//! page, and keeps its key.

use crate::prelude::*;
use leptos::{ev, html};

use super::Desktop;
use super::finding::{Only, Spot, lines, search};
use super::paper::called;
use super::steps::Place;
use crate::browser::device;
use crate::components::{Dialog, Icon, Radio, Row, Symbol, each};
use crate::form::{all_words, answer_words, element_id, note_id};

/// So many can be looked through; whoever has more before them types on.
const DRAWN: usize = 50;

#[component]
pub fn FindDialog() -> impl IntoView {
    let here = expect_context::<Desktop>();
    let keys = window_event_listener(ev::keydown, move |event| {
        if event.ctrl_key() && event.shift_key() && event.key().eq_ignore_ascii_case("f") {
            event.prevent_default();
            here.finding.set(true);
        }
    });
    on_cleanup(move || keys.remove());
    view! {
        <Dialog open=here.finding title=tr!("Find a question") sheet=true>
            <Search />
        </Dialog>
    }
}

/// What stands there of one that was found: its words, its section, its answer.
fn words(here: Desktop, found: Spot) -> (String, String, String, String) {
    here.form.read(|form| {
        let (page, text, answer) = match found {
            Spot::Note(section) => (
                Place::Section(section),
                tr!("Notes").to_owned(),
                format!(" · {}", form.note(section)),
            ),
            Spot::Item(item) => {
                let page = Place::of_item(form, item);
                let item = form.item(item);
                let text = called(form, &item);
                let answer = match item.kind.is_question() {
                    true => match all_words(&item).join(", ") {
                        none if none.is_empty() => format!(" · {}", tr!("Not answered")),
                        words => format!(" · {words}"),
                    },
                    false => String::new(),
                };
                (page, text, answer)
            }
        };
        (text, page.title(form), answer, here.href(page))
    })
}

#[component]
fn Search() -> impl IntoView {
    let here = expect_context::<Desktop>();
    // The dialog is over the page: nothing is answered while it is open.
    let insist = here.form.insist.get_untracked();
    let lines = StoredValue::new(here.form.read(|form| lines(form, insist, answer_words)));
    let typed = RwSignal::new(String::new());
    let only = RwSignal::new(Only::All);
    // Each by its number among the lines.
    let found = memo(move || lines.with_value(|lines| typed.with(|typed| search(lines, typed, only.get()))));
    let told = move || outcome(found.with(Vec::len), typed.with(String::is_empty), only.get());
    let spot = move |line: usize| lines.with_value(|lines| lines[line].spot);
    let go = move |spot: Spot| {
        here.finding.set(false);
        match spot {
            Spot::Item(item) => here.go_to(item),
            Spot::Note(section) => here.go_to_note(section),
        }
    };
    let enter = move |event: ev::KeyboardEvent| {
        if event.key() == "Enter" {
            event.prevent_default();
            found.with_untracked(|found| found.first().map(|line| go(spot(*line))));
        }
    };
    let row = move |spot: Spot| {
        let key = match spot {
            Spot::Item(item) => element_id(item),
            Spot::Note(section) => note_id(section),
        };
        Row::new(key, move || {
            let (text, section, answer, href) = words(here, spot);
            let go = move |event: ev::MouseEvent| {
                event.prevent_default();
                go(spot);
            };
            view! {
                <li>
                    <a class="row" href=href on:click=go>
                        <span class="row-main">
                            <span class="row-title">{text}</span>
                            <span class="row-note">{section} <span class="user-text">{answer}</span></span>
                        </span>
                        <Icon symbol=Symbol::Next />
                    </a>
                </li>
            }
        })
    };
    let field = NodeRef::<html::Input>::new();
    field.on_load(|field| {
        // The dialog is opened first.
        request_animation_frame(move || device::focus(&field));
    });
    view! {
        <div class="find" role="search">
            <label class="unseen" for="find">
                {tr!("Words or a code")}
            </label>
            <span class="input-search">
                <Icon symbol=Symbol::Search />
                <input
                    id="find"
                    node_ref=field
                    class="input"
                    type="search"
                    autocomplete="off"
                    spellcheck="false"
                    placeholder=tr!("Words or a code")
                    prop:value=typed
                    on:input:target=move |event| typed.set(event.target().value())
                    on:keydown=enter
                />
            </span>
            <Radio
                name="find-only"
                legend=tr!("Which questions")
                legend_unseen=true
                options=vec![
                    (Only::All, tr!("questions" => "All")),
                    (Only::Unanswered, tr!("Unanswered")),
                    (Only::Wrong, tr!("Problems")),
                ]
                chosen=only
                on_choose=Callback::new(move |chosen| only.set(chosen))
            />
            <p class="muted small" role="status">
                {told}
            </p>
            <ul class="rows card" hidden=move || found.with(Vec::is_empty)>
                {each(move || found.with(|found| found.iter().take(DRAWN).map(|line| row(spot(*line))).collect()))}
            </ul>
        </div>
    }
}

/// What came of the search, in a sentence.
fn outcome(count: usize, nothing_typed: bool, only: Only) -> String {
    let nothing = match (nothing_typed, only) {
        (true, Only::Unanswered) => tr!("Every question is answered."),
        (true, Only::Wrong) => tr!("Nothing is wrong."),
        (true, Only::All) => tr!("There are no questions."),
        (false, Only::All) => {
            tr!(
                "Nothing in this assessment has these words. Type fewer of them, or only the beginning of one."
            )
        }
        (false, _) => tr!("Nothing there has these words. Choose \"All\" to look among all questions."),
    };
    match count {
        0 => nothing.to_owned(),
        few if few <= DRAWN => tr!("1 place found" | "{n} places found" % few),
        many => tr!(
            "The first {drawn} of {many}. Type more to narrow them down.",
            drawn = DRAWN,
            many
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_came_of_a_search_is_told() {
        for (count, nothing_typed, only, said) in [
            (0, true, Only::Unanswered, "Every question is answered."),
            (0, true, Only::Wrong, "Nothing is wrong."),
            (1, false, Only::All, "1 place found"),
            (50, false, Only::All, "50 places found"),
            (
                51,
                true,
                Only::All,
                "The first 50 of 51. Type more to narrow them down.",
            ),
        ] {
            assert_eq!(outcome(count, nothing_typed, only), said);
        }
        assert!(outcome(0, false, Only::Wrong).contains("Choose \"All\""));
    }
}
