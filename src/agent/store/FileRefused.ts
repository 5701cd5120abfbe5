import * as Schema from "effect/Schema"
import { StoreCondition } from "./FileTrouble.ts"

/** A state file that must not be opened. */
export class FileRefused extends Schema.TaggedError<FileRefused>("formae/agent/store/FileRefused")("FileRefused", {
  /** What is wrong, for programs. */
  condition: StoreCondition,
  /** What is wrong, in words. */
  reason: Schema.String,
  /** What can be done about it, as a sentence. Left out where only the general remedy is known. */
  remedy: Schema.optionalKey(Schema.String),
}) {}
