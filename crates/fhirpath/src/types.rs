//! What can be said of FHIR R4's types without carrying the definitions of all resources.
//!
//! Types follow from the JSON: `valueCoding` names its type, a resource names its own, and for other elements the name
//! and the shape decide. The tables hold the element names whose texts are something other than plain strings, each
//! with the type that it has most often in R4.

use serde_json::{Map, Value as Json};

use crate::ast::{Model, TypeSpecifier};
use crate::value::{Node, TypeInfo, Value};

const SYSTEM_TYPES: &str = "Any Boolean String Integer Long Decimal Date DateTime Time Quantity TypeInfo";

const PRIMITIVES: &str = "base64Binary boolean canonical code date dateTime decimal id instant integer markdown oid \
    positiveInt string time unsignedInt uri url uuid xhtml";

const COMPLEX_TYPES: &str = "Address Age Annotation Attachment BackboneElement CodeableConcept Coding ContactDetail \
    ContactPoint Contributor Count DataRequirement Distance Dosage Duration Element ElementDefinition Expression \
    Extension HumanName Identifier MarketingStatus Meta Money MoneyQuantity Narrative ParameterDefinition Period \
    Population ProdCharacteristic ProductShelfLife Quantity Range Ratio Reference RelatedArtifact SampledData \
    Signature SimpleQuantity SubstanceAmount Timing TriggerDefinition UsageContext";

const RESOURCES: &str = "Account ActivityDefinition AdverseEvent AllergyIntolerance Appointment AppointmentResponse \
    AuditEvent Basic Binary BiologicallyDerivedProduct BodyStructure Bundle CapabilityStatement CarePlan CareTeam \
    CatalogEntry ChargeItem ChargeItemDefinition Claim ClaimResponse ClinicalImpression CodeSystem Communication \
    CommunicationRequest CompartmentDefinition Composition ConceptMap Condition Consent Contract Coverage \
    CoverageEligibilityRequest CoverageEligibilityResponse DetectedIssue Device DeviceDefinition DeviceMetric \
    DeviceRequest DeviceUseStatement DiagnosticReport DocumentManifest DocumentReference DomainResource \
    EffectEvidenceSynthesis Encounter Endpoint EnrollmentRequest EnrollmentResponse EpisodeOfCare EventDefinition \
    Evidence EvidenceVariable ExampleScenario ExplanationOfBenefit FamilyMemberHistory Flag Goal GraphDefinition Group \
    GuidanceResponse HealthcareService ImagingStudy Immunization ImmunizationEvaluation ImmunizationRecommendation \
    ImplementationGuide InsurancePlan Invoice Library Linkage List Location Measure MeasureReport Media Medication \
    MedicationAdministration MedicationDispense MedicationKnowledge MedicationRequest MedicationStatement \
    MedicinalProduct MedicinalProductAuthorization MedicinalProductContraindication MedicinalProductIndication \
    MedicinalProductIngredient MedicinalProductInteraction MedicinalProductManufactured MedicinalProductPackaged \
    MedicinalProductPharmaceutical MedicinalProductUndesirableEffect MessageDefinition MessageHeader \
    MolecularSequence NamingSystem NutritionOrder Observation ObservationDefinition OperationDefinition \
    OperationOutcome Organization OrganizationAffiliation Parameters Patient PaymentNotice PaymentReconciliation \
    Person PlanDefinition Practitioner PractitionerRole Procedure Provenance Questionnaire QuestionnaireResponse \
    RelatedPerson RequestGroup ResearchDefinition ResearchElementDefinition ResearchStudy ResearchSubject Resource \
    RiskAssessment RiskEvidenceSynthesis Schedule SearchParameter ServiceRequest Slot Specimen SpecimenDefinition \
    StructureDefinition StructureMap Subscription Substance SubstanceNucleicAcid SubstancePolymer SubstanceProtein \
    SubstanceReferenceInformation SubstanceSourceMaterial SubstanceSpecification SupplyDelivery SupplyRequest Task \
    TerminologyCapabilities TestReport TestScript ValueSet VerificationResult VisionPrescription";

/// Names of elements that end like a choice type and are strings.
const STRINGS: &str = "actorId altId compareToSourceId contextLinkId datasetId linkId maternalOrganismId minimumId \
    paternalOrganismId performerLinkId postalCode readsetId reasonLinkId requesterLinkId resourceId responseCode \
    subscriberId variantsetId";

