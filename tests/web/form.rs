//! The form's controls as a user meets them: tap, type, look what stands there.

use forms::{Answer, Form, Status};
use leptos::mount::{UnmountHandle, mount_to};
use leptos::prelude::*;
use mobile_assessments::form::{FormHandle, FormSection, element_id};
use serde_json::{Value, json};
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{Element, HtmlElement, HtmlInputElement};

/// A form on the page, and everything that it told the page.
struct Drawn {
    root: HtmlElement,
    handle: FormHandle,
    /// Which section is on the page, by its place.
    section: RwSignal<usize>,
    told: std::rc::Rc<std::cell::RefCell<Vec<mobile_assessments::form::Answered>>>,
    _mounted: Box<dyn std::any::Any>,
}

impl Drawn {
    async fn new(questionnaire: &Value) -> Self {
        let document = web_sys::window().unwrap().document().unwrap();
        let root: HtmlElement = document.create_element("main").unwrap().unchecked_into();
        document.body().unwrap().append_child(&root).unwrap();
        let form = Form::open(questionnaire).unwrap();
        let told = std::rc::Rc::new(std::cell::RefCell::new(Vec::new()));
        let (kept, handle) = (told.clone(), std::rc::Rc::new(std::cell::Cell::new(None)));
        let made = handle.clone();
        let mounted: UnmountHandle<_> = mount_to(root.clone(), move || {
            let form = FormHandle::new(form, move |answered| kept.borrow_mut().push(answered));
            let at = RwSignal::new(0);
            made.set(Some((form, at)));
            let section = move || form.read(|form| form.sections()[at.get()].id);
            // As a page does that shows one section after another.
            move || view! { <FormSection form section=section() /> }
        });
        let (handle, section) = handle.get().unwrap();
        let drawn = Self {
            root,
            handle,
            section,
            told,
            _mounted: Box::new(mounted),
        };
        drawn.settled().await;
        drawn
    }

    /// Effects run before the next task does.
    async fn settled(&self) {
        leptos::task::tick().await;
    }

    fn find(&self, selector: &str) -> Option<Element> {
        self.root.query_selector(selector).unwrap()
    }

    fn input(&self, selector: &str) -> HtmlInputElement {
        self.find(selector)
            .unwrap_or_else(|| panic!("no {selector}"))
            .unchecked_into()
    }

    /// The input of the answer with these words.
    fn answer(&self, link_id: &str, words: &str) -> HtmlInputElement {
        let item = self.find(&format!("[data-linkid='{link_id}']")).unwrap();
        let label = all(&item, "label")
            .into_iter()
            .find(|label| label.text_content().as_deref() == Some(words));
        label
            .unwrap()
            .query_selector("input")
            .unwrap()
            .unwrap()
            .unchecked_into()
    }

    async fn type_in(&self, input: &HtmlInputElement, text: &str) {
        input.focus().unwrap();
        input.set_value(text);
        fire(input, "input");
        self.settled().await;
    }

    async fn leave(&self, input: &HtmlInputElement) {
        fire(input, "change");
        input.blur().unwrap();
        self.settled().await;
    }

    async fn tap(&self, input: &HtmlElement) {
        input.focus().unwrap();
        input.click();
        self.settled().await;
    }

    fn text(&self, selector: &str) -> String {
        self.find(selector)
            .and_then(|element| element.text_content())
            .unwrap_or_default()
    }

    fn focused(&self) -> Option<Element> {
        web_sys::window().unwrap().document().unwrap().active_element()
    }

    fn held(&self, link_id: &str) -> Vec<Answer> {
        self.handle
            .read(|form| form.item(form.find(link_id).unwrap()).answers.to_vec())
    }
}

impl Drop for Drawn {
    fn drop(&mut self) {
        self.root.remove();
    }
}

fn all(element: &Element, selector: &str) -> Vec<Element> {
    let find = js_sys::Function::new_with_args(
        "element, selector",
        "return [...element.querySelectorAll(selector)]",
    );
    let found = find.call2(&JsValue::NULL, element, &selector.into()).unwrap();
    js_sys::Array::from(&found)
        .iter()
        .map(|element| element.unchecked_into())
        .collect()
}

