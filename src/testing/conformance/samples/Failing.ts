/** What makes a provider fail on request, so that the kit can look at what a plugin does then. */
import * as Schema from "effect/Schema"
import { Properties, TargetConfig } from "../../../protocol/Resource.ts"

/** What a sample changes for one create: put over the target config and the properties. */
export class SampleChange extends Schema.Opaque<SampleChange>()(
  Schema.Struct({
    /** Put over the target config of the sample, such as the endpoint of a proxy that fails. */
    target: Schema.optionalKey(TargetConfig),
    /** Put over the properties of the sample, where a null removes one. */
    properties: Schema.optionalKey(Properties),
  }),
) {}

/** The kinds of failures that a provider can be asked for. */
export const failureKinds = ["recoverable", "terminal", "ambiguous", "silent", "failedPolls"] as const
export type FailureKind = (typeof failureKinds)[number]

/**
 * What makes the provider fail, by kind. Each is optional: what a provider cannot
 * do is not checked. The failures have to last until the run ends.
 */
export class FailingSample extends Schema.Opaque<FailingSample>()(
  Schema.Struct({
    /**
     * The path of a file to which the provider, or a proxy before it, adds a line
     * for each call that it gets: the milliseconds since 1970, a space, and
     * `create` or `status`. Without it the kit goes by `attempts`.
     */
    log: Schema.optionalKey(Schema.NonEmptyString),
    /** Each create is refused with a recoverable code that says that nothing was done, such as Throttling. */
    recoverable: Schema.optionalKey(SampleChange),
    /** Each create is refused with a terminal code, such as AccessDenied. */
    terminal: Schema.optionalKey(SampleChange),
    /** Each create is refused with a code that leaves open whether it was done, such as InternalFailure. */
    ambiguous: Schema.optionalKey(SampleChange),
    /** No create is answered. */
    silent: Schema.optionalKey(SampleChange),
    /** A create is accepted, and each question about it is refused with a recoverable code. */
    failedPolls: Schema.optionalKey(SampleChange),
  }),
) {}
