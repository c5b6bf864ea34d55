// What the peers' harness asks of a page, as calls to the app's own drawing. `?whole` has all sections below each other; without
// it there is one at a time, as in the app, and the page turns to the one of which something is to be answered.

import init, { Page } from "./form_page.js";

const isWhole = new URLSearchParams(location.search).has("whole");
const find = (linkId) => document.querySelector(`[data-linkid="${CSS.escape(linkId)}"]`);
let memory;
let page;

window.__bench = {
  ready: init({ module_or_path: "form_page_bg.wasm" }).then((exports) => {
    memory = exports.memory;
  }),
  async load(questionnaire, response) {
    page?.free();
    page = Page.open(JSON.stringify(questionnaire), response && JSON.stringify(response), isWhole);
  },
  getResponse: () => JSON.parse(page.response()),
  locate(linkId) {
    const here = find(linkId);
    if (here || !page) return here;
    page.turn_to(linkId);
    return find(linkId);
  },
  // A total that stands on another page; what is here the harness reads itself.
  read: (linkId) => (find(linkId) ? null : page.answer_to(linkId)),
  /** The program's memory, in bytes. */
  memory: () => memory.buffer.byteLength,
};
