//! In a rehearsal the app stands in a frame beside the helpdesk's console, whose list ticks itself by what is told here: which
//! message stands on the page, that somebody is signed in, and how the tablet stands. Nothing that was typed is told. On a
//! real tablet all of this is still: its main application names no console, and it stands in no frame.

use std::time::Duration;

use crate::prelude::*;
use leptos::task::spawn_local;
use protocol::Shown;
use replica::{OfflineSignIn, OpenedBy, SessionInfo, Unanswered};

use crate::browser::{device, parent, update};
use crate::desk::Desk;

/// Listens to the console, and tells it how the tablet stands whenever that changes.
pub fn watch(desk: Desk) {
    let installed = RwSignal::new(false);
    spawn_local(async move {
        if update::is_installed().await {
            installed.try_set(true);
        }
    });
    let console = memo(move || console(desk));
    let stand = move || Shown::Standing {
        installed: installed.get(),
        waiting: desk.waiting.get(),
    };
    effect(move || {
        console.get();
        tell(desk, &stand());
    });
    let link = StoredValue::new(None);
    parent::listen(
        move || console.get_untracked(),
        move |word| {
            let is_on = word == "online";
            if (is_on || word == "offline") && link.get_value() != Some(is_on) {
                link.set_value(Some(is_on));
                parent::play_link(is_on);
            }
            tell(desk, &untrack(stand));
        },
    );
}

/// Somebody is signed in.
pub fn opened(desk: Desk, session: &SessionInfo) {
    let shown = Shown::Opened {
        offline: session.opened == OpenedBy::Offline,
        temp: session.offline == OfflineSignIn::TempPassword,
    };
    tell(desk, &shown);
}

/// A sign-in was refused. The message is read from the page, once it stands there.
pub fn refused(desk: Desk, unanswered: Option<Unanswered>, failures: u32) {
    if console(desk).is_none() {
        return;
    }
    let tell_it = move || {
        let shown = Shown::Refused {
            message: device::text_of("[role=alert]"),
            answered: unanswered.is_none(),
            failures,
        };
        tell(desk, &shown);
    };
    set_timeout(tell_it, Duration::ZERO);
}

fn console(desk: Desk) -> Option<String> {
    desk.settings
        .with(|settings| Some(settings.rehearsal.as_ref()?.console_origin.clone()))
}

fn tell(desk: Desk, shown: &Shown) {
    if let Some(origin) = untrack(move || console(desk))
        && let Ok(text) = serde_json::to_string(shown)
    {
        parent::tell(&origin, &text);
    }
}
