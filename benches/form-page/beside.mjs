// Runs the peers' harness over our page and theirs, and prints its figures as tables in Markdown:
// `node beside.mjs PEERS PAGE [WORDS FOR THE HARNESS]`. `cargo xtask bench --page` calls it.
//
// "ours" is the app's own way, one section at a time; "ours-whole" has all sections below each other, as the peers have.

import { spawn, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";

const OURS = { ours: "", "ours-whole": "?whole" };
const [peers, page, ...words] = process.argv.slice(2);
const { serve, freshBrowser } = await import(pathToFileURL(path.join(peers, "harness/lib.mjs")));
const word = (name, otherwise) => words.findLast((word) => word.startsWith(`--${name}=`))?.slice(name.length + 3) ?? otherwise;
const out = path.resolve(word("out", path.join(page, "../beside.json")));

// The server of all others too: the same headers, the same compression. A process of its own, so that it is not in the way.
if (process.env.BESIDE_SERVES) {
  const { base } = await serve(page);
  console.log(base);
} else {
  const server = spawn(process.execPath, process.argv.slice(1), { env: { ...process.env, BESIDE_SERVES: "1" } });
  const base = await new Promise((found) => server.stdout.once("data", (text) => found(String(text).trim())));
  try {
    const ours = Object.entries(OURS).map(([name, query]) => `--url=${name}=${base}/${query}`);
    const harness = [path.join(peers, "harness/bench.mjs"), ...words, `--out=${out}`, ...ours];
    const { status } = spawnSync(process.execPath, harness, { stdio: "inherit", cwd: peers });
    const { results } = JSON.parse(readFileSync(out));
    for (const [name, query] of Object.entries(OURS))
      for (const size of Object.keys(results[name] ?? {})) results[name][size].program = await program(`${base}/${query}`, size);
    print(results);
    // What it measured until then is told all the same.
    if (status !== 0) throw new Error("the harness failed or was stopped");
  } finally {
    server.kill();
  }
}

/**
 * What the harness cannot see: how large our program's own memory becomes, in MB, which never shrinks. The complete response is
 * resumed and each section is turned to.
 */
async function program(address, size) {
  const read = (name) => JSON.parse(readFileSync(path.join(peers, "data", `${name}-${size}.json`)));
  const { page: tab, close } = await freshBrowser();
  await tab.goto(address);
  const bytes = await tab.evaluate(async ([form, response]) => {
    const { ready, load, locate, memory } = window.__bench;
    await ready;
    await load(form, response);
    for (const { item } of form.item) if (item) locate(item[0].linkId);
    return memory();
  }, [read("q"), read("qr")]);
  await close();
  return bytes / 1e6;
}

function print(results) {
  const at = (value, digits = 0) => (Number.isFinite(value) ? value.toFixed(digits) : "–");
  const columns = [
    ["sent, kB", (_, all) => at(Object.values(all).find((one) => one.size)?.size.total.br / 1000)],
    ["items in the page", (one) => `${Math.min(one.cold?.itemsInDom, one.cold?.expected)} of ${one.cold?.expected}`],
    ["load, cold", (one) => at(one.cold?.rendered?.median)],
    ["load, warm", (one) => at(one.warm?.rendered?.median)],
    ["draw alone", (one) => at(one.cold?.renderOnly?.median)],
    ["resume", (one) => at(one.resume?.renderOnly)],
    ["key to paint", (one) => at(one.interactFilled?.a_text?.toPaint?.median)],
    ["question shown", (one) => at(one.interactFilled?.b_show?.toPaint?.median)],
    ["totals", (one) => at(one.interactFilled?.c_total?.toPaint?.median)],
    ["longest task after", (one) => at(Math.max(...["a_text", "b_show", "b_hide", "c_total"].map((act) => one.interactFilled?.[act]?.longest?.max ?? 0)))],
    ["JS heap, MB", (one) => at(one.memFilled?.jsHeapMB, 1)],
    ["our program, MB", (one) => at(one.program, 1)],
    ["process, MB", (one) => at(one.memFilled?.rendererPssMB)],
  ];
  for (const size of Object.keys(Object.values(results)[0])) {
    console.log(`\nA form of ${size} questions; times in ms, medians. Answers are given in the complete form.\n`);
    console.log(`| page | ${columns.map(([name]) => name).join(" | ")} |`);
    console.log(`| --- |${" ---: |".repeat(columns.length)}`);
    for (const [name, all] of Object.entries(results)) {
      const one = all[size] ?? {};
      console.log(`| ${name} | ${columns.map(([, value]) => value(one, all)).join(" | ")} |${one.error ? ` ${one.error}` : ""}`);
    }
  }
}
