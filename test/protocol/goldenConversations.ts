/**
 * The golden conversations: text files in which a line that begins with `→` is
 * a frame of the agent, and one that begins with `←` is a frame of the plugin.
 * They are the frames of protocol version 1: what a release has once answered,
 * every later one must answer, and read, as it is.
 */
import * as Effect from "effect/Effect"
import * as Queue from "effect/Queue"
import type * as Stdio from "effect/Stdio"
import * as Stream from "effect/Stream"
import { readFileSync } from "node:fs"

type Json = null | boolean | number | string | ReadonlyArray<Json> | { readonly [key: string]: Json }

export interface Line {
  readonly from: "agent" | "plugin"
  readonly frame: { readonly [key: string]: Json }
}

export const readConversation = (name: string): ReadonlyArray<Line> =>
  readFileSync(new URL(`golden/${name}.txt`, import.meta.url), "utf8")
    .split("\n")
    .filter((line) => /^[→←] /.test(line))
    .map((line) => ({ from: line.startsWith("→") ? "agent" : "plugin", frame: JSON.parse(line.slice(2)) }))

/** What these fields hold is data, of a resource, a target, a plugin's settings or a JSON Schema, and has keys of its own. */
const data: ReadonlySet<string> = new Set([
  "facts",
  "properties",
  "targetConfig",
  "prior",
  "desired",
  "patch",
  "config",
  "schema",
  "targetSchema",
])

/** The same frame, with an unknown field in every object of the protocol. */
export const withUnknownFields = <A extends Json>(value: A): A => {
  const extend = (part: Json): Json => {
    if (Array.isArray(part)) return part.map(extend)
    if (part === null || typeof part !== "object") return part
    const fields = Object.entries(part).map(([key, field]) => [key, data.has(key) ? field : extend(field)])
    return { ...Object.fromEntries(fields), fieldOfTheFuture: { since: 2 } }
  }
  return extend(value) as A
}

/** One end of a pipe, frame by frame. */
export const makeEnd = Effect.fnUntraced(function* (stdio: Stdio.Stdio) {
  const lines = yield* stdio.stdin.pipe(
    Stream.decodeText,
    Stream.splitLines,
    Stream.filter((line) => line !== ""),
    Stream.toQueue({ capacity: "unbounded" }),
  )
  return {
    next: Effect.map(Queue.take(lines), (line): Line["frame"] => JSON.parse(line)),
    send: (frame: Line["frame"]) =>
      Stream.make(`${JSON.stringify(frame)}\n`).pipe(Stream.run(stdio.stdout()), Effect.orDie),
  }
})
