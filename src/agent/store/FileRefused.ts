import * as Schema from "effect/Schema"
import { StoreCondition } from "./FileTrouble.ts"

/** A state file that must not be opened. */
export class FileRefused extends Schema.TaggedError<FileRefused>("formae/agent/store/FileRefused")("FileRefused", {
  condition: StoreCondition,
  reason: Schema.String,
  /** Left out where only the general remedy is known. */
  remedy: Schema.optionalKey(Schema.String),
}) {}
