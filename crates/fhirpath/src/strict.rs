//! What a strict reader objects to in an expression: for authors of forms, and never needed to evaluate one.
//!
//! Evaluation is lenient, as forms in use need it. This is the other side: without evaluating, and as far as it can be
//! told from the types that are used everywhere.

use thiserror::Error;

use crate::ast::{Call, Expr, Member, Path, Step};
use crate::functions::Function as F;
use crate::types;

/// An objection of a strict reader. The expression can be evaluated all the same.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum StrictProblem {
    /// The path begins with another type than the resource has.
    #[error("`{found}` is not the type of the resource, so the path is always empty")]
    OtherType {
        /// The type that the path begins with.
        found: String,
    },
    /// The type has no such element.
    #[error("{of} has no element `{name}`")]
    NoSuchElement {
        /// The type.
        of: String,
        /// The element.
        name: String,
    },
    /// A choice is named with its type: `valueQuantity` for `value`.
    #[error("`{found}` should be `{element}`, perhaps with `ofType`")]
    ChoiceByLongName {
        /// The name that is used.
        found: String,
        /// The element's name.
        element: String,
    },
    /// A position in a collection without an order.
    #[error("`{function}` depends on an order that `children()` and `descendants()` do not have")]
    NoOrder {
        /// The function that looks at positions.
        function: &'static str,
    },
}

/// The elements of the types that are found everywhere, besides `id` and `extension`.
const ELEMENTS: &[(&str, &str)] = &[
    (
        "Address",
        "use type text line city district state postalCode country period",
    ),
    ("Age", QUANTITY),
    ("Annotation", "author authorReference authorString time text"),
    (
        "Attachment",
        "contentType language data url size hash title creation",
    ),
    ("CodeableConcept", "coding text"),
    ("Coding", "system version code display userSelected"),
    ("ContactPoint", "system value use rank period"),
    ("Duration", QUANTITY),
    ("HumanName", "use text family given prefix suffix period"),
    ("Identifier", "use type system value period assigner"),
    ("Meta", "versionId lastUpdated source profile security tag"),
    ("Narrative", "status div"),
    ("Period", "start end"),
    ("Quantity", QUANTITY),
    ("Range", "low high"),
    ("Ratio", "numerator denominator"),
    ("Reference", "reference type identifier display"),
];

const QUANTITY: &str = "value comparator unit system code";

/// The elements of R4 that have a choice of types and are met in forms.
const CHOICES: &str = "value answer abatement allowed asNeeded born deceased defaultValue dose effective fixed location \
    maxValue medication minValue multipleBirth occurrence onset pattern performed product rate serviced timing used";

/// Resources whose `name` is that of a person.
const PERSONS: &str = "Patient Person Practitioner RelatedPerson";

pub(crate) fn problems(root: &Expr, resource: Option<&str>) -> Vec<StrictProblem> {
    let mut reader = Reader {
        resource,
        found: Vec::new(),
    };
    reader.expression(root, None);
    reader.found
}

struct Reader<'r> {
    resource: Option<&'r str>,
    found: Vec<StrictProblem>,
}