fn fire(input: &HtmlInputElement, name: &str) {
    let make = js_sys::Function::new_with_args("name", "return new Event(name, { bubbles: true })");
    let event = make.call1(&JsValue::NULL, &name.into()).unwrap();
    input.dispatch_event(&event.unchecked_into()).unwrap();
}

fn falls() -> Value {
    json!({ "item": [
        { "linkId": "fell", "text": "Any fall?", "type": "boolean", "required": true },
        { "linkId": "times", "text": "How many?", "type": "integer", "required": true,
          "enableWhen": [{ "question": "fell", "operator": "=", "answerBoolean": true }] },
        { "linkId": "temperature", "text": "Temperature", "type": "decimal" },
        { "linkId": "notes", "text": "Notes", "type": "text" },
    ] })
}

#[wasm_bindgen_test]
async fn a_tap_answers_shows_what_depends_on_it_and_leaves_the_focus() {
    let page = Drawn::new(&falls()).await;
    assert!(page.find("[data-linkid=times]").is_none());
    let yes = page.answer("fell", "Yes");
    page.tap(&yes).await;
    assert_eq!(page.held("fell"), [Answer::Boolean(true)]);
    assert!(page.find("[data-linkid=times] input").is_some());
    assert_eq!(page.focused(), Some(yes.clone().unchecked_into()));
    assert!(
        page.root.contains(Some(&yes)),
        "the tapped button itself is still there"
    );
    assert_eq!(page.text("[role=status]"), "One more question below.");
    let told = page.told.borrow();
    assert_eq!(
        (told.len(), told[0].link_id.as_str(), told[0].settled),
        (1, "fell", true)
    );
    assert_eq!(
        (&told[0].before, &told[0].after),
        (&json!([]), &json!([{ "valueBoolean": true }]))
    );
}

#[wasm_bindgen_test]
async fn a_question_that_appeared_stays_the_same_while_it_is_answered() {
    let page = Drawn::new(&falls()).await;
    page.tap(&page.answer("fell", "Yes")).await;
    let times = page.input("[data-linkid=times] input");
    for typed in ["1", "12", "12x", "12"] {
        page.type_in(&times, typed).await;
        assert!(page.root.contains(Some(&times)));
        assert_eq!(page.focused(), Some(times.clone().unchecked_into()));
    }
}

#[wasm_bindgen_test]
async fn the_next_section_begins_with_fresh_controls() {
    let group = |name: &str| {
        json!({ "linkId": name, "type": "group", "item": [
            { "linkId": format!("{name}-line"), "type": "string" },
            { "linkId": format!("{name}-yes"), "type": "boolean" },
        ] })
    };
    let page = Drawn::new(&json!({ "item": [group("a"), group("b")] })).await;
    let line = page.input("[data-linkid=a-line] input");
    page.type_in(&line, "of the first").await;
    page.tap(&page.answer("a-yes", "Yes")).await;
    page.section.set(1);
    page.settled().await;
    assert!(
        !page.root.contains(Some(&line)),
        "not the same field with another name"
    );
    let other = page.input("[data-linkid=b-line] input");
    assert_eq!(
        (other.value().as_str(), page.answer("b-yes", "Yes").checked()),
        ("", false)
    );
    page.type_in(&other, "of the second").await;
    page.section.set(0);
    page.settled().await;
    assert_eq!(page.input("[data-linkid=a-line] input").value(), "of the first");
    assert!(page.answer("a-yes", "Yes").checked());
    let held = |link_id: &str| {
        page.held(link_id)
            .iter()
            .map(ToString::to_string)
            .collect::<String>()
    };
    assert_eq!(
        (held("a-line").as_str(), held("b-line").as_str()),
        ("of the first", "of the second")
    );
}

#[wasm_bindgen_test]
async fn what_is_being_typed_is_left_alone_and_is_in_the_form_at_once() {
    let page = Drawn::new(&falls()).await;
    let input = page.input("[data-linkid=temperature] input");
    for (typed, held) in [
        ("3", "3"),
        ("36", "36"),
        ("36.", "36"),
        ("36.0", "36"),
        ("36.05", "36.05"),
        ("36,5", "36.5"),
    ] {
        page.type_in(&input, typed).await;
        assert_eq!(input.value(), typed);
        assert_eq!(page.held("temperature")[0].to_string(), held);
    }
    page.type_in(&input, "").await;
    assert!(page.held("temperature").is_empty());
}

