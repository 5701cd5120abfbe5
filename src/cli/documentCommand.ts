/** The shape that `apply`, `plan` and `destroy` share: a document in, a result out. Those that do something ask before. */
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Path from "effect/Path"
import {
  type Agent,
  type CommandName,
  type CommandResult,
  type ConfirmRequest,
  type DocumentSource,
  type Forma,
  type SavedPlans,
  Store,
} from "../agent/index.ts"
import { namespaceOf } from "../protocol/index.ts"
import { readConfig, stateAbove, stateFileOf } from "./AgentConfig.ts"
import { readDocument } from "./DocumentFile.ts"
import { type DocumentFlags, documentFlags } from "./document/documentFlags.ts"
import { type DocumentError, failureIn } from "./documentFailure.ts"
import { applySavedPlan } from "./plan/applySavedPlan.ts"
import type { openState } from "./openState.ts"
import { makeConfirm } from "./plan/confirmPlan.ts"
import { readSavedPlan } from "./plan/savedPlanFile.ts"
import { withJsonError } from "./printResult.ts"
import { canAsk } from "./Question.ts"
import { type RunOptions, runOnAgent } from "./runOnAgent.ts"
import { type AgentFlags, agentFlags, file, limitOf, movedHere, name as formaName } from "./SharedFlags.ts"
import { fileOfState } from "./stateFiles.ts"
import { textFlag } from "./textFlag.ts"
import { repeatable } from "./repeatable.ts"

/** The arguments and flags of a command that reads a document. */
export const documentCommandFlags = { file, name: formaName, ...documentFlags, movedHere, ...agentFlags }

interface DocumentCommandFlags extends DocumentFlags, AgentFlags {
  readonly file: string
  readonly movedHere: boolean
}

/** Reads a document, does `run` with its forma, prints the result, and gives it. */
export const runWithDocument = Effect.fnUntraced(function* (
  command: CommandName,
  flags: DocumentCommandFlags,
  run: RunWithForma,
  openStore?: typeof openState,
) {
  const document = yield* withJsonError(flags.json, command)(readDocument(flags.file, flags))
  const config = yield* withJsonError(flags.json, command)(readConfig(flags.config))
  const { path } = document.source
  const source: DocumentSource = {
    ...document.source,
    relativePath: path === null ? null : yield* fromStateFolder(path, stateFileOf(flags, config)),
    hasMoved: flags.movedHere,
  }
  return yield* runOnAgent(
    command,
    flags,
    (agent, options) => run(agent, document.forma, { ...options, document: source }),
    failureIn(document),
    { openStore, startWith: checking.has(command) ? namespacesOf(document.forma) : [] },
  )
})

/** The commands that check the document against its plugins, whatever the state is. */
const checking: ReadonlySet<CommandName> = new Set(["apply", "plan"])

const namespacesOf = ({ resources }: Forma): ReadonlyArray<string> => [
  ...new Set(resources.map(({ type }) => namespaceOf(type))),
]

type RunWithForma = (
  agent: Agent["Service"],
  forma: Forma,
  options: RunOptions,
) => Effect.Effect<CommandResult, DocumentError, SavedPlans | FileSystem.FileSystem | Path.Path>

const yes = Flag.Boolean("yes").pipe(
  Flag.withAlias("y"),
  Flag.withDescription("Do not ask: at a terminal, only show what is going to be done"),
  Flag.withDefault(false),
)

const acceptDrift = textFlag("accept-drift").pipe(
  Flag.withMetavar("LABEL"),
  Flag.withDescription(
    "Overwrite or delete what was changed elsewhere in this resource, although its document says drift: ask; may be repeated",
  ),
  repeatable,
)

/** The arguments and flags of a command that does something, and asks before. */
export const confirmedFlags = { ...documentCommandFlags, yes, acceptDrift }

interface ConfirmedFlags extends DocumentCommandFlags {
  readonly yes: boolean
  readonly acceptDrift: ReadonlyArray<string>
}

/** A plan that is shown says what it overwrites and deletes, so its yes is one to that too. */
const acceptedIn = ({ acceptDrift, yes }: ConfirmedFlags) =>
  Effect.map(canAsk, (isShown) => (isShown && !yes ? "confirmed" : acceptDrift))

/** Asks with the result of the plan, while nothing else is written to the terminal. */
const makeConfirmIn = Effect.fnUntraced(function* (flags: ConfirmedFlags, above?: string) {
  const confirm = yield* makeConfirm(flags.yes, above)
  return ({ withoutLiveLines }: RunOptions) =>
    confirm && ((request: ConfirmRequest) => withoutLiveLines(confirm(request)))
})

interface ApplyFlags extends ConfirmedFlags {
  readonly only: ReadonlyArray<string>
}

/** Applies a document, or a saved plan in its place. */
export const runApply = Effect.fnUntraced(function* (flags: ApplyFlags) {
  const confirmIn = yield* makeConfirmIn(flags)
  const acceptDrift = yield* acceptedIn(flags)
  const saved = yield* readSavedPlan(flags.file)
  if (saved !== undefined) return yield* applySavedPlan(saved, { ...flags, acceptDrift }, confirmIn)
  return yield* runWithDocument("apply", flags, (agent, forma, options) =>
    agent.apply(forma, { ...options, acceptDrift, confirm: confirmIn(options), only: limitOf(flags.only) }),
  )
})

/** Destroys what was created from a document. */
export const runDestroy = Effect.fnUntraced(function* (flags: ConfirmedFlags) {
  const config = yield* withJsonError(flags.json, "destroy")(readConfig(flags.config))
  const confirmIn = yield* makeConfirmIn(flags, stateAbove(flags, config))
  const acceptDrift = yield* acceptedIn(flags)
  return yield* runWithDocument("destroy", flags, (agent, forma, options) =>
    agent.destroy(forma, { ...options, acceptDrift, confirm: confirmIn(options) }),
  )
})

/** The path of a document from the folder of the state file, links resolved. Null where the state is in no folder. */
export const fromStateFolder = Effect.fnUntraced(function* (document: string, stateFile: string) {
  if (Store.isPostgresUrl(stateFile)) return null
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const real = yield* fileOfState(stateFile)
  const folder = path.dirname(path.resolve(real))
  return path.relative(yield* Effect.orElseSucceed(fs.realPath(folder), () => folder), document)
})