const CODES: &str = "accept action actuality aggregation assurance cardinalityBehavior category code codeSearch \
    comparator conditionalDelete conditionalRead confidentiality contentType contextType criticality currency \
    dayOfWeek daysOfWeek derivation direction docStatus durationUnit enableBehavior entryType equivalence \
    exposureState eye fhirVersion format gender generation groupMeasure groupingBehavior hierarchyMeaning intent kind \
    language license lifecycleStatus listMode meaning method mode modifier op operationalStatus operator orientation \
    outcome participantStatus patchFormat payloadMimeType periodUnit permittedDataType precheckBehavior preference \
    priority productCategory publicationStatus referencePolicy relationship relationtype requestMethod \
    requiredBehavior resourceType responseRequired result role rule rules scale searchType selectionBehavior severity \
    sigFormat status strand strength subjectType targetFormat type typeMode use variableType versioning xpathUsage";

const DATE_TIMES: &str = "authored authoredOn created creation date dateAsserted dateOfFirstAuthorization dateTime \
    dateWritten detected effective effectiveDate effectiveTime end enteredDate event expirationDate expiry \
    internationalBirthDate lastOccurrence lastPerformed manufactureDate occurrence onset performed presentationDate \
    publicationDate received receivedTime recordedDate recordedOn releaseDate restoreDate sent start started statusDate \
    time validTo validationDate verificationDate whenHandedOver whenPrepared";

const INSTANTS: &str = "ifModifiedSince issued lastModified lastUpdated recorded timestamp when";

const URIS: &str = "authority authorizationUrl contentReference fullUrl implicitRules instantiates issuer link \
    onlineInformation policy protocol source system target uri url";

const CANONICALS: &str = "answerValueSet base baseDefinition capabilities compartment definition derivedFrom \
    implementationGuide import imports inputProfile library measure outputProfile parent profile questionnaire \
    replaces supplements supportedProfile targetProfile transform valueSet workflow";

const MARKDOWNS: &str = "clinicalRecommendationStatement copyright disclaimer documentation extraDetails guidance \
    meaningWhenMissing paymentTerms postConditions preConditions preparationInstruction purpose rationale situation \
    textFilter";

fn lists(words: &str, name: &str) -> bool {
    words.split_ascii_whitespace().any(|word| word == name)
}

/// Whether a type specifier with this name means anything. In the other model it means a type that no value has.
pub(crate) fn is_known(name: &str) -> bool {
    lists(SYSTEM_TYPES, name) || is_known_in_fhir(name)
}

/// Whether FHIR R4 has a type of resource of this name, other than those that only stand for many.
///
/// ```
/// assert!(fhirpath::is_resource_type("Patient") && !fhirpath::is_resource_type("Chicken"));
/// ```
pub fn is_resource_type(name: &str) -> bool {
    lists(RESOURCES, name) && !matches!(name, "Resource" | "DomainResource")
}

pub(crate) fn is_known_in_fhir(name: &str) -> bool {
    lists(PRIMITIVES, name) || lists(COMPLEX_TYPES, name) || lists(RESOURCES, name)
}

/// Whether the value is of the type, or of one derived from it.
pub(crate) fn matches(value: &Value<'_>, of: &TypeSpecifier) -> bool {
    let TypeInfo { namespace, name } = value.type_info();
    match (namespace, of.model) {
        ("System", None | Some(Model::System)) => name == of.name.as_ref() || of.name.as_ref() == "Any",
        ("FHIR", None | Some(Model::Fhir)) => is_a(name, &of.name),
        _ => false,
    }
}

/// Whether `as` and `ofType` let the value through: of primitive types only the type itself, a code being no string.
pub(crate) fn lets_through(value: &Value<'_>, of: &TypeSpecifier) -> bool {
    let primitive = of.model != Some(Model::System) && lists(PRIMITIVES, &of.name);
    if primitive {
        value.type_info().name == of.name.as_ref()
    } else {
        matches(value, of)
    }
}

/// Whether a FHIR type is another one, or derived from it.
pub(crate) fn is_a(name: &str, ancestor: &str) -> bool {
    let mut current = name;
    loop {
        if current == ancestor {
            return true;
        }
        match base(current) {
            Some(next) => current = next,
            None => return false,
        }
    }
}

fn base(name: &str) -> Option<&'static str> {
    Some(match name {
        "Element" | "Resource" => return None,
        "code" | "id" | "markdown" => "string",
        "canonical" | "oid" | "url" | "uuid" => "uri",
        "positiveInt" | "unsignedInt" => "integer",
        "Age" | "Count" | "Distance" | "Duration" | "MoneyQuantity" | "SimpleQuantity" => "Quantity",
        "Dosage" | "ElementDefinition" | "MarketingStatus" | "Population" | "ProdCharacteristic"
        | "ProductShelfLife" | "SubstanceAmount" | "Timing" => "BackboneElement",
        "Binary" | "Bundle" | "DomainResource" | "Parameters" => "Resource",
        name if lists(PRIMITIVES, name) || lists(COMPLEX_TYPES, name) => "Element",
        _ => "DomainResource",
    })
}

