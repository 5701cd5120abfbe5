/** A state that a command makes in a folder is the user's own: it is remembered before anything is in it. */
import * as Effect from "effect/Effect"
import type * as FileSystem from "effect/FileSystem"
import * as Layer from "effect/Layer"
import type * as Path from "effect/Path"
import { StateFileMade } from "../../agent/store/StateFileMade.ts"
import type { AgentConfig } from "../AgentConfig.ts"
import { adviceForUnknownState } from "../advice/adviceForTrust.ts"
import { printProgress } from "../Outputs.ts"
import { folderOfState, madeState } from "./stateSupply.ts"
import { Trust } from "./Trust.ts"

/** Where it cannot be remembered, the command continues, and says that the next one will ask. */
export const layerOwnState = ({
  found,
  state,
}: Pick<AgentConfig, "found" | "state">): Layer.Layer<never, never, FileSystem.FileSystem | Path.Path | Trust> =>
  Layer.effect(
    StateFileMade,
    Effect.gen(function* () {
      const trust = yield* Trust
      const context = yield* Effect.context<FileSystem.FileSystem | Path.Path>()
      return Effect.fnUntraced(function* (file: string) {
        // What a configuration names belongs to the folder that the configuration is in.
        const folder = file === state ? found?.folder : yield* folderOfState(file)
        if (folder === undefined) return
        const made = yield* Effect.option(madeState(file))
        if (made._tag === "None") return
        yield* Effect.catch(trust.remember(folder, made.value), ({ reason }) =>
          printProgress(
            `It cannot be remembered that this state is yours: ${reason}. ${adviceForUnknownState(folder)}`,
          ),
        )
      }, Effect.provideContext(context))
    }),
  )
