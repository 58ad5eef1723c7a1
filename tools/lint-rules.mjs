// Three rules that the linter does not bring: slow patterns, code loaded at run time, and the clock of the host.
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

export default {
  meta: { name: "house" },
  rules: { "no-slow-regex": noSlowRegex, "no-dynamic-import": noDynamicImport, "no-current-time": noCurrentTime },
};
