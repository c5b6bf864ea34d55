//! The sign-in page. The password goes from its field into one call and is in no signal, event or store on the way.

use crate::prelude::*;
use leptos::task::spawn_local;
use leptos::{ev, html};
use replica::{FieldFault, Message, REVOKED_LINE, SignIn as Outcome, Trouble, UNREACHED_LINE, Unanswered};
use vault::Password;

use super::reset::UnderWay;
use super::words::OFFER_RESET_FROM;
use crate::browser::device;
use crate::components::{
    Banner, Button, ButtonKind, FieldError, Heading, Link, OuterLink, PasswordField, Tone,
};
use crate::desk::{Leave, use_desk, why_left};
use crate::language::{self, say, told, translation};
use crate::rehearsal;

/// What stands on the page after a press of "Sign in".
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Said {
    why: Option<Leave>,
    message: Option<Message>,
    unanswered: Option<Unanswered>,
    trouble: Option<Trouble>,
    failures: u32,
}

/// It outlives the page while that is drawn anew in another language.
#[derive(Clone, Copy)]
pub struct SignInSays(RwSignal<Said>);

impl SignInSays {
    pub fn new() -> Self {
        Self(RwSignal::new(Said::default()))
    }
}

impl Default for SignInSays {
    fn default() -> Self {
        Self::new()
    }
}

#[component]
pub fn SignIn() -> impl IntoView {
    let desk = use_desk();
    let SignInSays(said) = expect_context();
    let language = language::current();
    if let Some(why) = why_left() {
        said.set(Said {
            why: Some(why),
            ..Said::default()
        });
    }
    on_cleanup(move || {
        if language::current() == language {
            said.set(Said::default());
        }
    });
    let busy = RwSignal::new(false);
    let shown = RwSignal::new(false);
    let login_error = RwSignal::new(None::<String>);
    let password_error = RwSignal::new(None::<String>);
    let login = NodeRef::<html::Input>::new();
    let password = NodeRef::<html::Input>::new();

    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let (Some(login), Some(field)) = (login.get_untracked(), password.get_untracked()) else {
            return;
        };
        if busy.get_untracked() {
            return;
        }
        // Read once, and gone from the page.
        let typed = Password::from_nfc(device::nfc(field.value()));
        field.set_value("");
        shown.set(false);
        let why = said.get_untracked().why;
        let nothing = Said {
            why,
            ..Said::default()
        };
        said.set(nothing);
        login_error.set(login_fault(&login.value()).map(str::to_owned));
        password_error.set(typed.as_ref().err().map(told));
        if login_error.get_untracked().is_some() {
            return device::focus(&login);
        }
        let Ok(typed) = typed else {
            return device::focus(&field);
        };
        busy.set(true);
        let name = login.value();
        spawn_local(async move {
            let outcome = desk.sign_in(name, typed).await;
            busy.try_set(false);
            let after = match outcome {
                Ok(Outcome::Open(_)) => return,
                Ok(Outcome::No {
                    message,
                    unanswered,
                    failures,
                    trouble,
                }) => Said {
                    why,
                    message: Some(message),
                    unanswered,
                    trouble,
                    failures,
                },
                Ok(Outcome::Field(fault)) => {
                    login_error.set(Some(field_fault(fault).to_owned()));
                    return device::focus(&login);
                }
                Ok(Outcome::Superseded) => nothing,
                Err(_) => Said {
                    message: Some(Message::CriticalError),
                    trouble: Some(Trouble::NoStorage),
                    ..nothing
                },
            };
            said.set(after);
            rehearsal::refused(desk, after.unanswered, after.failures);
            device::focus(&field);
        });
    };

    view! {
        <main id="main" class="page page-slim" tabindex="-1">
            <Heading text=tr!("Sign in") />
            {said
                .get_untracked()
                .why
                .and_then(why_words)
                .map(|words| {
                    view! {
                        <Banner tone=Tone::Info>
                            <p>{words}</p>
                        </Banner>
                    }
                })}
            <UnderWay />
            <form class="stack" novalidate on:submit=submit>
                <div role="alert">
                    {move || {
                        said.get()
                            .message
                            .map(|message| {
                                view! {
                                    <Banner tone=Tone::Danger announced=false>
                                        // Letter for letter, in whatever language the rest is.
                                        <p lang="en">{message.text()}</p>
                                    </Banner>
                                }
                            })
                    }}
                </div>
                <div class="stack" aria-live="polite">
                    <Help said />
                </div>
                <div class="field">
                    <label for="username">{tr!("Username")}</label>
                    <FieldError id="username-error" text=login_error />
                    <input
                        id="username"
                        class="input"
                        type="text"
                        node_ref=login
                        autocomplete="username"
                        autocapitalize="none"
                        spellcheck="false"
                        aria-invalid=move || login_error.get().map(|_| "true")
                        aria-describedby="username-error"
                    />
                </div>
                <PasswordField label=tr!("Password") node=password shown error=password_error />
                <Button label=tr!("Sign in") kind=ButtonKind::Primary busy busy_label=tr!("Signing in…") wide=true />
            </form>
            <p>
                <Link href="/reset">{tr!("Forgot your password?")}</Link>
            </p>
        </main>
    }
}

