//! The whole assessment as it goes on paper. The browser's own print makes the PDF, offline like everything else;
//! `public/styles/paper.css` leaves all but this away and sets the pages.

use crate::prelude::*;
use leptos::task::spawn_local;
use protocol::{Client, Document, Status};

use super::Desktop;
use super::last_time::day;
use super::paper::{Entry, Given, Left, Paper, Part, css_string, paper};
use super::steps::Place;
use crate::browser::device;
use crate::components::{Button, ButtonKind, Heading, Icon, Link, Symbol};
use crate::desk::use_desk;
use crate::form::answer_words;
use crate::pages::words;

/// What printed pages say at their foot; the style sheet reads it.
const FOOT: &str = "--paper-foot";

/// The way here.
#[component]
pub fn PrintLink() -> impl IntoView {
    let here = expect_context::<Desktop>();
    view! {
        <Link href=here.href(Place::Print) class="button button-secondary">
            <Icon symbol=Symbol::Printer />
            {tr!("Print")}
        </Link>
    }
}

#[component]
pub fn PrintBar() -> impl IntoView {
    view! {
        <Button
            label=tr!("Print")
            kind=ButtonKind::Primary
            symbol=Symbol::Printer
            on_press=Callback::new(|()| device::print())
        />
    }
}

#[component]
pub fn Print() -> impl IntoView {
    let here = expect_context::<Desktop>();
    let desk = use_desk();
    let client = RwSignal::new(None::<Client>);
    on_cleanup(|| device::set_property(FOOT, None));
    let document = here.document();
    let of = memo(move || document.with(|document| document.as_ref().map(|document| document.client_id)));
    effect(move || {
        let Some(id) = of.get() else { return };
        spawn_local(async move {
            // Without the list of clients the name alone says who it is.
            let Ok(tablet) = desk.tablet().await else { return };
            let Ok(caseload) = tablet.caseload().await else {
                return;
            };
            client.try_set(caseload.clients.into_iter().find(|client| client.id == id));
        });
    });
    view! {
        {move || {
            let document = document.get()?;
            let paper = here.form.watch(|form| paper(form, answer_words));
            Some(view! { <Sheet document paper client /> })
        }}
    }
}

#[component]
fn Sheet(document: Document, paper: Paper, client: RwSignal<Option<Client>>) -> impl IntoView {
    let Document {
        client_name,
        form,
        author_name,
        status,
        created_at,
        modified_at,
        signature,
        ..
    } = document;
    let state = words::status(status).0;
    let title = words::form_title(&form);
    let ended = signature.as_ref().map_or(modified_at, |signature| signature.at);
    device::set_property(
        FOOT,
        Some(&css_string(&format!("{client_name} · {title} · {state}"))),
    );
    // It becomes the name of the file.
    let tab = Signal::stored(format!("{title}, {client_name}, {}", device::day(ended)));
    let signed = match &signature {
        Some(signature) => tr!(
            "Signed by {author}, {when}",
            author = signature.name,
            when = device::moment_in_full(signature.at)
        ),
        None if status == Status::Pending => tr!("Not signed yet: ready to be signed").to_owned(),
        None => tr!("Not signed: this is a draft").to_owned(),
    };
    let born = move || {
        client
            .get()
            .map(|client| fact(tr!("Born"), device::calendar_date(&client.birth_date)))
    };
    let Paper { parts, waived } = paper;
    view! {
        <article class="paper" class:paper-draft=signature.is_none()>
            <header class="paper-head">
                <Heading text=title.clone() tab />
                <dl class="paper-facts">
                    {who(tr!("Client"), client_name)} {who(tr!("Author"), author_name)} {born}
                    {fact(tr!("State"), state.to_owned())}
                    {fact(tr!("Begun"), device::moment_in_full(created_at))}
                    {fact(tr!("Last changed"), device::moment_in_full(modified_at))}
                    {fact(tr!("Version of the form"), form.version.clone())}
                </dl>
                <p class="paper-signed">{signed.clone()}</p>
            </header>
            {parts.into_iter().map(|part| section(part, &title)).collect_view()}
            {(!waived.is_empty()).then(|| view! {
                <section class="paper-section">
                    <h2>{tr!("Rules left as they are")}</h2>
                    {waived.into_iter().map(left).collect_view()}
                </section>
            })}
            <footer class="paper-end">
                <p class="paper-signed">{signed}</p>
                <p>{tr!("Printed {when}", when = device::moment_in_full(device::now()))}</p>
            </footer>
        </article>
    }
}

