import * as Command from "effect/cli/Command"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { HostEnvironment, KeyRotation, StateOwnership, Store } from "../../agent/index.ts"
import { readConfig, stateFileOf } from "../AgentConfig.ts"
import { failed, refused } from "../agentFailures.ts"
import { badInput } from "../CommandFailure.ts"
import { openState } from "../openState.ts"
import { printJson, printLast } from "../Outputs.ts"
import { withJsonError } from "../printResult.ts"
import { config, json, state, trust } from "../SharedFlags.ts"
import { findAgent } from "../staying/findAgent.ts"
import { refuseElsewhere } from "../staying/namedAgent.ts"
import { keyFileOf, keyFileVariable, keyVariable } from "../stateFiles.ts"
import { layerOwnState } from "../trust/ownState.ts"
import { requireTrust } from "../trust/requireTrust.ts"

/** Loaded where an agent runs. */
const rotateThere = (socket: string) =>
  Effect.flatMap(
    Effect.promise(() => import("../staying/remoteRotation.ts")),
    ({ remoteRotation }) => remoteRotation(socket),
  )

/** A key that is in the environment alone cannot be changed there. */
const refuseGivenKey = Effect.flatMap(HostEnvironment, ({ [keyVariable]: given = "" }) =>
  given === ""
    ? Effect.void
    : badInput(
        "KeyNotChanged",
        `The key was not changed, because it was given in ${keyVariable}. Put it into a file that others may not read: (umask 077; echo "$${keyVariable}" | base64 -d > infra.key). Name that with ${keyFileVariable}, unset ${keyVariable}, and change it there`,
      ),
)

export const rotateKey = Command.make("rotate-key", { json, state, config, trust }, (flags) =>
  Effect.gen(function* () {
    yield* refuseElsewhere("state rotate-key")
    const settings = yield* readConfig(flags.config)
    yield* requireTrust(flags, settings, ["state"])
    const stateFile = stateFileOf(flags, settings)
    if (Store.isPostgresUrl(stateFile)) yield* refuseGivenKey
    const socket = yield* findAgent(stateFile)
    const here = KeyRotation.use(({ rotate }) => rotate).pipe(
      Effect.mapError(failed),
      Effect.provide(
        KeyRotation.layerFile(yield* keyFileOf(stateFile)).pipe(
          Layer.provide(StateOwnership.layer),
          Layer.provide(openState(stateFile).pipe(Layer.provide(layerOwnState(settings)))),
        ),
      ),
      Effect.catchTag("StoreUnavailable", (error) => Effect.fail(refused(error))),
    )
    const { earlier, key, left, relocked } = yield* socket === undefined ? here : rotateThere(socket)
    yield* flags.json
      ? printJson({ command: "state rotate-key", status: "succeeded", state: stateFile, key, earlier, relocked, left })
      : printLast(
          `The key ${key} is a new one, and ${relocked} values were locked again with it`,
          `The keys of before are in ${earlier}: copies of the state from before need them, and secrets of resources are recognized by them until they are written again. Plans that were saved before must be made again`,
          ...(left === 0 ? [] : [`${left} values could not be opened with any key, and were left as they are`]),
        )
  }).pipe(withJsonError(flags.json, "state rotate-key")),
).pipe(
  Command.withDescription(
    "Change the key of the state: everything that is locked with it is locked again with a new one, also while an agent runs",
  ),
)
