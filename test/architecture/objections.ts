/** Which module may import which. */
import { readFileSync } from "node:fs"
import { isBuiltin } from "node:module"
import { basename, dirname, join, normalize } from "node:path"
import { importsOf, root } from "./sources.ts"

/** Which floors each floor may know. */
export const below: Readonly<Record<string, ReadonlyArray<string>>> = {
  protocol: [],
  platform: [],
  transport: ["protocol"],
  plugin: ["platform", "protocol", "transport"],
  agent: ["platform", "protocol", "transport"],
  control: ["platform", "protocol", "transport", "agent"],
  cluster: ["platform", "protocol", "agent", "control"],
  testing: ["platform", "protocol", "transport", "plugin", "agent"],
  cli: ["platform", "protocol", "agent", "control", "cluster", "testing"],
}

/**
 * Inside the agent: which folders each folder may know. Processes (supervision,
 * launch, catalog) and records (records, secrets, store) meet in operations and above.
 */
export const belowInAgent: Readonly<Record<string, ReadonlyArray<string>>> = {
  metrics: [],
  store: [],
  catalog: [],
  forma: [],
  launch: ["catalog"],
  secrets: ["store"],
  records: ["forma", "secrets", "store"],
  supervision: ["catalog", "launch"],
  configuration: ["catalog", "forma", "launch", "supervision"],
  operations: ["catalog", "launch", "records", "secrets", "store", "supervision"],
  plan: ["catalog", "forma", "operations", "records", "secrets", "supervision"],
  apply: ["catalog", "forma", "operations", "plan", "records", "secrets", "store", "supervision"],
  commands: ["apply", "catalog", "forma", "operations", "plan", "records", "secrets", "store", "supervision"],
  events: ["apply", "commands", "operations", "plan", "records", "store", "supervision"],
}

export const floorOf = (file: string) => /^src\/([^/]+)\//.exec(file)?.[1]
export const agentFolderOf = (file: string) => /^src\/agent\/([^/]+)\//.exec(file)?.[1]
const pluginOf = (file: string) => /^plugins\/[^/]+(?=\/)/.exec(file)?.[0]

/** `effect` of `effect/Effect`, `@effect/platform-node` of `@effect/platform-node/NodeStream`. */
const packageOf = (specifier: string) =>
  specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/")

/** Of the command and of plugins too what is only there to build them: they ship as bundles. */
const dependenciesOf = (folder: string, isBundled: boolean): ReadonlyArray<string> => {
  const { dependencies, devDependencies, peerDependencies } = JSON.parse(
    readFileSync(join(root, folder, "package.json"), "utf8"),
  )
  return Object.keys({ ...dependencies, ...peerDependencies, ...(isBundled ? devDependencies : {}) })
}

/** What is wrong with an import, as a sentence, or undefined if nothing is. */
const objection = (file: string, specifier: string): string | undefined => {
  const floor = floorOf(file)
  const plugin = pluginOf(file)
  const relative = specifier.startsWith(".")
  const target = relative ? normalize(join(dirname(file), specifier)) : specifier
  const says = `${file} imports ${target}`

  if (target === "effect") {
    return `${says}: a barrel loads all of Effect at each start; import the module that is meant, such as effect/Effect`
  }
  if (!relative && packageOf(target) !== "formae") {
    const owner = plugin ?? "."
    return isBuiltin(target) ||
      dependenciesOf(owner, plugin !== undefined || floor === "cli").includes(packageOf(target))
      ? undefined
      : `${says}: ${packageOf(target)} is not among the dependencies in ${join(owner, "package.json")}`
  }
  if (plugin !== undefined) {
    return target.startsWith(`${plugin}/`) ||
      ["formae/plugin", "formae/plugin/seal", "formae/protocol"].includes(target)
      ? undefined
      : `${says}: of formae, a plugin knows formae/plugin and formae/protocol, and nothing else`
  }
  if (!relative) return `${says}: inside src/ a module is imported by its path`
  const known = floorOf(target)
  if (known === undefined) return `${says}: src/ must not know what is outside of it`
  if (known !== floor) {
    return below[floor ?? ""]?.includes(known) === true
      ? undefined
      : `${says}: the ${floor} floor must not know the ${known} floor`
  }
  // All may know the version of the agent, and what it measures.
  if (floor !== "agent" || ["src/agent/version.ts", "src/agent/metrics/Metrics.ts"].includes(target)) return undefined
  const objectionInAgent = objectionBetween(agentFolderOf(file), agentFolderOf(target) ?? basename(target))
  return objectionInAgent === undefined ? undefined : `${says}: ${objectionInAgent}`
}

/** What is wrong with an import from one folder of the agent in another, or undefined if nothing is. */
const objectionBetween = (from: string | undefined, to: string): string | undefined => {
  if (from === undefined || from === to) return undefined
  const known = belowInAgent[from]
  if (known === undefined) return `the folder ${from} has no place in the order of src/agent; give it one in this test`
  if (known.includes(to)) return undefined
  const mayKnow = known.length === 0 ? "none of its neighbors" : known.join(", ")
  return `inside src/agent, ${from} must not know ${to}; it may know ${mayKnow}`
}

/** What is wrong with the imports of a module, as sentences. */
export const objections = (file: string, source: string) =>
  importsOf(file, source).flatMap((specifier) => objection(file, specifier) ?? [])
