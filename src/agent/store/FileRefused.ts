import * as Schema from "effect/Schema"

/** A state file that must not be opened. */
export class FileRefused extends Schema.TaggedError<FileRefused>("formae/agent/store/FileRefused")("FileRefused", {
  reason: Schema.String,
  /** Left out where only the general remedy is known. */
  remedy: Schema.optionalKey(Schema.String),
}) {}
