import * as Data from "effect/Data"

/**
 * There is nothing to test: the folder does not hold one plugin that can be
 * launched, its samples are of types that it does not serve, or what they refer
 * to cannot be made. `message` says which. What was made until then is deleted.
 */
export class PluginUnusable extends Data.TaggedError("PluginUnusable")<{ readonly message: string }> {}
