/** What an update starts from where the agent has read the resource before it. */
import type { ProviderError } from "formae/plugin"
import type { UpdateRequest } from "formae/protocol"
import type * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import type { Description } from "./Ownership.ts"
import { required } from "./required.ts"
import * as Tags from "./Tags.ts"

export interface LastRead extends Description {
  /** The visible tags. The agent is not told of the others. */
  readonly tags: Tags.Tags
}

/** A text among the properties of a description, such as an ARN. */
export const textOf = ({ properties }: Description, name: string): Effect.Effect<string, ProviderError> => {
  const text = properties[name]
  return required(name, typeof text === "string" ? text : undefined)
}

const decodeTags = Schema.decodeUnknownOption(Tags.Tags)

/**
 * The resource as the agent has last read it; undefined if it has not told, or
 * without tags that could be changed. The agent keeps the secrets to itself, and
 * does not expect those that stay as they are in the answer.
 */
export const lastRead = ({
  lastRead: properties,
  nativeId,
}: Pick<UpdateRequest, "lastRead" | "nativeId">): LastRead | undefined =>
  properties &&
  Option.getOrUndefined(Option.map(decodeTags(properties["Tags"]), (tags) => ({ nativeId, tags, properties })))
