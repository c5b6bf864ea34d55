//! Value sets of FHIR R4's own that forms name without bringing them along (<https://hl7.org/fhir/R4/terminologies-valuesets.html>):
//! those that are short and never change. `options` looks here last: what travels with the form is the form's.

/// The part of a value set that one code system gives: the system, and each code with its words. No codes are a system as
/// a whole, or a part of it that is too long to be here.
type Included = (&'static str, &'static str);

const BASE: &str = "http://hl7.org/fhir/ValueSet/";

/// By what stands behind [`BASE`]. Codes that group others and cannot be chosen are left out.
const SETS: [(&str, &[Included]); 10] = [
    (
        "administrative-gender",
        &[(
            "http://hl7.org/fhir/administrative-gender",
            "male=Male|female=Female|other=Other|unknown=Unknown",
        )],
    ),
    (
        "yesnodontknow",
        &[
            ("http://terminology.hl7.org/CodeSystem/v2-0136", "Y=Yes|N=No"),
            (
                "http://terminology.hl7.org/CodeSystem/data-absent-reason",
                "asked-unknown=Don't know",
            ),
        ],
    ),
    (
        "condition-clinical",
        &[(
            "http://terminology.hl7.org/CodeSystem/condition-clinical",
            "active=Active|recurrence=Recurrence|relapse=Relapse|inactive=Inactive|remission=Remission|resolved=Resolved",
        )],
    ),
    (
        "condition-ver-status",
        &[(
            "http://terminology.hl7.org/CodeSystem/condition-ver-status",
            "unconfirmed=Unconfirmed|provisional=Provisional|differential=Differential|confirmed=Confirmed|refuted=Refuted|entered-in-error=Entered in Error",
        )],
    ),
    (
        "condition-category",
        &[(
            "http://terminology.hl7.org/CodeSystem/condition-category",
            "problem-list-item=Problem List Item|encounter-diagnosis=Encounter Diagnosis",
        )],
    ),
    (
        "observation-status",
        &[(
            "http://hl7.org/fhir/observation-status",
            "registered=Registered|preliminary=Preliminary|final=Final|amended=Amended|corrected=Corrected|cancelled=Cancelled|entered-in-error=Entered in Error|unknown=Unknown",
        )],
    ),
    (
        "observation-category",
        &[(
            "http://terminology.hl7.org/CodeSystem/observation-category",
            "social-history=Social History|vital-signs=Vital Signs|imaging=Imaging|laboratory=Laboratory|procedure=Procedure|survey=Survey|exam=Exam|therapy=Therapy|activity=Activity",
        )],
    ),
    (
        "immunization-status",
        &[(
            "http://hl7.org/fhir/event-status",
            "completed=Completed|entered-in-error=Entered in Error|not-done=Not Done",
        )],
    ),
    (
        "item-type",
        &[(
            "http://hl7.org/fhir/item-type",
            "group=Group|display=Display|boolean=Boolean|decimal=Decimal|integer=Integer|date=Date|dateTime=Date Time|time=Time|string=String|text=Text|url=Url|choice=Choice|open-choice=Open Choice|attachment=Attachment|reference=Reference|quantity=Quantity",
        )],
    ),
    // Countries and regions, which are too many to be here.
    (
        "jurisdiction",
        &[
            ("urn:iso:std:iso:3166", ""),
            ("urn:iso:std:iso:3166:-2", ""),
            ("http://unstats.un.org/unsd/methods/m49/m49.htm", ""),
        ],
    ),
];

/// What the value set of this address, without a version, is made of; nothing where it is none of these.
pub(super) fn find(url: &str) -> &'static [Included] {
    let name = url.strip_prefix(BASE).unwrap_or_default();
    let found = SETS.iter().find(|(known, _)| *known == name);
    found.map(|(_, parts)| *parts).unwrap_or_default()
}

/// System, code and words of each of its codes.
pub(super) fn codes(parts: &'static [Included]) -> impl Iterator<Item = [&'static str; 3]> {
    parts.iter().flat_map(|(system, codes)| {
        let pairs = codes.split('|').filter_map(|pair| pair.split_once('='));
        pairs.map(|(code, words)| [*system, code, words])
    })
}
