/** The configuration of `formae agent`, which is read again while it runs: on SIGHUP, and when its file changes. */
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Path from "effect/Path"
import * as Queue from "effect/Queue"
import * as Stream from "effect/Stream"
import {
  Configuration,
  ConfigurationRefused,
  type ConfigurationSource,
} from "../../agent/configuration/Configuration.ts"
import type { CommandFailure } from "../CommandFailure.ts"
import type { AgentFlags } from "../SharedFlags.ts"
import type { ListenFlags } from "../staying/listenFlags.ts"
import { requireTrust } from "../trust/requireTrust.ts"
import { Trust } from "../trust/Trust.ts"
import { TrustPrompt } from "../trust/TrustPrompt.ts"
import { TrustRecords } from "../trust/TrustRecords.ts"
import type { AgentConfig } from "./AgentConfig.ts"
import { fileChanges, namesOf } from "./fileChanges.ts"
import { withFlags } from "./flagSettings.ts"
import { ReadBefore, readConfig } from "./readConfig.ts"

/** Nobody is asked in the middle of other work: what is not trusted yet is not used. */
const unasking = Trust.layerNoDeps.pipe(
  Layer.provide([Layer.succeed(TrustPrompt, { ask: () => Effect.succeed("unasked") }), TrustRecords.layer]),
)

const refusedBy = ({ lines, message }: CommandFailure) => new ConfigurationRefused({ lines: lines ?? [message] })

/**
 * The configuration of an agent that was started with these flags. `report` is
 * told each change, and `use` what holds then. A file that was found must be trusted as it is when it is read.
 */
export const layerConfiguration = (
  flags: AgentFlags & ListenFlags,
  config: AgentConfig,
  { report, use }: Pick<ConfigurationSource, "report" | "use">,
) =>
  Layer.unwrap(
    Effect.map(Effect.context<FileSystem.FileSystem | Path.Path>(), (context) =>
      Configuration.layerNoDeps({
        given: withFlags(flags, config),
        read: readConfig(flags.config).pipe(
          Effect.provideService(ReadBefore, undefined),
          Effect.tap((again) => requireTrust(flags, again, [])),
          Effect.map((again) => withFlags(flags, again)),
          Effect.mapError(refusedBy),
          Effect.provide(unasking),
          Effect.provideContext(context),
        ),
        report,
        use,
      }),
    ),
  )

/** The sources that ask for a new reading, and hear of it even where nothing has changed. */
const asking: ReadonlySet<string> = new Set(["SIGHUP"])

/** Reads the configuration again, and says in the log what came of it. */
export const reloadConfiguration = (by: string): Effect.Effect<void, never, Configuration> =>
  Configuration.use(({ reload }) => reload(by)).pipe(
    Effect.matchEffect({
      onFailure: ({ lines }) =>
        Effect.logWarning(
          `The configuration was read again (${by}) and is not used. Nothing was changed: ${lines.join("; ")}. Once that is mended, such as by formae trust, send SIGHUP to this process`,
        ),
      onSuccess: (changes) => {
        if (changes.length > 0) {
          const changed = changes.map(({ from, to, what }) => `${what}: ${from ?? "not set"} -> ${to ?? "not set"}`)
          return Effect.logInfo(`The configuration was changed (${by}): ${changed.join("; ")}`)
        }
        return asking.has(by)
          ? Effect.logInfo(`The configuration was read again (${by}). Nothing in it has changed`)
          : Effect.void
      },
    }),
  )

/** The events of a folder, and one of the file `name` once they are seen: it may have changed since it was read. */
const eventsOf = (folder: string, name: string) =>
  Stream.unwrap(
    Effect.gen(function* () {
      const fs = yield* FileSystem.FileSystem
      const ready = yield* Queue.unbounded<FileSystem.WatchEvent>()
      const watched = fs.watch(folder, {
        onReady: () => void Queue.offerUnsafe(ready, { _tag: "Update", path: name }),
      })
      return Stream.merge(watched, Stream.fromQueue(ready), { haltStrategy: "left" })
    }),
  )

/** Reads the configuration again whenever its file changes. Ends only where the file cannot be watched, and says so. */
export const watchConfiguration = (flags: Pick<AgentFlags, "config">, { found }: Pick<AgentConfig, "found">) =>
  Effect.gen(function* () {
    const path = yield* Path.Path
    const named = Option.getOrUndefined(flags.config)
    const file = named === undefined ? found?.file : path.resolve(named)
    // Where there is no file, SIGHUP looks for one.
    if (file === undefined) return
    const folder = path.dirname(file)
    yield* fileChanges(eventsOf(folder, path.basename(file)), namesOf(named)).pipe(
      Stream.runForEach((name) => reloadConfiguration(`the file ${path.join(folder, name)}`)),
      Effect.catch(({ message }) =>
        Effect.logWarning(
          `Changes of the configuration in ${folder} cannot be seen: ${message}. After a change, send SIGHUP to this process`,
        ),
      ),
    )
  })
