import { assert, describe, it } from "@effect/vitest"
import * as Cause from "effect/Cause"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as ErrorReporter from "effect/ErrorReporter"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Queue from "effect/Queue"
import * as RpcClient from "effect/rpc/RpcClient"
import * as Stream from "effect/Stream"
import { allSides, type Sides } from "./echo.ts"
import { makeManners } from "./manners.ts"

const Effects: Sides = { client: "Effect's", server: "Effect's" }

const described = (exit: Exit.Exit<unknown, unknown>): unknown =>
  Exit.isSuccess(exit)
    ? { value: exit.value }
    : exit.cause.reasons.map((reason) => {
        if (Cause.isInterruptReason(reason)) return "interrupted"
        return Cause.isFailReason(reason) ? { error: String(reason.error) } : { defect: String(reason.defect) }
      })

/** Each call by itself, so that the frames have one order. */
const callEach = Effect.fnUntraced(function* ({ client }: Effect.Success<ReturnType<typeof makeManners>>) {
  const name = "a"
  const calls: ReadonlyArray<() => Effect.Effect<unknown, unknown>> = [
    () => client.Answer({ name }),
    () => client.Answer({ name, more: "than the schema has" } as { name: string }),
    () => client.Answer({ name: 1 as unknown as string }),
    () => client.Nothing({}),
    () => Effect.map(client.Date({ at: DateTime.makeUnsafe(0) }), String),
    () => client.Default({}),
    () => client.Headers({}),
    () => RpcClient.withHeaders(client.Headers({}), { first: "1" }),
    () => client.Headers({}, { headers: { second: "2" } }),
    () => client.Refuse({ name }),
    () => client.Die({ name }),
    () => client.Throw({ name }),
    () => client.Lie({}),
    () => client.Unsayable({}),
    () => client.Later({ name }),
    () => client.Steady({ name }),
    () => client.GiveUp({}),
    () => client.Scoped({ name }),
    () => client.Span({}),
    () => client.Answer({ name }, { discard: true }),
  ]
  return yield* Effect.forEach(calls, (call) => Effect.map(Effect.exit(Effect.suspend(call)), described))
})

/** Clients count from any number, and so do fibers. */
const withoutIds = (lines: ReadonlyArray<string>) => {
  const known = new Map<string, string>()
  const idOf = (id: string) => {
    if (!known.has(id)) known.set(id, `#${known.size}`)
    return known.get(id)!
  }
  return lines.map((line) =>
    line
      .replace(/("(?:id|requestId)":)(\d+)/, (_, key, id) => `${key}"${idOf(id)}"`)
      .replace(/"fiberId":\d+/, '"fiberId":0'),
  )
}

/** All that can be told of these sides from outside. */
const tell = Effect.fnUntraced(function* (sides: Sides) {
  const reported: Array<string> = []
  const reporter = ErrorReporter.make(({ error }) => void reported.push(String(error)))
  return yield* Effect.gen(function* () {
    const made = yield* makeManners(sides)
    const { client, lines, notes, pair, serving } = made
    const exits = yield* callEach(made)
    const hanging = yield* Effect.forkChild(client.Hang({ name: "b" }), { startImmediately: true })
    const left = yield* Effect.forkChild(Effect.exit(client.Hang({ name: "c" })), { startImmediately: true })
    const seen = [...(yield* Queue.takeN(notes, 4))]
    yield* Fiber.interrupt(hanging)
    seen.push(yield* Queue.take(notes))
    const promised = yield* Effect.forkChild(client.Promise({ name: "d" }), { startImmediately: true })
    seen.push(yield* Queue.take(notes))
    yield* Effect.yieldNow
    yield* Fiber.interrupt(promised)
    yield* Stream.run(
      Stream.fromIterable([
        `{"_tag":"Request","id":"x1","tag":"Unknown","payload":{},"headers":[]}\n`,
        `{"_tag":"Request","id":"x2","tag":"Answer","payload":{"name":7},"headers":[]}\n`,
        `{"_tag":"Request","id":"x3","tag":"Span","payload":{},"headers":[],"traceId":"a1","spanId":"b2","sampled":true}\n`,
        `{"_tag":"Interrupt","requestId":"x4"}\n`,
      ]),
      pair.agent.stdout(),
    ).pipe(Effect.orDie)
    yield* Effect.yieldNow
    yield* client.Answer({ name: "last" })
    yield* Fiber.interrupt(serving)
    const end = described(yield* Fiber.join(left))
    return { exits, end, reported, notes: [...seen, ...(yield* Queue.clear(notes))], frames: withoutIds(lines) }
  }).pipe(Effect.provideService(ErrorReporter.CurrentErrorReporters, new Set([reporter])), Effect.scoped)
})

describe("all that a handler may do", () => {
  it.effect.each(allSides.slice(0, -1))(
    "is the same on the wire, for the caller and for the handler, with a client that is $client and a server that is $server",
    (sides) =>
      Effect.gen(function* () {
        const ofEffect = yield* tell(Effects)
        // What is compared has all of it.
        assert.include(ofEffect.frames.join("\n"), "Failed to encode response")
        assert.include(ofEffect.frames.join("\n"), "Unknown request tag: Unknown")
        assert.deepEqual(yield* tell(sides), ofEffect)
      }),
  )
})
