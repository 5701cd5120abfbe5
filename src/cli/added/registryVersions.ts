/** The versions of a package that a registry has. */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { runNpm } from "../npm/runNpm.ts"

const OneOrMore = Schema.Union([Schema.String, Schema.Array(Schema.String)])
const decode = Schema.decodeUnknownOption(Schema.fromJsonString(OneOrMore))

/** npm prints one value as it is, and several as a list. */
const listIn = (printed: string): ReadonlyArray<string> =>
  Option.match(decode(printed), { onNone: () => [], onSome: (said) => (typeof said === "string" ? [said] : said) })

const view = Effect.fnUntraced(function* (folder: string, word: string, field: string) {
  const ended = yield* runNpm(folder, ["view", "--prefix", folder, "--json", "--", word, field])
  return ended._tag === "Failed" ? ended : { ...ended, values: listIn(ended.printed) }
})

/** All of them, the oldest first. None where the registry does not say. */
export const lookUpVersions = Effect.fnUntraced(function* (folder: string, name: string) {
  const said = yield* view(folder, name, "versions")
  return said._tag === "Failed" ? [] : said.values
})

/** The highest version that fits `range`, and the one that the registry calls the latest. Null where it does not say. */
export const lookUpNewest = Effect.fnUntraced(function* (folder: string, name: string, range: string | null) {
  const latest = yield* view(folder, name, "dist-tags.latest")
  if (latest._tag === "Failed") return latest
  const fitting = range === null ? latest : yield* view(folder, `${name}@${range}`, "version")
  if (fitting._tag === "Failed") return fitting
  return { _tag: "Found" as const, latest: latest.values[0] ?? null, fitting: fitting.values.at(-1) ?? null }
})
