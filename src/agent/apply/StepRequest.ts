/** What enters ResourceUpdater: a value, which can be sent between agents. */
import * as Schema from "effect/Schema"
import { JsonObject } from "../../protocol/JsonObject.ts"
import type { Properties, TargetConfig, TypeCapabilities } from "../../protocol/Resource.ts"
import {
  type Change,
  ChangeInClear,
  isSecretProperty,
  secretsOfChange,
  secretsOfWanted,
  WantedResource,
} from "../plan/Change.ts"
import { JournalEntry } from "../records/JournalEntry.ts"
import { type SecretPlace, withSecretIds } from "../secrets/withSecretIds.ts"
import { CommandRef } from "./CommandRef.ts"

const StepRequestInClear = Schema.TaggedUnion({
  Ensure: {
    /** The command that the step is part of. */
    command: CommandRef,
    /** What the plan has decided, and what it has compared. */
    change: ChangeInClear,
    /** What is wanted, with references resolved. */
    properties: JsonObject,
  },
  Remove: {
    /** The command that the step is part of. */
    command: CommandRef,
    /** What the plan has decided. */
    change: ChangeInClear,
  },
  TakeUp: {
    /** The command that takes the operation up. */
    command: CommandRef,
    /** The operation, as the journal has it. */
    entry: JournalEntry,
    /** What the document wants under the same label now. */
    wanted: Schema.optionalKey(WantedResource),
    /** The labels of the forma that its document no longer wants. */
    unwanted: Schema.optionalKey(Schema.Array(Schema.String)),
  },
})
export type StepRequest = typeof StepRequestInClear.Type | never

const secretsOfRequest = (request: StepRequest): ReadonlyArray<SecretPlace> => {
  switch (request._tag) {
    case "Ensure":
      return [...secretsOfChange(request.change, ["change"]), ...secretsOfProperties(request.change)]
    case "Remove":
      return secretsOfChange(request.change, ["change"])
    case "TakeUp":
      // The target config of an entry is locked. Of its properties, those that the type does not declare are not sealed.
      return [
        { path: ["entry", "desired"], isSecret: () => true },
        ...(request.wanted === undefined ? [] : secretsOfWanted(request.wanted, ["wanted"])),
      ]
  }
}

const secretsOfProperties = ({ wanted }: Change): ReadonlyArray<SecretPlace> =>
  wanted === undefined ? [] : [{ path: ["properties"], isSecret: isSecretProperty(wanted.capabilities) }]

/**
 * What one step of a command asks for. Its encoded form is JSON with ids instead
 * of secrets; both directions need `SecretValues`.
 *
 * - `Ensure`: make a resource as wanted: create it, or read it and update what
 *   differs.
 * - `Remove`: delete a resource. If it no longer exists, it counts as deleted.
 * - `TakeUp`: finish an operation that an earlier command has left.
 */
export const StepRequest = withSecretIds(StepRequestInClear, secretsOfRequest)

/** What it takes to create one resource without a document. */
export interface CreateOptions {
  /** Which command it is part of. The journal and the events name it. */
  readonly command: CommandRef
  /** The label under which the inventory keeps it. */
  readonly label: string
  /** What the plugin says of the type: `PluginCoordinator.capabilities` has it. */
  readonly capabilities: TypeCapabilities
  /** What is wanted. It holds no references. */
  readonly properties: Properties
  /** The config of the target, as the plugin takes it. */
  readonly targetConfig?: TargetConfig
}

/** The request to create one resource. Its properties hold no references. */
export const createRequest = ({
  capabilities,
  command,
  label,
  properties,
  targetConfig = {},
}: CreateOptions): StepRequest => {
  const { type } = capabilities
  const resource = { label, type, target: label, properties }
  const wanted = { resource, targetConfig, capabilities }
  return {
    _tag: "Ensure",
    command,
    change: { label, type, operation: "create", changed: [], wanted, dependsOn: [] },
    properties,
  }
}
