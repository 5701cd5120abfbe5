/** What an attack has led to, and what it must not be able to do. */
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { CommandResult } from "../../../src/agent/commands/CommandResult.ts"
import { cutText } from "../../../src/protocol/cutText.ts"
import { visible } from "../../../src/cli/visible.ts"
import { type Attack, labelOf, neighborsDuring } from "./Attack.ts"
import type { Measured } from "./AttackFolder.ts"

export interface Judged {
  readonly attacks: ReadonlyArray<Attack>
  /** The document before the attack, on harmless plugins, if there is one. */
  readonly before: ReadonlyArray<Measured>
  /** The document of the attack, on harmless plugins. */
  readonly usual: Measured
  /** The same on hostile ones. */
  readonly during: Measured
  /** The processes that the attack has left behind. */
  readonly leftBehind: ReadonlyArray<number>
  /** The same document on the same state, on harmless plugins again. */
  readonly after: Measured
  /** The peak of memory during the attack, in usual peaks. */
  readonly memory: number
}

/** How many times the usual memory an attack may take. */
const maxMemory = 2

/** What each further attack on the same agent may add, in usual peaks: what they leave to the collector at the same moment adds up. */
const maxMemoryMore = 0.5

const memoryBound = (attacks: ReadonlyArray<Attack>): number => maxMemory + maxMemoryMore * (attacks.length - 1)

const Printed = Schema.Struct({ schemaVersion: Schema.Literal(1), ...CommandResult.fields })
const decodeResult = Schema.decodeUnknownOption(Schema.fromJsonString(Printed), { onExcessProperty: "error" })

/** The result on stdout; undefined if there is anything else, or nothing. */
export const parseResult = ({ stdout }: Measured): CommandResult | undefined =>
  Option.getOrUndefined(decodeResult(stdout))

/** How much of a message is shown. The rest is advice. */
const maxSentence = 160

/** A row of the same character, which is cut at another length in each message. */
const monotonous = /(.)\1{15,}…?/g

/** What differs from run to run: ids of operations, folders, numbers of milliseconds. */
const changing = / \(\/[^)]*\)|\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b|\b\d+ ms\b/g

const sentenceOf = ({ code, message }: { readonly code: string; readonly message: string }): string => {
  const [first = ""] = message.replaceAll(changing, (found) => (found.startsWith(" (") ? "" : "…")).split("\n")
  const sentence = `${code}: ${first.split(". ")[0]}`.replaceAll(monotonous, "$1$1$1…")
  return visible(cutText(sentence, maxSentence).replace(/ \(\d+ characters\)$/, ""))
}

/** What the agent did about an attack, in a sentence. */
export const didOf = (attack: Attack, result: CommandResult | undefined): string => {
  if (result?.error !== undefined) return `refused the command: ${sentenceOf(result.error)}`
  const found = result?.resources.find(({ label }) => label === labelOf(attack))
  if (found === undefined) return "gave no result"
  return found.error === null ? found.status : sentenceOf(found.error)
}

/** Anything but printable characters and newlines. */
const unprintable = /[^\P{C}\n]|[\p{Zl}\p{Zp}]/u

/** What is wrong with a command that should have done all that its document asks for. */
const failuresOf = (when: string, measured: Measured): ReadonlyArray<string> => {
  const result = parseResult(measured)
  if (result === undefined) return [`${when}: no result, but: ${measured.stderr.slice(-300)}`]
  if (result.status === "succeeded" && measured.code === 0) return []
  return [
    `${when}: ${result.status} ${result.error?.message ?? ""}`,
    ...result.resources.flatMap(({ error, label }) =>
      error === null ? [] : [`${when}: ${label}: ${error.code}: ${error.message}`],
    ),
  ]
}

/** What is missing in the result of a command that began. */
const resultProblems = (result: CommandResult, attacks: ReadonlyArray<Attack>): ReadonlyArray<string> => {
  const problems: Array<string> = []
  if (result.error !== undefined) problems.push(`the whole command was refused: ${result.error.message}`)
  const byLabel = new Map(result.resources.map((resource) => [resource.label, resource]))
  for (const { label } of neighborsDuring) {
    const found = byLabel.get(label)
    if (found?.status !== "succeeded") problems.push(`${label}: ${found?.error?.message ?? "has no result"}`)
  }
  for (const label of attacks.map(labelOf)) if (!byLabel.has(label)) problems.push(`${label}: has no result`)
  return problems
}

/** A plugin that does not start is known before anything is done. */
const refusalProblems = ({ error, resources }: CommandResult): ReadonlyArray<string> =>
  error !== undefined && resources.length === 0 ? [] : ["the command was not refused"]

/** What is wrong with the run of the attack. */
const duringProblems = ({ attacks, during, leftBehind, memory }: Judged): ReadonlyArray<string> => {
  const problems: Array<string> = []
  const isRefused = attacks.every(({ call }) => call === "Handshake")
  if (during.code === undefined) problems.push("the command was still running at its limit, and was killed")
  else if (isRefused ? during.code === 0 : during.code > 1) problems.push(`the command exited with ${during.code}`)
  const result = parseResult(during)
  if (result === undefined) problems.push(`stdout is not one result: ${visible(during.stdout.slice(0, 200))}`)
  else problems.push(...(isRefused ? refusalProblems(result) : resultProblems(result, attacks)))
  if (unprintable.test(during.stdout) || unprintable.test(during.stderr)) {
    problems.push("what it printed has control characters")
  }
  if (/^net: create done/m.test(during.stderr)) problems.push("it printed a line that a plugin forged")
  if (!(memory <= memoryBound(attacks))) problems.push(`it took ${memory.toFixed(1)} times the usual memory`)
  if (leftBehind.length > 0) problems.push(`it left processes behind: ${leftBehind.join(", ")}`)
  return problems
}

/** What an attack did that it must not be able to do. */
export const problemsOf = (judged: Judged): ReadonlyArray<string> => [
  ...judged.before.flatMap((before) => failuresOf("before the attack", before)),
  ...failuresOf("without an attack", judged.usual),
  ...duringProblems(judged),
  ...failuresOf("after the attack", judged.after),
]