fn fact(name: &'static str, what: String) -> AnyView {
    fact_in("", name, what)
}

/// A person's name, which may be long.
fn who(name: &'static str, what: String) -> AnyView {
    fact_in("paper-who", name, what)
}

fn fact_in(class: &'static str, name: &'static str, what: String) -> AnyView {
    view! {
        <div class=class>
            <dt>{name}</dt>
            <dd>{what}</dd>
        </div>
    }
}

fn section(part: Part, form: &str) -> AnyView {
    let short = part.is_short();
    let Part {
        title,
        entries,
        open,
        note,
    } = part;
    view! {
        <section class="paper-section" class:paper-short=short>
            {(title != form).then(|| view! { <h2>{title.clone()}</h2> })}
            {entries.into_iter().map(entry).collect_view()}
            {(!open.is_empty()).then(|| view! {
                <p class="paper-open">{tr!("Not answered: {questions}", questions = open.join(" · "))}</p>
            })}
            {(!note.is_empty()).then(|| view! {
                <div class="paper-note">
                    <h3>{tr!("Notes")}</h3>
                    <p class="fixed-line">{note}</p>
                </div>
            })}
        </section>
    }
}

fn entry(entry: Entry) -> AnyView {
    let long = entry.is_long();
    match entry {
        Entry::Title(title) => view! { <h3>{title}</h3> },
        Entry::Words(words) => view! { <p class="paper-words">{words}</p> },
        Entry::Missing(question) => view! {
            <div class="paper-entry">
                <p>{question}</p>
                <p class="paper-missing">{tr!("Answer still needed")}</p>
            </div>
        },
        Entry::Answer {
            question,
            answers,
            taken,
            problem,
        } => view! {
            <div class="paper-entry" class:paper-long=long>
                <p>{question}</p>
                <div class="paper-answer">
                    {answers.into_iter().map(given).collect_view()}
                    {taken.map(|when| view! { <p class="paper-small">{tr!("As last time ({day})", day = day(&when))}</p> })}
                    {problem.map(|problem| view! { <p class="paper-missing">{problem}</p> })}
                </div>
            </div>
        },
        Entry::Total {
            name,
            number,
            answered,
            of,
            band,
        } => {
            let whole = answered == of;
            let state = (!whole).then(|| tr!("So far {answered} of {of} questions answered", answered, of));
            view! {
                <div class="paper-entry paper-total">
                    <p>{name}</p>
                    <div class="paper-answer">
                        <p>{if number.is_empty() { "–".to_owned() } else { number }}</p>
                        {band.map(|band| view! { <p>{band}</p> })}
                        {state.map(|state| view! { <p class="paper-small">{state}</p> })}
                    </div>
                </div>
            }
        }
    }
}

fn given(given: Given) -> AnyView {
    match given {
        Given::Words(words) => view! { <p class="fixed-line">{words}</p> },
        Given::Picture { name, data } => view! {
            <figure>
                <img src=data alt=name.clone() />
                <figcaption class="paper-small">{name}</figcaption>
            </figure>
        },
    }
}

fn left(left: Left) -> AnyView {
    let Left { rule, reason, by, at } = left;
    view! {
        <div class="paper-entry">
            <p>{rule}</p>
            <div class="paper-answer">
                <p>{reason}</p>
                <p class="paper-small">{format!("{by}, {}", day(&at))}</p>
            </div>
        </div>
    }
}
