//! The caseload: the clients assigned to the user, each with their assessments, and where a new one begins.
//!
//! [`cases`] puts them together, `crate::search` finds names, [`card`] draws one, [`start`] begins an assessment; [`client`] is the
//! page of one client, with what became of their scores. [`back`] tells whoever comes back with a new password
//! what has become of what waited.

mod back;
mod card;
mod cases;
mod client;
mod start;

pub use client::ClientPage;

use crate::prelude::*;
use gloo_storage::{LocalStorage, Storage as _};
use replica::{Caseload as Assigned, Shelf};

use super::load::{Loaded, NotRead, load};
use super::ready::ReadyCard;
use super::words;
use crate::browser::{device, kept};
use crate::components::{
    Banner, Busy, Button, Heading, Icon, Link, Radio, Row, Show, Skeleton, Symbol, Tone, each,
};
use crate::desk::use_desk;
use crate::mark::Reach;
use back::BackCard;
use card::Card;
use cases::{Case, Due, Order, arrange, cases};
use start::{Start, StartDialog};

/// How the user last wanted the list, kept on the tablet.
const ORDER: &str = "caseload-by-due";
/// So many names can be taken in at a glance: they need no search.
const SEARCH_FROM: usize = 2;
/// So many cards are drawn at once; the next come when the end is near.
const AT_ONCE: usize = 40;

#[derive(Clone, Debug, Default, PartialEq)]
struct Shown {
    assigned: Assigned,
    shelf: Shelf,
}

fn load_shown() -> Loaded<Shown> {
    load(|tablet| async move {
        Ok(Shown {
            assigned: tablet.caseload().await?,
            shelf: tablet.documents().await?,
        })
    })
}

impl Shown {
    fn cases(&self) -> Vec<Case> {
        cases(
            &self.assigned.clients,
            &self.shelf.documents,
            &self.assigned.received,
        )
    }
}

#[component]
pub fn Caseload() -> impl IntoView {
    let loaded = load_shown();
    // What is shown may change while it stands there; that it stands there does not.
    let state = memo(move || {
        loaded.with(|loaded| {
            loaded
                .as_ref()
                .map(|found| found.as_ref().map(drop).map_err(Clone::clone))
        })
    });
    let shown = derived(move || loaded.get().and_then(Result::ok).unwrap_or_default());
    view! {
        <main id="main" class="page page-split" tabindex="-1">
            {move || match state.get() {
                None => {
                    view! {
                        <Heading text=tr!("Caseload") />
                        <Skeleton count=3 />
                    }
                }
                Some(Err(why)) => {
                    view! {
                        <Heading text=tr!("Caseload") />
                        <NotRead why />
                    }
                }
                Some(Ok(())) => view! { <List shown /> },
            }}
        </main>
    }
}

#[component]
fn List(shown: Signal<Shown>) -> impl IntoView {
    let all = memo(move || shown.with(Shown::cases));
    let typed = RwSignal::new(String::new());
    let by_due = kept::get(&LocalStorage::raw(), ORDER).unwrap_or(false);
    let order = RwSignal::new(if by_due { Order::Due } else { Order::Name });
    let choose = Callback::new(move |chosen| {
        order.set(chosen);
        // A browser that keeps nothing shows the usual order next time.
        drop(LocalStorage::set(ORDER, chosen == Order::Due));
    });
    let wanted = RwSignal::new(Due::All);
    let found = memo(move || {
        all.with(|all| typed.with(|typed| arrange(all, typed, order.get(), wanted.get(), device::days_until)))
    });
    let drawn = RwSignal::new(AT_ONCE);
    effect(move || {
        wanted.track();
        typed.track();
        order.track();
        drawn.set(AT_ONCE);
    });
    let more = move || drawn.get() < found.with(Vec::len);
    device::on_near_end(move || {
        if untrack(more) {
            drawn.update(|drawn| *drawn += AT_ONCE);
        }
    });
    let starting = RwSignal::new(None::<Start>);
    let forms = derived(move || shown.with(|shown| shown.assigned.forms.clone()));
    view! {
        <div class="page-head">
            <Heading text=tr!("Caseload") />
            <Age shown />
        </div>
        <Damaged shown />
        <BackCard />
        <ReadyCard />
        <Show when=move || { all.with(Vec::len) >= SEARCH_FROM }>
            <div class="tools stack" role="search">
                <div class="field">
                    <label for="search">{tr!("Find a client")}</label>
                    <span class="input-search">
                        <Icon symbol=Symbol::Search />
                        <input
                            id="search"
                            class="input"
                            type="search"
                            autocomplete="off"
                            spellcheck="false"
                            prop:value=typed
                            on:input:target=move |event| typed.set(event.target().value())
                        />
                    </span>
                </div>
                <Radio
                    name="order"
                    legend=tr!("Sort by")
                    options=vec![(Order::Name, tr!("Name")), (Order::Due, tr!("Next due"))]
                    chosen=order
                    on_choose=choose
                />
                <Radio
                    name="due"
                    legend=tr!("Due")
                    options=vec![
                        (Due::All, tr!("All")),
                        (Due::Today, tr!("Today")),
                        (Due::Week, tr!("This week")),
                        (Due::Overdue, tr!("Overdue")),
                    ]
                    chosen=wanted
                    on_choose=Callback::new(move |chosen| wanted.set(chosen))
                />
                <p class="muted small" role="status">
                    {move || found_words(found.with(Vec::len), all.with(Vec::len))}
                </p>
                <Names found drawn />
            </div>
        </Show>
        <Show when=move || all.with(Vec::is_empty)>
            <Empty shown />
        </Show>
        <Show when=move || found.with(Vec::is_empty) && !all.with(Vec::is_empty)>
            <p class="cards">{move || nobody_words(wanted.get(), typed.with(String::is_empty))}</p>
        </Show>
        <ul class="cards">
            {each(move || {
                let row = |case| Row::new(fingerprint(&case), move || view! { <Card case starting /> });
                let cases = found.with(|found| found.iter().take(drawn.get()).cloned().collect::<Vec<_>>());
                cases.into_iter().map(row).collect()
            })}
        </ul>
        <Show when=more>
            <div class="cards">
                <Button
                    label=tr!("Show more clients")
                    on_press=Callback::new(move |()| drawn.update(|drawn| *drawn += AT_ONCE))
                />
            </div>
        </Show>
        <StartDialog starting forms />
    }
}