#[wasm_bindgen_test]
async fn what_is_wrong_is_said_when_the_field_is_left_and_the_words_stay() {
    let page = Drawn::new(&falls()).await;
    let input = page.input("[data-linkid=temperature] input");
    page.type_in(&input, "warm").await;
    assert_eq!(page.text("[data-linkid=temperature] .field-error"), "");
    page.leave(&input).await;
    assert_eq!(
        page.text("[data-linkid=temperature] .field-error"),
        "Enter a number in digits, such as 36.5."
    );
    assert_eq!(
        (
            input.value().as_str(),
            input.get_attribute("aria-invalid").as_deref()
        ),
        ("warm", Some("true"))
    );
    let error = input.get_attribute("aria-describedby").unwrap();
    assert!(page.text(&format!("#{error}")).starts_with("Enter a number"));
    // Once said, it goes as soon as it is mended.
    page.type_in(&input, "37").await;
    assert_eq!(page.text("[data-linkid=temperature] .field-error"), "");
    let settled: Vec<bool> = page
        .told
        .borrow()
        .iter()
        .map(|answered| answered.settled)
        .collect();
    assert_eq!(settled, [false, true, false]);
}

#[wasm_bindgen_test]
async fn a_missing_answer_is_named_when_the_page_insists() {
    let page = Drawn::new(&falls()).await;
    assert_eq!(page.text(".field-error"), "");
    page.handle.insist.set(true);
    page.settled().await;
    assert_eq!(page.text("[data-linkid=fell] .field-error"), "Choose Yes or No.");
    page.tap(&page.answer("fell", "No")).await;
    assert_eq!(page.text(".field-error"), "");
}

#[wasm_bindgen_test]
async fn every_input_names_its_question_and_every_item_can_be_gone_to() {
    let intake: Value = serde_json::from_str(include_str!("../../forms/home-care-intake.json")).unwrap();
    let page = Drawn::new(&intake).await;
    let inputs = all(&page.root, "input, select, textarea");
    assert!(inputs.len() > 10);
    for input in inputs {
        assert!(
            input.get_attribute("data-linkid").is_some(),
            "{}",
            input.outer_html()
        );
    }
    let identity = page.handle.read(|form| form.find("identity").unwrap());
    let item: HtmlElement = page
        .find(&format!("#{}", element_id(identity)))
        .unwrap()
        .unchecked_into();
    item.focus().unwrap();
    assert_eq!(page.focused(), Some(item.into()));
    // The first page has most of its questions required: the others are marked.
    assert_eq!(
        page.text("[data-linkid=visit-arrival] label"),
        "Time of arrival (optional)"
    );
    assert_eq!(page.text("[data-linkid=visit-date] label"), "Date of the visit");
    assert!(page.root.inner_html().find("style=").is_none(), "no inline style");
}

#[wasm_bindgen_test]
async fn the_total_and_its_band_follow_the_taps() {
    let phq_9: Value = serde_json::from_str(include_str!("../../forms/phq-9.json")).unwrap();
    let page = Drawn::new(&phq_9).await;
    assert_eq!(page.text("output"), "–");
    let questions = [
        "/44250-9", "/44255-8", "/44259-0", "/44254-1", "/44251-7", "/44258-2", "/44252-5", "/44253-3",
        "/44260-8",
    ];
    for (at, link_id) in questions.iter().enumerate() {
        assert_eq!(page.text(".band"), "");
        page.tap(&page.answer(link_id, "Several days")).await;
        assert_eq!(page.text("output"), (at + 1).to_string());
    }
    assert_eq!(page.text(".band"), "Mild depression (5 to 9)");
    assert!(page.text(".banner-danger").contains("Talk about safety now"));
    page.tap(&page.answer("/44260-8", "Not at all")).await;
    assert_eq!(
        (page.text("output").as_str(), page.text(".banner-danger").as_str()),
        ("8", "")
    );
}

