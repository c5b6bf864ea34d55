//! What became of a total: within its panel, the earlier assessments of the same client and form, read when somebody asks for
//! them, and the one that is being filled in.

use crate::prelude::*;
use forms::ItemId;
use leptos::task::spawn_local;

use super::Desktop;
use super::before::Context;
use crate::desk::use_desk;
use crate::pages::trend::{self, Trend, trends};

pub fn beside(here: Desktop, before: Context, url: StoredValue<String>, total: ItemId) -> AnyView {
    let earlier = before.get_value().earlier.clone();
    if earlier.is_empty() {
        return ().into_any();
    }
    let desk = use_desk();
    let found = RwSignal::new(None::<Vec<Trend>>);
    let asked = StoredValue::new(false);
    let earlier = StoredValue::new(earlier);
    let open = move |_| {
        if asked.get_value() {
            return;
        }
        asked.set_value(true);
        spawn_local(async move {
            let read = match desk.tablet().await {
                Ok(tablet) => trends(tablet, earlier.get_value()).await.unwrap_or_default(),
                Err(_) => Vec::new(),
            };
            // The page may have been left meanwhile.
            found.try_set(Some(read));
        });
    };
    let link_id = here.form.read(|form| form.item(total).link_id.to_owned());
    view! {
        <details class="total-trend" on:toggle=open>
            <summary>{tr!("Earlier scores")}</summary>
            {move || {
                let found = found.get()?;
                let drawn = match url.with_value(|url| Trend::of(&found, url, &link_id).cloned()) {
                    Some(known) => {
                        let with_now = here.form.watch(|form| known.with_now(form, total));
                        view! { <div class="trend">{trend::draw(&with_now)}</div> }
                    }
                    None => view! { <p class="muted">{tr!("The earlier assessments have no score here.")}</p> },
                };
                Some(drawn)
            }}
        </details>
    }
}
