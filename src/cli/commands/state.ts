import * as Command from "effect/cli/Command"
import { backUpState } from "./backUpState.ts"
import { copyState } from "./copyState.ts"
import { rotateKey } from "./rotateKey.ts"

export const stateCommand = Command.make("state").pipe(
  Command.withDescription("Back up or copy the state, or change its key"),
  Command.withSubcommands([backUpState, copyState, rotateKey]),
)
