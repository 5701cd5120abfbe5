#!/usr/bin/env node
// Plain JavaScript that an old Node can read too, so that it says what is
// wrong in place of a syntax error. What it starts is TypeScript in a checkout.
import { existsSync } from "fs"
import { fileURLToPath } from "url"

const source = new URL("../src/cli/main.ts", import.meta.url)
const inCheckout = existsSync(fileURLToPath(source))
const [major, minor] = process.versions.node.split(".").map(Number)

if (major < 22 || (major === 22 && minor < 19)) {
  const remedy = inCheckout
    ? 'in this checkout "npm run formae -- ..." runs it on the Node that "npm ci" has installed'
    : "install Node 22.19 or later and start it again"
  process.stderr.write(`formae needs Node 22.19 or later, and this is Node ${process.versions.node}: ${remedy}.\n`)
  process.exitCode = 2
} else {
  // Node 22 calls node:sqlite experimental on every start, which is no news to whoever runs formae.
  const emitWarning = process.emitWarning
  process.emitWarning = (warning, ...rest) => {
    if (!String(warning).startsWith("SQLite is an experimental feature")) emitWarning(warning, ...rest)
  }
  import(inCheckout ? source.href : new URL("../dist/cli/main.mjs", import.meta.url).href)
}
