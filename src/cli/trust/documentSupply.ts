/** A document that reads variables and files of this user, as something that a folder supplies. */
import * as Digest from "effect/crypto/Digest"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { DocumentReads, PartTargets } from "../../agent/index.ts"
import { canonicalJson } from "../../protocol/canonicalJson.ts"
import { parameterVariable } from "../document/parameterVariable.ts"
import { targetLines } from "./targetLines.ts"
import { shortName } from "./questionLines.ts"
import type { Supply } from "./Supply.ts"

const encode = new TextEncoder()
const isJson = Schema.is(Schema.Json)

/** The path of a document from a pipe. */
export const piped = "-"

/** What files beside the document give to the parameters in its targets: by file, the values by name. */
export type TargetValues = Readonly<Record<string, Readonly<Record<string, unknown>>>>

const entriesOf = (what: string, names: ReadonlyArray<string>) =>
  names.map((name) => [`${what} ${name}`, "read"] as const)

const sumOf = (value: unknown) =>
  Effect.orDie(
    Effect.provide(
      Digest.Digest.use((digest) =>
        digest.digestHex(Digest.sha256, encode.encode(isJson(value) ? canonicalJson(value) : "")),
      ),
      Digest.layerWebCrypto,
    ),
  )

const listed = (what: string, lines: ReadonlyArray<string>): ReadonlyArray<string> =>
  lines.length === 0 ? [] : [what, ...lines.map((line) => `  ${shortName(line)}`)]

/** The variables that give the values of its parameters, if they are set. */
export const parameterVariables = ({ declared }: Pick<DocumentReads, "declared">): ReadonlyArray<string> =>
  declared.map(parameterVariable)

const partTitle = ({ document, name }: PartTargets): string => `its part ${shortName(name)} (${shortName(document)})`

/** A part with another name sends to the same places. */
const withoutName = ({ document, parameters, targets }: PartTargets) => ({ document, parameters, targets })

/**
 * Which variables and files it reads, and where it may send them, is what
 * somebody says yes to. The rest of the document may change with each edit. All
 * environments are in the sums, so that no command depends on what the one before it named.
 */
export const documentSupply = (document: string, reads: DocumentReads, values: TargetValues): Supply => {
  const { files, parts, targetParameters, targets, variables } = reads
  const hasParameters = Object.keys(targetParameters).length > 0
  const places: ReadonlyArray<readonly [name: string, value: unknown]> = [
    ["targets", targets],
    ...(parts.length === 0 ? [] : [["targets of parts", parts.map(withoutName)] as const]),
    ...(hasParameters ? [["parameters in targets", targetParameters] as const] : []),
    ...Object.entries(values).map(([file, found]) => [`targets in ${file}`, found] as const),
  ]
  return {
    kind: "document",
    path: document,
    title: document === piped ? "the document on stdin" : `the document ${shortName(document)}`,
    // It was named on the command line, and a folder that is mounted in a container has another owner.
    owned: [],
    sums: Effect.map(
      Effect.forEach(places, ([name, value]) => Effect.map(sumOf(value), (sum) => [name, sum] as const)),
      (sums) =>
        Object.fromEntries([
          ...entriesOf("variable", [...variables, ...parameterVariables(reads)]),
          ...entriesOf("file", files),
          ...sums,
        ]),
    ),
    details: Effect.sync(() => [
      ...listed("sends these environment variables to its targets:", variables),
      ...listed("takes these environment variables, where they are set:", parameterVariables(reads)),
      ...listed("sends these files to its targets:", files),
      ...listed("has these targets:", targetLines(targets)),
      ...parts.flatMap((part) => [
        ...listed(`has these targets in ${partTitle(part)}:`, targetLines(part.targets)),
        ...listed(`gives ${partTitle(part)} these values for them:`, targetLines(part.parameters)),
      ]),
      ...listed("has these defaults for them:", targetLines(targetParameters)),
      ...Object.entries(values).flatMap(([file, found]) =>
        listed(`has these values for them in ${shortName(file)}:`, targetLines(found)),
      ),
    ]),
  }
}
