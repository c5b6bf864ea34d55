// The peer: npm's fhirpath with its model of FHIR R4, for the page beside ours.
const fhirpath = require("fhirpath");
const r4 = require("fhirpath/fhir-context/r4");

window.peer = {
  version: fhirpath.version.replace(/^[^0-9]*/, ""),
  compile: expression => fhirpath.compile(expression, r4),
};
