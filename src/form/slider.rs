//! A number between two ends, by sliding. Until somebody slides or taps there is no answer, and the slider says so: its
//! least value is an answer like any other.

use crate::prelude::*;
use forms::{Answer, Decimal, ItemId, ItemView, Kind};
use leptos::{ev::KeyboardEvent, html};

use super::{choice::clear, frame::Question, item::Sheet};

/// From where to where, and how far one step goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Scale {
    least: Decimal,
    most: Decimal,
    step: Decimal,
}

impl Scale {
    /// `None` where the form does not say from where to where. It begins at 0 and goes by 1 where it says nothing else; by
    /// a tenth where there is less than 10 to slide over and the answer need not be whole.
    pub fn of(item: &ItemView<'_>) -> Option<Self> {
        let least = item.min_value.map_or(Some(Decimal::ZERO), number)?;
        let most = item.max_value.and_then(number)?;
        let given = item.hints.and_then(|hints| hints.slider_step);
        let fine = item.kind != Kind::Integer && most - least < Decimal::TEN;
        let step = given.filter(|step| *step > Decimal::ZERO).unwrap_or(match fine {
            true => Decimal::new(1, 1),
            false => Decimal::ONE,
        });
        (least < most).then_some(Self { least, most, step })
    }

    /// Where the slider stands before there is an answer.
    fn middle(self) -> Decimal {
        let steps = ((self.most - self.least) / self.step / Decimal::TWO).floor();
        self.least + steps * self.step
    }
}

/// The number of a bound or an answer, without its unit.
pub(super) fn number(answer: &Answer) -> Option<Decimal> {
    match answer {
        Answer::Quantity(quantity) => Some(quantity.value),
        other => other.number(),
    }
}

pub(super) fn draw(sheet: Sheet, id: ItemId) -> AnyView {
    let question = Question::of(sheet, id);
    let form = sheet.form;
    let (scale, unit, [lower, upper]) = form.peek(id, |item| {
        let unit = item.units.first().map(|unit| format!(" {}", unit.text()));
        let ends = item.hints.map(|hints| [hints.lower.clone(), hints.upper.clone()]);
        (
            Scale::of(&item),
            unit.unwrap_or_default(),
            ends.unwrap_or_default(),
        )
    });
    let Some(scale) = scale else {
        return ().into_any();
    };
    let node = NodeRef::<html::Input>::new();
    let value = move || form.item(id, |item| item.answers.first().and_then(number));
    let answered = memo(move || value().is_some());
    let middle = scale.middle();
    effect(move || {
        let value = value().unwrap_or(middle).to_string();
        if let Some(input) = node.get()
            && input.value() != value
        {
            input.set_value(&value);
        }
    });
    let give = move |settled: bool| {
        if let Some(input) = node.get_untracked() {
            let answers = form.peek(id, |item| item.read(&input.value()));
            form.answer(id, answers, settled);
        }
    };
    // The value on which it stands is no change: a tap or a key says that it is meant.
    let mean_it = move || {
        if !answered.get_untracked() {
            give(true);
        }
    };
    let by_key = move |event: KeyboardEvent| {
        if matches!(event.key().as_str(), "Enter" | " ") {
            event.prevent_default();
            mean_it();
        }
    };
    let words = move || match form.item(id, |item| item.answers.first().map(ToString::to_string)) {
        Some(number) => format!("{number}{unit}"),
        None => tr!("Not answered yet").to_owned(),
    };
    let said = words.clone();
    let end = |number: Decimal, words: Option<String>| match words {
        Some(words) => format!("{number}: {words}"),
        None => number.to_string(),
    };
    let input_id = question.part("input");
    let control = view! {
        <div class="slider" class:slider-unanswered=move || !answered.get()>
            <output class="slider-value" for=input_id.clone()>
                {words}
            </output>
            <input
                id=input_id
                node_ref=node
                type="range"
                min=scale.least.to_string()
                max=scale.most.to_string()
                step=scale.step.to_string()
                prop:value=middle.to_string()
                data-linkid=question.link_id.clone()
                aria-valuetext=said
                aria-invalid=question.invalid()
                aria-describedby=question.described_by()
                on:input=act(move || give(false))
                on:change=act(move || form.settle(id))
                on:click=act(mean_it)
                on:keydown=by_key
            />
            <p class="slider-ends">
                <span>{end(scale.least, lower)}</span>
                <span>{end(scale.most, upper)}</span>
            </p>
        </div>
        {clear(&question)}
    };
    question.field(control)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    #[test]
    fn a_slider_goes_as_far_as_the_form_says() {
        let bound = |name: &str, value: Value| json!({ "url": format!("http://hl7.org/fhir/StructureDefinition/{name}"), "valueDecimal": value });
        for (kind, bounds, expected) in [
            (
                "integer",
                vec![bound("maxValue", json!(10))],
                Some(("0", "10", "1", "5")),
            ),
            (
                "integer",
                vec![bound("minValue", json!(1)), bound("maxValue", json!(6))],
                Some(("1", "6", "1", "3")),
            ),
            (
                "decimal",
                vec![bound("maxValue", json!(1))],
                Some(("0", "1", "0.1", "0.5")),
            ),
            (
                "decimal",
                vec![bound("maxValue", json!(200))],
                Some(("0", "200", "1", "100")),
            ),
            (
                "quantity",
                vec![
                    bound("maxValue", json!(4)),
                    bound("questionnaire-sliderStepValue", json!(0.5)),
                ],
                Some(("0", "4", "0.5", "2.0")),
            ),
            ("integer", vec![bound("minValue", json!(3))], None),
            (
                "integer",
                vec![bound("minValue", json!(3)), bound("maxValue", json!(3))],
                None,
            ),
        ] {
            let form =
                forms::Form::open(&json!({ "item": [{ "linkId": "q", "type": kind, "extension": bounds }] }))
                    .unwrap();
            let scale = form.find("q").and_then(|q| Scale::of(&form.item(q)));
            let told = scale
                .map(|scale| [scale.least, scale.most, scale.step, scale.middle()].map(|n| n.to_string()));
            let expected =
                expected.map(|(least, most, step, middle)| [least, most, step, middle].map(str::to_owned));
            assert_eq!(told, expected, "{kind} {bounds:?}");
        }
    }
}
