/** A document that reads variables and files of this user, as something that a folder supplies. */
import * as Digest from "effect/crypto/Digest"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { DocumentReads } from "../../agent/index.ts"
import { canonicalJson } from "../../protocol/canonicalJson.ts"
import { firstOf, shortName } from "./questionLines.ts"
import type { Supply } from "./Supply.ts"

const encode = new TextEncoder()
const isJson = Schema.is(Schema.Json)

/** The path of a document from a pipe. */
export const piped = "-"

const entriesOf = (what: string, names: ReadonlyArray<string>) =>
  names.map((name) => [`${what} ${name}`, "read"] as const)

/**
 * Which variables and files it reads, and where it may send them, is what
 * somebody says yes to. The rest of the document may change with each edit.
 */
export const documentSupply = (document: string, { files, targets, variables }: DocumentReads): Supply => ({
  kind: "document",
  path: document,
  title: document === piped ? "the document on stdin" : `the document ${shortName(document)}`,
  // It was named on the command line, and a folder that is mounted in a container has another owner.
  owned: [],
  sums: Effect.map(
    Effect.orDie(
      Effect.provide(
        Digest.Digest.use((digest) =>
          digest.digestHex(Digest.sha256, encode.encode(isJson(targets) ? canonicalJson(targets) : "")),
        ),
        Digest.layerWebCrypto,
      ),
    ),
    (sum) => Object.fromEntries([...entriesOf("variable", variables), ...entriesOf("file", files), ["targets", sum]]),
  ),
  details: Effect.succeed([
    ...(variables.length === 0 ? [] : [`sends these environment variables to its targets: ${firstOf(variables)}`]),
    ...(files.length === 0 ? [] : [`sends these files to its targets: ${firstOf(files)}`]),
  ]),
})
