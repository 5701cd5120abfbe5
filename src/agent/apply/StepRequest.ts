/**
 * What enters ResourceUpdater, and what leaves it: values, which any agent
 * could be sent. Their encoded forms are JSON, and have ids in the place of
 * secrets.
 */
import * as Schema from "effect/Schema"
import { NativeId } from "../../protocol/Identity.ts"
import { JsonObject } from "../../protocol/JsonObject.ts"
import {
  type Change,
  ChangeInClear,
  ChangeOperation,
  isSecretProperty,
  secretsOfChange,
  secretsOfWanted,
  Wanted,
} from "../plan/Change.ts"
import { Crash, JournalEntry } from "../records/JournalEntry.ts"
import { type SecretPlace, withSecretIds } from "../secrets/withSecretIds.ts"
import { CommandRef } from "./CommandRef.ts"

const StepRequestInClear = Schema.TaggedUnion({
  /** Make a resource what it should be: create it, or read it and update it where it differs. */
  Ensure: {
    command: CommandRef,
    change: ChangeInClear,
    /** What is wanted, references resolved. */
    properties: JsonObject,
  },
  /** Delete a resource. One that is gone already is deleted. */
  Remove: { command: CommandRef, change: ChangeInClear },
  /** Bring to an end an operation that an earlier command has left. */
  TakeUp: {
    command: CommandRef,
    entry: JournalEntry,
    /** What the document wants under that label now. */
    wanted: Schema.optionalKey(Wanted),
  },
})
export type StepRequest = typeof StepRequestInClear.Type

const secretsOfRequest = (request: StepRequest): ReadonlyArray<SecretPlace> => {
  switch (request._tag) {
    case "Ensure":
      return [...secretsOfChange(request.change, ["change"]), ...secretsOfProperties(request.change)]
    case "Remove":
      return secretsOfChange(request.change, ["change"])
    case "TakeUp":
      // An entry of the journal has its secrets sealed and locked.
      return request.wanted === undefined ? [] : secretsOfWanted(request.wanted, ["wanted"])
  }
}

const secretsOfProperties = ({ wanted }: Change): ReadonlyArray<SecretPlace> =>
  wanted === undefined ? [] : [{ path: ["properties"], isSecret: isSecretProperty(wanted.capabilities) }]

export const StepRequest = withSecretIds(StepRequestInClear, secretsOfRequest)

const StepResultInClear = Schema.TaggedUnion({
  Done: {
    /** What was done; a noop where nothing had to be. */
    operation: ChangeOperation,
    nativeId: NativeId,
    /** How often it was sent to the provider. */
    attempts: Schema.Int,
    /** The losses of the plugin that it survived. */
    crashes: Schema.Array(Crash),
    /** What the provider has now; references to the resource are resolved from it. */
    properties: JsonObject,
    /** Which of the properties are secret. */
    secrets: Schema.Array(Schema.String),
  },
  /** What was taken up has done nothing, and is given up: the plan that follows decides again. */
  NothingDone: {},
})
export type StepResult = typeof StepResultInClear.Type

export const StepResult = withSecretIds(StepResultInClear, (result) =>
  result._tag === "Done" ? [{ path: ["properties"], isSecret: (name) => result.secrets.includes(name) }] : [],
)
