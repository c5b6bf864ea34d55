//! Words with emphasis, lists and pictures, as a form's `rendering-xhtml` or `rendering-markdown` has them: built element by
//! element from what `forms` has read, never from the form's own markup.

use crate::prelude::*;
use forms::{Mark, Markup};

/// As blocks of their own.
pub(super) fn blocks(markup: &[Markup]) -> AnyView {
    pieces(markup, false)
}

/// Within a label or a legend, where no blocks are allowed: what would be one begins a line.
pub(super) fn inline(markup: &[Markup]) -> AnyView {
    pieces(markup, true)
}

fn pieces(markup: &[Markup], inline: bool) -> AnyView {
    let pieces = markup.iter().map(|piece| match piece {
        Markup::Text(text) => view! { {text.clone()} },
        Markup::Break => view! { <br /> },
        Markup::Picture(picture) => {
            view! { <img class="rich-picture" src=picture.source.clone() alt=picture.title.clone() /> }
        }
        Markup::Element(mark, inner) => element(*mark, inner, inline),
    });
    pieces.collect_view().into_any()
}

fn element(mark: Mark, inner: &[Markup], inline: bool) -> AnyView {
    let words = pieces(inner, inline);
    match (mark, inline) {
        (Mark::Strong, _) => view! { <strong>{words}</strong> },
        (Mark::Emphasis, _) => view! { <em>{words}</em> },
        (Mark::Underline, _) => view! { <u>{words}</u> },
        (Mark::Above, _) => view! { <sup>{words}</sup> },
        (Mark::Below, _) => view! { <sub>{words}</sub> },
        (Mark::Item, true) => view! { <span class="rich-line rich-item">{words}</span> },
        (_, true) => view! { <span class="rich-line">{words}</span> },
        (Mark::Paragraph, false) => view! { <p>{words}</p> },
        // The page has its own order of headings.
        (Mark::Heading, false) => {
            view! {
                <p>
                    <strong>{words}</strong>
                </p>
            }
        }
        (Mark::List, false) => view! { <ul>{words}</ul> },
        (Mark::NumberedList, false) => view! { <ol>{words}</ol> },
        (Mark::Item, false) => view! { <li>{words}</li> },
    }
}
