import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Effect from "effect/Effect"
import { formatTime } from "../../protocol/formatTime.ts"
import { readConfig, stateFileOf } from "../AgentConfig.ts"
import { formatTable } from "../formatTable.ts"
import { printJson, printLast, printLines, printProgress, stdoutWidth } from "../Outputs.ts"
import { withJsonError } from "../printResult.ts"
import { config, json, state, trust } from "../SharedFlags.ts"
import { requireTrust } from "../trust/requireTrust.ts"

const name = Argument.String("name").pipe(
  Argument.withDescription(
    'The name of the token: "formae commands" shows it for the commands that were asked for with it',
  ),
)

const flags = { json, state, config, trust }

/** The tokens of the state, and how they are used. Loaded where they are wanted. */
const tokensOf = Effect.fnUntraced(function* (given: {
  readonly state: Parameters<typeof stateFileOf>[0]["state"]
  readonly config: Parameters<typeof readConfig>[0]
  readonly trust: ReadonlyArray<string>
}) {
  const settings = yield* readConfig(given.config)
  yield* requireTrust(given, settings, ["state"])
  const files = yield* Effect.promise(() => import("../staying/tokenFiles.ts"))
  return { ...files, folder: yield* files.tokensFolder(stateFileOf(given, settings)) }
})

const add = Command.make("add", { name, ...flags }, (given) =>
  Effect.gen(function* () {
    const { addToken, folder } = yield* tokensOf(given)
    const token = yield* addToken(folder, given.name)
    if (given.json) {
      return yield* printJson({ command: "agent token add", status: "succeeded", name: given.name, token })
    }
    // On its own on stdout, so that it can be piped to where it is kept.
    yield* printLast(token)
    yield* printProgress(`This is the token ${given.name}. Keep it now: it is not shown again`)
  }).pipe(withJsonError(given.json, "agent token add")),
).pipe(
  Command.withDescription(
    "Make a token for a caller of the agent at its address, and print it. Only its hash is kept, beside the state",
  ),
)

const list = Command.make("list", flags, (given) =>
  Effect.gen(function* () {
    const { folder, listTokens } = yield* tokensOf(given)
    const tokens = yield* listTokens(folder)
    if (given.json) {
      const shown = tokens.map((one) => ({ name: one.name ?? null, createdAt: one.createdAt ?? null, hash: one.hash }))
      return yield* printJson({ command: "agent token list", status: "succeeded", tokens: shown })
    }
    const rows = tokens.map((one) => [
      one.name ?? `unreadable: ${one.hash}`,
      one.createdAt === undefined ? "" : formatTime(one.createdAt),
    ])
    yield* printLines(
      rows.length === 0 ? ["There are no tokens"] : formatTable(["name", "made"], rows, yield* stdoutWidth),
    )
  }).pipe(withJsonError(given.json, "agent token list")),
).pipe(Command.withDescription("List the tokens by which callers of the agent are known"))

const remove = Command.make("remove", { name, ...flags }, (given) =>
  Effect.gen(function* () {
    const { folder, removeToken } = yield* tokensOf(given)
    yield* removeToken(folder, given.name)
    yield* given.json
      ? printJson({ command: "agent token remove", status: "succeeded", name: given.name })
      : printLast(`The token ${given.name} was removed. An agent that runs no longer accepts it`)
  }).pipe(withJsonError(given.json, "agent token remove")),
).pipe(Command.withDescription("Remove a token. An agent that runs no longer accepts it"))

export const agentToken = Command.make("token").pipe(
  Command.withDescription(
    "Make, list and remove the tokens by which an agent knows who calls at its address (--listen)",
  ),
  Command.withSubcommands([add, list, remove]),
)