impl Reader<'_> {
    /// Reads an expression where `$this` is of a type, and tells of which type its result is; `None` for not known.
    fn expression<'e>(&mut self, expression: &'e Expr, this: Option<&'e str>) -> Option<&'e str> {
        match expression {
            Expr::This => this,
            Expr::Path(path) => self.path(path, this),
            Expr::Chain(chain) => {
                self.expression(&chain.first, this);
                for (_, operand) in &chain.rest {
                    self.expression(operand, this);
                }
                None
            }
            Expr::Sign { operand, .. } => self.expression(operand, this),
            Expr::Type { operand, is, of } => {
                self.expression(operand, this);
                (!is).then_some(&of.name)
            }
            _ => None,
        }
    }

    fn path<'e>(&mut self, path: &'e Path, this: Option<&'e str>) -> Option<&'e str> {
        let mut current = self.expression(&path.head, this);
        let mut ordered = true;
        for step in &path.steps {
            let by_position = match step {
                Step::Member(member) => {
                    current = self.member(member, current);
                    None
                }
                Step::Index(index) => {
                    self.expression(index, this);
                    Some("[]")
                }
                Step::Call(call) => {
                    current = self.call(call, current, this);
                    match call.function {
                        F::Children | F::Descendants => ordered = false,
                        F::Sort => ordered = true,
                        _ => {}
                    }
                    let positional =
                        matches!(call.function, F::First | F::Last | F::Tail | F::Skip | F::Take);
                    positional.then(|| call.function.name())
                }
            };
            if let Some(function) = by_position.filter(|_| !ordered) {
                self.found.push(StrictProblem::NoOrder { function });
            }
        }
        current
    }

    fn member<'e>(&mut self, member: &'e Member, of: Option<&str>) -> Option<&'e str> {
        let name = &*member.name;
        if member.may_be_type && types::is_known_in_fhir(name) {
            if self.resource.is_some_and(|resource| !types::is_a(resource, name)) {
                self.found.push(StrictProblem::OtherType {
                    found: name.to_owned(),
                });
            }
            return None;
        }
        let long_name = CHOICES
            .split_ascii_whitespace()
            .find(|element| name.strip_prefix(element).is_some_and(types::is_choice_suffix));
        if let Some(element) = long_name {
            self.found.push(StrictProblem::ChoiceByLongName {
                found: name.to_owned(),
                element: element.to_owned(),
            });
            return None;
        }
        let elements = of.and_then(|of| ELEMENTS.iter().find(|(known, _)| *known == of));
        if let Some((of, elements)) = elements
            && !elements
                .split_ascii_whitespace()
                .chain(["id", "extension"])
                .any(|element| element == name)
        {
            let (of, name) = ((*of).to_owned(), name.to_owned());
            self.found.push(StrictProblem::NoSuchElement { of, name });
            return None;
        }
        let person = || {
            self.resource
                .is_some_and(|resource| PERSONS.split_ascii_whitespace().any(|known| known == resource))
        };
        types::of_element(name).filter(|found| *found != "HumanName" || person())
    }

    fn call<'e>(&mut self, call: &'e Call, input: Option<&'e str>, this: Option<&'e str>) -> Option<&'e str> {
        let scoped = matches!(
            call.function,
            F::Where | F::Select | F::Exists | F::All | F::Repeat | F::Iif | F::Sort
        );
        let mut last = None;
        for argument in &call.arguments {
            last = self.expression(argument, if scoped { input } else { this });
        }
        match call.function {
            F::Where
            | F::First
            | F::Last
            | F::Tail
            | F::Skip
            | F::Take
            | F::Single
            | F::Trace
            | F::Distinct
            | F::Sort => input,
            F::OfType | F::As => call.of.as_ref().map(|of| &*of.name),
            F::Select => last,
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::Expression;

    fn objections(source: &str) -> Vec<String> {
        let expression = Expression::parse(source).unwrap();
        expression
            .strict_problems(Some("Patient"))
            .iter()
            .map(ToString::to_string)
            .collect()
    }

    #[test]
    fn a_strict_reader_objects_to_what_cannot_be_meant() {
        let table = [
            (
                "Encounter.name.given",
                "`Encounter` is not the type of the resource",
            ),
            ("name.given1", "HumanName has no element `given1`"),
            (
                "name.where(use = 'official').first().famly",
                "HumanName has no element `famly`",
            ),
            ("name.where(us = 'official')", "HumanName has no element `us`"),
            ("(value as Period).unit", "Period has no element `unit`"),
            (
                "value.ofType(Quantity).display",
                "Quantity has no element `display`",
            ),
            ("valueQuantity.unit", "`valueQuantity` should be `value`"),
            ("children().skip(1)", "`skip` depends on an order"),
            ("descendants().where(true)[0]", "`[]` depends on an order"),
        ];
        for (source, expected) in table {
            let found = objections(source);
            assert!(
                matches!(found.as_slice(), [one] if one.starts_with(expected)),
                "{source} gave {found:?}"
            );
        }
    }

    #[test]
    fn a_strict_reader_lets_good_expressions_pass() {
        for source in [
            "Patient.name.given.first() & ' ' & name.family",
            "Resource.id | DomainResource.text.div",
            "birthDate <= today() - 18 years and maritalStatus.coding.code = 'M'",
            "extension.where(url = 'x').value.ofType(Quantity).value > 3",
            "descendants().where(linkId = 'a').answer.value.sum()",
            "%resource.item.where(linkId = 'a').answer.value",
            "children().sort(id).first()",
        ] {
            assert_eq!(objections(source), Vec::<String>::new(), "{source}");
        }
    }
}
