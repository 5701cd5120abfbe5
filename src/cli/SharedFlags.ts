/** The flags and arguments that several commands share. */
import * as Argument from "effect/cli/Argument"
import * as CliError from "effect/cli/CliError"
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"
import type * as Option from "effect/Option"
import { shownState } from "../agent/store/postgres/PostgresAddress.ts"
import { objectionToState } from "./postgres/objectionToState.ts"
import { textFlag } from "./textFlag.ts"
import { repeatable } from "./repeatable.ts"

export const json = Flag.Boolean("json").pipe(
  Flag.withDescription("Print the result as one JSON object on stdout, and everything else on stderr"),
  Flag.withDefault(false),
)

/** What is refused is shown without a password that it may have. */
const withoutPassword = Flag.mapEffect((state: string) => {
  const expected = objectionToState(state)
  return expected === undefined
    ? Effect.succeed(state)
    : Effect.fail(new CliError.InvalidValue({ option: "state", value: shownState(state), expected, kind: "flag" }))
})

export const state = textFlag("state").pipe(
  withoutPassword,
  Flag.withMetavar("FILE"),
  Flag.withDescription(
    "The state file, which holds the inventory (default: .formae/state.db), or the address of a state on Postgres: postgres://ROLE@HOST/DATABASE, whose password is in PGPASSWORD and whose key is in the file that FORMAE_STATE_KEY_FILE names, or in FORMAE_STATE_KEY",
  ),
  Flag.optional,
)

export const plugins = textFlag("plugins").pipe(
  Flag.withMetavar("DIR"),
  Flag.withDescription(
    "A folder of plugins, in addition to .formae/plugins, the dependencies of the project, the plugins that you have added, your own plugins and those that come with formae; may be repeated",
  ),
  repeatable,
)

export const onlyPlugins = textFlag("only-plugins").pipe(
  Flag.withMetavar("DIR"),
  Flag.withDescription("A folder of plugins, in the place of all others that are not named; may be repeated"),
  repeatable,
)

export const trust = textFlag("trust").pipe(
  Flag.withMetavar("DIR"),
  Flag.withDescription(
    "Use what this folder supplies, for this command only; may be repeated. FORMAE_TRUST has a list of such folders",
  ),
  repeatable,
)

export const config = textFlag("config").pipe(
  Flag.withMetavar("FILE"),
  Flag.withDescription("The configuration file, in YAML or JSON"),
  Flag.optional,
)

export const file = Argument.String("file").pipe(
  Argument.withDescription("The document, in YAML or JSON, or a folder whose files are one; - reads it from stdin"),
)

export const name = textFlag("name").pipe(
  Flag.withMetavar("NAME"),
  Flag.withDescription(
    "The name of the document, if it does not say its name itself (default: the name of its file, without the extension); needed for a document from a pipe",
  ),
  Flag.optional,
)

export const only = textFlag("only").pipe(
  Flag.withMetavar("LABEL"),
  Flag.withDescription(
    "Do only this resource, and what it needs; may be repeated. All others are left as they are. A resource that the document no longer has is deleted only if it is named here",
  ),
  repeatable,
)

/** The labels that a command is limited to, if it is. */
export const limitOf = (labels: ReadonlyArray<string>): ReadonlyArray<string> | undefined =>
  labels.length === 0 ? undefined : labels

export const movedHere = Flag.Boolean("moved-here").pipe(
  Flag.withDescription(
    "The document was moved: it is the one that the state knows by the same name from another place",
  ),
  Flag.withDefault(false),
)

/** The flags of a command that runs on the agent. */
export const agentFlags = { json, state, plugins, onlyPlugins, config, trust }

export interface AgentFlags {
  readonly json: boolean
  readonly state: Option.Option<string>
  readonly plugins: ReadonlyArray<string>
  readonly onlyPlugins: ReadonlyArray<string>
  readonly config: Option.Option<string>
  readonly trust: ReadonlyArray<string>
}
