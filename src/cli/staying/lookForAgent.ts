/** Looks for the agent of a state, to ask it or to stop it: also for one that does not answer, or whose socket is gone. */
import * as Effect from "effect/Effect"
import type { StateHolder } from "../../agent/store/StateHolder.ts"
import { commandWords } from "../../platform/commandWords.ts"
import { readConfig, stateFileOf } from "../AgentConfig.ts"
import type { CommandFailure } from "../CommandFailure.ts"
import { fileExists } from "../InputFile.ts"
import { holderFacts } from "../holderFacts.ts"
import { fileOfState } from "../stateFiles.ts"
import { requireTrust } from "../trust/requireTrust.ts"
import { aboutAgent, type FoundAgent } from "./aboutAgent.ts"
import { findAgent } from "./findAgent.ts"
import { namedAgent } from "./namedAgent.ts"

/** What was found. */
export type Looked =
  | { readonly _tag: "None" }
  | { readonly _tag: "Answers"; readonly agent: FoundAgent }
  /** Nothing answers, and a process of this host holds the state. */
  | {
      readonly _tag: "Held"
      readonly holder: StateHolder
      /** Whether it is an agent that stays, and not a command of its own. */
      readonly isAgent: boolean
      /** Why it does not answer. Undefined where it does not listen. */
      readonly failure: CommandFailure | undefined
    }

/** Whether a process was started as `formae agent`. `words` begin with the program, which is Node. */
export const isAgentCommand = (words: ReadonlyArray<string>): boolean =>
  words.slice(1).filter((word) => !word.startsWith("-"))[1] === "agent"

/** The process of this host that holds a state file. Undefined where none does. */
export const heldBy = Effect.fnUntraced(function* (stateFile: string) {
  const file = yield* fileOfState(stateFile)
  if (!(yield* fileExists(file))) return undefined
  const facts = yield* Effect.orElseSucceed(holderFacts(file), () => undefined)
  return facts?.isLocked === true && !facts.isElsewhere ? facts.holder : undefined
})

/** The state that is meant, or the URL that the environment names in its place, and the agent that runs on it. Fails where something answers that is no agent of this version. */
export const lookForAgent = Effect.fnUntraced(function* (
  flags: Pick<Parameters<typeof stateFileOf>[0], "state"> & {
    readonly config: Parameters<typeof readConfig>[0]
    readonly trust: ReadonlyArray<string>
  },
) {
  const named = yield* namedAgent
  if (named !== undefined) {
    return { stateFile: named.url, looked: { _tag: "Answers", agent: yield* aboutAgent(named) } as Looked }
  }
  const settings = yield* readConfig(flags.config)
  yield* requireTrust(flags, settings, ["state"])
  const stateFile = stateFileOf(flags, settings)
  const socket = yield* findAgent(stateFile)
  const asked = socket === undefined ? undefined : yield* Effect.result(aboutAgent({ socket }))
  if (asked?._tag === "Success") return { stateFile, looked: { _tag: "Answers", agent: asked.success } as Looked }
  const holder = yield* heldBy(stateFile)
  if (holder === undefined) {
    return asked === undefined ? { stateFile, looked: { _tag: "None" } as Looked } : yield* asked.failure
  }
  // What listens on the socket of a state is its agent.
  const isAgent = asked !== undefined || isAgentCommand(yield* commandWords(holder.pid))
  return { stateFile, looked: { _tag: "Held", holder, isAgent, failure: asked?.failure } as Looked }
})
