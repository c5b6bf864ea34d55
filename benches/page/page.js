// Times the engine in a page, beside its peer: `measure(largest)` resolves to what `native` prints, and the peer's rates.
// `wasm` is base64 from a script beside this one, so that no server is needed.
"use strict";

const BATCH = 25;

const median = numbers => numbers.sort((a, b) => a - b)[numbers.length >> 1];

/** Opening, and one answer, in milliseconds. */
function form(engine, bytes) {
  const opened = [];
  let form = engine.Filling.open(bytes);
  for (let run = 0; run < 5; run++) {
    const start = performance.now();
    const next = engine.Filling.open(bytes);
    opened.push(performance.now() - start);
    form.free();
    form = next;
  }
  const times = [];
  let drawn = 0;
  for (let run = 0; run < 40; run++) {
    const start = performance.now();
    for (let answer = 0; answer < BATCH; answer++) drawn = Math.max(drawn, form.answer());
    times.push((performance.now() - start) / BATCH);
  }
  const measured = { items: form.items(), open: median(opened), answer: median(times), drawn };
  form.free();
  return measured;
}

/** Evaluations a second: the median of five windows, after a warm-up. */
function rate(evaluate) {
  const run = milliseconds => {
    const start = performance.now();
    let count = 0;
    do { evaluate(); count++; } while (performance.now() - start < milliseconds);
    return count / (performance.now() - start) * 1000;
  };
  run(400);
  return median([1, 2, 3, 4, 5].map(() => run(200)));
}

async function measure(largest) {
  const engine = wasm_bindgen;
  const bytes = Uint8Array.from(atob(wasm), letter => letter.charCodeAt(0));
  await engine({ module_or_path: bytes });
  const encode = text => new TextEncoder().encode(text);
  const forms = [form(engine, encode(largest ?? engine.questionnaire(779)))];
  for (const questions of [50, 500, 2000, 10000]) forms.push(form(engine, encode(engine.questionnaire(questions))));

  const questionnaire = JSON.parse(engine.questionnaire(500));
  const response = JSON.parse(engine.response(500));
  const held = new engine.Held(500);
  const expressions = JSON.parse(engine.expressions()).map(([name, source], which) => {
    const compiled = peer.compile(source);
    const scope = { resource: response, context: response, questionnaire };
    const theirs = JSON.stringify(compiled(response, scope));
    if (held.shown(which) !== theirs) throw new Error(`${name}: ${held.shown(which)} here, ${theirs} there`);
    return { name, ours: rate(() => held.evaluate(which)), peer: rate(() => compiled(response, scope)) };
  });
  return { forms, expressions, version: peer.version };
}
