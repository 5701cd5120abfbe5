/** The flags that commands share. */
import * as Argument from "effect/cli/Argument"
import * as Flag from "effect/cli/Flag"

export const json = Flag.Boolean("json").pipe(
  Flag.withDescription("Print one JSON document on stdout, and everything else on stderr"),
  Flag.withDefault(false),
)

export const state = Flag.String("state").pipe(
  Flag.withMetavar("FILE"),
  Flag.withDescription("The state file, which holds the inventory (default: .formae/state.db)"),
  Flag.optional,
)

export const plugins = Flag.String("plugins").pipe(
  Flag.withMetavar("DIR"),
  Flag.withDescription(
    "A folder of plugins; may be given more than once (default: .formae/plugins, and those that come with formae)",
  ),
  Flag.atLeast(0),
)

export const config = Flag.String("config").pipe(
  Flag.withMetavar("FILE"),
  Flag.withDescription("The agent's configuration, in YAML or JSON"),
  Flag.optional,
)

export const file = Argument.String("file").pipe(Argument.withDescription("The forma, in YAML or JSON"))

export const openLabel = Argument.String("label").pipe(
  Argument.withDescription("The label of the resource, as the command told it that said NeedsAttention"),
)

export const forma = Flag.String("forma").pipe(
  Flag.withMetavar("NAME"),
  Flag.withDescription("The forma that wants the resource; needed where several have its label open"),
  Flag.optional,
)
