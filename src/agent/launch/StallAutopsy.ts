/**
 * Finds out where a stalled plugin hangs, from outside and at no cost before:
 * Node is made to open its inspector even while the event loop is blocked
 * (`inspectorDoor`), the inspector prints its address on stderr, and a debugger that connects there
 * asks for a pause. The frames in the answer are where the plugin hangs.
 *
 * Only for processes that are Node: any other may die of it.
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import { inspectorDoor, openInspector } from "../../platform/inspectorDoor.ts"
import { Platform } from "../../platform/Platform.ts"

/** How long an examination may take. The plugin is killed after it in any case. */
export const autopsyDeadline = "3 seconds"

/** How many frames are kept. The stack of a blocked loop is short. */
const maxFrames = 10

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

/** Frames have the number of their script, and `scripts` has its file. Node's own frames are left out. */
const framesOf = (message: string, scripts: ReadonlyMap<string, string>): Option.Option<ReadonlyArray<string>> =>
  Option.map(decodePaused(message), ({ params }) => {
    const located = params.callFrames.map((frame) => ({
      ...frame,
      url: frame.url === "" ? (scripts.get(frame.location.scriptId) ?? "") : frame.url,
    }))
    const own = located.filter(({ url }) => !url.startsWith("node:"))
    return (own.length === 0 ? located : own).slice(0, maxFrames).map(({ functionName, location, url }) => {
      const place = `${url}:${location.lineNumber + 1}:${(location.columnNumber ?? 0) + 1}`
      return functionName === "" ? place : `${functionName} (${place})`
    })
  })

/** Asks an inspector for the frames in which its process is now. */
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

/** Examines a stalled process before it is killed. Never fails. */
export class StallAutopsy extends Context.Service<
  StallAutopsy,
  {
    /**
     * The frames in which the process hangs, innermost first; none if they
     * are not found within 3 s. `address` completes with the address that the
     * inspector of the process prints.
     */
    readonly examine: (pid: number, address: Effect.Effect<string>) => Effect.Effect<ReadonlyArray<string>>
  }
>()("formae/agent/launch/StallAutopsy") {
  /** Examines nothing: for plugins that are not Node processes. */
  static readonly layerNone = Layer.succeed(StallAutopsy, StallAutopsy.of({ examine: () => Effect.succeed([]) }))

  /** Examines by Node's inspector. */
  static readonly layerInspector = Layer.succeed(
    StallAutopsy,
    StallAutopsy.of({
      examine: (pid, address) =>
        Platform.pipe(
          Effect.flatMap((platform) => Effect.sync(() => openInspector(inspectorDoor(platform), pid))),
          Effect.andThen(address),
          Effect.flatMap(pause),
          Effect.timeoutOption(autopsyDeadline),
          Effect.map(Option.getOrElse((): ReadonlyArray<string> => [])),
          // It may have died meanwhile. Then there is nothing to examine.
          Effect.catchDefect(() => Effect.succeed<ReadonlyArray<string>>([])),
        ),
    }),
  )
}
