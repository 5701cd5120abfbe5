/** What a user of the command can do about an error of the agent, which only states the facts. */
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import {
  type CommandError,
  ConflictReason,
  DriftNotAccepted,
  FailureReason,
  MoveReason,
  MoveRefused,
  NotFoundReason,
  NotOpenReason,
  PlanNotSaved,
  PluginQuarantined,
  SavedPlanReason,
  StateInUse,
  Store,
  UnreachableReason,
} from "../../agent/index.ts"
import { adviceForName } from "./adviceForName.ts"
import { adviceForQuarantine } from "./adviceForQuarantine.ts"
import { adviceForStore } from "./adviceForStore.ts"
import { adviceForUnreachable } from "./adviceForUnreachable.ts"
import { shellWord } from "./shellWord.ts"

/** The errors that there is advice for, with the facts that it needs. */
const Advised = Schema.TaggedUnion({
  AgentUnreachable: { reason: UnreachableReason },
  ChangeFailed: { reason: FailureReason },
  DocumentConflict: { reason: ConflictReason },
  DriftNotAccepted: { resources: DriftNotAccepted.fields.resources },
  MoveRefused: { forma: MoveRefused.fields.forma, from: MoveRefused.fields.from, reason: MoveReason },
  OperationNotOpen: { reason: NotOpenReason },
  PlanNotSaved: { forma: Schema.String, resources: PlanNotSaved.fields.resources },
  PlanOutdated: {},
  PluginQuarantined: { plugin: PluginQuarantined.fields.plugin },
  ResourceNotFound: { reason: NotFoundReason },
  SavedPlanUnusable: { reason: SavedPlanReason },
  SqlError: { condition: Store.StoreCondition },
  StateInUse: { host: StateInUse.fields.host, runners: StateInUse.fields.runners },
  StateTaken: {},
  StoreUnavailable: { condition: Store.StoreCondition, file: Store.StoreUnavailable.fields.file },
})
const decode = Schema.decodeUnknownOption(Advised)

/** A sentence that follows the message of the error, or an empty text. */
export const adviceForError = ({ code, facts = {} }: Pick<CommandError, "code" | "facts">): string =>
  Option.match(decode({ ...facts, _tag: code }), { onNone: () => "", onSome: adviceFor })

const planCommand = '"formae plan DOCUMENT --out FILE"'

const adviceFor = (error: typeof Advised.Type): string => {
  switch (error._tag) {
    case "AgentUnreachable":
      return adviceForUnreachable(error.reason)
    case "ChangeFailed": {
      const { reason } = error
      const isQuarantined = reason._tag === "PluginUnavailable" && reason.condition === "PluginQuarantined"
      return isQuarantined && reason.plugin !== undefined ? adviceForQuarantine(reason.plugin) : ""
    }
    case "DriftNotAccepted":
      return `${error.resources.map(({ label }) => `--accept-drift ${shellWord(label)}`).join(" ")} accepts that`
    case "DocumentConflict":
      switch (error.reason._tag) {
        case "OtherPlace":
          return "If it is one document, which was moved, add --moved-here"
        case "SimilarName":
          return `If it is the document of these resources and should stay as it is, --name ${shellWord(error.reason.knownForma)} says so for one command`
        default:
          return adviceForName
      }
    case "OperationNotOpen":
      switch (error.reason._tag) {
        case "OpenInSeveral":
          return "Name one of them with --forma"
        case "NotACreate":
          return `"formae resume ${shellWord(error.reason.openOperation.forma)}" continues it`
        default:
          return ""
      }
    case "MoveRefused":
      switch (error.reason._tag) {
        case "CommandUnfinished":
          return `"formae resume ${shellWord(error.forma)}" ends it, and so does an apply of the document`
        case "OperationOpen":
          return `"formae show ${shellWord(error.reason.open)} --forma ${shellWord(error.forma)}" says what to do about it`
        default:
          return ""
      }
    case "ResourceNotFound":
      return error.reason._tag === "InSeveral" ? "Name one of them with --forma" : ""
    case "PlanNotSaved":
      return error.resources.every((one) => one.error === null)
        ? `"formae resume ${shellWord(error.forma)}" finishes what is open; then plan again`
        : "A plan without --out says what to do about it"
    case "PlanOutdated":
      return `Plan again, and look at what is new: ${planCommand}`
    case "PluginQuarantined":
      return adviceForQuarantine(error.plugin)
    case "SavedPlanUnusable":
      switch (error.reason._tag) {
        case "Damaged":
        case "KeyChanged":
          return `Plan again: ${planCommand}`
        case "OtherState":
          return `Name its state with --state, or plan again with this one: ${planCommand}`
        case "LaterVersion":
          return `Upgrade formae, or plan again: ${planCommand}`
      }
    case "SqlError":
      return adviceForStore(error.condition, "STATE_FILE")
    case "StateInUse":
      if (error.runners !== undefined) {
        return "Give the command on the machine of a runner, or stop all of them first. One that was killed counts for twelve seconds more"
      }
      return error.host === undefined
        ? "Wait for it, or name another state file with --state"
        : `Wait for it, or name another state file with --state; if that host or container is gone for good, "formae unlock" frees the state`
    case "StateTaken":
      return "Run the same command again: it continues from what is recorded"
    case "StoreUnavailable":
      return adviceForStore(error.condition, error.file)
  }
}
