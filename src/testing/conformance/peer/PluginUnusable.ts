import * as Data from "effect/Data"

/** The folder holds no plugin that can be launched, or its samples do not fit it. Nothing was done. */
export class PluginUnusable extends Data.TaggedError("PluginUnusable")<{ readonly message: string }> {}
