//! The e-mail as it is read out to the helpdesk: large, a line at a time, the number's digits in groups.

use crate::prelude::*;
use replica::guide::Event;

use crate::components::{Button, ButtonKind, Dialog};
use crate::desk::use_desk;
use crate::guide::happened;

#[component]
pub fn ReadOut(open: RwSignal<bool>) -> impl IntoView {
    let desk = use_desk();
    let lines = move || desk.guide.with(|guide| guide.request.read_out());
    let done = Callback::new(move |()| {
        open.set(false);
        happened(desk, Event::Requested);
    });
    view! {
        <Dialog open title=tr!("Read this out to the helpdesk")>
            <dl class="read-out" lang="en">
                {lines()
                    .into_iter()
                    .map(|(label, line)| {
                        view! {
                            <dt>{label}</dt>
                            <dd>{line}</dd>
                        }
                    })
                    .collect_view()}
            </dl>
            <p class="muted small">{tr!("The helpdesk calls this number back and asks the user's security question.")}</p>
            <div class="buttons">
                <Button label=tr!("I have read it out") kind=ButtonKind::Primary on_press=done />
                <Button label=tr!("Close") on_press=Callback::new(move |()| open.set(false)) />
            </div>
        </Dialog>
    }
}
