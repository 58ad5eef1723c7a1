// How each runtime is started. A host returns the report that its program printed, or throws.
import { buildSync } from "esbuild";
import { execFileSync, spawn } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { json } from "node:stream/consumers";
import { root } from "../../tools/repository.mjs";

const here = join(root, "test/runtimes");
const installed = join(root, ".runtimes/node_modules");
const built = join(root, ".checks/runtimes");
const main = join(here, "main.mjs");
const timeout = 60_000;

/** A host that runs all checks as a program and reads the report from standard output. */
const program = (command, ...args) => ({
  binary: command,
  run: () =>
    JSON.parse(
      execFileSync(command, args, { cwd: root, encoding: "utf8", timeout, stdio: "pipe" }).trim().split("\n").at(-1),
    ),
});

export const hosts = {
  [`node ${process.versions.node}`]: program(process.execPath, main),
  "node 22": program(join(installed, "node22/bin/node"), main),
  "node 24": program(join(installed, "node24/bin/node"), main),
  deno: program(
    join(installed, ".bin/deno"),
    "run",
    "--no-prompt",
    "--node-modules-dir=manual",
    `--allow-read=${root}`,
    "--allow-env=LOG_TOKENS,LOG_STREAM", // the yaml package asks for these
    "--allow-sys=hostname,homedir", // the AI SDK asks for the one, LangChain for the other
    main,
  ),
  bun: program(join(installed, "@oven/bun-linux-x64/bin/bun"), main),
  workerd: { binary: join(installed, "@cloudflare/workerd-linux-64/bin/workerd"), run: runWorkerd },
  browser: { binary: findBrowser(), run: runBrowser },
};

export const isInstalled = ({ binary }) => binary !== undefined && existsSync(binary);

/** Runs a worker without nodejs_compat: a module of Node anywhere in the bundle would not load. */
async function runWorkerd({ binary }) {
  const folder = join(built, "workerd");
  bundle("workerd/main.mjs", join(folder, "worker.mjs"), ["workerd", "worker", "browser"]);
  cpSync(join(here, "workerd/config.capnp"), join(folder, "config.capnp"));
  const server = spawn(binary, ["serve", "--control-fd=3", "config.capnp"], {
    cwd: folder,
    stdio: ["ignore", "inherit", "inherit", "pipe"],
  });
  try {
    // The server says on the control channel which free port it took.
    const port = await new Promise((resolve, reject) => {
      let said = "";
      server.stdio[3].on("data", (chunk) => {
        said += chunk;
        const listening = /"port":\s*(\d+)/.exec(said);
        if (listening !== null) resolve(Number(listening[1]));
      });
      server.on("error", reject);
      server.on("exit", (code) => reject(new Error(`workerd ended with ${code}`)));
    });
    const response = await fetch(`http://127.0.0.1:${port}/`, { signal: AbortSignal.timeout(timeout) });
    return await response.json();
  } finally {
    server.kill();
  }
}

/** Serves the page under a policy that forbids code from strings; the page sends its report back. */
async function runBrowser({ binary }) {
  const folder = join(built, "browser");
  bundle("browser/main.mjs", join(folder, "main.js"), ["browser"]);
  const page = readFileSync(join(here, "browser/page.html"));
  const script = readFileSync(join(folder, "main.js"));
  let take;
  const report = new Promise((resolve) => (take = resolve));
  const server = createServer((request, response) => {
    if (request.method === "POST") void json(request).then(take);
    const isScript = request.url === "/main.js";
    response.setHeader("content-type", isScript ? "text/javascript" : "text/html").end(isScript ? script : page);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const profile = mkdtempSync(join(tmpdir(), "browser-"));
  const quiet = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
  ];
  const address = `http://127.0.0.1:${server.address().port}/`;
  const args = [
    "--headless",
    "--no-sandbox",
    ...quiet,
    `--user-data-dir=${profile}`,
    "--remote-debugging-port=0",
    address,
  ];
  // a group of its own: the browser's own processes would go on writing to the profile
  const child = spawn(binary, args, { stdio: "ignore", detached: true });
  const stop = () => {
    const isRunning = child.exitCode === null && child.signalCode === null;
    if (isRunning && child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
  };
  const ended = new Promise((resolve) => child.on("exit", resolve));
  const late = setTimeout(stop, timeout);
  try {
    const silence = ended.then((code) => Promise.reject(new Error(`the browser ended with ${code} and no report`)));
    return await Promise.race([report, silence]);
  } finally {
    clearTimeout(late);
    stop();
    await ended;
    server.closeAllConnections();
    server.close();
    rmSync(profile, { recursive: true, force: true, maxRetries: 20 });
  }
}

function bundle(entry, outfile, conditions) {
  mkdirSync(join(outfile, ".."), { recursive: true });
  buildSync({
    entryPoints: [join(here, entry)],
    outfile,
    bundle: true,
    format: "esm",
    platform: "browser",
    conditions,
    logLevel: "silent",
  });
}

function findBrowser() {
  return ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find((path) => existsSync(path));
}
