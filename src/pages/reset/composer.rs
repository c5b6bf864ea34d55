//! The fields of the e-mail, the e-mail itself, and the two ways to get it to the helpdesk.

use crate::prelude::*;
use leptos::task::spawn_local;
use replica::guide::{Event, Missing, ResetRequest};

use super::read_out::ReadOut;
use crate::browser::device;
use crate::components::{Button, ButtonKind, Choice, Field, Icon, Show, Symbol};
use crate::desk::use_desk;
use crate::guide::happened;
use crate::language::say;

/// While `done`, the fields are behind a button.
#[component]
pub fn Composer(done: Signal<bool>) -> impl IntoView {
    let again = RwSignal::new(false);
    view! {
        <Show when=move || done.get() && !again.get()>
            <div>
                <Button
                    label=tr!("Show the e-mail again")
                    kind=ButtonKind::Quiet
                    on_press=Callback::new(move |()| again.set(true))
                />
            </div>
        </Show>
        <Show when=move || !done.get() || again.get()>
            <Fields done />
        </Show>
    }
}

#[component]
fn Fields(done: Signal<bool>) -> impl IntoView {
    let desk = use_desk();
    let start = desk.guide.with_untracked(|guide| guide.request.clone());
    let full_name = RwSignal::new(start.full_name);
    let agency = RwSignal::new(start.agency);
    let branch = RwSignal::new(start.branch);
    let phone = RwSignal::new(start.phone);
    let for_someone_else = RwSignal::new(start.for_someone_else);
    Effect::new(move |before: Option<()>| {
        let request = ResetRequest {
            full_name: full_name.get(),
            agency: agency.get(),
            branch: branch.get(),
            phone: phone.get(),
            for_someone_else: for_someone_else.get(),
        };
        if before.is_some() {
            happened(desk, Event::Typed(request));
        }
    });

    // Nothing is called missing before the user has tried to write.
    let tried = RwSignal::new(false);
    let missing = memo(move || match tried.get() {
        true => desk.guide.with(|guide| guide.request.missing()),
        false => Missing::default(),
    });
    let complain = |field: fn(&Missing) -> Option<&'static str>| {
        derived(move || missing.with(field).map(|missing| say(missing).to_owned()))
    };
    // Marks what is missing and goes there. True where the e-mail is whole.
    let check = move || {
        tried.set(true);
        let missing = desk.guide.with_untracked(|guide| guide.request.missing());
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
    let composed = move || happened(desk, Event::Composed);

    let address = derived(move || desk.settings.get().helpdesk_email);
    let link = move || desk.guide.with(|guide| guide.request.mailto(&address.get()));
    let open = move |event: leptos::ev::MouseEvent| {
        if check() {
            composed();
        } else {
            event.prevent_default();
        }
    };
    let copied = RwSignal::new(None::<bool>);
    let copy = Callback::new(move |()| {
        if check() {
            let text = desk.guide.with_untracked(|guide| guide.request.text());
            spawn_local(async move {
                let done = device::copy(&text).await;
                if done {
                    composed();
                }
                copied.try_set(Some(done));
            });
        }
    });
    let reading = RwSignal::new(false);
    let read = Callback::new(move |()| {
        if check() {
            reading.set(true);
        }
    });
    let taken_along = move || desk.guide.with(|guide| guide.composed.is_some());

    view! {
        <div class="stack">
            <Choice label=tr!("I am asking for someone else") checked=for_someone_else />
            <Field
                id="full-name"
                label=derived(move || {
                    if for_someone_else.get() { tr!("The user's full name") } else { tr!("Your full name") }.to_owned()
                })
                value=full_name
                error=complain(|missing| missing.full_name)
                autocomplete="name"
            />
            <Field
                id="agency"
                label=tr!("Agency")
                value=agency
                error=complain(|missing| missing.agency)
                autocomplete="organization"
            />
            <Field
                id="branch"
                label=tr!("Branch (optional)")
                hint=Some(tr!("Where the agency has several.").to_owned())
                value=branch
            />
            <Field
                id="phone"
                kind="tel"
                label=derived(move || {
                    if for_someone_else.get() {
                        tr!("The user's own phone number, with area code")
                    } else {
                        tr!("Phone number, with area code")
                    }
                        .to_owned()
                })
                hint=derived(move || {
                    for_someone_else
                        .get()
                        .then(|| tr!("The helpdesk calls the user, who answers the security questions in person.").to_owned())
                })
                value=phone
                error=complain(|missing| missing.phone)
                autocomplete="tel"
                longest=40
            />
            <figure class="letter">
                <figcaption class="field-label">{tr!("The e-mail")}</figcaption>
                <p class="muted small">
                    {move || match address.get() {
                        address if address.is_empty() => {
                            tr!("To the helpdesk. Its address is not known on this tablet yet; ask your supervisor for it.").to_owned()
                        }
                        address => tr!("To {address}", address),
                    }}
                </p>
                // The helpdesk reads it, in its own language.
                <p class="letter-text" lang="en">{move || desk.guide.with(|guide| guide.request.text())}</p>
            </figure>
            <p class="muted small">
                {tr!("Without a network your mail program keeps the e-mail and sends it later.")}
            </p>
            <div class="buttons">
                <a class="button button-primary" href=link on:click=open>
                    <Icon symbol=Symbol::Mail />
                    {tr!("Write the e-mail")}
                </a>
                <Button label=tr!("Copy the text") symbol=Symbol::Copy on_press=copy />
                <Button label=tr!("Read it out") symbol=Symbol::Phone on_press=read />
            </div>
            <p class="small" role="status">
                {move || {
                    copied
                        .get()
                        .map(|copied| match copied {
                            true => tr!("Copied. Paste it into an e-mail to the helpdesk."),
                            false => tr!("This browser does not allow copying. Select the text and copy it by hand."),
                        })
                }}
            </p>
            <Show when=move || !done.get()>
                <div>
                    <Button
                        label=derived(move || {
                            if taken_along() { tr!("I have sent the e-mail") } else { tr!("I have asked already") }.to_owned()
                        })
                        on_press=Callback::new(move |()| happened(desk, Event::Requested))
                    />
                </div>
            </Show>
            <ReadOut open=reading />
        </div>
    }
}