pub(crate) fn is_quantity(name: &str) -> bool {
    is_a(name, "Quantity")
}

/// Whether a name may go on like this after that of a choice element: `Coding` after `value`.
pub(crate) fn is_choice_suffix(suffix: &str) -> bool {
    choice_type(suffix).is_some()
}

fn choice_type(suffix: &str) -> Option<&'static str> {
    Some(match suffix {
        "Coding" => "Coding",
        "Integer" => "integer",
        "Decimal" => "decimal",
        "Boolean" => "boolean",
        "String" => "string",
        "Date" => "date",
        "DateTime" => "dateTime",
        "Time" => "time",
        "Quantity" => "Quantity",
        "Reference" => "Reference",
        "CodeableConcept" => "CodeableConcept",
        "Uri" => "uri",
        "Attachment" => "Attachment",
        "Code" => "code",
        "Period" => "Period",
        "Age" => "Age",
        "Range" => "Range",
        "Expression" => "Expression",
        "Base64Binary" => "base64Binary",
        "Canonical" => "canonical",
        "Id" => "id",
        "Instant" => "instant",
        "Markdown" => "markdown",
        "Oid" => "oid",
        "PositiveInt" => "positiveInt",
        "UnsignedInt" => "unsignedInt",
        "Url" => "url",
        "Uuid" => "uuid",
        "Address" => "Address",
        "Annotation" => "Annotation",
        "ContactDetail" => "ContactDetail",
        "ContactPoint" => "ContactPoint",
        "Contributor" => "Contributor",
        "Count" => "Count",
        "DataRequirement" => "DataRequirement",
        "Distance" => "Distance",
        "Dosage" => "Dosage",
        "Duration" => "Duration",
        "HumanName" => "HumanName",
        "Identifier" => "Identifier",
        "Meta" => "Meta",
        "Money" => "Money",
        "ParameterDefinition" => "ParameterDefinition",
        "Ratio" => "Ratio",
        "RelatedArtifact" => "RelatedArtifact",
        "SampledData" => "SampledData",
        "Signature" => "Signature",
        "Timing" => "Timing",
        "TriggerDefinition" => "TriggerDefinition",
        "UsageContext" => "UsageContext",
        _ => return None,
    })
}

/// The type that the end of an element's name says: `multipleBirthInteger` is an integer.
fn choice_of_name(name: &str) -> Option<&'static str> {
    let capitals = name
        .char_indices()
        .skip(1)
        .filter(|(_, c)| c.is_ascii_uppercase());
    capitals.into_iter().find_map(|(at, _)| choice_type(&name[at..]))
}

pub(crate) fn of_node<'a>(node: &Node<'a>) -> &'a str {
    let name = node.name();
    match node.json() {
        Json::Object(object) => match object.get("resourceType").and_then(Json::as_str) {
            Some(resource) => resource,
            None => choice_of_name(name).unwrap_or_else(|| of_object(name, object)),
        },
        Json::Bool(_) => "boolean",
        Json::Number(number) => match choice_of_name(name) {
            Some(choice) => choice,
            None if name == "value" || !(number.is_i64() || number.is_u64()) => "decimal",
            None => "integer",
        },
        Json::String(_) | Json::Null | Json::Array(_) => of_text(node),
    }
}

fn of_text(node: &Node<'_>) -> &'static str {
    let name = node.name();
    let in_resource = node
        .parent()
        .is_some_and(|parent| parent.contains_key("resourceType"));
    match name {
        "id" if in_resource => return "id",
        "id" => return "string",
        "birthDate" | "nextScheduled" => return "date",
        "div" => return "xhtml",
        "timeOfDay" => return "time",
        "data" | "hash" => return "base64Binary",
        // The system of a contact point is a code; everywhere else it is a URI.
        "system" if node.json().as_str().is_some_and(|system| !system.contains(':')) => return "code",
        _ => {}
    }
    let tables = [
        (STRINGS, "string"),
        (CODES, "code"),
        (DATE_TIMES, "dateTime"),
        (URIS, "uri"),
        (INSTANTS, "instant"),
        (CANONICALS, "canonical"),
        (MARKDOWNS, "markdown"),
    ];
    let listed = tables
        .into_iter()
        .find(|(words, _)| lists(words, name))
        .map(|(_, found)| found);
    listed.or_else(|| choice_of_name(name)).unwrap_or("string")
}

/// The type of elements that have it nearly everywhere.
pub(crate) fn of_element(name: &str) -> Option<&'static str> {
    Some(match name {
        "extension" | "modifierExtension" => "Extension",
        "name" => "HumanName",
        "telecom" => "ContactPoint",
        "identifier" => "Identifier",
        "address" => "Address",
        "meta" => "Meta",
        "text" => "Narrative",
        "note" => "Annotation",
        "photo" => "Attachment",
        _ => return None,
    })
}

