// Renders ZPL files to PNG with the npm package zpl-renderer-js, a renderer that shares no code with Packbench.
// usage: node zpl_render.mjs WIDTH_MM HEIGHT_MM DOTS_PER_MM IN.zpl OUT.png [IN.zpl OUT.png]...
//        node zpl_render.mjs --list FILE DOTS_PER_MM      (lines of FILE: WIDTH_MM, HEIGHT_MM, IN.zpl, OUT.png between tabs)
// The package is found beside this file, through NODE_PATH, or among the global packages (npm install -g zpl-renderer-js).
import { execFileSync } from "node:child_process";
import { webcrypto } from "node:crypto";
import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

// Debian 12's node has it under this name alone, and the package wants it as browsers have it.
globalThis.crypto ??= webcrypto;

function load() {
  const here = createRequire(import.meta.url);
  try {
    return here("zpl-renderer-js");
  } catch (missing) {
    const globals = execFileSync("npm", ["root", "-g"], { encoding: "utf8" }).trim();
    try {
      return here(path.join(globals, "zpl-renderer-js"));
    } catch {
      console.error("zpl-renderer-js is missing: npm install -g zpl-renderer-js", missing.message);
      process.exit(3);
    }
  }
}

let jobs, dotsPerMm;
if (process.argv[2] === "--list") {
  const lines = fs.readFileSync(process.argv[3], "utf8").split("\n").filter((line) => line !== "");
  jobs = lines.map((line) => line.split("\t"));
  dotsPerMm = process.argv[4];
} else {
  const [width, height, dots, ...files] = process.argv.slice(2);
  jobs = [];
  for (let i = 0; i < files.length; i += 2) jobs.push([width, height, files[i], files[i + 1]]);
  dotsPerMm = dots;
}
if (jobs.length === 0 || jobs.some((job) => job.length !== 4 || job.includes(undefined))) {
  console.error("usage: node zpl_render.mjs WIDTH_MM HEIGHT_MM DOTS_PER_MM IN.zpl OUT.png [IN.zpl OUT.png]...");
  console.error("       node zpl_render.mjs --list FILE DOTS_PER_MM");
  process.exit(2);
}
const { ready } = load();
const { api } = await ready;
for (const [width, height, source, out] of jobs) {
  const zpl = fs.readFileSync(source, "utf8");
  const picture = await api.zplToBase64Async(zpl, Number(width), Number(height), Number(dotsPerMm));
  fs.writeFileSync(out, Buffer.from(picture, "base64"));
}
process.exit(0);