#[wasm_bindgen_test]
async fn a_finished_form_shows_its_answers_and_takes_no_more() {
    let page = Drawn::new(&falls()).await;
    page.tap(&page.answer("fell", "No")).await;
    page.handle.locked.set(true);
    page.settled().await;
    assert!(page.find("input, textarea, select, button").is_none());
    assert_eq!(page.text("[data-linkid=fell] .fixed"), "No");
    assert_eq!(page.text("[data-linkid=notes] .fixed"), "Not answered");
    page.handle.locked.set(false);
    page.settled().await;
    assert!(page.answer("fell", "No").checked());
}

#[wasm_bindgen_test]
async fn each_kind_of_control_gives_its_kind_of_answer() {
    let option = |code: &str| json!({ "valueCoding": { "system": "s", "code": code, "display": code } });
    let unit = |code: &str| {
        json!({ "url": "http://hl7.org/fhir/StructureDefinition/questionnaire-unitOption",
        "valueCoding": { "code": code, "display": code } })
    };
    let many: Vec<Value> = (0..9).map(|n| option(&format!("o{n}"))).collect();
    let page = Drawn::new(&json!({ "item": [
        { "linkId": "line", "type": "string" },
        { "linkId": "words", "type": "text" },
        { "linkId": "day", "type": "date" },
        { "linkId": "hour", "type": "time" },
        { "linkId": "moment", "type": "dateTime" },
        { "linkId": "weight", "type": "quantity", "extension": [unit("kg"), unit("lb")] },
        { "linkId": "list", "type": "choice", "answerOption": many },
        { "linkId": "several", "type": "choice", "repeats": true, "answerOption": [option("a"), option("b")] },
        { "linkId": "open", "type": "open-choice", "answerOption": [option("tea")] },
    ] }))
    .await;
    for (selector, typed) in [
        ("[data-linkid=line] input", "one line"),
        ("[data-linkid=words] textarea", "two\nlines"),
        ("[data-linkid=day] input", "2026-11-23"),
        ("[data-linkid=hour] input", "09:30"),
        ("[data-linkid=moment] input[type=date]", "2026-11-23"),
        ("[data-linkid=moment] input[type=time]", "14:05"),
        ("[data-linkid=weight] input", "61.5"),
        ("[data-linkid=open] input[type=text]", "cocoa"),
    ] {
        page.type_in(&page.input(selector), typed).await;
        assert_eq!(page.input(selector).value(), typed, "{selector}");
    }
    let choose = |selector: &str, value: &str| {
        let list = page.input(selector);
        js_sys::Reflect::set(&list, &"value".into(), &value.into()).unwrap();
        fire(&list, "change");
    };
    choose("[data-linkid=list] select", "3");
    choose("[data-linkid=weight] select", "lb");
    page.settled().await;
    page.tap(&page.answer("several", "b")).await;
    page.tap(&page.answer("several", "a")).await;
    let response = page.handle.read(|form| form.response(Status::InProgress));
    let answer = |link_id: &str| {
        let items = response["item"].as_array().unwrap();
        items
            .iter()
            .find(|item| item["linkId"] == link_id)
            .map(|item| item["answer"].clone())
            .unwrap_or_default()
    };
    assert_eq!(answer("line"), json!([{ "valueString": "one line" }]));
    assert_eq!(answer("words"), json!([{ "valueString": "two\nlines" }]));
    assert_eq!(answer("day"), json!([{ "valueDate": "2026-11-23" }]));
    assert_eq!(answer("hour"), json!([{ "valueTime": "09:30:00" }]));
    assert!(
        answer("moment")[0]["valueDateTime"]
            .as_str()
            .unwrap()
            .starts_with("2026-11-23T14:05:00")
    );
    assert_eq!(
        answer("weight"),
        json!([{ "valueQuantity": { "value": 61.5, "unit": "lb", "code": "lb" } }])
    );
    assert_eq!(answer("list"), json!([option("o3")]));
    assert_eq!(answer("several"), json!([option("a"), option("b")]));
    assert_eq!(answer("open"), json!([{ "valueString": "cocoa" }]));
    // An option takes the place of the user's own words, and the line shows it.
    page.tap(&page.answer("open", "tea")).await;
    assert_eq!(page.input("[data-linkid=open] input[type=text]").value(), "");
    let clear: HtmlElement = page.find("[data-linkid=open] .clear").unwrap().unchecked_into();
    page.tap(&clear).await;
    assert!(page.held("open").is_empty() && !page.answer("open", "tea").checked());
    // The long field's frame follows what is written.
    assert_eq!(
        page.find(".growing")
            .unwrap()
            .get_attribute("data-words")
            .as_deref(),
        Some("two\nlines")
    );
}