fn of_object(name: &str, object: &Map<String, Json>) -> &'static str {
    if let Some(found) = of_element(name) {
        return found;
    }
    let is_text = |key: &str| object.get(key).is_some_and(Json::is_string);
    let has = |key: &str| object.contains_key(key);
    if is_text("reference") {
        "Reference"
    } else if has("coding") || (is_text("text") && object.len() == 1) {
        "CodeableConcept"
    } else if object.get("value").is_some_and(Json::is_number) {
        if has("currency") { "Money" } else { "Quantity" }
    } else if is_text("start") || is_text("end") {
        "Period"
    } else if has("contentType") {
        "Attachment"
    } else if has("numerator") || has("denominator") {
        "Ratio"
    } else if has("low") || has("high") {
        "Range"
    } else if is_text("code") && (is_text("system") || is_text("display") || object.len() == 1) {
        "Coding"
    } else {
        "BackboneElement"
    }
}

pub(crate) fn looks_like_quantity(object: &Map<String, Json>) -> bool {
    object.contains_key("value")
}

/// Whether a text may be a date or time: a cheap question before the dear one of its type.
pub(crate) fn looks_temporal(text: &str) -> bool {
    match text.as_bytes() {
        [a, b, c, d, rest @ ..] if [a, b, c, d].iter().all(|byte| byte.is_ascii_digit()) => {
            matches!(rest, [] | [b'-', _, _, ..])
        }
        [a, b, b':', ..] => a.is_ascii_digit() && b.is_ascii_digit(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn type_at(json: &Json, path: &[&str]) -> String {
        let mut node = Node::root(json);
        for name in path {
            let mut found = Vec::new();
            node.children_named(name, &mut |child| found.push(child));
            node = found[0];
        }
        node.type_name().to_owned()
    }

    #[test]
    fn the_type_of_an_element_follows_from_its_name_and_shape() {
        let patient = json!({
            "resourceType": "Patient", "id": "p", "gender": "female", "birthDate": "1974-12-25", "active": true,
            "multipleBirthInteger": 2, "meta": { "lastUpdated": "2024-01-01T00:00:00Z" },
            "name": [{ "family": "Amber", "period": { "start": "2001" } }],
            "telecom": [{ "system": "phone", "value": "1" }],
            "identifier": [{ "id": "x", "system": "urn:x", "value": "2" }],
            "maritalStatus": { "coding": [{ "system": "urn:y", "code": "M" }] },
            "managingOrganization": { "reference": "Organization/1" },
            "extension": [{ "url": "urn:z", "valueAge": { "value": 3, "unit": "a" } }],
            "contact": [{ "gender": "male" }]
        });
        let table: &[(&[&str], &str)] = &[
            (&[], "Patient"),
            (&["id"], "id"),
            (&["gender"], "code"),
            (&["birthDate"], "date"),
            (&["active"], "boolean"),
            (&["multipleBirth"], "integer"),
            (&["meta", "lastUpdated"], "instant"),
            (&["name"], "HumanName"),
            (&["name", "family"], "string"),
            (&["name", "period"], "Period"),
            (&["name", "period", "start"], "dateTime"),
            (&["telecom", "system"], "code"),
            (&["identifier", "system"], "uri"),
            (&["identifier", "id"], "string"),
            (&["maritalStatus"], "CodeableConcept"),
            (&["maritalStatus", "coding"], "Coding"),
            (&["managingOrganization"], "Reference"),
            (&["extension"], "Extension"),
            (&["extension", "url"], "uri"),
            (&["extension", "value"], "Age"),
            (&["extension", "value", "value"], "decimal"),
            (&["contact"], "BackboneElement"),
        ];
        for (path, expected) in table {
            assert_eq!(type_at(&patient, path), *expected, "{path:?}");
        }
    }

    #[test]
    fn derived_types_are_also_what_they_derive_from() {
        for (name, ancestor) in [
            ("code", "string"),
            ("uuid", "uri"),
            ("Age", "Quantity"),
            ("Patient", "Resource"),
            ("Timing", "Element"),
        ] {
            assert!(is_a(name, ancestor), "{name} is a {ancestor}");
        }
        for (name, other) in [
            ("string", "code"),
            ("Bundle", "DomainResource"),
            ("Patient", "Element"),
            ("url", "string"),
        ] {
            assert!(!is_a(name, other), "{name} is no {other}");
        }
    }

    #[test]
    fn unknown_names_are_no_types() {
        for name in ["Patient", "boolean", "Boolean", "HumanName", "Any"] {
            assert!(is_known(name), "{name}");
        }
        for name in ["string1", "patient", "Pateint", ""] {
            assert!(!is_known(name), "{name}");
        }
    }
}
