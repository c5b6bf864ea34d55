//! What became of a total: within its panel, the earlier assessments of the same client and form, read when somebody asks for
//! them first, and the one that is being filled in.

use crate::prelude::*;
use forms::ItemId;
use leptos::task::spawn_local;

use super::Desktop;
use super::before::Context;
use crate::desk::use_desk;
use crate::pages::trend::{self, Trend, trends};

/// Read once for all totals of the assessment, and for as long as it is open: what is completed does not change.
#[derive(Clone, Copy)]
pub struct EarlierTotals {
    before: Context,
    /// Of the form.
    url: StoredValue<String>,
    asked: StoredValue<bool>,
    found: RwSignal<Option<Vec<Trend>>>,
}

impl EarlierTotals {
    pub fn of(before: Context, url: String) -> Self {
        Self {
            before,
            url: StoredValue::new(url),
            asked: StoredValue::new(false),
            found: RwSignal::new(None),
        }
    }

    /// Within the panel of this total.
    pub fn beside(self, here: Desktop, total: ItemId) -> AnyView {
        if self.before.with_value(|before| before.earlier.is_empty()) {
            return ().into_any();
        }
        let desk = use_desk();
        let open = move |_| {
            if self.asked.get_value() {
                return;
            }
            self.asked.set_value(true);
            let earlier = self.before.with_value(|before| before.earlier.clone());
            spawn_local(async move {
                let read = match desk.tablet().await {
                    Ok(tablet) => trends(&tablet, earlier).await,
                    Err(_) => Vec::new(),
                };
                // The page may have been left meanwhile.
                self.found.try_set(Some(read));
            });
        };
        let link_id = here.form.read(|form| form.item(total).link_id.to_owned());
        let with_now = memo(move || {
            let found = self.found.get()?;
            let known = self
                .url
                .with_value(|url| Trend::of(&found, url, &link_id).cloned());
            Some(known.map(|known| here.form.watch(|form| known.with_now(form, total))))
        });
        view! {
            <details class="total-trend" on:toggle=open>
                <summary>{tr!("Earlier scores")}</summary>
                {move || {
                    Some(match with_now.get()? {
                        Some(trend) => view! { <div class="trend">{trend::draw(&trend)}</div> },
                        None => view! { <p class="muted">{tr!("The earlier assessments have no score here.")}</p> },
                    })
                }}
            </details>
        }
    }
}
