//! Words of the form that ask nothing: plain text, and a notice that appears when it applies.

use crate::prelude::*;
use forms::ItemId;

use super::item::{Sheet, element_id};
use crate::components::{Icon, Symbol};

pub(super) fn draw(sheet: Sheet, id: ItemId) -> AnyView {
    // A band stands in the panel of its total.
    if sheet.form.read(|form| form.is_band(id)) {
        return ().into_any();
    }
    let (link_id, text, category, conditional) = sheet.form.peek(id, |item| {
        (
            item.link_id.to_owned(),
            item.text.to_owned(),
            item.category.map(str::to_owned),
            item.conditional,
        )
    });
    let class = match category.as_deref() {
        Some("safety") => "banner banner-danger",
        _ if conditional => "banner banner-info",
        _ => "words",
    };
    let symbol = match class {
        "banner banner-danger" => Some(Symbol::Alert),
        "banner banner-info" => Some(Symbol::Info),
        _ => None,
    };
    view! {
        <div class=class id=element_id(id) tabindex="-1" data-linkid=link_id>
            {symbol.map(|symbol| view! { <Icon symbol /> })}
            <p>{text}</p>
        </div>
    }
}
