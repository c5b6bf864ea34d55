//! What a page adds beside a question and within the panel of a total, such as what was answered last time. The form draws its
//! place and knows nothing of it.

use crate::prelude::*;
use forms::ItemId;

/// Provided as a context by a page that has something to add.
#[derive(Clone, Copy)]
pub struct Beside {
    pub question: Callback<ItemId, AnyView>,
    pub total: Callback<ItemId, AnyView>,
}

pub(super) fn question(id: ItemId) -> AnyView {
    match use_context::<Beside>() {
        Some(beside) => beside.question.run(id),
        None => ().into_any(),
    }
}

pub(super) fn total(id: ItemId) -> AnyView {
    match use_context::<Beside>() {
        Some(beside) => beside.total.run(id),
        None => ().into_any(),
    }
}
