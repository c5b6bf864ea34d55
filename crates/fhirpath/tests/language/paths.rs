//! Following names through a resource, primitive elements, and types.

use serde_json::{Value as Json, json};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use crate::check;

fn patient() -> Json {
    json!({
        "resourceType": "Patient",
        "id": "p1",
        "active": true,
        "name": [
            { "use": "official", "family": "Testcase", "given": ["Amber", "Ann"] },
            { "use": "usual", "given": ["Am"] }
        ],
        "birthDate": "1950-03-15",
        "_birthDate": { "extension": [{ "url": "urn:time", "valueDateTime": "1950-03-15T14:35:45+01:00" }] },
        "_gender": { "extension": [{ "url": "urn:unknown", "valueCode": "asked-declined" }] },
        "multipleBirthInteger": 2,
        "deceasedBoolean": false,
        "contained": [{ "resourceType": "Organization", "id": "o1", "name": "Agency" }],
        "managingOrganization": { "reference": "#o1" },
        "extension": [
            { "url": "urn:age", "valueAge": { "value": 74, "system": "http://unitsofmeasure.org", "code": "a" } },
            { "url": "urn:weight", "valueQuantity": { "value": 58.3, "unit": "kg", "system": "http://unitsofmeasure.org", "code": "kg" } }
        ],
        "communication": [{ "language": { "_text": { "id": "only-an-id" } } }]
    })
}

#[test]
fn names_lead_through_lists_and_objects() {
    check(
        &patient(),
        &[
            ("name.given", r#"["Amber", "Ann", "Am"]"#),
            ("Patient.name.given", r#"["Amber", "Ann", "Am"]"#),
            ("`Patient`.name.`given`.count()", "[3]"),
            ("Resource.id | DomainResource.id", r#"["p1"]"#),
            ("Observation.name.given", "[]"),
            ("name[1].given[0]", r#"["Am"]"#),
            ("name[2]", "[]"),
            ("name[0 - 1]", "[]"),
            ("name.`family`", r#"["Testcase"]"#),
            ("nothing.at.all", "[]"),
            (
                "name.select(given.first() & ' ' & family)",
                r#"["Amber Testcase", "Am "]"#,
            ),
            ("name.given.where($index > 0)", r#"["Ann", "Am"]"#),
            ("name.where(given = 'Am').use", r#"["usual"]"#),
            ("contained.name", r#"["Agency"]"#),
        ],
    );
}

#[test]
fn a_choice_is_found_by_its_short_and_by_its_long_name() {
    check(
        &patient(),
        &[
            ("multipleBirth", "[2]"),
            ("multipleBirthInteger", "[2]"),
            ("deceased", "[false]"),
            ("extension.where(url = 'urn:weight').value.code", r#"["kg"]"#),
            (
                "extension.where(url = 'urn:weight').valueQuantity.value",
                "[58.3]",
            ),
            ("extension('urn:weight').value > 58 'kg'", "[true]"),
            ("extension('urn:weight').value < 60000 'g'", "[true]"),
            ("deceased is boolean and multipleBirth is integer", "[true]"),
        ],
    );
}

#[test]
fn a_primitive_element_has_its_extensions_beside_it() {
    check(
        &patient(),
        &[
            ("birthDate.extension.url", r#"["urn:time"]"#),
            (
                "birthDate.extension('urn:time').value",
                r#"["1950-03-15T14:35:45+01:00"]"#,
            ),
            ("birthDate.hasValue()", "[true]"),
            ("gender.exists()", "[true]"),
            ("gender.hasValue()", "[false]"),
            ("gender.extension.value", r#"["asked-declined"]"#),
            ("gender.getValue()", "[]"),
            ("communication.language.text.id", r#"["only-an-id"]"#),
            ("name.given.extension", "[]"),
            ("children().where($this is code).exists()", "[true]"),
        ],
    );
}

#[test]
fn types_are_those_of_fhir_for_elements_and_of_the_language_for_the_rest() {
    check(
        &patient(),
        &[
            ("birthDate is date", "[true]"),
            ("birthDate.is(FHIR.date)", "[true]"),
            ("birthDate is System.Date", "[false]"),
            ("@2015-02 is Date", "[true]"),
            (
                "active.type().namespace & '.' & active.type().name",
                r#"["FHIR.boolean"]"#,
            ),
            ("1.type().name", r#"["Integer"]"#),
            ("$this is DomainResource", "[true]"),
            ("$this is System.Patient", "[false]"),
            ("extension('urn:age').value is Quantity", "[true]"),
            ("extension('urn:age').value.ofType(Age).value", "[74]"),
            ("contained.ofType(Organization).id", r#"["o1"]"#),
            ("(1 | 'a' | true | 1.5).ofType(Integer)", "[1]"),
            ("name.ofType(HumanName).use", r#"["official", "usual"]"#),
            (
                "name as HumanName",
                "cannot be evaluated: `as` needs one value...",
            ),
            ("birthDate is dat", "cannot be read: there is no type `dat`..."),
        ],
    );
}

#[test]
fn references_lead_to_what_is_contained() {
    check(
        &patient(),
        &[
            ("managingOrganization.resolve().name", r#"["Agency"]"#),
            (
                "managingOrganization.reference.resolve() is Organization",
                "[true]",
            ),
            ("contained.resolve()", "[]"),
            (
                "conformsTo('http://hl7.org/fhir/StructureDefinition/Patient')",
                "[true]",
            ),
            (
                "conformsTo('http://hl7.org/fhir/StructureDefinition/Person')",
                "[false]",
            ),
            (
                "conformsTo('urn:other')",
                "cannot be evaluated: `conformsTo` is not supported here...",
            ),
            (
                "active.memberOf('urn:other')",
                "cannot be evaluated: `memberOf` is not supported here...",
            ),
        ],
    );
}

#[test]
fn the_tree_is_walked_from_the_top() {
    check(
        &patient(),
        &[
            (
                "name.children().ofType(string)",
                r#"["Testcase", "Amber", "Ann", "Am"]"#,
            ),
            ("name.descendants().count()", "[6]"),
            ("descendants().where(use = 'usual').given", r#"["Am"]"#),
            ("repeat(contained | name).count()", "[4]"),
            ("name.repeat('again')", r#"["again"]"#),
            (
                "name.repeatAll('again')",
                "cannot be evaluated: the expression takes too many steps...",
            ),
        ],
    );
}
