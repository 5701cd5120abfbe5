/** What only some systems have, and where it may stand. */
import { parseProgram } from "./sources.ts"

/** Here, and with its reason in the drivers below. */
const home = "src/platform/"

/** Programs that cannot import `src/platform`, and the plugin that plays faults. */
const drivers: ReadonlySet<string> = new Set([
  // It is a program for a shell of Linux.
  "src/agent/launch/guardScript.ts",
  // Its message names the shell that is missing.
  "src/agent/launch/GuardProcess.ts",
  // A provider that dies in the middle of a call.
  "plugins/fake-aws/src/FaultInjection.ts",
])

/** Folders in which nothing names a file: a slash joins names there, or it is in a pointer into a value. */
const withoutFiles = [
  "src/protocol/",
  "src/transport/",
  "src/plugin/",
  ...["apply", "commands", "forma", "operations", "plan", "records", "secrets", "supervision"].map(
    (folder) => `src/agent/${folder}/`,
  ),
  "src/cli/generate/",
  "plugins/",
]

/** Files that join something else by a slash. */
const joinsNames: ReadonlySet<string> = new Set([
  // Documents and labels.
  "src/agent/store/StateConversion.ts",
  "src/cli/CommandProgress.ts",
  "src/cli/trust/openOperationsIn.ts",
  // Names of packages, as npm writes them on each system.
  "src/cli/added/addPackage.ts",
  "src/cli/added/inspectPackage.ts",
  "src/cli/added/installPackage.ts",
  // No file is there.
  "src/testing/FakeLaunches.ts",
])

const namesFiles = (file: string): boolean =>
  !joinsNames.has(file) && !withoutFiles.some((folder) => file.startsWith(folder))

const ofSomeSystems: ReadonlySet<string> = new Set([
  "kill",
  "platform",
  "getuid",
  "geteuid",
  "getgid",
  "getegid",
  "getgroups",
  "_debugProcess",
])

const systemFile = /^\/(?:bin|dev|etc|proc|run|sys|tmp|usr|var)(?:\/|$)|\/bin\/sh\b|\/proc\/(?:self|\[|\$)/
const textMethods: ReadonlySet<string> = new Set([
  "startsWith",
  "endsWith",
  "split",
  "join",
  "indexOf",
  "lastIndexOf",
  "replace",
  "replaceAll",
])
const separators = /^[./\\]*[/\\][./\\]*$/

interface Node {
  readonly type: string
  readonly [field: string]: unknown
}

const isNode = (value: unknown): value is Node =>
  typeof value === "object" && value !== null && "type" in value && typeof value.type === "string"

const nodesIn = (value: unknown): ReadonlyArray<Node> => {
  if (Array.isArray(value)) return value.flatMap(nodesIn)
  if (!isNode(value)) return []
  return [value, ...Object.values(value).flatMap(nodesIn)]
}

const named = (node: unknown, name: string): boolean =>
  isNode(node) && node.type === "Identifier" && node["name"] === name
const nameOf = (node: unknown): string => (isNode(node) && node.type === "Identifier" ? String(node["name"]) : "")
const textOf = (node: unknown): string | undefined =>
  isNode(node) && node.type === "Literal" && typeof node["value"] === "string" ? node["value"] : undefined
const isSeparator = (node: unknown): boolean => separators.test(textOf(node) ?? "")
const cookedOf = (node: Node): string => {
  const value = node["value"]
  return typeof value === "object" && value !== null && "cooked" in value ? String(value.cooked) : ""
}

/** The member of `process` that is read, also by `const { platform } = process` and `import { kill } from "node:process"`. */
const membersOfProcess = (node: Node): ReadonlyArray<string> => {
  if (node.type === "MemberExpression" && named(node["object"], "process")) {
    return [nameOf(node["property"]) || (textOf(node["property"]) ?? "")]
  }
  if (node.type === "VariableDeclarator" && named(node["init"], "process")) {
    return nodesIn(node["id"]).flatMap((one) => (one.type === "Property" ? [nameOf(one["key"])] : []))
  }
  if (node.type === "ImportDeclaration" && /^(?:node:)?process$/.test(textOf(node["source"]) ?? "")) {
    return nodesIn(node["specifiers"]).flatMap((one) =>
      one.type === "ImportSpecifier" ? [nameOf(one["imported"])] : [],
    )
  }
  return []
}

const takesPathApart = (node: Node): boolean => {
  const [first] = Array.isArray(node["arguments"]) ? node["arguments"] : []
  const { callee } = node
  if (node.type === "CallExpression" && isNode(callee) && callee.type === "MemberExpression") {
    return textMethods.has(nameOf(callee["property"])) && isSeparator(first)
  }
  if (node.type === "BinaryExpression")
    return node["operator"] === "+" && [node["left"], node["right"]].some(isSeparator)
  if (node.type !== "TemplateLiteral") return false
  const quasis = nodesIn(node["quasis"]).map(cookedOf)
  return quasis.some(
    (text, index) => (index > 0 && text.startsWith("/")) || (index < quasis.length - 1 && /(?:^|[^:/])\/$/.test(text)),
  )
}

/** What is wrong with a module as sentences: what it knows of a system, and how it makes and reads paths. */
export const platformObjections = (file: string, source: string): ReadonlyArray<string> => {
  if (file.startsWith(home) || drivers.has(file)) return []
  const nodes = nodesIn(parseProgram(file, source))
  const members = nodes.flatMap(membersOfProcess).filter((name) => ofSomeSystems.has(name))
  const files = nodes
    .map((node) => (node.type === "TemplateElement" ? cookedOf(node) : (textOf(node) ?? "")))
    .filter((text) => systemFile.test(text))
  const joins = namesFiles(file) ? nodes.filter(takesPathApart) : []
  return [
    ...members.map((name) => `${file} reads process.${name}: each system has its own, and only ${home} knows them`),
    ...files.map((text) => `${file} names ${text}: not each system has it, and only ${home} knows where it is`),
    ...joins.map(({ end, start }) => {
      const code = source.slice(Number(start), Number(end))
      return `${file} has ${code}: the parts of a path are not joined by a slash on each system. Use Path, or a function of ${home}`
    }),
  ]
}
