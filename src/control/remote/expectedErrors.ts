/** Which errors each method of the agent fails with: an agent of another version may answer with others. */
import * as Effect from "effect/Effect"
import type { AgentUnreachable } from "../../agent/commands/AgentUnreachable.ts"
import type { CommandRefused } from "../../agent/commands/CommandRefused.ts"
import type { AgentError } from "../mapping/errors.ts"
import type { Connection } from "./Connection.ts"

/** What every command may be refused with. */
export const commandTags = [
  "AgentStopping",
  "AgentUnreachable",
  "DocumentConflict",
  "FormaInvalid",
  "InventoryUnreadable",
  "JournalUnreadable",
  "DriftNotAccepted",
  "NamespaceUnknown",
  "NotConfirmed",
  "OnlyRefused",
  "OperationPoisoned",
  "PlanOutdated",
  "PluginDown",
  "PluginQuarantined",
  "PluginQueueFull",
  "PluginStartFailed",
  "ResourcesProtected",
  "SqlError",
  "StateInUse",
  "StateTaken",
  "UndescribedTypes",
  "VaultUnavailable",
] as const satisfies ReadonlyArray<CommandRefused["_tag"]>

/** Turns an error that is not expected into a refusal in its words. */
export const expecting =
  <const Tag extends AgentError["_tag"]>(connection: Connection, ...tags: ReadonlyArray<Tag>) =>
  <A, R>(effect: Effect.Effect<A, AgentError, R>) =>
    Effect.mapError(effect, expected(connection, ...tags))

/** The same for one error. */
export const expected =
  <const Tag extends AgentError["_tag"]>(connection: Connection, ...tags: ReadonlyArray<Tag>) =>
  (error: AgentError): Extract<AgentError, { readonly _tag: Tag }> | AgentUnreachable =>
    error._tag === "AgentUnreachable" || isOneOf(tags, error)
      ? error
      : connection.unreachable({ _tag: "Refused", message: error.message })

const isOneOf = <Tag extends AgentError["_tag"]>(
  tags: ReadonlyArray<Tag>,
  error: AgentError,
): error is Extract<AgentError, { readonly _tag: Tag }> => tags.some((tag) => tag === error._tag)
