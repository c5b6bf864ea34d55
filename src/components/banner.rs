//! A lasting notice: what is the case, and what can be done.

use crate::prelude::*;

use super::{Icon, Symbol, Tone};

/// Quiet tones are read out when there is time, [`Tone::Danger`] at once. With `announced` off it is read in passing
/// only: for what stands there from the start.
#[component]
pub fn Banner(tone: Tone, #[prop(default = true)] announced: bool, children: Children) -> impl IntoView {
    let symbol = match tone {
        Tone::Neutral | Tone::Info => Symbol::Info,
        Tone::Good => Symbol::CheckCircle,
        Tone::Attention | Tone::Danger => Symbol::Alert,
    };
    let role = match tone {
        _ if !announced => None,
        Tone::Danger => Some("alert"),
        _ => Some("status"),
    };
    view! {
        <div class=format!("banner banner-{}", tone.name()) role=role>
            <Icon symbol />
            <div class="banner-body">{children()}</div>
        </div>
    }
}
