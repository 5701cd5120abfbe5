/** Why a change was not made, as results and the journal report it. */
import * as Schema from "effect/Schema"
import { OperationId } from "../../protocol/Identity.ts"
import { JournaledKind } from "./JournaledKind.ts"

/**
 * An operation whose end is not known. The next command checks it again, unless
 * it needs a human, who looks for the resource at the provider. If a create has
 * made it, `Agent.adopt` records it by its native id. If not, or to give up on the
 * operation, `Agent.forget` removes it from the journal, and the next apply decides
 * again. Both take the forma and the label.
 */
export class OpenOperation extends Schema.Opaque<OpenOperation>()(
  Schema.Struct({
    /** Identifies the operation. */
    operationId: OperationId,
    /** What the operation does. */
    kind: JournaledKind,
    /** The name of its forma. */
    forma: Schema.String,
    /** The label of its resource. */
    label: Schema.String,
  }),
) {}

/** Why a change was not made. */
export class ChangeError extends Schema.Opaque<ChangeError>()(
  Schema.Struct({
    /** An error code of the provider, or the name of what stopped the change before it got there. */
    code: Schema.String,
    /** What happened, for people. It shows no secrets. */
    message: Schema.String,
    /** The plugin that could not be used, where that is the reason. */
    plugin: Schema.optionalKey(Schema.String),
    /** The operation that was left open, if one was. Rows that an earlier version has written do not have it. */
    openOperation: Schema.optionalKey(OpenOperation),
  }),
) {}
