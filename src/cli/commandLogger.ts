/** Writes the log of the command to stderr, a record a line. */
import * as Logger from "effect/Logger"
import { logRecordLine } from "./logRecordLine.ts"
import { writeNotice } from "./Outputs.ts"

export const commandLogger = Logger.make<unknown, void>((record) => writeNotice(logRecordLine(record)))
