/**
 * Finds out where a stalled plugin hangs, from outside and at no cost before:
 * SIGUSR1 makes Node open its inspector also while the event loop is blocked,
 * the inspector prints its address on stderr, and over that the debugger is
 * told to pause. The frames that it answers with are where the plugin stands.
 *
 * Only of a process that is Node: any other dies of SIGUSR1.
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"

/** How long the whole of it may take; the plugin is killed after it in any case. */
export const autopsyDeadline = "3 seconds"

/** How many frames are of interest. The stack of a blocked loop is short. */
const keptFrames = 10

const Paused = Schema.fromJsonString(
  Schema.Struct({
    method: Schema.Literal("Debugger.paused"),
    params: Schema.Struct({
      callFrames: Schema.Array(
        Schema.Struct({
          functionName: Schema.String,
          url: Schema.String,
          location: Schema.Struct({
            scriptId: Schema.String,
            lineNumber: Schema.Int,
            columnNumber: Schema.optionalKey(Schema.Int),
          }),
        }),
      ),
    }),
  }),
)

const ScriptParsed = Schema.fromJsonString(
  Schema.Struct({
    method: Schema.Literal("Debugger.scriptParsed"),
    params: Schema.Struct({ scriptId: Schema.String, url: Schema.String }),
  }),
)

const decodePaused = Schema.decodeUnknownOption(Paused)
const decodeScript = Schema.decodeUnknownOption(ScriptParsed)

/** Frames carry the number of their script; `scripts` has the file of each. Node's own frames are of no interest. */
const framesOf = (message: string, scripts: ReadonlyMap<string, string>): Option.Option<ReadonlyArray<string>> =>
  Option.map(decodePaused(message), ({ params }) => {
    const located = params.callFrames.map((frame) => ({
      ...frame,
      url: frame.url === "" ? (scripts.get(frame.location.scriptId) ?? "") : frame.url,
    }))
    const own = located.filter(({ url }) => !url.startsWith("node:"))
    return (own.length === 0 ? located : own).slice(0, keptFrames).map(({ functionName, location, url }) => {
      const place = `${url}:${location.lineNumber + 1}:${(location.columnNumber ?? 0) + 1}`
      return functionName === "" ? place : `${functionName} (${place})`
    })
  })

/** Asks an inspector for the frames of what its process does now. */
const pause = (address: string): Effect.Effect<ReadonlyArray<string>> =>
  Effect.callback((resume) => {
    const socket = new WebSocket(address)
    const scripts = new Map<string, string>()
    const send = (id: number, method: string) => socket.send(JSON.stringify({ id, method }))
    socket.addEventListener("open", () => {
      send(1, "Debugger.enable")
      send(2, "Debugger.pause")
    })
    socket.addEventListener("message", ({ data }) => {
      if (!Predicate.isString(data)) return
      const script = decodeScript(data)
      if (Option.isSome(script)) scripts.set(script.value.params.scriptId, script.value.params.url)
      const frames = framesOf(data, scripts)
      if (Option.isSome(frames)) resume(Effect.succeed(frames.value))
    })
    socket.addEventListener("error", () => resume(Effect.succeed([])))
    socket.addEventListener("close", () => resume(Effect.succeed([])))
    return Effect.sync(() => socket.close())
  })

export class StallAutopsy extends Context.Service<
  StallAutopsy,
  {
    /**
     * The frames in which the process hangs, innermost first; none where they
     * can not be had. `address` completes with what `inspectorAddress` finds on
     * the process's stderr.
     */
    readonly examine: (pid: number, address: Effect.Effect<string>) => Effect.Effect<ReadonlyArray<string>>
  }
>()("formae/agent/launch/StallAutopsy") {
  /** Examines nothing: for plugins that are no Node processes. */
  static readonly layerNone = Layer.succeed(StallAutopsy, StallAutopsy.of({ examine: () => Effect.succeed([]) }))

  static readonly layerInspector = Layer.succeed(
    StallAutopsy,
    StallAutopsy.of({
      examine: (pid, address) =>
        Effect.sync(() => process.kill(pid, "SIGUSR1")).pipe(
          Effect.andThen(address),
          Effect.flatMap(pause),
          Effect.timeoutOption(autopsyDeadline),
          Effect.map(Option.getOrElse((): ReadonlyArray<string> => [])),
          // It may have died meanwhile: then there is nothing to examine.
          Effect.catchDefect(() => Effect.succeed<ReadonlyArray<string>>([])),
        ),
    }),
  )
}