/// The names at the side, where there is room: a way to the card of each.
#[component]
fn Names(found: Memo<Vec<Case>>, drawn: RwSignal<usize>) -> impl IntoView {
    let row = |case: &Case| {
        let (id, name) = (element_id(case), case.name.clone());
        Row::new(format!("{id} {name}"), move || {
            let href = format!("#{id}");
            let go = move |event: leptos::ev::MouseEvent| {
                event.prevent_default();
                device::go_to(&id);
            };
            view! {
                <a href=href on:click=go>
                    {name}
                </a>
            }
        })
    };
    view! {
        <nav class="names" aria-label=tr!("Clients")>
            {each(move || found.with(|found| found.iter().take(drawn.get()).map(row).collect()))}
        </nav>
    }
}

/// The card's place on the page.
fn element_id(case: &Case) -> String {
    format!("client-{}", case.id)
}

/// A case is drawn again when anything that stands on its card has changed.
fn fingerprint(case: &Case) -> String {
    let documents = case.documents.iter().map(|entry| {
        let document = &entry.document;
        (
            document.id,
            document.status,
            document.modified_at,
            entry.delivery.clone(),
        )
    });
    format!(
        "{:?} {:?} {:?} {:?}",
        case.id,
        case.client,
        documents.collect::<Vec<_>>(),
        case.received
    )
}

/// How old the list is, and what waits.
#[component]
fn Age(shown: Signal<Shown>) -> impl IntoView {
    let desk = use_desk();
    let waiting = move || desk.waiting.get() as usize;
    view! {
        <p class="muted">
            {move || match shown.with(|shown| shown.assigned.as_of) {
                Some(at) => tr!("As of {when}.", when = device::when(at)),
                None => tr!("Not fetched yet.").to_owned(),
            }} " "
            {move || match waiting() {
                0 => view! { {tr!("Everything has been sent.")} },
                number => {
                    view! {
                        <Link href="/outbox">
                            {tr!("1 assessment to be sent" | "{n} assessments to be sent" % number).replacen(' ', "\u{a0}", 1)}
                        </Link>
                        "."
                    }
                }
            }}
        </p>
    }
}

#[component]
fn Damaged(shown: Signal<Shown>) -> impl IntoView {
    view! {
        {move || match shown.with(|shown| shown.shelf.damaged.len()) {
            0 => None,
            number => {
                Some(
                    view! {
                        <Banner tone=Tone::Attention>
                            <p>
                                {tr!(
                                    "1 assessment on this tablet cannot be read. "
                                        | "{n} assessments on this tablet cannot be read. " % number
                                )}
                                <Link href="/outbox">{tr!("See what to do")}</Link>
                            </p>
                        </Banner>
                    },
                )
            }
        }}
    }
}

/// Nobody to show: because it has not been fetched, or because there is nobody.
#[component]
fn Empty(shown: Signal<Shown>) -> impl IntoView {
    let desk = use_desk();
    view! {
        <div class="empty cards">
            {move || {
                let fetched = shown.with(|shown| shown.assigned.as_of.is_some());
                match (fetched, desk.sending.get().is_some(), desk.reach()) {
                    (true, ..) => {
                        view! {
                            <h2>{tr!("No clients yet")}</h2>
                            <p>{tr!("Clients appear here once they are assigned to you in the main application.")}</p>
                        }
                    }
                    (false, true, _) => view! { <Busy text=tr!("Fetching your clients") /> },
                    (false, false, Reach::Offline) => {
                        view! {
                            <h2>{tr!("No clients on this tablet yet")}</h2>
                            <p>{tr!("They come by themselves as soon as there is a network.")}</p>
                        }
                    }
                    _ => view! { <Busy text=tr!("Your clients are on their way") /> },
                }
            }}
        </div>
    }
}

fn found_words(found: usize, all: usize) -> String {
    match found == all {
        true => words::clients(all),
        false => tr!("{found} of {clients}", found, clients = words::clients(all)),
    }
}

/// Why the list is empty, where there are clients.
fn nobody_words(wanted: Due, everybody: bool) -> &'static str {
    match (everybody, wanted) {
        (false, Due::All) | (true, Due::All) => {
            tr!("No client of yours has this name. Check the spelling, or type a part of it.")
        }
        (false, _) => tr!("No client of this name is due then. Choose \"All\" to look among everybody."),
        (true, Due::Today) => tr!("Nobody is due today."),
        (true, Due::Week) => tr!("Nobody is due this week."),
        (true, Due::Overdue) => tr!("Nobody is overdue."),
    }
}
