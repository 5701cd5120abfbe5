#!/usr/bin/env node
// First of all, because until then a SIGHUP ends the process, even under nohup. The command takes it over (src/cli/earlyHangup.ts).
const hangup = (globalThis[Symbol.for("formae/hangup")] = { received: false, listen: () => (hangup.received = true) })
process.on("SIGHUP", hangup.listen)
// Without a listener Node opens its inspector, at an address that every local user can ask for.
process.on("SIGUSR1", () => undefined)

// Plain JavaScript that an old Node can read too, so that it prints what is
// wrong instead of a syntax error. In a checkout it starts TypeScript.
import("fs").then(({ existsSync }) => {
  const source = new URL("../src/cli/main.ts", import.meta.url)
  const inCheckout = existsSync(source)
  const [major, minor] = process.versions.node.split(".").map(Number)

  // What "engines" in package.json says. Node 23 ended before it had all of node:sqlite that the store uses.
  if (major < 22 || (major === 22 && minor < 19) || major === 23) {
    const remedy = inCheckout
      ? 'in this checkout, run "npm ci" and then "npm run formae -- ...", which use a Node that will do'
      : "install Node 24 and start formae again"
    process.stderr.write(
      `formae needs Node 22.19 or later, but not 23. This is Node ${process.versions.node}: ${remedy}.\n`,
    )
    process.exitCode = 2
    return undefined
  }
  // Node 22 warns on every start that node:sqlite is experimental, which does not help a user of formae.
  const emitWarning = process.emitWarning
  process.emitWarning = (warning, ...rest) => {
    if (!String(warning).startsWith("SQLite is an experimental feature")) emitWarning(warning, ...rest)
  }
  return import(inCheckout ? source.href : new URL("../dist/cli/main.mjs", import.meta.url).href)
})
