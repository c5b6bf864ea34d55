//! The fields of the e-mail, the e-mail itself, and the two ways to get it to the helpdesk.

use crate::prelude::*;
use leptos::task::spawn_local;

use super::guide::Guide;
use super::request::Missing;
use crate::browser::device;
use crate::components::{Button, ButtonKind, Choice, Field, Icon, Show, Symbol};
use crate::desk::use_desk;

/// While `done`, a line says when it was written, and the fields are behind a button.
#[component]
pub fn Composer(guide: RwSignal<Guide>, done: Signal<bool>) -> impl IntoView {
    let again = RwSignal::new(false);
    let written = move || guide.with(|guide| guide.written_at).map(protocol::Timestamp);
    view! {
        <Show when=move || done.get()>
            {move || written().map(|at| view! { <p>{format!("Written {}.", device::when(at))}</p> })}
            <Show when=move || !again.get()>
                <div>
                    <Button label="Show the e-mail again" on_press=Callback::new(move |()| again.set(true)) />
                </div>
            </Show>
        </Show>
        <Show when=move || !done.get() || again.get()>
            <Fields guide />
        </Show>
    }
}

#[component]
fn Fields(guide: RwSignal<Guide>) -> impl IntoView {
    let desk = use_desk();
    let start = guide.with_untracked(|guide| guide.request.clone());
    let full_name = RwSignal::new(start.full_name);
    let agency = RwSignal::new(start.agency);
    let branch = RwSignal::new(start.branch);
    let phone = RwSignal::new(start.phone);
    let for_someone_else = RwSignal::new(start.for_someone_else);
    Effect::new(move |before: Option<()>| {
        let request = super::request::Request {
            full_name: full_name.get(),
            agency: agency.get(),
            branch: branch.get(),
            phone: phone.get(),
            for_someone_else: for_someone_else.get(),
        };
        if before.is_some() {
            guide.update(|guide| guide.request = request);
        }
    });

    // Nothing is called missing before the user has tried to write.
    let tried = RwSignal::new(false);
    let missing = Memo::new(move |_| match tried.get() {
        true => guide.with(|guide| guide.request.missing()),
        false => Missing::default(),
    });
    let complain = |field: fn(&Missing) -> Option<&'static str>| {
        Signal::derive(move || missing.with(field).map(str::to_owned))
    };
    // Marks what is missing and goes there. True where the e-mail is whole.
    let check = move || {
        tried.set(true);
        let missing = guide.with_untracked(|guide| guide.request.missing());
        let first = [
            ("full-name", missing.full_name),
            ("agency", missing.agency),
            ("phone", missing.phone),
        ]
        .into_iter()
        .find(|(_, missing)| missing.is_some());
        if let Some((id, _)) = first {
            device::go_to(id);
        }
        missing.is_empty()
    };
    let written = move || guide.update(|guide| guide.written(desk.now() as i64, desk.reach()));

    let address = Signal::derive(move || desk.settings.get().helpdesk_email);
    let link = move || guide.with(|guide| guide.request.mailto(&address.get()));
    let open = move |event: leptos::ev::MouseEvent| {
        if !check() {
            event.prevent_default();
        } else {
            // The link is followed first: what comes then takes it away.
            set_timeout(written, std::time::Duration::ZERO);
        }
    };
    let copied = RwSignal::new(None::<bool>);
    let copy = Callback::new(move |()| {
        if check() {
            let text = guide.with_untracked(|guide| guide.request.text());
            spawn_local(async move {
                copied.try_set(Some(device::copy(&text).await));
            });
        }
    });

    view! {
        <div class="stack">
            <Choice label="I am asking for someone else" checked=for_someone_else />
            <Field
                id="full-name"
                label=Signal::derive(move || {
                    if for_someone_else.get() { "The user's full name" } else { "Your full name" }.to_owned()
                })
                value=full_name
                error=complain(|missing| missing.full_name)
                autocomplete="name"
            />
            <Field
                id="agency"
                label="Agency"
                value=agency
                error=complain(|missing| missing.agency)
                autocomplete="organization"
            />
            <Field
                id="branch"
                label="Branch (optional)"
                hint=Some("Where the agency has several.".to_owned())
                value=branch
            />
            <Field
                id="phone"
                kind="tel"
                label=Signal::derive(move || {
                    if for_someone_else.get() {
                        "The user's own phone number, with area code"
                    } else {
                        "Phone number, with area code"
                    }
                        .to_owned()
                })
                hint=Signal::derive(move || {
                    for_someone_else
                        .get()
                        .then(|| "The helpdesk calls the user, who answers the security questions in person.".to_owned())
                })
                value=phone
                error=complain(|missing| missing.phone)
                autocomplete="tel"
                longest=40
            />
            <figure class="letter">
                <figcaption class="field-label">"The e-mail"</figcaption>
                <p class="muted small">
                    {move || match address.get() {
                        address if address.is_empty() => {
                            "To the helpdesk. Its address is not known on this tablet yet; ask your supervisor for it.".to_owned()
                        }
                        address => format!("To {address}"),
                    }}
                </p>
                <p class="letter-text">{move || guide.with(|guide| guide.request.text())}</p>
            </figure>
            <p class="muted small">
                "Without a network your mail program keeps the e-mail and sends it later. You can also call the helpdesk and read it out."
            </p>
            <div class="buttons">
                <a class="button button-primary" href=link on:click=open>
                    <Icon symbol=Symbol::Mail />
                    "Write the e-mail"
                </a>
                <Button label="Copy the text" kind=ButtonKind::Secondary symbol=Symbol::Copy on_press=copy />
            </div>
            <p class="small" role="status">
                {move || {
                    copied
                        .get()
                        .map(|copied| match copied {
                            true => "Copied. Paste it into an e-mail to the helpdesk.",
                            false => "This browser does not allow copying. Select the text and copy it by hand.",
                        })
                }}
            </p>
            <Show when=move || copied.get().is_some()>
                <div>
                    <Button label="I have sent it" on_press=Callback::new(move |()| written()) />
                </div>
            </Show>
        </div>
    }
}
