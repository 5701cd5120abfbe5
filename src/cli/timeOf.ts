import { formatTime } from "../protocol/formatTime.ts"

/** A time in milliseconds since 1970, to the second. */
export const timeOf = (millis: number): string => formatTime(millis).replace(/\.\d+Z$/, "Z")