fn hint(code: &str) -> Value {
    json!([{ "url": "http://hl7.org/fhir/StructureDefinition/questionnaire-itemControl",
        "valueCodeableConcept": { "coding": [{ "code": code }] } }])
}

#[wasm_bindgen_test]
async fn a_field_that_gives_way_while_it_has_the_focus_is_only_left() {
    let page =
        Drawn::new(&json!({ "item": [{ "linkId": "visit", "text": "Last visit?", "type": "date" }] })).await;
    let day = page.input("[data-linkid=visit] input");
    page.type_in(&day, "2026-11-20").await;
    let turn: HtmlElement = page.find(".date-turn").unwrap().unchecked_into();
    turn.click();
    page.settled().await;
    assert_eq!(
        page.held("visit")[0].to_string(),
        "2026-11",
        "of a day its month stays"
    );
    let year = page.input("input.input-year");
    page.type_in(&year, "2025").await;
    assert_eq!(page.held("visit")[0].to_string(), "2025-11");
}

#[wasm_bindgen_test]
async fn a_slider_says_that_it_is_not_answered_until_somebody_slides_or_taps() {
    let most = json!({ "url": "http://hl7.org/fhir/StructureDefinition/maxValue", "valueInteger": 10 });
    let mut control = hint("slider");
    control.as_array_mut().unwrap().push(most);
    let page =
        Drawn::new(&json!({ "item": [{ "linkId": "pain", "type": "integer", "extension": control }] })).await;
    let slider = page.input("input[type=range]");
    assert_eq!(page.text(".slider-value"), "Not answered yet");
    assert_eq!(
        slider.get_attribute("aria-valuetext").as_deref(),
        Some("Not answered yet")
    );
    page.tap(&slider).await;
    assert_eq!(
        page.held("pain"),
        [Answer::Integer(5)],
        "where it stands is meant"
    );
    page.type_in(&slider, "0").await;
    assert_eq!(page.held("pain"), [Answer::Integer(0)]);
    assert_eq!(page.text(".slider-value"), "0");
    let clear: HtmlElement = page.find(".clear").unwrap().unchecked_into();
    clear.click();
    page.settled().await;
    assert!(page.held("pain").is_empty());
    assert_eq!(page.text(".slider-value"), "Not answered yet");
}

#[wasm_bindgen_test]
async fn a_row_that_is_removed_comes_back_by_undo_with_what_stood_in_it() {
    let page = Drawn::new(&json!({ "item": [
        { "linkId": "lists", "type": "group", "item": [
            { "linkId": "drugs", "text": "Medicine", "type": "group", "repeats": true, "extension": hint("gtable"), "item": [
                { "linkId": "name", "text": "Name", "type": "string" } ] } ] } ] }))
    .await;
    page.type_in(&page.input("tbody input"), "Sample tablets").await;
    let press = |name: &str| {
        let buttons = all(&page.root, "button");
        let named = buttons
            .into_iter()
            .find(|button| button.text_content().unwrap_or_default().contains(name));
        named.unwrap().unchecked_into::<HtmlElement>().click();
    };
    press("Add another");
    page.settled().await;
    assert_eq!(all(&page.root, "tbody tr").len(), 2);
    press("Remove");
    page.settled().await;
    assert_eq!(all(&page.root, "tbody tr").len(), 1);
    assert!(page.text(".undo").contains("Removed: Medicine 1."));
    press("Undo");
    page.settled().await;
    let names: Vec<String> = all(&page.root, "tbody input")
        .into_iter()
        .map(|input| input.unchecked_into::<HtmlInputElement>().value())
        .collect();
    assert_eq!(names, ["Sample tablets", ""]);
}
