// Renders the same prompts with this library, a concatenation written by hand, and the peers that are installed.
// Needs a build (npm run build); PROMPTPACK_BENCH_CORE names another build of packages/core, PROMPTPACK_BENCH_PEERS a
// folder whose node_modules hold the peers.
//
// What is compared, and why so:
// - Fragments belong to the task. Each peer has them in its own way: Handlebars as partials, PromptPack for LangChain
//   as fragments; f-strings have none and get them inlined, as does the concatenation.
// - Handlebars compiles with `noEscape`, which is faster, because a prompt is no HTML.
// - Our render checks every value (present, a string, 1 to 100 characters, no unknown name); nobody else's does.
// - Values are texts in one piece, as sockets, files and databases give them. Values that are themselves still unjoined
//   concatenations add the same constant to every candidate and make all of them look alike.
// - There are 16 sets of values in turn, else the engine may fold a template and its values into one constant.
// - Objects of many keys are hash tables when they come from JSON.parse, and listing the keys of a hash table sorts
//   them. We have to list them to find unknown names, so the big prompt is measured with both kinds of object.
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { compare } from "./measure.mjs";

const dist = process.env.PROMPTPACK_BENCH_CORE ?? new URL("../packages/core/dist", import.meta.url).href;
const { compilePrompt, parsePack, renderPrompt } = await import(`${dist}/index.js`);

const peers = process.env.PROMPTPACK_BENCH_PEERS ?? import.meta.dirname;
const resolvePeer = createRequire(pathToFileURL(`${peers}/package.json`));
/** Used, so that no engine may leave out what only feeds it. */
let checksum = 0;
const SETS = 16;
const WORDS = "the clerk keeps a log of every ship that enters or leaves the harbour and says what it carries ";

await benchmark("1 KB, 10 variables, 2 fragments", 1024, 10, 2);
await benchmark("50 KB, 500 placeholders, 4 fragments", 50 * 1024, 500, 4);
await benchmark("50 KB, 500 placeholders, 4 fragments, values parsed from JSON", 50 * 1024, 500, 4, copyOf);

async function benchmark(title, size, count, fragmentCount, prepare = (values) => values) {
  const task = createTask(size, count, fragmentCount);
  task.sets = task.sets.map(prepare);
  const candidates = {
    promptpack: rotate(task.sets, (values) => flat(renderPrompt(task.compiled, values).system)),
    "by hand": rotate(task.sets, task.byHand),
    ...(await peerCandidates(task)),
  };
  const first = task.byHand(task.sets[0]);
  await compare(title, candidates, { equal: (results) => Object.values(results).every((text) => text === first) });
}

/** A text of about `size` characters with `count` placeholders, the last of them inside fragments. */
function createTask(size, count, fragmentCount) {
  const names = Array.from({ length: count }, (_, index) => `field_${index}`);
  const filler = WORDS.repeat(Math.ceil(size / WORDS.length));
  const gap = Math.floor((size - count * 20) / (count + 1));
  const pieces = names.map((name, index) => `${filler.slice(index % 40, (index % 40) + gap)}{{${name}}}`);
  const fragments = {};
  let template = pieces.slice(0, count - fragmentCount).join("");
  for (let index = 0; index < fragmentCount; index++) {
    fragments[`part_${index}`] = pieces[count - fragmentCount + index];
    template += `{{fragments.part_${index}}}`;
  }
  template += "\nEnd.";
  const variables = names.map((name) => ({
    name,
    type: "string",
    required: true,
    validation: { min_length: 1, max_length: 100 },
  }));
  const prompt = { id: "main", name: "Main", version: "1.0.0", system_template: template, variables };
  const data = {
    id: "bench",
    name: "Bench",
    version: "1.0.0",
    template_engine: { version: "v1", syntax: "{{variable}}" },
    prompts: { main: prompt },
    fragments,
  };
  const inlined = pieces.join("") + "\nEnd.";
  const sets = Array.from({ length: SETS }, (_, set) =>
    Object.fromEntries(
      names.map((name, index) => [name, copyOf(`value ${set} of ${index} ${"x".repeat((set + index) % 16)}`)]),
    ),
  );
  return {
    data,
    inlined,
    sets,
    compiled: compilePrompt(parsePack(JSON.stringify(data)), "main"),
    byHand: concatenation(inlined),
  };
}

/** The same value as it comes out of a request: texts in one piece, big objects as hash tables. */
function copyOf(value) {
  return JSON.parse(JSON.stringify(value));
}

/** What a programmer would write without any library: `"text" + values.a + "text"`, as generated source. */
function concatenation(inlined) {
  const source = inlined
    .split(/\{\{(\w+)\}\}/)
    .map((part, index) => (index % 2 === 0 ? JSON.stringify(part) : `values.${part}`))
    .join(" + ");
  // oxlint-disable-next-line no-new-func, typescript/no-implied-eval -- our own text; only generated code is the limit
  const concatenate = new Function("values", `return ${source};`);
  return (values) => flat(concatenate(values));
}

function rotate(sets, render) {
  let turn = 0;
  let fresh = true;
  return () => {
    // the first call is compared with the others before anything is timed
    if (fresh) {
      fresh = false;
      return render(sets[0]);
    }
    turn = (turn + 1) % sets.length;
    return render(sets[turn]);
  };
}

/** Concatenation only links strings; a flat copy is what a request body costs. */
function flat(text) {
  checksum = (checksum + text.charCodeAt(text.length >> 1)) | 0;
  return text;
}

async function peerCandidates({ data, inlined, sets }) {
  const candidates = {};
  const add = async (name, module, create) => {
    try {
      resolvePeer.resolve(module);
    } catch {
      console.error(`${name} is not installed and not measured`);
      return;
    }
    candidates[name] = rotate(sets, await create(resolvePeer(module)));
  };
  await add("handlebars", "handlebars", (handlebars) => {
    const own = handlebars.create();
    own.registerPartial(data.fragments);
    const template = data.prompts.main.system_template.replaceAll("{{fragments.", "{{> ");
    const render = own.compile(template, { noEscape: true });
    return (values) => flat(render(values));
  });
  await add("langchain f-string", "@langchain/core/prompts", ({ PromptTemplate }) => {
    const template = PromptTemplate.fromTemplate(inlined.replaceAll("{{", "{").replaceAll("}}", "}"));
    return async (values) => flat(await template.format(values));
  });
  await add("@promptpack/langchain", "@promptpack/langchain", ({ PromptPackTemplate }) => {
    // this peer knows fragments by their bare name only
    const pack = JSON.parse(JSON.stringify(data).replaceAll("{{fragments.", "{{"));
    const template = new PromptPackTemplate({ pack, promptId: "main" });
    return async (values) => flat(await template.format(values));
  });
  return candidates;
}
