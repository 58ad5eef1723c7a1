// Four rules that the linter does not bring: slow patterns, code loaded at run time, the clock of the host, and foreign
// text in messages.
import { analyse } from "scslre";

/** Our own patterns meet foreign text, so none may take more than linear time to fail on it. */
const noSlowRegex = {
  create(context) {
    return {
      Literal(node) {
        if (node.regex === undefined) return;
        const flags = node.regex.flags;
        if (flags.includes("v")) {
          context.report({ node, message: "a pattern with the v flag cannot be measured; use the u flag" });
          return;
        }
        const { reports } = analyse({ source: node.regex.pattern, flags });
        for (const report of reports) {
          // A quadratic move needs a text that fails from every start; a sticky pattern has one start only.
          if (report.type === "Move" && flags.includes("y")) continue;
          const degree = report.exponential ? "exponential" : "quadratic or worse";
          context.report({
            node,
            message: `${degree} time (${report.type}) on repeats of ${report.character.literal.source}`,
          });
        }
      },
    };
  },
};

const noDynamicImport = {
  create(context) {
    return {
      ImportExpression(node) {
        context.report({ node, message: "what runs is known at build time; take the loaded module as an argument" });
      },
    };
  },
};

const noCurrentTime = {
  create(context) {
    const check = (node) => {
      if (node.callee.type === "Identifier" && node.callee.name === "Date" && node.arguments.length === 0) {
        context.report({ node, message: "time comes in as an argument" });
      }
    };
    return { NewExpression: check, CallExpression: check };
  },
};

/** What may stand in the message of an error: text that was masked, and text of our own. */
const MASKS = new Set(["maskSecrets", "quoteName", "printable", "listNames", "thereAre", "jsonTypeOf"]);
const ERRORS = new Set(["Error", "TypeError", "RangeError", "SyntaxError"]);

function isHarmless(node) {
  if (node.type === "Literal") return true;
  if (node.type === "TemplateLiteral") return node.expressions.every(isHarmless);
  if (node.type === "ConditionalExpression") return isHarmless(node.consequent) && isHarmless(node.alternate);
  if (node.type === "LogicalExpression") return isHarmless(node.left) && isHarmless(node.right);
  if (node.type === "UnaryExpression") return node.operator === "typeof";
  if (node.type === "Identifier") return /^[A-Z][A-Z_]*$/.test(node.name); // a constant of ours
  if (node.type === "MemberExpression") return node.property.name === "length" || isHarmless(node.object);
  if (node.type !== "CallExpression") return false;
  return node.callee.type === "Identifier" ? MASKS.has(node.callee.name) : isHarmless(node.callee);
}

/** Foreign text reaches people through doors that mask it: createDiagnostic and its like, quoteName and printable. */
const noRawText = {
  create(context) {
    const check = (node) => {
      if (node !== undefined && !isHarmless(node))
        context.report({
          node,
          message: "foreign text in a message: quoteName, printable or maskSecrets shows it safely",
        });
    };
    return {
      NewExpression({ callee, arguments: given }) {
        if (callee.type === "Identifier" && ERRORS.has(callee.name)) check(given[0]);
      },
      ObjectExpression({ properties }) {
        const member = (name) => properties.find(({ key }) => key?.name === name)?.value;
        if (["code", "severity", "layer"].every(member)) check(member("message"));
      },
    };
  },
};

export default {
  meta: { name: "house" },
  rules: {
    "no-slow-regex": noSlowRegex,
    "no-dynamic-import": noDynamicImport,
    "no-current-time": noCurrentTime,
    "no-raw-text": noRawText,
  },
};
