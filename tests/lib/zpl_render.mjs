// Renders ZPL files to PNG with the npm package zpl-renderer-js, a renderer that shares no code with Packbench.
// usage: node zpl_render.mjs WIDTH_MM HEIGHT_MM DOTS_PER_MM IN.zpl OUT.png [IN.zpl OUT.png]...
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

const [width, height, dotsPerMm, ...files] = process.argv.slice(2);
if (files.length === 0 || files.length % 2 !== 0) {
  console.error("usage: node zpl_render.mjs WIDTH_MM HEIGHT_MM DOTS_PER_MM IN.zpl OUT.png [IN.zpl OUT.png]...");
  process.exit(2);
}
const { ready } = load();
const { api } = await ready;
for (let i = 0; i < files.length; i += 2) {
  const zpl = fs.readFileSync(files[i], "utf8");
  const picture = await api.zplToBase64Async(zpl, Number(width), Number(height), Number(dotsPerMm));
  fs.writeFileSync(files[i + 1], Buffer.from(picture, "base64"));
}
process.exit(0);
