import { assert, describe, it } from "@effect/vitest"
import { execFileSync } from "node:child_process"
import { readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"

const root = fileURLToPath(new URL("../..", import.meta.url))
const { exports } = JSON.parse(readFileSync(`${root}/package.json`, "utf8"))

/** What an import changes in a process that an agent has launched. */
const program = (entry: string) => `
  const look = () => ({
    stdout: process.stdout,
    stderr: process.stderr,
    variables: JSON.stringify(process.env),
    listeners: process.eventNames().map((name) => [String(name), process.listenerCount(name)]).toString(),
    resources: process.getActiveResourcesInfo().toString(),
    globals: Object.getOwnPropertyNames(globalThis).toString(),
  })
  const before = look()
  await import(${JSON.stringify(entry)})
  const after = look()
  process.stderr.write(JSON.stringify(Object.keys(before).filter((name) => before[name] !== after[name])))
`

const changes = (entry: string): ReadonlyArray<string> => {
  const flags = ["--conditions=formae-source", "--disable-warning=ExperimentalWarning", "--input-type=module"]
  // Both outputs in one: an import that prints is seen too.
  const said = execFileSync("sh", ["-c", `exec "$0" "$@" 2>&1`, process.execPath, ...flags, "-e", program(entry)], {
    cwd: root,
    encoding: "utf8",
    env: { ...process.env, FORMAE_NETWORK_COOKIE: "cookie" },
  })
  return JSON.parse(said)
}

const entries = Object.keys(exports)
  .filter((path) => !path.endsWith(".json"))
  .map((path) => path.replace(".", "formae"))

describe("importing", () => {
  it.each(entries.filter((entry) => entry !== "formae/plugin/seal"))("%s changes nothing in the process", (entry) => {
    assert.deepEqual(changes(entry), [])
  })

  it("formae/plugin/seal seals stdout, and does nothing else", () => {
    assert.deepEqual(changes("formae/plugin/seal"), ["stdout"])
  })
})