/// Our help, apart from the message.
#[component]
fn Help(said: RwSignal<Said>) -> impl IntoView {
    let desk = use_desk();
    view! {
        {move || {
            let translated = translation(said.get().message?.text())?;
            Some(view! { <p>{tr!("Translation of the message: {message}", message = translated)}</p> })
        }}
        {move || said.get().trouble.map(|trouble| view! { <p>{say(trouble.text())}</p> })}
        {move || {
            said.get()
                .unanswered
                .map(|unanswered| {
                    view! {
                        <p>{say(if unanswered.tablet_revoked { REVOKED_LINE } else { UNREACHED_LINE })}</p>
                        {unanswered.wait_seconds.map(|seconds| view! { <p>{wait_words(seconds)}</p> })}
                    }
                })
        }}
        {move || {
            needs_access_request(said.get())
                .then(|| {
                    view! {
                        <p>
                            {tr!("The agency must submit an ")}
                            <OuterLink
                                href=derived(move || desk.settings.get().access_request_url)
                                label=tr!("Access Request")
                            />
                            "."
                        </p>
                    }
                })
        }}
        {move || {
            (said.get().failures >= OFFER_RESET_FROM)
                .then(|| {
                    view! {
                        <p>
                            {tr!("You can go on trying, as often as you like: choose \"Show password\" to see what you type. If the password is gone, ")}
                            <Link href="/reset">{tr!("get a new one")}</Link>
                            {tr!("; everything you filled in stays on this tablet.")}
                        </p>
                    }
                })
        }}
    }
}

/// Where the trouble is the tablet's own, no request of the agency mends it.
fn needs_access_request(said: Said) -> bool {
    said.message == Some(Message::CriticalError) && said.trouble.is_none()
}

fn wait_words(seconds: u32) -> String {
    tr!("It asks you to wait a second before you try again."
        | "It asks you to wait {n} seconds before you try again." % seconds.max(1))
}

fn login_fault(typed: &str) -> Option<&'static str> {
    match protocol::canonical_login(typed).len() {
        0 => Some(field_fault(FieldFault::LoginEmpty)),
        length if length > protocol::LOGIN_MAX_BYTES => Some(field_fault(FieldFault::LoginTooLong)),
        _ => None,
    }
}

fn field_fault(fault: FieldFault) -> &'static str {
    match fault {
        FieldFault::LoginEmpty => tr!("Enter your username."),
        FieldFault::LoginTooLong => tr!("This username is too long."),
    }
}

/// Why the tablet was locked, calmly. Nothing is said where the user asked for it.
fn why_words(why: Leave) -> Option<&'static str> {
    match why {
        Leave::SignedOut | Leave::BackButton => None,
        Leave::Idle => Some(tr!(
            "You were signed out because the tablet was not used for 15 minutes. Your answers are saved."
        )),
        Leave::PasswordChanged => Some(tr!(
            "Your password has been changed or reset. Sign in with the new one. Your answers are saved and will be sent."
        )),
        Leave::NoAccess => Some(tr!(
            "Your access to the main application has ended. Your answers are saved on this tablet. Ask your agency."
        )),
        Leave::Updated => Some(tr!("Mobile Assessments was updated. Sign in to go on.")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_access_request_helps_only_where_the_account_is_the_trouble() {
        let said = |message, trouble| Said {
            message: Some(message),
            trouble,
            ..Said::default()
        };
        assert!(needs_access_request(said(Message::CriticalError, None)));
        for trouble in [
            Trouble::NoStorage,
            Trouble::CannotWrite,
            Trouble::DamagedAccount,
            Trouble::DamagedKey,
            Trouble::NotChecked,
        ] {
            assert!(
                !needs_access_request(said(Message::CriticalError, Some(trouble))),
                "{trouble:?}"
            );
        }
        assert!(!needs_access_request(said(Message::Incorrect, None)));
        assert!(!needs_access_request(said(Message::Locked, None)));
    }

    #[test]
    fn an_empty_or_endless_username_is_told_before_anything_is_sent() {
        assert_eq!(login_fault("  "), Some("Enter your username."));
        assert_eq!(login_fault(&"x".repeat(257)), Some("This username is too long."));
        assert_eq!(login_fault(" Field1 "), None);
    }
}
