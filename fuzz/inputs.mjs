// What both ways of fuzzing begin with.
import { readFileSync } from "node:fs";

// Pieces that mean something to a parser reach further than noise does.
export const words = [
  '{"a":1}',
  '"',
  "{{",
  "}}",
  "{{x}}",
  "{{#if x}}",
  "{{/if}}",
  "\\u0061",
  "\\ud800",
  "__proto__",
  "- ",
  "&a ",
  "*a",
  "!!js ",
  "%YAML",
  "---\n",
  "<<:",
  "wre",
  "ck",
  "ab",
  " c",
  "\u200b",
  "\ufeff",
  "1e999",
  "[",
  "]",
  ":",
  ",",
  "\n",
  '"sig"',
  "==",
  "{{else}}",
  "{{fragment:a}}",
  "{{fragments.a}}",
  '"$ref":"#"',
  '"pattern":"(a+)+$"',
  '"allOf":[{}]',
  "\u2014 ",
  "sha512-",
  "-1e-7",
  "\r\n",
  "null",
  "true",
];

const example = readFileSync(new URL("../examples/packs/customer-support.pack.json", import.meta.url), "utf8");
const record = `{"seq":0,"time":"2026-11-22T12:00:00.000Z","prev":"${"0".repeat(64)}","entry":{"event":"load","pack":"p","version":"1.0.0"},"hash":"${"a".repeat(64)}"}`;

/** By target: what a coverage-guided run starts from. */
export const seeds = {
  any: [
    "",
    '{"a":[1,2.5e3,"x\\u0041",null,true]}',
    "Hello {{x}}, {{#if x}}yes{{else}}no{{/if}} {{fragments.a}}",
    "a wreck, ab c",
  ],
  pack: ["x", "{{x}}", example],
  yaml: ["a: 1\nb:\n  - x\n  - {c: 'd'}\ne: |\n  text\n", '"a": &x 1\nb: *x\n', "%YAML 1.2\n---\na: 1\n...\n"],
  dsse: ['{"payloadType":"t","payload":"YQ==","signatures":[{"sig":"YQ==","keyid":"k"}]}', '{"_type":"x"}'],
  trust: [
    '{"version":1,"threshold":1,"keys":[{"publicKey":"x","packs":["a-*"],"expires":"2027-01-01"}],"revokedDigests":[]}',
    '{"lockVersion":1,"packs":{"a@1.0.0":{"integrity":"sha512-x","tools":{}}}}',
    '{"format":1,"approvals":[{"digest":"sha256:x","reviewer":"a","expiresAt":"2027-01-01"}]}',
    '{"version":1,"maxAgeDays":90,"uses":{"a":{"ref":"env:A","issued":"2026-01-01"}}}',
    record,
  ],
};
