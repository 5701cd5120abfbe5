/** P7: a plugin of this version answers the frames of a version 1 agent as it always has. */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Stdio from "effect/Stdio"
import { servePlugin } from "../../src/plugin/PluginServer.ts"
import { Cookie, NodeName } from "../../src/protocol/Identity.ts"
import { makeStdioPair } from "../../src/transport/StdioPair.ts"
import { type Line, makeEnd, readConversation, withUnknownFields } from "./goldenConversations.ts"
import { makePlugin } from "./goldenPlugin.ts"

const identity = { node: NodeName.make("golden-plugin@localhost"), cookie: Cookie.make("cookie"), pid: 4242 }

/** Fields that plugins send only since then. An agent of that time ignores them. */
const laterFields: ReadonlySet<string> = new Set(["targetSecrets", "features", "paths"])

/** Each conversation is of its own time. Some fields are named as the feature that they need. */
const laterFieldsOf = (name: string): ReadonlySet<string> => {
  switch (name) {
    case "lease":
      return new Set()
    case "waits":
      return new Set(["telemetry", "lease"])
    case "naming":
      return new Set(["lastRead", "rateLimit", "telemetry", "lease"])
    case "describe":
      return new Set(["naming", "lastRead", "rateLimit", "telemetry", "lease"])
    default:
      return laterFields
  }
}

/** Which fiber was interrupted is a number of the library and means nothing. */
const comparable = (frame: Line["frame"], later: ReadonlySet<string>): Line["frame"] =>
  JSON.parse(JSON.stringify(frame).replace(/"fiberId":\d+/, `"fiberId":null`), (key, value) =>
    later.has(key) ? undefined : key === "features" ? value.filter((one: string) => !later.has(one)) : value,
  )

const replay = Effect.fnUntraced(function* (name: string, sent: (frame: Line["frame"]) => Line["frame"]) {
  const pair = yield* makeStdioPair
  yield* servePlugin(makePlugin(name), identity).pipe(
    Effect.provideService(Stdio.Stdio, pair.plugin),
    Effect.forkScoped,
  )
  const agent = yield* makeEnd(pair.agent)
  const later = laterFieldsOf(name)
  for (const { frame, from } of readConversation(name)) {
    if (from === "agent") yield* agent.send(sent(frame))
    else assert.deepEqual(comparable(yield* agent.next, later), frame)
  }
})

describe("a plugin answers the golden frames", () => {
  for (const name of [
    "handshake",
    "operations",
    "errors",
    "unusual",
    "identity",
    "requests",
    "again",
    "describe",
    "naming",
    "waits",
    "lease",
  ]) {
    it.live(`of ${name}`, () => Effect.scoped(replay(name, (frame) => frame)))

    it.live(`of ${name}, with fields that a newer agent added`, () => Effect.scoped(replay(name, withUnknownFields)))
  }
})
