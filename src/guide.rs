//! The guide to a new password as this browser keeps it: in local storage, in the clear, because nobody is signed in yet.
//! `replica::guide` says what happens to it; here it is read, written and erased.

use gloo_storage::{LocalStorage, Storage as _};
use leptos::prelude::*;
use replica::guide::{Event, Guide};
use std::time::Duration;

use crate::browser::address::Address;
use crate::browser::{device, kept};
use crate::desk::Desk;
use crate::mark::Reach;
use crate::route::Route;

const KEPT_AS: &str = "reset-guide";
/// An app that is never closed looks this often whether the week is over, and whenever the tablet wakes.
const LOOK_EVERY: Duration = Duration::from_secs(600);

/// What is kept on this tablet; what is older than a week is erased.
pub fn load(now: protocol::Timestamp) -> Guide {
    let guide = kept::get::<Guide>(&LocalStorage::raw(), KEPT_AS).unwrap_or_default();
    let guide = guide.at(now);
    keep(&guide);
    guide
}

/// Something has happened on the way.
pub fn happened(desk: Desk, event: Event) {
    let online = untrack(|| desk.reach()) == Reach::Online;
    desk.guide.update(|guide| {
        *guide = std::mem::take(guide).after(event, device::now(), online);
        keep(guide);
    });
}

/// Erases what is too old while the app is open.
pub fn watch(desk: Desk, address: Address) {
    let look = move || {
        let guide = desk.guide.get_untracked();
        let left = guide.clone().at(device::now());
        if left != guide {
            keep(&left);
            if !left.is_running() && Route::of(&address.path().get_untracked()) == Route::Reset {
                // Its fields stand on the page as well.
                address.go("/");
            }
            desk.guide.set(left);
        }
    };
    device::on_show(look);
    let timer = set_interval_with_handle(look, LOOK_EVERY);
    on_cleanup(move || {
        if let Ok(timer) = timer {
            timer.clear();
        }
    });
}

fn keep(guide: &Guide) {
    if guide.is_running() {
        // A browser that keeps nothing costs the user the typing, and nothing else.
        drop(LocalStorage::set(KEPT_AS, guide));
    } else {
        LocalStorage::delete(KEPT_AS);
    }
}
